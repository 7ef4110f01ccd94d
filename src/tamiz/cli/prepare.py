"""`tamiz prepare`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tamiz.cli.click_words import Command, Number, WholeNumber
from tamiz.cli.engines import engine_options
from tamiz.cli.job import progress, show
from tamiz.cli.options import DATA_OPTIONS, common_options, data_of, field_options
from tamiz.core.errors import EXIT_DONE, EXIT_FOUND_PROBLEMS
from tamiz.core.language import say

_NAMES = (
    "--root", "--path", "--label", "--group", "--centre", "--encoding", "--separator",
    "--missing-files", "--label-from-name", "--group-from-name",
)  # fmt: skip


@click.command("prepare", cls=Command, help=say("cli.help_prepare"))
@click.argument("source", metavar=say("cli.metavar_source"), type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar=say("cli.metavar_path"),
    required=True,
    type=click.Path(path_type=Path),
    help=say("cli.help_convert_out"),
)
@click.option(
    "--scale",
    type=Number(),
    default=0.05,
    metavar=say("cli.metavar_number"),
    help=say("cli.help_scale"),
)
@click.option("--grey", is_flag=True, help=say("cli.help_grey"))
@click.option(
    "--blur",
    type=WholeNumber(),
    default=0,
    metavar=say("cli.metavar_whole_number"),
    help=say("cli.help_blur"),
)
@field_options({name: DATA_OPTIONS[name] for name in _NAMES})
@click.option(
    "--threads",
    type=WholeNumber(),
    default=0,
    metavar=say("cli.metavar_whole_number"),
    help=say("cli.help_threads"),
)
@engine_options
@common_options
def command(source: Path, out: Path, **values: Any) -> int:
    """Prepare slides."""
    from tamiz.stages.prepare import PrepareSlides, prepare

    options = PrepareSlides(values["scale"], values["grey"], values["blur"], values["threads"])
    with progress(is_quiet=values["quiet"]) as on_event:
        report = prepare(data_of(source, values), out, options, on_event)
    show(report, is_json=values["is_json"])
    is_lost = report.values["prepare"]["unreadable"]
    return EXIT_FOUND_PROBLEMS if is_lost else EXIT_DONE
