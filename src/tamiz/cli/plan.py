"""`tamiz plan`."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from tamiz.cli.click_words import Command
from tamiz.cli.job import Asked, begun, command_line, do_stages, progress, show
from tamiz.cli.options import DATA_OPTIONS, SPLIT_OPTIONS, TRAIN_OPTIONS, job_options
from tamiz.core.errors import EXIT_DONE
from tamiz.core.language import say


@click.command("plan", cls=Command, help=say("cli.help_plan"))
@job_options(DATA_OPTIONS, SPLIT_OPTIONS, TRAIN_OPTIONS)
def command(**values: Any) -> int:
    """Do every stage up to 'plan'; without a folder, in one that vanishes."""
    if values["out"] is None and values["resume"] is None and not _is_run(values["source"]):
        return _only_look(values)
    return do_stages("plan", values)


def _is_run(source: Path | None) -> bool:
    if source is None:
        return True  # which is told where runs are begun
    from tamiz.data.run_folder import Run

    return Run(source).exists


def _only_look(values: dict[str, Any]) -> int:
    """Plan in a temporary folder, and say which command does it for real."""
    from tamiz.stages.pipeline import advance
    from tamiz.stages.planning.report import with_next_command

    asked = Asked.of(values)
    with tempfile.TemporaryDirectory(prefix="tamiz-plan-") as folder:
        run, tables = begun(replace(asked, out=Path(folder) / "run"))
        with progress(is_quiet=asked.is_quiet) as on_event:
            report = advance(run, tables, "plan", on_event, command=command_line())
    show(with_next_command(report, command_line(), run.folder), is_json=asked.is_json)
    return EXIT_DONE
