"""`tamiz cost`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tamiz.cli.click_words import Command, Number, WholeNumber
from tamiz.cli.job import progress, show
from tamiz.cli.options import common_options
from tamiz.core.errors import EXIT_DONE
from tamiz.core.language import say

_COUNT = say("cli.metavar_number")
_WHOLE = say("cli.metavar_whole_number")
_KINDS = ("images", "slices", "slides")


@click.command("cost", cls=Command, help=say("cli.help_cost"))
@click.argument(
    "source",
    metavar=say("cli.metavar_source"),
    required=False,
    type=click.Path(path_type=Path),
)
@click.option("--images", default="", metavar=_COUNT, help=say("cli.help_cost_images"))
@click.option("--slices", default="", metavar=_COUNT, help=say("cli.help_cost_slices"))
@click.option("--slides", default="", metavar=_COUNT, help=say("cli.help_cost_slides"))
@click.option(
    "--gigapixels", type=Number(), default=0.0, metavar=_COUNT, help=say("cli.help_cost_gigapixels")
)
@click.option(
    "--epochs", type=WholeNumber(), default=10, metavar=_WHOLE, help=say("cli.help_cost_epochs")
)
@click.option(
    "--workers", type=WholeNumber(), default=1, metavar=_WHOLE, help=say("cli.help_cost_workers")
)
@click.option(
    "--euros-per-hour", type=Number(), default=0.0, metavar=_COUNT, help=say("cli.help_cost_hour")
)
@click.option(
    "--euros-per-gib", type=Number(), default=0.0, metavar=_COUNT, help=say("cli.help_cost_gib")
)
@click.option(
    "--model", default="", metavar=say("cli.metavar_text"), help=say("cli.help_cost_model")
)
@click.option(
    "--size", type=WholeNumber(), default=0, metavar=_WHOLE, help=say("cli.help_cost_size")
)
@click.option(
    "--seconds", type=Number(), default=4.0, metavar=_COUNT, help=say("cli.help_cost_seconds")
)
@common_options
def command(source: Path | None, **values: Any) -> int:
    """Reckon what a job costs."""
    from tamiz.stages.cost import CostOptions, cost
    from tamiz.stages.costing.model import Job

    job = Job(
        {},
        epochs=values["epochs"],
        workers=values["workers"],
        euros_per_hour=values["euros_per_hour"],
        euros_per_gib=values["euros_per_gib"],
        gigapixels=values["gigapixels"],
    )
    counts = {kind: values[kind] for kind in _KINDS if values[kind]}
    options = CostOptions(counts, job, values["model"], values["size"], values["seconds"])
    with progress(is_quiet=values["quiet"]) as on_event:
        report = cost(None if source is None else str(source), options, on_event)
    show(report, is_json=values["is_json"])
    return EXIT_DONE
