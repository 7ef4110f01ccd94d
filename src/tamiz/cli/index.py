"""`tamiz index`."""

from __future__ import annotations

from typing import Any

import click

from tamiz.cli.click_words import Command
from tamiz.cli.job import do_stages
from tamiz.cli.options import DATA_OPTIONS, job_options
from tamiz.core.language import say


@click.command("index", cls=Command, help=say("cli.help_index"))
@job_options(DATA_OPTIONS)
def command(**values: Any) -> int:
    """Do every stage up to 'index'."""
    return do_stages("index", values)
