"""`tamiz lab filter` and `tamiz lab convolve`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from tamiz.cli.click_words import Command, WholeNumber
from tamiz.cli.job import show
from tamiz.cli.options import common_options
from tamiz.core.errors import EXIT_DONE, WrongUse
from tamiz.core.language import say

F = TypeVar("F", bound=Callable[..., Any])
_PATH: Final = click.Path(path_type=Path)
_TEXT: Final = say("cli.metavar_text")


def _option(flag: str, key: str, **settings: Any) -> Callable[[F], F]:
    """Return an option whose help is `lab_filters.help_<key>`."""
    settings.setdefault("metavar", _TEXT)
    made: Callable[[F], F] = click.option(flag, help=say(f"lab_filters.help_{key}"), **settings)
    return made


def _numbers(function: F) -> F:
    return _option("--numbers", "numbers", default="")(function)


def _stride(function: F) -> F:
    whole = say("cli.metavar_whole_number")
    return _option(
        "--stride", "stride", type=WholeNumber(), default=1, show_default=True, metavar=whole
    )(function)


_OUT: Final = click.option(
    "--out", type=_PATH, metavar=say("cli.metavar_path"), help=say("lab.help_out")
)


@click.command("filter", cls=Command, help=say("lab_filters.help_filter"))
@click.argument("photo", type=_PATH, required=False, metavar=f"[{say('lab.metavar_photo')}]")
@_option("--kernel", "kernel", default="sharpen", show_default=True)
@_option("--padding", "padding", default="same", show_default=True)
@_stride
@_numbers
@click.option("--grey", "is_grey", is_flag=True, help=say("lab_filters.help_grey"))
@click.option("--list", "lists", is_flag=True, help=say("lab_filters.help_list"))
@_OUT
@common_options
def filter_command(photo: Path | None, numbers: str, out: Path | None, **values: Any) -> int:
    """Filter an image or numbers."""
    from tamiz.stages.laboratory.filters import FilterHow, filter_numbers, filter_photo, kernels

    how = FilterHow(
        kernel=values["kernel"],
        padding=values["padding"].strip().lower(),
        stride=values["stride"],
        is_grey=values["is_grey"],
    )
    if values["lists"]:
        report = kernels()
    elif (photo is None) == (not numbers):
        raise WrongUse.of("lab_filters.one_input", where="tamiz lab filter")
    elif photo is not None:
        report = filter_photo(photo, how, out)
    elif how.is_grey:
        raise WrongUse.of("lab_filters.grey_numbers", where="--grey")
    else:
        report = filter_numbers(numbers, how, out)
    show(report, is_json=values["is_json"])
    return EXIT_DONE


@click.command("convolve", cls=Command, help=say("lab_filters.help_convolve"))
@click.option("--example", is_flag=True, help=say("lab_filters.help_example"))
@_numbers
@_option("--kernel", "convolve_kernel", default="sharpen", show_default=True)
@_option("--padding", "padding_steps", default="valid", show_default=True)
@_stride
@click.option("--steps", "shows_all", is_flag=True, help=say("lab_filters.help_steps"))
@_OUT
@common_options
def convolve_command(*, example: bool, numbers: str, out: Path | None, **values: Any) -> int:
    """Show a convolution number by number."""
    from tamiz.stages.laboratory.filters import ConvolveHow, convolve

    if example == bool(numbers):
        raise WrongUse.of("lab_filters.example_or_numbers", where="tamiz lab convolve")
    how = ConvolveHow(
        numbers=numbers,
        kernel=values["kernel"],
        padding=values["padding"].strip().lower(),
        stride=values["stride"],
        shows_all=values["shows_all"],
    )
    show(convolve(how, out), is_json=values["is_json"])
    return EXIT_DONE
