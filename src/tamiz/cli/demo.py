"""`tamiz demo`."""

from __future__ import annotations

from pathlib import Path

import click

from tamiz.cli.click_words import Command
from tamiz.cli.job import progress, show
from tamiz.cli.options import common_options
from tamiz.core.language import say


@click.command("demo", cls=Command, help=say("cli.help_demo"))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar=say("cli.metavar_path"),
    default=Path("runs/demo"),
    help=say("cli.help_demo_out"),
)
@common_options
def command(
    out: Path,
    *,
    is_json: bool,
    quiet: bool,
    lang: str | None,  # noqa: ARG001 - read before the command is known
    debug: bool,  # noqa: ARG001 - read where errors are told
) -> int:
    """Run the whole job on the embedded data set."""
    from tamiz.stages.demo import demo

    with progress(is_quiet=quiet) as on_event:
        report = demo(out, on_event)
    show(report, is_json=is_json)
    return 0
