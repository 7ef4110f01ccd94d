"""`tamiz compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from tamiz.cli.click_words import Choice, Command
from tamiz.cli.job import progress, show
from tamiz.cli.options import common_options
from tamiz.core.language import say


@click.command("compare", cls=Command, help=say("cli.help_compare"))
@click.argument(
    "runs",
    metavar=say("cli.metavar_runs"),
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
)
@click.option(
    "--by", type=Choice(("time", "score")), default="time", help=say("cli.help_compare_by")
)
@click.option("--metric", metavar=say("cli.metavar_text"), help=say("cli.help_compare_metric"))
@click.option(
    "--html",
    "html_path",
    metavar=say("cli.metavar_path"),
    type=click.Path(path_type=Path),
    help=say("cli.help_compare_html"),
)
@common_options
def command(
    runs: tuple[Path, ...],
    by: Literal["time", "score"],
    metric: str | None,
    html_path: Path | None,
    *,
    quiet: bool,
    is_json: bool,
    **_shared: bool,
) -> int:
    """Show what each step from run to run was worth."""
    from tamiz.stages.compare import compare

    with progress(is_quiet=quiet) as on_event:
        report = compare(runs, by, metric, html_path, on_event)
    show(report, is_json=is_json)
    return 0
