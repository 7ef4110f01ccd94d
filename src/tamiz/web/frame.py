"""The frame of every page: look, language, menu, standing notice, empty and error states.

What comes from users (names of files and classes) is put into pages by `html` after `escaped`,
never by Streamlit's Markdown.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from typing import Final, Literal

from tamiz.core.errors import TamizError
from tamiz.core.language import (
    LANGUAGES,
    current_language,
    language_of_header,
    say,
    speaking,
)
from tamiz.web.look import language_script, mark_svg, page_css
from tamiz.web.opened import LANGUAGE_OF_BROWSER, Page, opened

Kind = Literal["note", "good", "warning", "stop"]

_LANGUAGE: Final = "tamiz-language"
_PAGES: Final = "tamiz-pages"
_SWITCH: Final = "tamiz-language-switch"
_MOST_ON_TOP: Final = 4  # pages whose names fit above; more go into a menu at the side
_SIGNS: Final = {"note": "i", "good": "✓", "warning": "!", "stop": "×"}
_log = logging.getLogger("tamiz.web")


def show_app() -> None:
    """Draw the frame and the page that was asked for, in the reader's language."""
    import streamlit as st

    with spoken():
        st.set_page_config(page_title="tamiz", page_icon=mark_svg(), layout="wide")
        st.html(f"<style>{page_css()}</style>")
        _tell_language()
        pages = opened().pages
        place: Literal["top", "sidebar"] = "top" if len(pages) <= _MOST_ON_TOP else "sidebar"
        made = [
            st.Page(
                _guarded(page),
                title=say(page.title),
                icon=page.icon,
                url_path=page.name,
                default=number == 0,
            )
            for number, page in enumerate(pages)
        ]
        st.session_state[_PAGES] = {one.name: page for one, page in zip(pages, made, strict=True)}
        chosen = st.navigation(made, position=place if len(pages) > 1 else "hidden")
        _bar()
        chosen.run()
        html(f'<footer class="tz-foot">{escaped(say("web.notice"))}</footer>')


@contextmanager
def spoken() -> Iterator[None]:
    """Make texts in the reader's language inside; callbacks and fragments need it of their own."""
    with speaking(_language()):
        yield


def escaped(words: object) -> str:
    """Return text as HTML shows it, whatever it holds."""
    return escape(str(words), quote=True)


def html(markup: str) -> None:
    """Put HTML on the page; everything from users in it went through `escaped`."""
    import streamlit as st

    st.html(markup)


def heading(title: str, lead: str = "") -> None:
    """Put a page's title on it, and perhaps one sentence below."""
    below = f'<p class="tz-lead">{escaped(lead)}</p>' if lead else ""
    html(f'<header class="tz-head"><h1>{escaped(title)}</h1>{below}</header>')


def notice(kind: Kind, what: str, advice: str = "", *, role: str = "") -> None:
    """Put a coloured box on the page.

    Args:
        kind: 'note', 'good', 'warning' or 'stop'.
        what: one sentence.
        advice: what to do, in plainer ink.
        role: of the box for screen readers; '': 'alert' for stops and warnings.
    """
    html(notice_html(kind, what, advice, role=role))


def notice_html(kind: Kind, what: str, advice: str = "", *, role: str = "") -> str:
    """Return the box of `notice` as HTML."""
    role = role or ("alert" if kind in {"warning", "stop"} else "note")
    more = f'<p class="tz-advice">{escaped(advice)}</p>' if advice else ""
    sign = f'<span class="tz-sign" aria-hidden="true">{_SIGNS[kind]}</span>'
    words = f"<div><p>{escaped(what)}</p>{more}</div>"
    return f'<div class="tz-notice tz-{kind}" role="{role}">{sign}{words}</div>'


def empty(title: str, advice: str) -> None:
    """Say on a page that there is nothing to show yet, and what would bring something."""
    words = f"<p>{escaped(title)}</p><p>{escaped(advice)}</p>"
    html(f'<div class="tz-empty">{words}</div>')


def problem(error: Exception) -> None:
    """Show an error: ours in its words, any other without its words, which may hold data."""
    if isinstance(error, TamizError):
        where = f"{error.where}: " if error.where else ""
        notice("stop", f"{where}{error.what}", error.fix)
        return
    log_fault(error)
    notice("stop", say("web.fault", kind=type(error).__name__), say("web.fault_advice"))


def log_fault(error: BaseException) -> None:
    """Log what broke and where in the program, never an error's own words (they may hold data)."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    _log.error("%s at %s", type(error).__name__, " > ".join(places[-6:]))


def link_to(name: str, words: str, icon: str) -> None:
    """Put a link to another page on this one; what the reader has before him stays.

    Args:
        name: of the page, one of `Opened.pages`.
        words: from the catalogue.
        icon: a Material symbol.
    """
    import streamlit as st

    pages = st.session_state[_PAGES]
    if name in pages:
        st.page_link(pages[name], label=words, icon=icon)


def _guarded(page: Page) -> Callable[[], None]:
    """Return the function that draws a page and shows what breaks in it."""

    def draw() -> None:
        try:
            page.show()
        except Exception as error:  # noqa: BLE001  (a page never shows a trace)
            problem(error)

    draw.__name__ = page.name
    return draw


def _language() -> str:
    """Return the reader's language: chosen on the page, in the address, by us, by the browser."""
    import streamlit as st

    chosen = st.session_state.get(_LANGUAGE) or st.query_params.get("lang", "")
    if chosen in LANGUAGES:
        return str(chosen)
    if opened().language != LANGUAGE_OF_BROWSER:
        return opened().language
    # A browser may open the socket with another header than the page: what scripts see is first.
    seen = (st.context.locale or "").partition("-")[0]
    if seen in LANGUAGES:
        return seen
    return language_of_header(st.context.headers.get("Accept-Language") or "")


def _tell_language() -> None:
    import streamlit as st

    script = language_script(current_language())
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def _bar() -> None:
    """Draw the mark, the notice that this is no medical device, and the language switch."""
    import streamlit as st

    left, right = st.columns([5, 1], vertical_alignment="center")
    with left:
        words = escaped(say("web.notice_short"))
        html(
            '<div class="tz-bar"><span class="tz-mark" aria-hidden="true"></span>'
            f"<strong>tamiz</strong><span class='tz-use'>{words}</span></div>"
        )
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        st.session_state[_SWITCH] = current_language()
        st.segmented_control(
            say("web.language"),
            LANGUAGES,
            format_func=lambda one: one.upper(),
            key=_SWITCH,
            label_visibility="collapsed",
            on_change=_switch,
            help=None,
        )


def _switch() -> None:
    import streamlit as st

    chosen = st.session_state.get(_SWITCH)
    if chosen in LANGUAGES:
        st.session_state[_LANGUAGE] = chosen
        st.query_params["lang"] = str(chosen)
