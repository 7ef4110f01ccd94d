"""`tamiz evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from tamiz.cli.click_words import Choice, Command
from tamiz.cli.job import Asked, do_stages, progress, show
from tamiz.cli.options import (
    DATA_OPTIONS,
    EVALUATE_OPTIONS,
    SPLIT_OPTIONS,
    TRAIN_OPTIONS,
    job_options,
    tables_of,
)
from tamiz.core.errors import EXIT_DONE, EXIT_FOUND_PROBLEMS, WrongUse
from tamiz.core.language import say

_NAME: Final = "external"


@click.command("evaluate", cls=Command, help=say("cli.help_evaluate"))
@click.option(
    "--data",
    "other",
    metavar=say("cli.metavar_path"),
    type=click.Path(path_type=Path),
    help=say("cli.help_evaluate_data"),
)
@click.option("--name", metavar=say("cli.metavar_text"), help=say("cli.help_evaluate_name"))
@click.option(
    "--other-classes", type=Choice(("refuse", "leave-out")), help=say("cli.help_other_classes")
)
@job_options(DATA_OPTIONS, SPLIT_OPTIONS, TRAIN_OPTIONS, EVALUATE_OPTIONS)
def command(other: Path | None, name: str | None, other_classes: Any, **values: Any) -> int:
    """Do every stage up to 'evaluate'; with --data measure the finished model on other images."""
    if other is not None:
        return _external(other, name or _NAME, other_classes or "refuse", values)
    if name is not None or other_classes is not None:
        raise WrongUse.of("external.needs_data", where="--name" if name else "--other-classes")
    return do_stages("evaluate", values)


def _external(other: Path, name: str, other_classes: Any, values: dict[str, Any]) -> int:
    """Measure the model of the run that the command line names on the images in `other`."""
    asked = Asked.of(values)
    from tamiz.data.run_folder import Run
    from tamiz.stages.external import ExternalSet, evaluate_external

    for flag, value in (("--out", asked.out), ("--recipe", asked.recipe_file)):
        if value is not None:
            raise WrongUse.of("external.only_data", where=flag, name=flag)
    folder = asked.resume or asked.source
    if folder is None:
        raise WrongUse.of("external.no_run", where="--data")
    wanted = ExternalSet(
        source=other,
        name=name,
        settings=tables_of(asked.settings, asked.fields),
        other_classes=other_classes,
        is_overwrite=asked.is_overwrite,
    )
    with progress(is_quiet=asked.is_quiet) as on_event:
        report = evaluate_external(Run(folder), wanted, on_event)
    show(report, is_json=asked.is_json)
    is_valid = report.values["external"][name]["valid"]
    return EXIT_DONE if is_valid else EXIT_FOUND_PROBLEMS
