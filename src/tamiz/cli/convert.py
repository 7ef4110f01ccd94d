"""`tamiz convert`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tamiz.cli.click_words import Choice, Command
from tamiz.cli.engines import engine_options
from tamiz.cli.job import progress, show
from tamiz.cli.options import common_options, data_of, field_options
from tamiz.core.language import say

_FIELDS = {
    "--window": "data.window",
    "--table": "data.label_table",
    "--id": "data.id",
    "--id-from-name": "data.id_from_name",
    "--label": "data.label",
    "--label-from-name": "data.label_from_name",
    "--frames": "data.frames",
    "--keep": "data.keep",
    "--key": "data.key",
}


@click.command("convert", cls=Command, help=say("cli.help_convert"))
@click.argument("source", metavar=say("cli.metavar_source"), type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar=say("cli.metavar_path"),
    required=True,
    type=click.Path(path_type=Path),
    help=say("cli.help_convert_out"),
)
@click.option("--to", type=Choice(("png", "dicom")), default="png", help=say("cli.help_to"))
@click.option("--bits", type=Choice(("8", "16")), default="8", help=say("cli.help_bits"))
@click.option("--folders", type=Choice(("mirror", "class")), help=say("cli.help_folders"))
@field_options(_FIELDS)
@click.option("--blank", metavar="X,Y,W,H", multiple=True, help=say("cli.help_blank"))
@click.option(
    "--dates", type=Choice(("shift", "remove")), default="shift", help=say("cli.help_dates")
)
@engine_options
@common_options
def command(source: Path, out: Path, **values: Any) -> int:
    """Convert DICOM files."""
    from tamiz.stages.convert import ConvertOptions, convert

    data = data_of(source, values)
    folders = values["folders"] or ("class" if data.label_table or data.label else "mirror")
    options = ConvertOptions(
        to=values["to"],
        bits=int(values["bits"]),
        folders=folders,
        blank=values["blank"],
        dates=values["dates"],
    )
    with progress(is_quiet=values["quiet"]) as on_event:
        report = convert(data, out, options, on_event)
    show(report, is_json=values["is_json"])
    return 1 if report.values["convert"]["unreadable"] else 0
