"""The calls of the service, as a FastAPI application inside the border."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from tamiz.core.errors import TamizError
from tamiz.core.language import speaking
from tamiz.service.answers import Asked, Speaker
from tamiz.service.asking import MOST_TOP, PICTURE_PX, Query
from tamiz.service.border import Application, Border, Call
from tamiz.service.document import document
from tamiz.service.figures import MEDIA_TYPE, Figures
from tamiz.service.intake import Bounds, Received, received
from tamiz.service.line import Line
from tamiz.service.page import page
from tamiz.service.refusals import Left, Refusal, refusal_of, told
from tamiz.service.settings import Settings

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_JSON: Final = "application/json"
_USUAL_PICTURE_PX: Final = 512
Handler = Callable[["Request", Call], Awaitable["Response"]]


class Calls:
    """What the service can be asked.

    Args:
        speaker: knows the model.
        settings: of the service.
        bounds: what one request may send.
    """

    def __init__(self, speaker: Speaker, settings: Settings, bounds: Bounds) -> None:
        self.settings, self.figures = settings, Figures()
        self.line = Line(settings.workers, settings.queue)
        self.is_closing = False
        self._speaker, self._bounds = speaker, bounds
        self.answerer = speaker.answerer

    def close(self) -> None:
        """Wait for what is worked on."""
        self.line.close()

    @property
    def handlers(self) -> dict[tuple[str, str], Handler]:
        """Return who answers what, by method and path."""
        return {
            ("POST", "/v1/predict"): self._predict,
            ("POST", "/v1/explain"): self._explain,
            ("GET", "/v1/model"): self._model,
            ("GET", "/healthz"): self._health,
            ("GET", "/readyz"): self._ready,
            ("GET", "/metrics"): self._metrics,
            ("GET", "/"): self._page,
        }

    async def _predict(self, request: Request, call: Call) -> Response:
        query = Query(request.query_params.multi_items(), ("top",))
        top = query.whole("top", 1, (1, MOST_TOP))

        def task(files: list[Received], gone: threading.Event) -> tuple[bytes, int, int]:
            return self._speaker.predicted(files, top, call.id, gone)

        body, n_answers, n_problems = await self._worked(request, call, task)
        self.figures.answers(n_answers, n_problems)
        return _response(body)

    async def _explain(self, request: Request, call: Call) -> Response:
        pairs = request.query_params.multi_items()
        query = Query(pairs, ("as", "image", "method", "class", "size"))
        asked = Asked(
            image=query.text("image"),
            method=query.text("method"),
            target=query.text("class"),
            picture_px=query.whole("size", _USUAL_PICTURE_PX, PICTURE_PX),
            is_picture=query.choice("as", ("json", "png")) == "png",
        )

        def task(files: list[Received], gone: threading.Event) -> bytes:
            return self._speaker.explained(files, asked, call.id, gone)

        body = await self._worked(request, call, task)
        return _response(body, "image/png" if asked.is_picture else _JSON)

    async def _worked(
        self, request: Request, call: Call, task: Callable[[list[Received], threading.Event], Any]
    ) -> Any:
        """Return what a task makes of the files of a request; it owns them from the first byte."""
        with ExitStack() as owned:
            self.line.enter(owned)
            files = await received(request.receive, call.headers, self._bounds, owned)
            theirs = owned.pop_all()

        def speak(gone: threading.Event) -> Any:
            with speaking(call.language):
                return task(files, gone)

        gone = _gone(request)
        seconds = self.settings.timeout_s
        return await self.line.answered(speak, theirs, gone=gone, seconds=seconds)

    async def _model(self, request: Request, _: Call) -> Response:
        Query(request.query_params.multi_items(), ())
        return _response(self._speaker.model())

    async def _health(self, _request: Request, _: Call) -> Response:
        return _response(b'{"status": "alive"}')

    async def _ready(self, _request: Request, _: Call) -> Response:
        if self.is_closing:
            raise Refusal.of("serving.closing", 503)
        return _response(b'{"status": "ready"}')

    async def _metrics(self, _request: Request, _: Call) -> Response:
        now = {
            "tamiz_uploads_working": float(self.line.n_working),
            "tamiz_uploads_waiting": float(self.line.n_waiting),
        }
        words = self.figures.text(now, self._speaker.answerer.identity)
        return _response(words.encode(), MEDIA_TYPE)

    async def _page(self, _request: Request, call: Call) -> Response:
        base = f"http://{call.headers['host']}"  # one of the names that are allowed
        shown = page(document(self.settings), base, can_try=not self.settings.token)
        response = _response(shown.html.encode(), "text/html; charset=utf-8")
        response.headers["content-security-policy"] = shown.policy
        # without any referrer a browser would hide the origin of what this page's forms send
        response.headers["referrer-policy"] = "same-origin"
        return response


def application(calls: Calls) -> Application:
    """Return the whole service as ASGI: the border, and what lies within."""
    from fastapi import FastAPI
    from starlette.routing import BaseRoute, Route

    class Service(FastAPI):
        def openapi(self) -> dict[str, Any]:
            return document(calls.settings)

    routes: list[BaseRoute] = [
        Route(path, _endpoint(handler), methods=[method])
        for (method, path), handler in calls.handlers.items()
    ]
    inside = Service(
        routes=routes,
        docs_url=None,  # its pages load their scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={404: _no_such_path, 405: _no_such_method, Exception: _fault},
    )
    paths = frozenset(path for _, path in calls.handlers) | {"/openapi.json"}
    return Border(inside, calls.settings, calls.figures, paths)


def _endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Return a handler whose refusals are answers; only faults get further out."""

    async def answer(request: Request) -> Response:
        call: Call = request.scope["call"]
        try:
            return await handler(request, call)
        except Refusal as error:
            return _refused(error, call)
        except TamizError as error:
            return _refused(refusal_of(error), call)
        except Left:
            return _response(b"", status=499)

    return answer


def _refused(refusal: Refusal, call: Call) -> Response:
    body = json.dumps(told(refusal.error, call.id), ensure_ascii=False).encode()
    response = _response(body, status=refusal.status)
    response.headers.update(refusal.headers)
    return response


async def _no_such_path(request: Request, _: Exception) -> Response:
    return _refused(Refusal.of("service.no_path", 404), request.scope["call"])


async def _no_such_method(request: Request, error: Exception) -> Response:
    refused = Refusal.of("service.no_method", 405, where=request.scope["path"])
    refused.headers.update(getattr(error, "headers", None) or {})
    return _refused(refused, request.scope["call"])


async def _fault(request: Request, _: Exception) -> Response:
    return _refused(Refusal.of("service.fault", 500), request.scope["call"])


async def _gone(request: Request) -> None:
    """Return when who asked is gone; to be awaited once the whole body is there."""
    while (await request.receive())["type"] != "http.disconnect":
        await asyncio.sleep(0)


def _response(body: bytes, media_type: str = _JSON, status: int = 200) -> Response:
    from starlette.responses import Response

    return Response(body, status, media_type=media_type)
