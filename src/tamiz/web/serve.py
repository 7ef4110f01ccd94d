"""`serve`: the web app on this machine, in this process, until it is stopped."""

from __future__ import annotations

import errno
import re
import secrets
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tamiz.core.errors import WrongUse
from tamiz.core.events import OnEvent, ignore
from tamiz.core.language import say
from tamiz.core.optional import require
from tamiz.serving.decoders import Limits
from tamiz.serving.listening import is_loopback
from tamiz.serving.patience import patient_protocol
from tamiz.web.asgi import Door, Guarded, allowed_hosts, policy_for
from tamiz.web.look import language_scripts, theme_settings
from tamiz.web.model_page import pages_of_model
from tamiz.web.opened import LANGUAGE_OF_BROWSER, Opened, hold
from tamiz.web.served import PART, Choice, loaded

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

PORT: Final = 8501
MOST_MIB: Final = 200
_SHORTEST_TOKEN: Final = 16
_TOKEN: Final = re.compile(rf"[A-Za-z0-9._~-]{{{_SHORTEST_TOKEN},}}")
_WAITING: Final = 128  # connections that the system holds until they are taken
_GRACE_SECONDS: Final = 2  # for pages that are open when the app ends
_HELD_TIMES: Final = 8  # uploads of the largest size that are held at once, of all readers


@dataclass(frozen=True, slots=True)
class Address:
    """Where the app listens, and who may come in.

    Attributes:
        host: an address of this machine.
        port: 0: any that is free.
        names: further names under which it is reached, behind a proxy say.
        token: that readers must bring; '': none on the loopback, else one is made.
        opens_browser: show it in this machine's browser at once.
    """

    host: str = "127.0.0.1"
    port: int = PORT
    names: tuple[str, ...] = ()
    token: str = ""
    opens_browser: bool = False

    @property
    def is_loopback(self) -> bool:
        """Return whether only this machine can reach it."""
        return is_loopback(self.host)

    @property
    def is_everywhere(self) -> bool:
        """Return whether it listens on all addresses of this machine."""
        return self.host in {"0.0.0.0", "::"}  # noqa: S104  (compared, not bound)

    def __post_init__(self) -> None:
        """Check the token: it travels in an address and in a cookie.

        Raises:
            WrongUse: it is short, or has signs that neither can hold.
        """
        if self.token and not _TOKEN.fullmatch(self.token):
            raise WrongUse.of("web.bad_token", where="--token", n=_SHORTEST_TOKEN)

    def hosts(self) -> frozenset[str]:
        """Return the names under which the app may be addressed."""
        if not self.is_everywhere:
            return allowed_hosts(self.host, self.names)
        own = socket.gethostname()
        with suppress(OSError):
            found = {str(one[4][0]) for one in socket.getaddrinfo(own, None)}
            return allowed_hosts(own, (*found, *self.names))
        return allowed_hosts(own, self.names)

    def shown(self) -> str:
        """Return the name to open it under."""
        host = socket.gethostname() if self.is_everywhere else self.host
        return f"[{host}]" if ":" in host else host


def serve_model(
    choice: Choice,
    address: Address,
    on_ready: Callable[[str], None],
    *,
    language: str = LANGUAGE_OF_BROWSER,
    most_mib: int = MOST_MIB,
    limits: Limits | None = None,
    on_event: OnEvent = ignore,
) -> None:
    """Serve the pages of one model until the process is interrupted.

    Args:
        choice: which model, and how it answers.
        address: where.
        on_ready: told the address to open, once it can be opened.
        language: 'en', 'es', or 'auto': the browser's.
        most_mib: of one upload.
        limits: of decoding.
        on_event: told about progress before that.

    Raises:
        WrongUse: there is no model, the port is busy, a number is not above 0.
        WrongData: the model is damaged.
    """
    if most_mib < 1:
        raise WrongUse.of("web.bad_most", where="--max-upload", found=most_mib)
    require("streamlit", extra="web", why=say("web.why_streamlit"))
    bound(address).close()  # a busy port is told before a large model is read
    with loaded(choice, limits or Limits(), on_event) as one:
        serve(Opened(pages_of_model(), language, most_mib, {PART: one}), address, on_ready)


def serve_workbench(
    data: Path,
    runs: Path,
    address: Address,
    on_ready: Callable[[str], None],
    *,
    language: str = LANGUAGE_OF_BROWSER,
    most_mib: int = MOST_MIB,
) -> None:
    """Serve the workbench's pages until the process is interrupted.

    Args:
        data: what is worked on: a folder, a table, an array file, an archive.
        runs: folder of the runs; it need not be there yet.
        address: where.
        on_ready: told the address to open, once it can be opened.
        language: as for `serve_model`.
        most_mib: likewise.

    Raises:
        WrongUse: there is no such source, the port is busy, a number is not above 0.
    """
    if most_mib < 1:
        raise WrongUse.of("web.bad_most", where="--max-upload", found=most_mib)
    require("streamlit", extra="web", why=say("web.why_streamlit"))
    from tamiz.web.workbench import pages, routes, scripts

    opened = Opened(pages(data, runs), language, most_mib, scripts=scripts())
    serve(opened, address, on_ready, routes=routes(data, runs))


