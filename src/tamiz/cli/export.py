"""`tamiz export`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from tamiz.cli.click_words import Command
from tamiz.cli.job import progress, show
from tamiz.cli.options import common_options
from tamiz.core.errors import EXIT_DONE
from tamiz.core.language import say

_PATH: Final = say("cli.metavar_path")


@click.command("export", cls=Command, help=say("cli.help_export"))
@click.argument("model", metavar=say("cli.metavar_model"), type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    default="onnx",
    metavar=say("cli.metavar_text"),
    help=say("cli.help_export_format"),
)
@click.option(
    "--out",
    required=True,
    metavar=_PATH,
    type=click.Path(path_type=Path),
    help=say("cli.help_export_out"),
)
@click.option(
    "--reference",
    metavar=_PATH,
    type=click.Path(path_type=Path),
    help=say("cli.help_export_reference"),
)
@click.option("--int8", "is_int8", is_flag=True, help=say("cli.help_export_int8"))
@click.option(
    "--calibrate",
    metavar=_PATH,
    type=click.Path(path_type=Path),
    help=say("cli.help_export_calibrate"),
)
@common_options
def command(model: Path, out: Path, **values: Any) -> int:
    """Write a model in another format."""
    from tamiz.stages.export import ExportOptions, export

    options = ExportOptions(
        values["form"], values["reference"], values["is_int8"], values["calibrate"]
    )
    with progress(is_quiet=values["quiet"]) as on_event:
        report = export(model, out, options, on_event)
    show(report, is_json=values["is_json"])
    return EXIT_DONE
