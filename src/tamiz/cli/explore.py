"""`tamiz explore`."""

from __future__ import annotations

from typing import Any

import click

from tamiz.cli.click_words import Command
from tamiz.cli.job import do_stages
from tamiz.cli.options import DATA_OPTIONS, job_options
from tamiz.core.language import say


@click.command("explore", cls=Command, help=say("cli.help_explore"))
@job_options(DATA_OPTIONS)
def command(**values: Any) -> int:
    """Do every stage up to 'explore'."""
    return do_stages("explore", values)
