"""The picture of one image: DICOM windows, and a map over it that fades in and out."""

from __future__ import annotations

import base64
from collections.abc import MutableMapping, Sequence
from typing import Any, Final

from tamiz.core.errors import TamizError
from tamiz.core.language import current_language, say
from tamiz.data.windows import PRESETS
from tamiz.serving.decoders import Decoded, Picture
from tamiz.serving.explaining import Explained
from tamiz.serving.neighbours import Neighbour
from tamiz.serving.several import Sent
from tamiz.web.frame import empty, escaped, html, notice, problem, spoken
from tamiz.web.served import Looked, look_at, served

_AS_MODEL: Final = ""
_OWN: Final = "own"
_KEPT: Final = 12  # pictures and maps that a session keeps
_SMALL_PX: Final = 128  # up to this size single pixels are shown as squares
_CENTRE, _WIDTH = 40.0, 400.0  # what one's own window starts with: soft tissue


def show_picture(sent: Sent, name: str, *, has_map: bool) -> None:
    """Show an image with its controls; what changes here draws nothing else anew.

    Args:
        sent: the upload that it came in.
        name: of the image; '': the upload's first.
        has_map: offer a map of what the answer rests on.
    """
    import streamlit as st

    @st.fragment
    def draw() -> None:
        with spoken():
            try:
                _draw(sent, name, has_map=has_map)
            except TamizError as error:
                problem(error)

    draw()


def _draw(sent: Sent, name: str, *, has_map: bool) -> None:
    import streamlit as st

    place = st.container()  # the picture stands above what changes it
    plain = _looked(sent, name, _AS_MODEL)
    if plain.decoded is None or plain.decoded.picture is None:
        with place:
            empty(say("web.no_picture"), plain.reason or say("web.no_picture_advice"))
        return
    decoded, picture = plain.decoded, plain.decoded.picture
    shown = picture
    if picture.format == "DICOM":
        shown = _windowed(sent, name, picture)
    layer, opacity = None, 0.0
    if has_map and served().explanations.are_possible:
        layer, opacity = _map_controls(decoded)
    with place:
        html(picture_html(shown, name or decoded.name, layer, opacity))
    if layer is not None:
        html(f'<p class="tz-file">{escaped(layer.words)}</p>')
    if has_map and not served().explanations.are_possible:
        html(f'<p class="tz-file">{escaped(say("web.no_map"))}</p>')
    if not name and plain.n_images > 1:
        notice("note", say("web.first_of", n=plain.n_images))


def picture_html(
    picture: Picture, name: str, layer: Explained | None = None, opacity: float = 0.0
) -> str:
    """Return the picture as HTML, a map's colours over it, its size and kind below."""
    width, height = picture.size_px
    small = ' class="tz-small"' if max(picture.full_px) <= _SMALL_PX else ""
    over = ""
    if layer is not None and opacity > 0:
        over = (
            f'<img class="tz-layer" alt="" src="{_data(layer.layer_png)}" '
            f'style="opacity:{opacity:.2f}">'
        )
    share = width / height  # never taller than most of the window
    size = f"width:min(100%,{60 * share:.1f}vh,{32 * share:.1f}rem)"
    facts = f"{picture.full_px[0]} × {picture.full_px[1]} px · {picture.format}"
    bits = f" · {picture.bits} bit" if picture.bits else ""
    return (
        '<figure class="tz-picture"><div class="tz-frame">'
        f'<span class="tz-stack" style="{size}"><img{small} alt="{escaped(name)}" '
        f'src="{_data(picture.png)}">{over}</span></div>'
        f"<figcaption>{escaped(name)} · {escaped(facts)}{escaped(bits)}</figcaption></figure>"
    )


def show_neighbours(sent: Sent, name: str) -> None:
    """Show the nearest training images, where the model was started so that it may."""
    near = served().neighbours
    if near is None:
        return
    looked = _looked(sent, name, _AS_MODEL)
    if looked.decoded is not None:
        html(neighbours_html(near.of(looked.decoded)))


