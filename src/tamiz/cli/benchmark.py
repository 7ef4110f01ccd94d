"""`tamiz benchmark`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from tamiz.cli.click_words import Command
from tamiz.cli.engines import engine_options
from tamiz.cli.job import command_line, progress, show
from tamiz.cli.options import SPLIT_OPTIONS, common_options, field_options, names_in
from tamiz.core.errors import EXIT_DONE, EXIT_FOUND_PROBLEMS, WrongUse
from tamiz.core.language import say
from tamiz.core.recipe_io import parse_setting

_COMMON: Final[Mapping[str, str]] = {
    **SPLIT_OPTIONS,
    "--size": "prepare.size_px",
    "--epochs": "train.epochs",
    "--balance": "train.balance",
    "--seed": "train.seed",
    "--metric": "evaluate.metric",
}
_TEXT: Final = say("cli.metavar_text")
_PATH: Final = say("cli.metavar_path")


@click.command("benchmark", cls=Command, help=say("cli.help_benchmark"))
@click.argument(
    "sources",
    metavar=say("cli.metavar_data_sets"),
    nargs=-1,
    type=click.Path(path_type=Path),
)
@click.option("--ways", default="", metavar=_TEXT, help=say("cli.help_benchmark_ways"))
@click.option(
    "--out",
    required=True,
    metavar=_PATH,
    type=click.Path(path_type=Path),
    help=say("cli.help_benchmark_out"),
)
@click.option("--against", default="first", metavar=_TEXT, help=say("cli.help_benchmark_against"))
@click.option("--weights", metavar=_PATH, help=say("cli.help_benchmark_weights"))
@click.option(
    "--for",
    "recipes",
    multiple=True,
    metavar=say("cli.metavar_for"),
    help=say("cli.help_benchmark_for"),
)
@click.option(
    "--recipe",
    "recipe_file",
    metavar=_PATH,
    type=click.Path(path_type=Path),
    help=say("cli.help_benchmark_recipe"),
)
@click.option("--set", "settings", multiple=True, metavar=_TEXT, help=say("cli.help_set"))
@click.option("--overwrite", is_flag=True, help=say("cli.help_overwrite"))
@field_options(_COMMON)
@common_options
@engine_options
def command(
    sources: tuple[Path, ...],
    *,
    out: Path,
    quiet: bool,
    is_json: bool,
    overwrite: bool,
    **values: Any,
) -> int:
    """Compare ways of making a model on data sets."""
    from tamiz.stages.benchmark import BenchmarkHow, benchmark

    fields = {name.replace("__", "."): one for name, one in values.items() if "__" in name}
    asked = {name: one for name, one in fields.items() if one is not None}
    how = BenchmarkHow(
        ways=names_in(values["ways"]),
        settings=asked | dict(map(parse_setting, values["settings"])),
        recipe_file=values["recipe_file"],
        recipes=dict(map(_recipe_for, values["recipes"])),
        weights=values["weights"],
        against=values["against"],
    )
    with progress(is_quiet=quiet) as on_event:
        report = benchmark(
            sources, out, how, on_event, is_overwrite=overwrite, command=command_line()
        )
    show(report, is_json=is_json)
    return EXIT_FOUND_PROBLEMS if report.values["benchmark"]["gaps"] else EXIT_DONE


def _recipe_for(words: str) -> tuple[str, Path]:
    """Return a data set and its recipe from 'fingers=recipes/fingers.toml'."""
    name, equals, path = words.rpartition("=")
    if not equals or not name or not path:
        raise WrongUse.of("benchmark.bad_for", where=f"--for {words}")
    return name, Path(path)
