"""`tamiz lr-range`."""

from __future__ import annotations

from typing import Any

import click

from tamiz.cli.click_words import Command
from tamiz.cli.job import Asked, begun, command_line, progress, show
from tamiz.cli.options import DATA_OPTIONS, SPLIT_OPTIONS, TRAIN_OPTIONS, job_options
from tamiz.core.errors import EXIT_DONE, EXIT_FOUND_PROBLEMS
from tamiz.core.language import say


@click.command("lr-range", cls=Command, help=say("cli.help_lr_range"))
@click.option("--apply", "is_applied", is_flag=True, help=say("cli.help_lr_range_apply"))
@job_options(DATA_OPTIONS, SPLIT_OPTIONS, TRAIN_OPTIONS)
def command(*, is_applied: bool, **values: Any) -> int:
    """Suggest a learning rate."""
    asked = Asked.of(values)
    run, tables = begun(asked)
    from tamiz.stages.lr_range import lr_range

    with progress(is_quiet=asked.is_quiet) as on_event:
        report = lr_range(run, tables, on_event, is_applied=is_applied, command=command_line())
    show(report, is_json=asked.is_json)
    found = report.values["lr-range"]["suggestion"]
    return EXIT_DONE if found is not None else EXIT_FOUND_PROBLEMS
