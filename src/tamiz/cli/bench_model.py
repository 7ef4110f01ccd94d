"""`tamiz bench-model`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from tamiz.cli.click_words import Command, WholeNumber
from tamiz.cli.job import progress, show
from tamiz.cli.options import common_options
from tamiz.core.errors import EXIT_DONE
from tamiz.core.language import say

_WHOLE: Final = say("cli.metavar_whole_number")


@click.command("bench-model", cls=Command, help=say("cli.help_bench_model"))
@click.argument(
    "models",
    metavar=say("cli.metavar_models"),
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
)
@click.option(
    "--batch",
    type=WholeNumber(),
    default=16,
    metavar=_WHOLE,
    help=say("cli.help_bench_model_batch"),
)
@click.option(
    "--blocks",
    type=WholeNumber(),
    default=12,
    metavar=_WHOLE,
    help=say("cli.help_bench_model_blocks"),
)
@click.option(
    "--side",
    type=WholeNumber(),
    default=256,
    metavar=_WHOLE,
    help=say("cli.help_bench_model_side"),
)
@click.option(
    "--threads",
    type=WholeNumber(),
    default=0,
    metavar=_WHOLE,
    help=say("cli.help_bench_model_threads"),
)
@common_options
def command(models: tuple[Path, ...], **values: Any) -> int:
    """Time models on this machine."""
    from tamiz.stages.bench_model import BenchOptions, bench_model

    options = BenchOptions(values["batch"], values["blocks"], values["side"], values["threads"])
    with progress(is_quiet=values["quiet"]) as on_event:
        report = bench_model(models, options, on_event)
    show(report, is_json=values["is_json"])
    return EXIT_DONE
