"""What all commands that work on a run have in common: begin, show progress, show the report."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tamiz.cli.options import relabelling, tables_of
from tamiz.core.errors import EXIT_DONE, EXIT_FOUND_PROBLEMS, WrongUse
from tamiz.core.language import say
from tamiz.core.recipe_io import Tables
from tamiz.data.report import Report

if TYPE_CHECKING:
    from tamiz.data.run_folder import Run


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says, before it is understood."""

    source: Path | None
    out: Path | None
    resume: Path | None
    recipe_file: Path | None
    settings: tuple[str, ...]
    is_overwrite: bool
    is_json: bool
    is_quiet: bool
    fields: Mapping[str, Any]

    @classmethod
    def of(cls, values: dict[str, Any]) -> Asked:
        """Return what click parsed, the recipe's fields apart from the rest."""
        return cls(
            source=values.pop("source"),
            out=values.pop("out"),
            resume=values.pop("resume"),
            recipe_file=values.pop("recipe_file"),
            settings=values.pop("settings"),
            is_overwrite=values.pop("overwrite"),
            is_json=values.pop("is_json"),
            is_quiet=values.pop("quiet"),
            fields=_fields(values),
        )


def _fields(values: dict[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in values.items() if "__" in name}
    if values.get("relabel"):
        fields["data__relabel"] = relabelling(values["relabel"])
    return fields


def do_stages(last: str, values: dict[str, Any]) -> int:
    """Do every stage up to `last` and show its report; return the exit code.

    It is 1 when the report's values say that the stage found the data not valid.
    """
    processes = values.pop("processes", None)
    if processes is not None:
        from tamiz.stages.together import is_to_be_started, launch

        if is_to_be_started(processes):
            return launch(sys.argv[1:], processes)
    asked = Asked.of(values)
    from tamiz.stages.pipeline import advance

    run, tables = begun(asked)
    command = command_line()
    with progress(is_quiet=asked.is_quiet) as on_event:
        report = advance(run, tables, last, on_event, command=command)
    show(report, is_json=asked.is_json)
    is_valid = report.values.get(last, {}).get("valid", True)
    return EXIT_DONE if is_valid else EXIT_FOUND_PROBLEMS


def begun(asked: Asked) -> tuple[Run, Tables]:
    """Return the run that the command line names, and what it asks for.

    Raises:
        WrongUse: no source, no such run, a run on another input, or a wrong setting.
    """
    from tamiz.data.run_folder import Run
    from tamiz.stages.pipeline import begin

    source = asked.resume or asked.source
    if source is None:
        raise WrongUse.of("cli.no_source")
    if asked.resume and (asked.source or asked.out):
        idle = say("cli.metavar_source").strip("[]") if asked.source else "--out"
        raise WrongUse.of("cli.resume_alone", where=f"--resume {asked.resume}", idle=idle)
    if asked.resume and not Run(asked.resume).exists:
        raise WrongUse.of("run.no_run", where=asked.resume)
    return begin(
        source,
        None if asked.resume else asked.out,
        recipe_file=asked.recipe_file,
        settings=tables_of(asked.settings, asked.fields),
        overwrite=asked.is_overwrite,
    )


def command_line() -> str:
    """Return the command as it was typed, for run.json."""
    return "tamiz " + shlex.join(sys.argv[1:])


def progress(*, is_quiet: bool) -> Any:
    """Return a context manager that yields the listener for events."""
    from contextlib import nullcontext

    from tamiz.core.events import ignore
    from tamiz.rendering.terminal import ProgressDisplay

    return nullcontext(ignore) if is_quiet else ProgressDisplay()


def show(report: Report, *, is_json: bool) -> None:
    """Print a report: JSON for scripts, the summary for people."""
    if is_json:
        from tamiz.rendering.json import render_json

        print(render_json(report))
    else:
        from tamiz.rendering.terminal import print_report

        print_report(report)