def neighbours_html(found: Sequence[Neighbour]) -> str:
    """Return training images with their labels, the nearest first."""
    made = ""
    for one in found:
        words = say("web.nearest_one", label=one.label, cosine=one.cosine)
        made += (
            f'<figure><img alt="{escaped(words)}" src="{_data(one.png)}">'
            f"<figcaption>{escaped(one.label)}<br>{one.cosine:.2f}</figcaption></figure>"
        )
    title = escaped(say("web.nearest"))
    words = escaped(say("web.nearest_words"))
    return (
        f'<section class="tz-near" aria-label="{title}"><p class="tz-cap">{title}</p>'
        f'<div>{made}</div><p class="tz-file">{words}</p></section>'
    )


def _windowed(sent: Sent, name: str, picture: Picture) -> Picture:
    """Return the picture in the window that the reader chooses."""
    import streamlit as st

    choice = st.selectbox(
        say("web.window"),
        (_AS_MODEL, *PRESETS, _OWN),
        format_func=_window_words,
        key="tamiz-window",
        help=say("web.window_help"),
    )
    window = str(choice or _AS_MODEL)
    if window == _OWN:
        left, right = st.columns(2)
        centre = left.number_input(say("web.centre"), value=_CENTRE, step=10.0, format="%.0f")
        width = right.number_input(
            say("web.width"), value=_WIDTH, min_value=1.0, step=10.0, format="%.0f"
        )
        window = f"{centre:g},{width:g}"
    if window == _AS_MODEL:
        return picture
    looked = _looked(sent, name, window)
    if looked.decoded is None or looked.decoded.picture is None:
        notice("warning", say("web.no_window"), looked.reason)
        return picture
    return looked.decoded.picture


def _window_words(choice: str) -> str:
    if choice == _AS_MODEL:
        return say("web.window_model")
    if choice == _OWN:
        return say("web.window_own")
    centre, width = PRESETS[choice]
    return f"{say(f'web.window_{choice}')} ({centre:g} / {width:g})"


def _map_controls(decoded: Decoded) -> tuple[Explained | None, float]:
    """Return the map that the reader asks for, and how strong it is shown; None: none."""
    import streamlit as st

    if not st.toggle(say("web.show_map"), key="tamiz-map", help=say("web.show_map_help")):
        return None, 0.0
    opacity = st.slider(say("web.opacity"), 0, 100, 60, step=5, format="%d %%", key="tamiz-opacity")
    left, right = st.columns(2)
    with left:
        method = st.selectbox(say("web.method"), served().methods, key="tamiz-method")
    with right:
        classes = ("", *served().answerer.bundle.classes)
        target = st.selectbox(
            say("web.map_class"),
            classes,
            format_func=lambda one: one or say("web.map_answer"),
            key="tamiz-target",
        )
    try:
        with st.spinner(say("web.drawing_map")):
            return _explained(decoded, str(method or ""), str(target or "")), opacity / 100
    except TamizError as error:
        problem(error)
        return None, 0.0


def _looked(sent: Sent, name: str, window: str) -> Looked:
    kept = _cache("tamiz-looked")
    key = (id(sent), name, window, current_language())
    if key not in kept:
        kept[key] = (sent, look_at(sent, only=name, window=window))
        _let_go(kept)
    made: Looked = kept[key][1]
    return made


def _explained(decoded: Decoded, method: str, target: str) -> Explained:
    kept = _cache("tamiz-explained")
    key = (id(decoded), method, target, current_language())
    if key not in kept:
        kept[key] = (decoded, served().explanations.of(decoded, method=method, target=target))
        _let_go(kept)
    made: Explained = kept[key][1]
    return made


def _cache(name: str) -> MutableMapping[Any, Any]:
    import streamlit as st

    if name not in st.session_state:
        st.session_state[name] = {}
    made: MutableMapping[Any, Any] = st.session_state[name]
    return made


def _let_go(kept: MutableMapping[Any, Any]) -> None:
    while len(kept) > _KEPT:
        del kept[next(iter(kept))]


def _data(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
