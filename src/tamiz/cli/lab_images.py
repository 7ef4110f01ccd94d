"""`tamiz lab channels` and `tamiz lab grey`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from tamiz.cli.click_words import Choice, Command
from tamiz.cli.job import show
from tamiz.cli.options import common_options
from tamiz.core.errors import EXIT_DONE, WrongUse
from tamiz.core.language import say

F = TypeVar("F", bound=Callable[..., Any])
_PATH: Final = click.Path(path_type=Path)
_PIXEL: Final = re.compile(r"\s*([0-9]{1,6})\s*,\s*([0-9]{1,6})\s*")


def _common(function: F) -> F:
    """Add PHOTO, --out and what all commands have."""
    out = click.option(
        "--out", type=_PATH, metavar=say("cli.metavar_path"), help=say("lab.help_out")
    )
    photo = click.argument("photo", type=_PATH, metavar=say("lab.metavar_photo"))
    return common_options(photo(out(function)))


@click.command("channels", cls=Command, help=say("lab_images.help_channels"))
@click.option(
    "--space",
    type=Choice(("rgb", "hsv", "lab", "ycbcr")),
    default="rgb",
    show_default=True,
    help=say("lab_images.help_space"),
)
@_common
def channels_command(photo: Path, space: str, out: Path | None, **values: Any) -> int:
    """Show the channels of an image."""
    from tamiz.stages.laboratory.images import channels

    show(channels(photo, space=space, out=out), is_json=values["is_json"])
    return EXIT_DONE


@click.command("grey", cls=Command, help=say("lab_images.help_grey"))
@click.option(
    "--by",
    type=Choice(("mean", "luma", "rec601", "lightness", "all")),
    default="all",
    show_default=True,
    help=say("lab_images.help_by"),
)
@click.option("--at", default="", metavar="X,Y", help=say("lab_images.help_at"))
@_common
def grey_command(photo: Path, by: str, at: str, out: Path | None, **values: Any) -> int:
    """Turn an image grey."""
    from tamiz.stages.laboratory.images import grey

    show(grey(photo, by=by, at=_pixel(at), out=out), is_json=values["is_json"])
    return EXIT_DONE


def _pixel(words: str) -> tuple[int, int] | None:
    if not words:
        return None
    found = _PIXEL.fullmatch(words)
    if found is None:
        raise WrongUse.of("lab_images.bad_at", where="--at", words=words)
    return int(found[1]), int(found[2])
