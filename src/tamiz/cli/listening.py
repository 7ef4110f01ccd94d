"""Options of the commands that stay open and listen: the web app, the service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from tamiz.cli.click_words import Choice, WholeNumber
from tamiz.core.language import say

F = TypeVar("F", bound=Callable[..., Any])
_GUARD: Final = ("warn", "abstain", "off")


def number_option(flag: str, name: str, default: int, help_text: str) -> Callable[[F], F]:
    """Return an option of a whole number, whose default the help shows."""
    return click.option(
        flag,
        name,
        type=WholeNumber(),
        default=default,
        show_default=True,
        metavar=say("cli.metavar_whole_number"),
        help=help_text,
    )


def listening_options(port: int, most_mib: int, token_help: str) -> Callable[[F], F]:
    """Add where to listen, who may ask, and what an upload may take.

    The values are called port, host, allow_hosts, token, max_upload_mib, decode_memory_mib, guard.

    Args:
        port: to listen at where none is named.
        most_mib: of an upload, likewise.
        token_help: what the token is for, in the reader's language.
    """
    text = say("cli.metavar_text")
    options = (
        number_option("--port", "port", port, say("cli.help_listen_port")),
        click.option(
            "--host",
            default="127.0.0.1",
            show_default=True,
            metavar=text,
            help=say("cli.help_listen_host"),
        ),
        click.option(
            "--allow-host",
            "allow_hosts",
            multiple=True,
            metavar=text,
            help=say("cli.help_listen_allow_host"),
        ),
        click.option(
            "--token",
            envvar="TAMIZ_TOKEN",
            show_envvar=True,
            default="",
            metavar=text,
            help=token_help,
        ),
        number_option(
            "--max-upload", "max_upload_mib", most_mib, say("cli.help_listen_max_upload")
        ),
        number_option(
            "--decode-memory", "decode_memory_mib", 2048, say("cli.help_listen_decode_memory")
        ),
        click.option(
            "--guard",
            type=Choice(_GUARD),
            default="warn",
            show_default=True,
            help=say("cli.help_guard"),
        ),
    )

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate
