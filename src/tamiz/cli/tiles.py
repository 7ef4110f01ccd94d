"""`tamiz tiles`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tamiz.cli.click_words import Choice, Command, Number, WholeNumber
from tamiz.cli.engines import engine_options
from tamiz.cli.job import progress, show
from tamiz.cli.options import DATA_OPTIONS, common_options, data_of, field_options
from tamiz.core.errors import EXIT_DONE, EXIT_FOUND_PROBLEMS
from tamiz.core.language import say

_NAMES = (
    "--root", "--path", "--label", "--group", "--centre", "--encoding", "--separator",
    "--label-from-name", "--group-from-name",
)  # fmt: skip
_NUMBER, _WHOLE = say("cli.metavar_number"), say("cli.metavar_whole_number")


@click.command("tiles", cls=Command, help=say("cli.help_tiles"))
@click.argument("source", metavar=say("cli.metavar_source"), type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar=say("cli.metavar_path"),
    required=True,
    type=click.Path(path_type=Path),
    help=say("cli.help_tiles_out"),
)
@click.option(
    "--size", type=WholeNumber(), default=256, metavar=_WHOLE, help=say("cli.help_tile_size")
)
@click.option(
    "--um-per-px", type=Number(), default=1.0, metavar=_NUMBER, help=say("cli.help_um_per_px")
)
@click.option(
    "--downsample", type=Number(), default=0.0, metavar=_NUMBER, help=say("cli.help_downsample")
)
@click.option(
    "--min-tissue", type=Number(), default=0.5, metavar=_NUMBER, help=say("cli.help_min_tissue")
)
@click.option("--most", type=WholeNumber(), default=0, metavar=_WHOLE, help=say("cli.help_most"))
@click.option(
    "--choose",
    type=Choice(("spread", "dark", "dense")),
    default="spread",
    help=say("cli.help_choose"),
)
@click.option(
    "--overlap", type=Number(), default=0.0, metavar=_NUMBER, help=say("cli.help_overlap")
)
@click.option("--copies", is_flag=True, help=say("cli.help_copies"))
@click.option("--seed", type=WholeNumber(), default=0, metavar=_WHOLE, help=say("cli.help_seed"))
@field_options({name: DATA_OPTIONS[name] for name in _NAMES})
@engine_options
@common_options
def command(source: Path, out: Path, **values: Any) -> int:
    """Cut slides into tiles."""
    from tamiz.data.tiling import Tiling
    from tamiz.stages.tiles import CutTiles, tiles

    tiling = Tiling(
        tile_px=values["size"],
        um_per_px=values["um_per_px"],
        downsample=values["downsample"],
        min_tissue=values["min_tissue"],
        most=values["most"],
        choose=values["choose"],
        overlap=values["overlap"],
    )
    how = CutTiles(tiling, values["copies"], values["seed"])
    with progress(is_quiet=values["quiet"]) as on_event:
        report = tiles(data_of(source, values), out, how, on_event)
    show(report, is_json=values["is_json"])
    told = report.values["tiles"]
    is_lost = told["unreadable"] or told["empty"] or told["missing"]
    return EXIT_FOUND_PROBLEMS if is_lost else EXIT_DONE
