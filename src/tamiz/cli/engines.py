"""Options that say where the work on many images is done; they decide nothing else."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import click

from tamiz.cli.click_words import WholeNumber
from tamiz.core.language import say

F = TypeVar("F", bound=Callable[..., Any])
_DEFAULT: Final = "local"
_CHOICES: Final = "local|processes|ray"


def engine_options(function: F) -> F:
    """Add --engine, --address and --workers, in force while the command works."""

    @functools.wraps(function)
    def command(*arguments: Any, engine: str, address: str, workers: int, **values: Any) -> Any:
        from tamiz.workers.current import working_on

        with working_on(engine, address, workers):
            return function(*arguments, **values)

    made: Callable[..., Any] = command
    for add in (
        click.option(
            "--workers",
            type=WholeNumber(),
            default=0,
            metavar=say("cli.metavar_whole_number"),
            help=say("cli.help_workers"),
        ),
        click.option(
            "--address", default="", metavar=say("cli.metavar_text"), help=say("cli.help_address")
        ),
        click.option("--engine", default=_DEFAULT, metavar=_CHOICES, help=say("cli.help_engine")),
    ):
        made = add(made)
    return cast("F", made)
