"""A slide that was uploaded, whole, on one small picture."""

from __future__ import annotations

import base64
from typing import Final

from tamiz.core.errors import TamizError
from tamiz.core.language import say
from tamiz.serving.several import Sent
from tamiz.serving.uploads import receiving
from tamiz.stages.slides.viewing import overview
from tamiz.web.frame import empty, escaped, html, notice
from tamiz.web.opened import opened

_KEPT: Final = "tamiz-slides"
_MOST_KEPT: Final = 12


def show_slide(sent: Sent) -> None:
    """Show the slide, and where its heatmap is to be had."""
    try:
        html(slide_html(_overview(sent), sent.name))
    except TamizError as error:
        empty(say("web.no_picture"), str(getattr(error, "reason", "") or error.what))
    notice("note", say("web.slides_no_picture"))


def slide_html(jpeg: bytes, name: str) -> str:
    """Return the picture of a slide as HTML."""
    source = base64.b64encode(jpeg).decode()
    return (
        '<figure class="tz-picture"><div class="tz-frame">'
        f'<img alt="{escaped(name)}" src="data:image/jpeg;base64,{source}"></div>'
        f"<figcaption>{escaped(name)}</figcaption></figure>"
    )


def _overview(sent: Sent) -> bytes:
    """Return the slide's picture; kept while the page lives, for slides take long to open."""
    import streamlit as st

    kept: dict[int, tuple[Sent, bytes]] = st.session_state.setdefault(_KEPT, {})
    if id(sent) not in kept:
        with receiving(sent.name, opened().most_bytes) as upload:
            if sent.content:
                upload.write(sent.content)
            kept[id(sent)] = (sent, overview(upload.finish().path))
        while len(kept) > _MOST_KEPT:
            del kept[next(iter(kept))]
    return kept[id(sent)][1]
