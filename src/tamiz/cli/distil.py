"""`tamiz distil`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tamiz.cli.click_words import Command
from tamiz.cli.job import Asked, begun, command_line, progress, show
from tamiz.cli.options import DATA_OPTIONS, SPLIT_OPTIONS, TRAIN_OPTIONS, job_options
from tamiz.core.errors import EXIT_DONE
from tamiz.core.language import say


@click.command("distil", cls=Command, help=say("cli.help_distil"))
@click.argument("teacher", metavar=say("cli.metavar_teacher"), type=click.Path(path_type=Path))
@click.option("--own-split", is_flag=True, help=say("cli.help_distil_own_split"))
@job_options(DATA_OPTIONS, SPLIT_OPTIONS, TRAIN_OPTIONS)
def command(teacher: Path, *, own_split: bool, **values: Any) -> int:
    """Train a student on a teacher's answers."""
    asked = Asked.of(values)
    run, tables = begun(asked)
    from tamiz.stages.distil import distil

    with progress(is_quiet=asked.is_quiet) as on_event:
        report = distil(
            teacher, run, tables, on_event, is_own_split=own_split, command=command_line()
        )
    show(report, is_json=asked.is_json)
    return EXIT_DONE
