"""`tamiz report`."""

from __future__ import annotations

from typing import Any

import click

from tamiz.cli.click_words import Command
from tamiz.cli.job import Asked, begun, command_line, do_stages, progress, show
from tamiz.cli.options import (
    DATA_OPTIONS,
    EVALUATE_OPTIONS,
    SPLIT_OPTIONS,
    TRAIN_OPTIONS,
    job_options,
)
from tamiz.core.errors import EXIT_DONE
from tamiz.core.language import say


@click.command("report", cls=Command, help=say("cli.help_report"))
@click.option("--checklist", metavar=say("cli.metavar_list"), help=say("cli.help_report_checklist"))
@job_options(DATA_OPTIONS, SPLIT_OPTIONS, TRAIN_OPTIONS, EVALUATE_OPTIONS)
def command(checklist: str | None, **values: Any) -> int:
    """Do every stage up to 'report', with checklists where they are asked for."""
    if checklist is None:
        return do_stages("report", values)
    from tamiz.stages.checklist import checklist_names, keep_checklists
    from tamiz.stages.pipeline import advance

    names = checklist_names(checklist)
    asked = Asked.of(values)
    run, tables = begun(asked)
    with progress(is_quiet=asked.is_quiet) as on_event:
        advance(run, tables, "evaluate", on_event, command=command_line())
        keep_checklists(run, names)
        report = advance(run, tables, "report", on_event, command=command_line())
    show(report, is_json=asked.is_json)
    return EXIT_DONE
