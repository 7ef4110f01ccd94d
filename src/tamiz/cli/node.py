"""`tamiz node`."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from tamiz.cli.click_words import Choice, Command, Number, WholeNumber
from tamiz.cli.job import show
from tamiz.cli.options import common_options
from tamiz.core.errors import EXIT_DONE, WrongUse
from tamiz.core.files import explain_read_error
from tamiz.core.language import say

if TYPE_CHECKING:
    from tamiz.core.events import Event
    from tamiz.node.node import Settings

F = TypeVar("F", bound=Callable[..., Any])
_PASSWORD: Final = "TAMIZ_PACS_PASSWORD"  # noqa: S105 - the variable's name, no password
_PATH: Final = click.Path(path_type=Path)


def _words(flag: str, name: str, key: str, *, kind: Any = str, **settings: Any) -> Any:
    """Return an option with its help."""
    metavar = {int: "whole_number", float: "number", Path: "path"}.get(kind, "text")
    types = {int: WholeNumber(), float: Number(), Path: _PATH}
    return click.option(
        flag,
        name,
        type=types.get(kind, click.STRING),
        metavar=say(f"cli.metavar_{metavar}"),
        help=say(key),
        **settings,
    )


_OPTIONS: Final = (
    _words("--aet", "aet", "node.help_aet", default="TAMIZ", show_default=True),
    _words("--port", "port", "node.help_port", kind=int, default=11112, show_default=True),
    _words("--host", "host", "node.help_host", default="127.0.0.1", show_default=True),
    _words("--answer-to", "answer_to", "node.help_answer_to"),
    _words("--folder", "folder", "node.help_folder", kind=Path),
    _words(
        "--quiet-seconds",
        "quiet_seconds",
        "node.help_quiet_seconds",
        kind=float,
        default=10.0,
        show_default=True,
    ),
    _words("--expect", "expect", "node.help_expect", kind=int),
    click.option("--heatmap", "has_maps", is_flag=True, help=say("node.help_heatmap")),
    click.option(
        "--guard",
        type=Choice(("warn", "abstain", "off")),
        default="warn",
        show_default=True,
        help=say("cli.help_guard"),
    ),
    _words(
        "--max-study-mib",
        "max_study_mib",
        "node.help_max_study_mib",
        kind=int,
        default=2048,
        show_default=True,
    ),
    _words("--only-from", "only_from", "node.help_only_from", default=""),
    click.option("--keep", "keeps", is_flag=True, help=say("node.help_keep")),
    _words("--user", "user", "pacs.help_user", default=""),
    _words("--password-file", "password_file", "pacs.help_password_file", kind=Path),
    click.option("--status", "is_status", is_flag=True, help=say("node.help_status")),
)


def _options(function: F) -> F:
    function = common_options(function)
    for one in reversed(_OPTIONS):
        function = one(function)
    return function


@click.command("node", cls=Command, help=say("cli.help_node"))
@click.argument("model", metavar=say("node.metavar_model"), required=False)
@_options
def command(model: str | None, **values: Any) -> int:
    """Listen for studies and answer them."""
    if values["folder"] is None:
        raise WrongUse.of("node.missing", name="--folder")
    if values["is_status"]:
        from tamiz.node.node import status_of

        show(status_of(values["folder"]), is_json=values["is_json"])
        return EXIT_DONE
    if model is None or not values["answer_to"]:
        missing = "--answer-to" if model is not None else say("cli.metavar_model")
        raise WrongUse.of("node.missing", name=missing)
    settings = _settings(values)
    from tamiz.node.node import run_node

    def tell(event: Event) -> None:
        if not (values["quiet"] and event.kind == "note"):
            _tell(event, is_json=values["is_json"])

    with until_told() as stop:
        return run_node(settings, model, guard=values["guard"], stop=stop, on_event=tell)


def _tell(event: Event, *, is_json: bool) -> None:
    """Print what happened: a line for people, or a line of JSON for who collects them."""
    moment = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    if is_json:
        told = {"at": moment, "kind": event.kind, "text": str(event.text or "")}
        print(json.dumps(told, ensure_ascii=False), flush=True)
    else:
        print(f"{moment}  {event.text or ''}", file=sys.stderr, flush=True)


def _settings(values: dict[str, Any]) -> Settings:
    from tamiz.node.node import Settings, destination_of

    password = _password(values["password_file"]) if values["user"] else ""
    return Settings(
        folder=values["folder"],
        answer_to=destination_of(
            values["answer_to"], values["aet"], user=values["user"], password=password
        ),
        aet=values["aet"],
        host=values["host"],
        port=values["port"],
        quiet_seconds=values["quiet_seconds"],
        expect=values["expect"],
        has_maps=values["has_maps"],
        keeps=values["keeps"],
        max_study_mib=values["max_study_mib"],
        only_from=tuple(one.strip() for one in values["only_from"].split(",") if one.strip()),
    )


def _password(path: Path | None) -> str:
    try:
        words = path.read_text(encoding="utf-8").strip() if path else os.environ.get(_PASSWORD, "")
    except OSError as error:
        raise explain_read_error(error, path or Path()) from error
    if not words:
        raise WrongUse.of("pacs.no_password", where="--user")
    return words


@contextmanager
def until_told() -> Iterator[threading.Event]:
    """Yield what SIGTERM and Ctrl-C set, so that the work at hand is finished first."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
