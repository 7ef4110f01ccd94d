"""`tamiz lab network`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tamiz.cli.click_words import Command, WholeNumber
from tamiz.cli.job import show
from tamiz.cli.options import common_options
from tamiz.core.errors import EXIT_DONE, WrongUse
from tamiz.core.language import say

if TYPE_CHECKING:
    from tamiz.data.report import Report

_PATH: Final = click.Path(path_type=Path)
_TEXT: Final = say("cli.metavar_text")


@click.command("network", cls=Command, help=say("lab_network.help_network"))
@click.option("--layers", default="", metavar=_TEXT, help=say("lab_network.help_layers"))
@click.option("--model", default="", metavar=_TEXT, help=say("lab_network.help_model"))
@click.option(
    "--recipe", type=_PATH, metavar=say("cli.metavar_path"), help=say("lab_network.help_recipe")
)
@click.option("--input", "size", default="", metavar=_TEXT, help=say("lab_network.help_input"))
@click.option(
    "--classes",
    type=WholeNumber(),
    metavar=say("cli.metavar_whole_number"),
    help=say("lab_network.help_classes"),
)
@click.option("--strict", "is_strict", is_flag=True, help=say("lab_network.help_strict"))
@click.option("--out", type=_PATH, metavar=say("cli.metavar_path"), help=say("lab.help_out"))
@common_options
def network_command(**values: Any) -> int:
    """Show the layers of a network."""
    given = [name for name in ("layers", "model", "recipe") if values[name]]
    if len(given) != 1:
        raise WrongUse.of("lab_network.one_way", where="tamiz lab network")
    _refuse_idle(given[0], values)
    show(_report(given[0], values), is_json=values["is_json"])
    return EXIT_DONE


def _refuse_idle(way: str, values: dict[str, Any]) -> None:
    """Raise where an option would do nothing."""
    idle = {
        "--classes": way == "layers" and values["classes"] is not None,
        "--strict": way != "layers" and values["is_strict"],
        "--input": way == "recipe" and bool(values["size"]),
    }
    for flag, is_idle in idle.items():
        if is_idle:
            raise WrongUse.of("lab_network.idle", where=flag, flag=flag, other=f"--{way}")
    if way != "recipe" and not values["size"]:
        raise WrongUse.of("lab_network.no_input", where="--input")


def _report(way: str, values: dict[str, Any]) -> Report:
    from tamiz.stages.laboratory.network import (
        NamedNetwork,
        input_shape,
        network_named,
        network_of_layers,
        network_of_recipe,
    )

    out = values["out"]
    if way == "layers":
        is_strict = values["is_strict"]
        return network_of_layers(values["layers"], values["size"], is_strict=is_strict, out=out)
    if way == "recipe":
        return network_of_recipe(values["recipe"], n_classes=values["classes"], out=out)
    asked = NamedNetwork(values["model"], input_shape(values["size"]))
    if values["classes"] is not None:
        asked = NamedNetwork(asked.name, asked.shape, values["classes"])
    return network_named(asked, out)
