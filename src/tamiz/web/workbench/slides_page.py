"""The slide viewer: deep zoom with tiles on demand, under the heat of a slide model."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from tamiz.core.errors import TamizError
from tamiz.core.language import current_language, say
from tamiz.rendering.palette import theme_css
from tamiz.stages.slides.sources import names_of
from tamiz.stages.slides.viewing import Pyramid, SlideShelf, key_of
from tamiz.web.frame import empty, heading
from tamiz.web.report_view import theme_of
from tamiz.web.workbench.bench import Bench
from tamiz.web.workbench.screens import plain

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

_TILES: Final = "/workbench-tiles"
_HEAT: Final = "/workbench-heat"
_HIGH_PX: Final = 680


def show(bench: Bench) -> None:
    """Draw the page."""
    import streamlit as st

    heading(say("workbench.slides_title"), say("workbench.slides_lead"))
    shelf = shelf_of(bench.source)
    names = shelf.names()
    if not names:
        empty(say("workbench.no_slides"), say("workbench.no_slides_advice"))
        return
    left, right = st.columns([2, 1])
    name = left.selectbox(say("workbench.slide"), names, key="slide")
    layers = heat_tables(bench, name)
    none = ""
    layer = right.selectbox(
        say("workbench.heat"),
        [none, *layers],
        format_func=lambda one: one or say("workbench.no_heat"),
        key=f"heat-{name}",
    )
    pyramid = shelf.pyramid(name)
    facts: dict[str, float] = {"width": pyramid.width, "height": pyramid.height}
    if pyramid.um_per_px:
        facts["um"] = pyramid.um_per_px
    key = "workbench.slide_facts" if pyramid.um_per_px else "workbench.slide_facts_bare"
    st.caption(plain(say(key, **facts)))
    place = ""
    if layer:
        place = f"{_HEAT}/{key_of(name)}/{key_of(layer)}"
    page = viewer_html(pyramid, f"{_TILES}/{key_of(name)}", place, theme_of(st))
    st.iframe(page, height=_HIGH_PX, alt=say("workbench.slides_title"))
    if not layers:
        command = f"tamiz explain RUN/model {bench.source} --out {bench.runs}/heat"
        st.caption(plain(say("workbench.make_heat", command=command)))


@cache
def shelf_of(source: Path) -> SlideShelf:
    """Return the slides of a source; one shelf for all readers."""
    return SlideShelf(source)


def heat_tables(bench: Bench, name: str) -> dict[str, Path]:
    """Return the tables that `explain` wrote about a slide below the folder of runs."""
    if not bench.runs.is_dir():
        return {}
    known = shelf_of(bench.source).known
    stem = PurePosixPath(name).stem
    wanted = {f"{names_of(known).get(name, stem)}.csv"}  # as `explain` calls it beside the others
    if [PurePosixPath(one).stem for one in known].count(stem) == 1:
        wanted.add(f"{stem}.csv")  # it may have been explained alone
    names = {PurePosixPath(one).name for one in wanted}
    found = {}
    for one in sorted(bench.runs.glob("**/*.csv")):
        place = one.relative_to(bench.runs)
        is_its = one.name in names and any(f"/{place.as_posix()}".endswith(f"/{w}") for w in wanted)
        if is_its and _is_heat(one):
            found[place.parent.as_posix()] = one
    return found


def _is_heat(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8") as opened:
            return opened.readline().startswith("x,y,width,height,")
    except (OSError, UnicodeDecodeError):
        return False


def viewer_html(pyramid: Pyramid, tiles: str, heat: str, theme: str) -> str:
    """Return the viewer as a page for a frame; it holds no name of a file."""
    facts = {
        "width": pyramid.width,
        "height": pyramid.height,
        "zooms": pyramid.n_zooms,
        "um": pyramid.um_per_px,
        "tiles": tiles,
    }
    buttons = "".join(
        f'<button type="button" data-key="{key}" aria-label="{escape(say(f"workbench.{word}"))}">'
        f"{sign}</button>"
        for key, sign, word in (
            ("+", "+", "zoom_in"),
            ("-", "−", "zoom_out"),
            ("0", "⤢", "whole_slide"),
        )
    )
    strength = (
        f"<label>{escape(say('workbench.strength'))} "
        '<input id="strength" type="range" min="0" max="1" step="0.05" value="0.6"></label>'
    )
    layer = f'<img id="heat" src="{escape(quote(heat))}" alt="">' if heat else ""
    label = escape(say("workbench.viewer_keys"), quote=True)
    return (
        f'<!DOCTYPE html><html lang="{current_language()}"'
        f'{f" data-theme={theme}" if theme else ""}><head><meta charset="utf-8">'
        f"<style>{theme_css()}{_resource('viewer.css')}</style></head><body>"
        f'<div class="tools">{buttons}{strength if heat else ""}</div>'
        f'<div id="stage" tabindex="0" role="application" aria-label="{label}">'
        f'<div id="tiles"></div>{layer}<div id="scale"></div></div>'
        f'<script type="application/json" id="facts">{json.dumps(facts)}</script>'
        f"<script>{viewer_script()}</script></body></html>"
    )


def viewer_script() -> str:
    """Return the viewer's script: the page around it must allow it by its hash."""
    return _resource("viewer.js")


def slide_routes(bench: Bench) -> Sequence[BaseRoute]:
    """Return the answers of the server that bring tiles and heat."""
    from starlette.routing import Route

    shelf = shelf_of(bench.source)

    def tile(request: Request) -> Response:
        at = request.path_params
        name = _named(shelf.known, at["slide"])
        return _answer(lambda: shelf.tile(name, at["zoom"], at["column"], at["row"]), "image/jpeg")

    def heat(request: Request) -> Response:
        at = request.path_params
        name = _named(shelf.known, at["slide"])
        tables = heat_tables(bench, name)
        table = tables[_named(tables, at["layer"])]
        return _answer(lambda: shelf.heat(name, table), "image/png")

    return [
        Route(f"{_TILES}/{{slide}}/{{zoom:int}}/{{column:int}}/{{row:int}}", _found(tile)),
        Route(f"{_HEAT}/{{slide}}/{{layer}}", _found(heat)),
    ]


def _named(names: Iterable[str], key: str) -> str:
    """Return the name that a key in an address stands for.

    Raises:
        LookupError: none of them.
    """
    for one in names:
        if key_of(one) == key:
            return one
    raise LookupError(key)


def _found(answer: Callable[[Request], Response]) -> Callable[[Request], Any]:
    """Return `answer`, which says 'not found' where there is no such slide or layer."""
    from starlette.responses import PlainTextResponse

    def answering(request: Any) -> Any:
        try:
            return answer(request)
        except LookupError:
            return PlainTextResponse("", 404)

    return answering


def _answer(make: Callable[[], bytes], kind: str) -> Response:
    from starlette.responses import PlainTextResponse, Response

    try:
        return Response(make(), media_type=kind)
    except TamizError as error:
        return PlainTextResponse(error.what, 404)


@cache
def _resource(name: str) -> str:
    return files("tamiz.web.workbench").joinpath(name).read_text(encoding="utf-8")
