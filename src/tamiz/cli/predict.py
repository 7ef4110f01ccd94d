"""`tamiz predict`."""

from __future__ import annotations

from pathlib import Path

import click

from tamiz.cli.click_words import Command
from tamiz.cli.job import progress, show
from tamiz.cli.options import common_options
from tamiz.core.language import say


@click.command("predict", cls=Command, help=say("cli.help_predict"))
@click.argument("model", metavar=say("cli.metavar_model"), type=click.Path(path_type=Path))
@click.argument(
    "images",
    metavar=say("cli.metavar_images"),
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
)
@click.option(
    "--csv",
    "csv_path",
    metavar=say("cli.metavar_path"),
    type=click.Path(path_type=Path),
    help=say("cli.help_csv"),
)
@common_options
def command(
    model: Path,
    images: tuple[Path, ...],
    csv_path: Path | None,
    *,
    is_json: bool,
    quiet: bool,
    lang: str | None,  # noqa: ARG001 - read before the command is known
    debug: bool,  # noqa: ARG001 - read where errors are told
) -> int:
    """Classify files and folders."""
    from tamiz.stages.predict import predict

    with progress(is_quiet=quiet) as on_event:
        answers = predict(model, *images, on_event=on_event)
    if csv_path:
        answers.save_csv(csv_path)
    show(answers.report(csv_path), is_json=is_json)
    return 1 if answers.problems else 0
