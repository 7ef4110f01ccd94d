"""`tamiz explain`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from tamiz.cli.click_words import Choice, Command, Number, WholeNumber
from tamiz.cli.job import progress, show
from tamiz.cli.options import common_options, names_in
from tamiz.core.language import say

F = TypeVar("F", bound=Callable[..., Any])


def _of_images(function: F) -> F:
    """Add the options that are for models of images only."""
    number, whole = say("cli.metavar_number"), say("cli.metavar_whole_number")
    for add in (
        click.option("--gallery", type=WholeNumber(), default=6, metavar=whole,
                     help=say("cli.help_explain_gallery")),
        click.option("--check", type=WholeNumber(), default=20, metavar=whole,
                     help=say("cli.help_explain_check")),
        click.option("--baseline", type=Choice(("mean", "black")), default="mean",
                     help=say("cli.help_explain_baseline")),
        click.option("--steps", type=WholeNumber(), default=64, metavar=whole,
                     help=say("cli.help_explain_steps")),
        click.option("--stride", type=Number(), default=0.1, metavar=number,
                     help=say("cli.help_explain_stride")),
        click.option("--patch", type=Number(), default=0.2, metavar=number,
                     help=say("cli.help_explain_patch")),
        click.option("--class", "classes", multiple=True, metavar=say("cli.metavar_text"),
                     help=say("cli.help_explain_class")),
    ):  # fmt: skip
        function = add(function)
    return function


@click.command("explain", cls=Command, help=say("cli.help_explain"))
@click.argument("model", metavar=say("cli.metavar_model"), type=click.Path(path_type=Path))
@click.argument(
    "sources",
    metavar=say("cli.metavar_images"),
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
)
@click.option(
    "--out",
    metavar=say("cli.metavar_path"),
    required=True,
    type=click.Path(path_type=Path),
    help=say("cli.help_explain_out"),
)
@click.option(
    "--with", "by", default="", metavar=say("cli.metavar_text"), help=say("cli.help_explain_with")
)
@click.option(
    "--downsample",
    type=WholeNumber(),
    default=8,
    metavar=say("cli.metavar_whole_number"),
    help=say("cli.help_explain_downsample"),
)
@_of_images
@common_options
def command(
    model: Path, sources: tuple[Path, ...], out: Path, by: str, *, quiet: bool, is_json: bool,
    **asked: Any,
) -> int:  # fmt: skip
    """Show what an answer rests on."""
    from tamiz.stages.explain import ExplainOptions, explain
    from tamiz.stages.explaining.making import ExplainImages

    images = ExplainImages(
        classes=asked["classes"],
        patch=asked["patch"],
        stride=asked["stride"],
        steps=asked["steps"],
        baseline=asked["baseline"],
        n_checked=asked["check"],
        n_mistakes=asked["gallery"],
    )
    names = tuple(dict.fromkeys(names_in(by)))
    how = ExplainOptions(names, asked["downsample"], images)
    with progress(is_quiet=quiet) as on_event:
        report = explain(model, sources, out, how, on_event)
    show(report, is_json=is_json)
    told = report.values["explain"]
    problems = told.get("problems", []) or [one for one in told.get("slides", []) if one["problem"]]
    return 1 if problems else 0
