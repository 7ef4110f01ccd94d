"""`tamiz pacs`: echo, find and fetch."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from tamiz.cli.click_words import Choice, Command, Group, Number, WholeNumber
from tamiz.cli.job import progress, show
from tamiz.cli.options import common_options
from tamiz.core.errors import EXIT_DONE, EXIT_WRONG_DATA, WrongUse
from tamiz.core.files import explain_read_error
from tamiz.core.language import say

if TYPE_CHECKING:
    from tamiz.stages.pacs import Criteria, Retrieval, Server, Servers, Tls, WebServer

F = TypeVar("F", bound=Callable[..., Any])
_PASSWORD: Final = "TAMIZ_PACS_PASSWORD"  # noqa: S105 - the variable's name, no password
_WORDS: Final = ("echo", "find", "fetch")
_PATH: Final = click.Path(path_type=Path)


command = Group("pacs", {word: f"pacs.help_{word}" for word in _WORDS}, help=say("pacs.help_group"))


def _words(flag: str, name: str, key: str, *, kind: Any = str, **settings: Any) -> Any:
    """Return an option with its help; a path, a number or a text."""
    metavar = {int: "whole_number", float: "number", Path: "path"}.get(kind, "text")
    types = {int: WholeNumber(), float: Number(), Path: _PATH}
    return click.option(
        flag,
        name,
        type=types.get(kind, click.STRING),
        metavar=say(f"cli.metavar_{metavar}"),
        help=say(f"pacs.help_{key}"),
        **settings,
    )


def _all(*options: Any) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for one in reversed(options):
            function = one(function)
        return common_options(function)

    return decorate


_SERVER: Final = (
    _words("--host", "host", "host"),
    _words("--port", "port", "port", kind=int),
    _words("--called", "called", "called"),
    _words("--calling", "calling", "calling", default="TAMIZ", show_default=True),
    _words("--timeout-s", "timeout_s", "timeout", kind=float, default=60.0, show_default=True),
    click.option("--tls", is_flag=True, help=say("pacs.help_tls")),
    _words("--tls-ca", "tls_ca", "tls_ca", kind=Path),
    _words("--tls-cert", "tls_cert", "tls_cert", kind=Path),
    _words("--tls-key", "tls_key", "tls_key", kind=Path),
)
_WEB: Final = (
    _words("--dicomweb", "dicomweb", "dicomweb"),
    _words("--user", "user", "user", default=""),
    _words("--password-file", "password_file", "password_file", kind=Path),
)
_CRITERIA: Final = (
    _words("--modality", "modality", "modality", default=""),
    _words("--description", "description", "description", default=""),
    _words("--date", "date", "date", default=""),
    _words("--patient", "patient", "patient", default=""),
    _words("--study", "study", "study", default=""),
    _words("--key", "key", "key", kind=Path),
)


@command.command("echo", cls=Command, help=say("pacs.help_echo"))
@_all(*_SERVER)
def echo(**values: Any) -> int:
    """Ask a server whether it is there."""
    from tamiz.stages.pacs import echo as ask

    show(ask(_server(values)), is_json=values["is_json"])
    return EXIT_DONE


@command.command("find", cls=Command, help=say("pacs.help_find"))
@_all(
    *_SERVER,
    *_WEB,
    click.option(
        "--level",
        type=Choice(("study", "series", "image")),
        default="study",
        show_default=True,
        help=say("pacs.help_level"),
    ),
    *_CRITERIA,
    _words("--csv", "csv_path", "csv", kind=Path),
    click.option("--show-identities", is_flag=True, help=say("pacs.help_show_identities")),
)
def find(**values: Any) -> int:
    """List what a server has."""
    from tamiz.core.pseudonyms import Pseudonyms
    from tamiz.stages.pacs import find as ask

    shows = values["show_identities"]
    if shows and (values["is_json"] or not sys.stdout.isatty()):
        raise WrongUse.of("pacs.not_a_terminal", where="--show-identities")
    servers, criteria = _servers(values), _criteria(values)
    pseudonyms = Pseudonyms.load(values["key"])
    with progress(is_quiet=values["quiet"]) as on_event:
        listing = ask(servers, criteria, values["level"], pseudonyms, on_event=on_event)
    if values["csv_path"]:
        listing.save_csv(values["csv_path"])
    report = listing.report(values["csv_path"], shows_identities=shows)
    show(report, is_json=values["is_json"])
    return EXIT_DONE


@command.command("fetch", cls=Command, help=say("pacs.help_fetch"))
@_all(
    *_SERVER,
    *_WEB,
    *_CRITERIA,
    _words("--out", "out", "out", kind=Path, required=True),
    click.option(
        "--way",
        type=Choice(("auto", "get", "move", "web")),
        default="auto",
        show_default=True,
        help=say("pacs.help_way"),
    ),
    _words("--receive-port", "receive_port", "receive_port", kind=int, default=11112,
           show_default=True),
    click.option(
        "--dates",
        type=Choice(("shift", "remove")),
        default="shift",
        show_default=True,
        help=say("pacs.help_dates"),
    ),
    _words("--max-per-second", "max_per_second", "max_per_second", kind=float),
    _words("--max-minutes", "max_minutes", "max_minutes", kind=float),
)  # fmt: skip
def fetch(**values: Any) -> int:
    """Bring studies here without identities."""
    from tamiz.core.pseudonyms import Pseudonyms
    from tamiz.stages.pacs import fetch as bring

    servers, criteria = _servers(values), _criteria(values)
    retrieval = _retrieval(values)
    pseudonyms = Pseudonyms.load(values["key"])
    with progress(is_quiet=values["quiet"]) as on_event:
        report = bring(servers, criteria, values["out"], pseudonyms, retrieval, on_event=on_event)
    show(report, is_json=values["is_json"])
    counts = report.values["pacs"]
    return EXIT_DONE if counts["received"] == counts["expected"] else EXIT_WRONG_DATA


def _criteria(values: dict[str, Any]) -> Criteria:
    from tamiz.stages.pacs import Criteria, Span

    return Criteria(
        modality=values["modality"].strip(),
        description=values["description"].strip(),
        patient=values["patient"].strip(),
        study=values["study"].strip(),
        span=Span.parse(values["date"]) if values["date"] else None,
    )


def _retrieval(values: dict[str, Any]) -> Retrieval:
    from tamiz.stages.pacs import Retrieval

    for name in ("max_per_second", "max_minutes"):
        if values[name] is not None and not values[name] > 0:
            raise WrongUse.of("pacs.not_positive", where=f"--{name.replace('_', '-')}")
    return Retrieval(
        way=values["way"],
        receive_port=_port(values["receive_port"], "--receive-port"),
        max_per_second=values["max_per_second"],
        max_minutes=values["max_minutes"],
        dates=values["dates"],
    )


def _servers(values: dict[str, Any]) -> Servers:
    from tamiz.stages.pacs import Servers

    is_dicom = values["host"] or values["port"] or values["called"]
    return Servers(dicom=_server(values) if is_dicom else None, web=_web(values))


def _server(values: dict[str, Any]) -> Server:
    from tamiz.stages.pacs import Server

    if not (values["host"] and values["port"] and values["called"]):
        raise WrongUse.of("pacs.half_server")
    if not values["timeout_s"] > 0:
        raise WrongUse.of("pacs.not_positive", where="--timeout-s")
    return Server(
        host=values["host"],
        port=_port(values["port"], "--port"),
        called=values["called"],
        calling=values["calling"],
        timeout_s=values["timeout_s"],
        tls=_tls(values),
    )


def _web(values: dict[str, Any]) -> WebServer | None:
    from tamiz.stages.pacs import WebServer

    if not values["dicomweb"]:
        return None
    return WebServer(
        url=values["dicomweb"],
        user=values["user"],
        password=_password(values) if values["user"] else "",
        timeout_s=values["timeout_s"],
        tls=_tls(values),
    )


def _tls(values: dict[str, Any]) -> Tls | None:
    from tamiz.stages.pacs import Tls

    made = Tls(ca=values["tls_ca"], certificate=values["tls_cert"], key=values["tls_key"])
    if not values["tls"] and made != Tls():
        raise WrongUse.of("pacs.tls_alone", where="--tls")
    return made if values["tls"] else None


def _password(values: dict[str, Any]) -> str:
    path = values["password_file"]
    try:
        words = path.read_text(encoding="utf-8").strip() if path else os.environ.get(_PASSWORD, "")
    except OSError as error:
        raise explain_read_error(error, path) from error
    if not words:
        raise WrongUse.of("pacs.no_password", where="--user")
    return str(words)


def _port(number: int, flag: str) -> int:
    if not 1 <= number <= 65535:
        raise WrongUse.of("pacs.bad_port", where=flag)
    return number
