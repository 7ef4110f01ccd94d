"""`tamiz split`."""

from __future__ import annotations

from typing import Any

import click

from tamiz.cli.click_words import Command
from tamiz.cli.job import do_stages
from tamiz.cli.options import DATA_OPTIONS, SPLIT_OPTIONS, job_options
from tamiz.core.language import say


@click.command("split", cls=Command, help=say("cli.help_split"))
@job_options(DATA_OPTIONS, SPLIT_OPTIONS)
def command(**values: Any) -> int:
    """Do every stage up to 'split'."""
    return do_stages("split", values)
