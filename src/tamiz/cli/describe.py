"""`tamiz describe`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tamiz.cli.click_words import Command
from tamiz.cli.engines import engine_options
from tamiz.cli.job import progress, show
from tamiz.cli.options import DATA_OPTIONS, common_options, data_of, field_options
from tamiz.core.errors import EXIT_DONE, EXIT_FOUND_PROBLEMS
from tamiz.core.language import say

_TEXT = say("cli.metavar_text")


@click.command("describe", cls=Command, help=say("cli.help_describe"))
@click.argument("source", metavar=say("cli.metavar_source"), type=click.Path(path_type=Path))
@click.option("--with", "names", default="", metavar=_TEXT, help=say("cli.help_describe_with"))
@click.option("--preset", default="", metavar=_TEXT, help=say("cli.help_describe_preset"))
@click.option("--size", default="", metavar="WxH", help=say("cli.help_describe_size"))
@click.option(
    "--out",
    metavar=say("cli.metavar_path"),
    required=True,
    type=click.Path(path_type=Path),
    help=say("cli.help_describe_out"),
)
@click.option("--overwrite", is_flag=True, help=say("cli.help_describe_overwrite"))
@field_options(DATA_OPTIONS)
@engine_options
@common_options
def command(source: Path, out: Path, **values: Any) -> int:
    """Write the numbers of every image."""
    from tamiz.stages.describe import Describe, describe

    how = Describe(values["names"], values["preset"], values["size"], values["overwrite"])
    with progress(is_quiet=values["quiet"]) as on_event:
        report = describe(data_of(source, values), out, how, on_event)
    show(report, is_json=values["is_json"])
    told = report.values["describe"]
    return EXIT_FOUND_PROBLEMS if told["unreadable"] or told["missing"] else EXIT_DONE
