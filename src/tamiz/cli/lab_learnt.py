"""`tamiz lab features`, `tamiz lab pool`, `tamiz lab softmax`, `tamiz lab replay`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from tamiz.cli.click_words import Choice, Command, WholeNumber
from tamiz.cli.job import progress, show
from tamiz.cli.options import common_options
from tamiz.core.errors import EXIT_DONE, EXIT_FOUND_PROBLEMS
from tamiz.core.language import say

F = TypeVar("F", bound=Callable[..., Any])


def _out(*, is_required: bool) -> Callable[[F], F]:
    """Return the option --out."""
    return click.option(
        "--out",
        required=is_required,
        metavar=say("cli.metavar_path"),
        type=click.Path(path_type=Path),
        help=say("lab_learnt.help_out"),
    )


def _of_an_image(*, default: int | None = 1) -> Callable[[F], F]:
    """Return the option --image."""
    return click.option(
        "--image",
        type=WholeNumber(),
        default=default,
        metavar=say("cli.metavar_whole_number"),
        help=say("lab_learnt.help_image"),
    )


def _of_a_model(function: F) -> F:
    """Add the arguments MODEL and IMAGE, and the option --weights."""
    for add in (
        click.option(
            "--weights",
            metavar=say("cli.metavar_path"),
            type=click.Path(path_type=Path),
            help=say("cli.help_predict_weights"),
        ),
        click.argument(
            "source", metavar=say("lab_learnt.metavar_image"), type=click.Path(path_type=Path)
        ),
        click.argument("model", metavar=say("cli.metavar_model")),
    ):
        function = add(function)
    return _of_an_image()(function)


@click.command("features", cls=Command, help=say("lab_learnt.help_features"))
@click.option(
    "--layers",
    default="6",
    metavar=say("cli.metavar_text"),
    help=say("lab_learnt.help_layers"),
)
@_out(is_required=True)
@_of_a_model
@common_options
def features_command(
    model: str, source: Path, out: Path, *, quiet: bool, is_json: bool, **asked: Any
) -> int:
    """Show learnt kernels and feature maps."""
    from tamiz.stages.laboratory.features import LookInside, lab_features

    how = LookInside(asked["layers"], asked["image"], asked["weights"])
    with progress(is_quiet=quiet) as on_event:
        report = lab_features(model, source, out, how, on_event)
    show(report, is_json=is_json)
    return EXIT_DONE


@click.command("pool", cls=Command, help=say("lab_learnt.help_pool"))
@click.argument(
    "source",
    metavar=f"[{say('lab_learnt.metavar_image')}]",
    required=False,
    type=click.Path(path_type=Path),
)
@click.option(
    "--numbers", default="", metavar=say("cli.metavar_text"), help=say("lab_learnt.help_numbers")
)
@click.option(
    "--size",
    type=WholeNumber(),
    default=2,
    metavar=say("cli.metavar_whole_number"),
    help=say("lab_learnt.help_size"),
)
@click.option(
    "--stride",
    type=WholeNumber(),
    metavar=say("cli.metavar_whole_number"),
    help=say("lab_learnt.help_stride"),
)
@click.option(
    "--kind", type=Choice(("max", "mean")), default="max", help=say("lab_learnt.help_kind")
)
@_out(is_required=False)
@_of_an_image(default=None)
@common_options
def pool_command(source: Path | None, *, quiet: bool, is_json: bool, **asked: Any) -> int:  # noqa: ARG001 - it shows no progress
    """Show pooling."""
    from tamiz.stages.laboratory.pool import Pooling, lab_pool

    how = Pooling(asked["size"], asked["stride"], asked["kind"], asked["numbers"], asked["image"])
    show(lab_pool(source, how, asked["out"]), is_json=is_json)
    return EXIT_DONE


@click.command("softmax", cls=Command, help=say("lab_learnt.help_softmax"))
@click.option(
    "--true", multiple=True, metavar=say("cli.metavar_text"), help=say("lab_learnt.help_true")
)
@_out(is_required=False)
@_of_a_model
@common_options
def softmax_command(
    model: str,
    source: Path,
    out: Path | None,
    *,
    quiet: bool,  # noqa: ARG001
    is_json: bool,
    **asked: Any,
) -> int:
    """Take a prediction apart."""
    from tamiz.stages.laboratory.softmax import TakeApart, lab_softmax

    how = TakeApart(asked["true"], asked["image"], asked["weights"])
    show(lab_softmax(model, source, how, out), is_json=is_json)
    return EXIT_DONE


@click.command("replay", cls=Command, help=say("lab_learnt.help_replay"))
@click.argument("run", metavar=say("lab_learnt.metavar_run"), type=click.Path(path_type=Path))
@_out(is_required=True)
@common_options
def replay_command(run: Path, out: Path, *, quiet: bool, is_json: bool, **_asked: Any) -> int:
    """Replay a training."""
    from tamiz.stages.laboratory.replay import lab_replay

    with progress(is_quiet=quiet) as on_event:
        report = lab_replay(run, out, on_event)
    show(report, is_json=is_json)
    return EXIT_DONE if report.values["lab"]["same_weights"] else EXIT_FOUND_PROBLEMS
