"""What the workbench's pages have in common: text that stays text, parts that refresh, choices."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tamiz.core.errors import TamizError
from tamiz.core.language import LANGUAGES, say, speaking
from tamiz.web.frame import escaped, html, problem, spoken

if TYPE_CHECKING:
    from tamiz.stages.following import Followed

_STEP_SIGNS: Final = {"running": "▶", "done": "✓", "failed": "×", "stopped": "‖", "new": "·"}
_SIGNS: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=@])")


def plain(words: object) -> str:
    """Return words that Markdown shows as they are: names of files and classes are text."""
    return _SIGNS.sub(r"\\\1", " ".join(str(words).split()))


def refreshed(draw: Callable[[], None], *, every_s: float | None) -> None:
    """Draw a part of the page that is drawn again by itself; None: only with the page.

    A part that refreshes runs without its page around it: it needs language and errors of its own.
    """
    import streamlit as st

    @wraps(draw)
    def drawn() -> None:
        with spoken():
            try:
                draw()
            except TamizError as error:
                problem(error)

    st.fragment(drawn, run_every=every_s)()


def chosen_run(folders: Sequence[Path], key: str) -> Path | None:
    """Return the run that the reader chose; its name is kept in the address.

    Args:
        folders: of the runs, the last begun first; that one is shown unless another is asked for.
        key: of the choice on this page.
    """
    import streamlit as st

    if not folders:
        return None
    by_name = {one.name: one for one in folders}
    asked = st.query_params.get("run", "")
    if key not in st.session_state and asked in by_name:
        st.session_state[key] = asked
    if st.session_state.get(key) not in by_name:
        st.session_state.pop(key, None)
    name = st.selectbox(say("workbench.run"), list(by_name), key=key)
    st.query_params["run"] = name
    return by_name[name]


def said_of(words: str) -> str:
    """Return the line of a command's output that tells what went wrong, '' where none does."""
    starts = []
    for language in LANGUAGES:  # the reader may have changed his since the command began
        with speaking(language):
            starts.append(f"{say('cli.error')}: ")
    for line in reversed(words.splitlines()):
        for start in starts:
            if line.startswith(start):
                return line.removeprefix(start)
    return ""


def stages_html(found: Followed, state: str, stages: Sequence[str]) -> str:
    """Return the stages of a run as a line of steps; `state` is that of the one at work."""
    from tamiz.stages.following import words_of_stage

    steps = []
    for name in stages:
        kind = "done" if name in found.done else state if name == found.stage else "new"
        now = ' aria-current="step"' if kind == "running" else ""
        sign = f'<span aria-hidden="true">{_STEP_SIGNS[kind]}</span>'
        steps.append(f'<li class="tz-{kind}"{now}>{sign} {escaped(words_of_stage(name))}</li>')
    label = escaped(say("workbench.stages"))
    return f'<ol class="tz-steps" aria-label="{label}">{"".join(steps)}</ol>'


def gallery(pictures: Sequence[tuple[bytes | None, str]]) -> None:
    """Draw PNGs in a grid, each above its caption, which is HTML already."""
    items = "".join(f"<li>{picture_html(png, caption)}</li>" for png, caption in pictures)
    html(f'<ul class="tz-gallery">{items}</ul>')


def picture_html(png: bytes | None, caption: str) -> str:
    """Return a PNG above its caption, which is HTML already; None: it cannot be shown."""
    if png is None:
        shown = f'<p class="tz-broken">{escaped(say("rendering.picture_broken"))}</p>'
    else:
        source = base64.b64encode(png).decode("ascii")
        shown = f'<img src="data:image/png;base64,{source}" alt="">'
    return f'<div class="tz-picture">{shown}<p>{caption}</p></div>'


def with_style() -> None:
    """Put the CSS of the workbench's own elements on the page."""
    from importlib.resources import files

    rules = files("tamiz.web.workbench").joinpath("workbench.css").read_text(encoding="utf-8")
    html(f"<style>{rules}</style>")
