"""`tamiz run`."""

from __future__ import annotations

from typing import Any

import click

from tamiz.cli.click_words import Command
from tamiz.cli.job import do_stages
from tamiz.cli.options import (
    DATA_OPTIONS,
    EVALUATE_OPTIONS,
    SPLIT_OPTIONS,
    TRAIN_OPTIONS,
    job_options,
    processes_option,
)
from tamiz.core.language import say


@click.command("run", cls=Command, help=say("cli.help_run"))
@job_options(DATA_OPTIONS, SPLIT_OPTIONS, TRAIN_OPTIONS, EVALUATE_OPTIONS)
@processes_option
def command(**values: Any) -> int:
    """Do every stage up to 'report'."""
    return do_stages("report", values)
