"""`tamiz explain`."""

from __future__ import annotations

from pathlib import Path

import click

from tamiz.cli.click_words import Choice, Command, WholeNumber
from tamiz.cli.job import progress, show
from tamiz.cli.options import common_options
from tamiz.core.language import say


@click.command("explain", cls=Command, help=say("cli.help_explain"))
@click.argument("model", metavar=say("cli.metavar_model"), type=click.Path(path_type=Path))
@click.argument(
    "sources",
    metavar=say("cli.metavar_sources"),
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
    "--with",
    "by",
    type=Choice(("attention", "occlusion")),
    default="attention",
    help=say("cli.help_explain_with"),
)
@click.option(
    "--downsample",
    type=WholeNumber(),
    default=8,
    metavar=say("cli.metavar_whole_number"),
    help=say("cli.help_explain_downsample"),
)
@common_options
def command(
    model: Path,
    sources: tuple[Path, ...],
    out: Path,
    by: str,
    downsample: int,
    *,
    quiet: bool,
    is_json: bool,
    **_shared: bool,
) -> int:
    """Show what an answer rests on."""
    from tamiz.stages.explain import ExplainSlides, explain

    with progress(is_quiet=quiet) as on_event:
        report = explain(model, sources, out, ExplainSlides(by, downsample), on_event)
    show(report, is_json=is_json)
    return 1 if any(one["problem"] for one in report.values["explain"]["slides"]) else 0
