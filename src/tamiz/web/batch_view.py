"""Many answers as a table: filters, choice of the image that is looked at, files to take away."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tamiz.core.language import say
from tamiz.stages.answers import Answers
from tamiz.web.answer_view import percent
from tamiz.web.frame import escaped, html
from tamiz.web.served import Found

IMAGE: Final = "tamiz-image"  # which image is looked at, by its place among the answers
_TABLE: Final = "tamiz-table"
_SHOWN_PROBLEMS: Final = 200
STATES: Final = ("all", "answered", "withheld", "odd")


def tally_html(answers: Sequence[Mapping[str, Any]], n_problems: int, n_others: int) -> str:
    """Return in one line how many images were answered, are odd, could not be read."""
    counts = {
        "web.n_answered": sum(one["predicted"] is not None for one in answers),
        "web.n_withheld": sum(one["predicted"] is None for one in answers),
        "web.n_odd": sum(bool(one.get("odd")) for one in answers),
        "web.n_unread": n_problems,
        "web.n_others": n_others,
    }
    first = "web.n_answered"
    shown = [(key, n) for key, n in counts.items() if n or key == first]
    parts = [f"<span><b>{n}</b> {escaped(say(key))}</span>" for key, n in shown]
    return f'<p class="tz-tally" role="status">{"".join(parts)}</p>'


def chosen_rows(
    answers: Sequence[Mapping[str, Any]], words: str, classes: Sequence[str], state: str
) -> list[int]:
    """Return the places of the answers that pass the filters.

    Args:
        answers: as `Answers.told` has them.
        words: part of the image's name, in any case; '': all.
        classes: that are answered; empty: any.
        state: one of `STATES`.
    """
    wanted = words.casefold()
    return [
        at
        for at, one in enumerate(answers)
        if wanted in one["path"].casefold()
        and (not classes or set(classes) & set(_labels(one)))
        and _is_in(one, state)
    ]


def show_table(found: Found, classes: Sequence[str]) -> list[int]:
    """Show filters and the table; return the places of the answers that are shown.

    A click on a row makes that image the one that is looked at.
    """
    import streamlit as st

    answers = found.together.answers.told()["answers"]
    rows = _filtered(answers, classes)
    if not rows:
        return rows

    def choose() -> None:
        picked = st.session_state[_TABLE]["selection"]["rows"]
        if picked and picked[0] < len(rows):
            st.session_state[IMAGE] = rows[picked[0]]

    st.dataframe(
        _columns_of([answers[at] for at in rows], found.thumbnails),
        hide_index=True,
        height=min(38 * (len(rows) + 1) + 3, 420),
        row_height=38,
        column_config=_column_settings(),
        on_select=choose,
        selection_mode="single-row",
        key=_TABLE,
    )
    return rows


def show_downloads(answers: Answers) -> None:
    """Show buttons that take all answers away, as `tamiz predict` writes them."""
    import streamlit as st

    left, right, _ = st.columns([1, 1, 3])
    left.download_button(
        say("web.take_csv"),
        data=answers.csv_text().encode(),
        file_name="answers.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )
    right.download_button(
        say("web.take_json"),
        data=json.dumps(answers.told(), ensure_ascii=False, indent=1).encode(),
        file_name="answers.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )


def show_problems(pairs: Sequence[tuple[str, str]], key: str) -> None:
    """Show what could not be read, or is no image, and why; nothing where there is nothing."""
    import streamlit as st

    if not pairs:
        return
    with st.expander(say(key, n=len(pairs)), expanded=len(pairs) <= 3):
        lines = [
            f"<li><strong>{escaped(name)}</strong>: {escaped(reason)}</li>"
            for name, reason in pairs[:_SHOWN_PROBLEMS]
        ]
        html(f'<ul class="tz-list">{"".join(lines)}</ul>')
        if len(pairs) > _SHOWN_PROBLEMS:
            html(f"<p>{escaped(say('web.and_more', n=len(pairs) - _SHOWN_PROBLEMS))}</p>")


def _filtered(answers: Sequence[Mapping[str, Any]], classes: Sequence[str]) -> list[int]:
    import streamlit as st

    left, middle, right = st.columns([2, 2, 2])
    words = left.text_input(say("web.filter_name"), key="tamiz-filter-name")
    picked = middle.multiselect(
        say("web.filter_class"), classes, key="tamiz-filter-class", placeholder=say("web.any_class")
    )
    state = right.selectbox(
        say("web.filter_state"),
        STATES,
        format_func=lambda one: say(f"web.state_{one}"),
        key="tamiz-filter-state",
    )
    rows = chosen_rows(answers, words or "", picked, state or STATES[0])
    html(f'<p class="tz-file">{escaped(say("web.rows", n=len(rows), all=len(answers)))}</p>')
    return rows


def _is_in(one: Mapping[str, Any], state: str) -> bool:
    if state == "answered":
        return one["predicted"] is not None
    if state == "withheld":
        return one["predicted"] is None
    return bool(one.get("odd")) if state == "odd" else True


def _labels(one: Mapping[str, Any]) -> tuple[str, ...]:
    found = one["predicted"]
    return (found,) if isinstance(found, str) else tuple(found or ())


def _answer_words(one: Mapping[str, Any]) -> str:
    if one["predicted"] is None:
        return say("web.no_answer")
    return " + ".join(_labels(one)) or say("multilabel.no_label")


def _columns_of(
    answers: Sequence[Mapping[str, Any]], thumbnails: Mapping[str, bytes]
) -> dict[str, list[Any]]:
    made: dict[str, list[Any]] = {}
    if thumbnails:
        made["picture"] = [_data(thumbnails.get(one["path"])) for one in answers]
    made["path"] = [one["path"] for one in answers]
    made["answer"] = [_answer_words(one) for one in answers]
    made["share"] = [percent(max(one["probabilities"].values())) for one in answers]
    if any(one.get("odd") for one in answers):
        made["odd"] = [one.get("odd") or "" for one in answers]
    return made


def _column_settings() -> dict[str, Any]:
    import streamlit as st

    return {
        "picture": st.column_config.ImageColumn(" ", width=52),
        "path": st.column_config.TextColumn(say("web.column_image"), width="medium"),
        "answer": st.column_config.TextColumn(say("web.column_answer")),
        "share": st.column_config.TextColumn(say("web.column_share"), width="small"),
        "odd": st.column_config.TextColumn(say("web.column_odd"), width="medium"),
    }


def _data(png: bytes | None) -> str | None:
    return None if png is None else f"data:image/png;base64,{base64.b64encode(png).decode()}"
