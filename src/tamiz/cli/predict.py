"""`tamiz predict`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tamiz.cli.click_words import Choice, Command, WholeNumber
from tamiz.cli.job import progress, show
from tamiz.cli.options import common_options
from tamiz.core.errors import WrongUse
from tamiz.core.language import say


@click.command("predict", cls=Command, help=say("cli.help_predict"))
@click.argument("model", metavar=say("cli.metavar_model"))
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
@click.option(
    "--top",
    type=WholeNumber(),
    default=1,
    metavar=say("cli.metavar_whole_number"),
    help=say("cli.help_top"),
)
@click.option(
    "--weights",
    metavar=say("cli.metavar_path"),
    type=click.Path(path_type=Path),
    help=say("cli.help_predict_weights"),
)
@click.option(
    "--guard",
    type=Choice(("warn", "abstain", "off")),
    default="warn",
    help=say("cli.help_guard"),
)
@click.option(
    "--backend",
    type=Choice(("auto", "torch", "onnxruntime")),
    default="auto",
    help=say("cli.help_predict_backend"),
)
@common_options
def command(model: str, images: tuple[Path, ...], **values: Any) -> int:
    """Classify files and folders."""
    from tamiz.stages.predict import predict

    if values["top"] < 1:  # before any work
        raise WrongUse.of("predict.bad_top", where="--top", top=values["top"])
    with progress(is_quiet=values["quiet"]) as on_event:
        answers = predict(
            model,
            *images,
            weights=values["weights"],
            guard=values["guard"],
            backend=values["backend"],
            on_event=on_event,
        )
    if values["csv_path"]:
        answers.save_csv(values["csv_path"])
    show(answers.report(values["csv_path"], values["top"]), is_json=values["is_json"])
    return 1 if answers.problems else 0