def serve(
    opened: Opened,
    address: Address,
    on_ready: Callable[[str], None],
    *,
    routes: Sequence[BaseRoute] = (),
) -> None:
    """Serve pages until the process is interrupted.

    Args:
        opened: what they show.
        address: where.
        on_ready: told the address to open, once it can be opened.
        routes: further answers of the server, behind the same door.

    Raises:
        WrongUse: the port is busy, the host is no address of this machine.
        MissingDependency: Streamlit is not installed.
    """
    require("streamlit", extra="web", why=say("web.why_streamlit"))
    listening = bound(address)
    with listening:
        port = int(listening.getsockname()[1])
        token = address.token or ("" if address.is_loopback else secrets.token_urlsafe(24))
        url = f"http://{address.shown()}:{port}/" + (f"?token={token}" if token else "")
        hold(opened)
        app = application(opened, address, token, port=port, routes=routes)

        def ready() -> None:
            on_ready(url)
            if address.opens_browser:
                threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

        _run(app, listening, ready)


def bound(address: Address) -> socket.socket:
    """Return a socket that listens there.

    Raises:
        WrongUse: something else does, or there is no such address here.
    """
    where = f"{address.host}:{address.port}"
    try:
        family = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0][0]
        made = socket.socket(family)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind((address.host, address.port))
            made.listen(_WAITING)
        except BaseException:
            made.close()
            raise
    except OverflowError as error:
        raise WrongUse.of("pacs.bad_port", where=f"--port {address.port}") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise WrongUse.of("web.busy_port", where=where, port=address.port + 1) from error
        reason = error.strerror or str(error)
        raise WrongUse.of("web.bad_address", where=where, reason=reason) from error
    return made


def application(
    opened: Opened, address: Address, token: str, *, port: int, routes: Iterable[BaseRoute] = ()
) -> Guarded:
    """Return the app with its door.

    Args:
        opened: for the limit of uploads.
        address: see `serve`.
        token: likewise; '': none.
        port: it listens on.
        routes: likewise.
    """
    import streamlit
    from streamlit.starlette import App
    from streamlit.web import bootstrap

    bootstrap.load_config_options(_settings(opened, address, port))
    index = files(streamlit).joinpath("static/index.html").read_text(encoding="utf-8")
    most = opened.most_bytes
    policy = policy_for(index, (*opened.scripts, *language_scripts()))
    door = Door(
        hosts=address.hosts(),
        token=token,
        policy=policy,
        most_bytes=most,
        most_held=_HELD_TIMES * most,
        held=_held_bytes,
        language=opened.language,
        first=f"/{opened.pages[0].name}",
    )
    script = files("tamiz.web").joinpath("main_page.py")
    inner: Any = App(str(script), routes=tuple(routes))
    return Guarded(inner, door)


def _settings(opened: Opened, address: Address, port: int) -> dict[str, Any]:
    """Return Streamlit's settings: nothing is told to anybody, nothing is watched."""
    return {
        "server.headless": True,
        "server.address": address.host,
        "server.port": port,
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.xsrfCookieSameSite": "strict",
        "server.allowedHosts": sorted(address.hosts()),
        "server.maxUploadSize": opened.most_mib,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.enableStaticServing": False,
        "server.showEmailPrompt": False,
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "client.toolbarMode": "minimal",
        "client.disableDataExport": True,
        "client.allowedOrigins": [],
        "logger.level": "error",
        "logger.hideWelcomeMessage": True,
        "runner.magicEnabled": False,
        **theme_settings(),
    }


def _held_bytes() -> int:
    """Return the bytes of all uploads that Streamlit holds in memory for its readers."""
    from streamlit.runtime import Runtime
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

    if not Runtime.exists():
        return 0
    manager = Runtime.instance().uploaded_file_mgr
    if not isinstance(manager, MemoryUploadedFileManager):
        return 0
    sessions = list(manager.file_storage.values())
    return sum(len(one.data) for session in sessions for one in list(session.values()))


def _run(app: Guarded, listening: socket.socket, ready: Callable[[], None]) -> None:
    import uvicorn

    made: Any = app
    config = uvicorn.Config(
        made,
        http=patient_protocol(),
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        ws="auto",
        ws_max_size=2**24,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )

    class _Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready()

    is_main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGTERM) if is_main else None
    if is_main:  # ended from outside: as if interrupted, so that everything is put away
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with suppress(KeyboardInterrupt):
            _Server(config).run(sockets=[listening])
    finally:
        if is_main:
            signal.signal(signal.SIGTERM, before)
