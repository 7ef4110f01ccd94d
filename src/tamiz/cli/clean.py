"""`tamiz clean`."""

from __future__ import annotations

from typing import Any

import click

from tamiz.cli.click_words import Command
from tamiz.cli.job import do_stages
from tamiz.cli.options import CLEAN_OPTIONS, DATA_OPTIONS, job_options
from tamiz.core.language import say


@click.command("clean", cls=Command, help=say("cli.help_clean"))
@job_options(DATA_OPTIONS, CLEAN_OPTIONS)
def command(**values: Any) -> int:
    """Do every stage up to 'clean'."""
    values["audit__depth"] = values["audit__depth"] or "full"
    return do_stages("clean", values)
