"""The page that answers: drop images, press the button, read the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tamiz.core.language import say
from tamiz.serving.decoders import Decoded
from tamiz.serving.several import Sent, answer_together, named_apart
from tamiz.web.answer_view import Shown, answer_html, shown_of
from tamiz.web.batch_view import (
    IMAGE,
    show_downloads,
    show_problems,
    show_table,
    tally_html,
)
from tamiz.web.frame import empty, escaped, heading, html, link_to, notice
from tamiz.web.look import drop_css
from tamiz.web.opened import opened
from tamiz.web.picture_view import show_neighbours, show_picture
from tamiz.web.served import Found, served
from tamiz.web.slide_view import show_slide

_FOUND: Final = "tamiz-found"
_SENT: Final = "tamiz-sent"
_ROUND: Final = "tamiz-round"  # counts how often the reader began anew
_THUMB_PX: Final = 64
_MOST_THUMBS: Final = 300
_CLASSES_NAMED: Final = 12
_SLIDE_ROWS: Final = 2  # of those that are shown before they are asked about


def show_recognise() -> None:
    """Draw the page."""
    import streamlit as st

    heading(say("web.recognise_title"), say("web.recognise_lead"))
    html(f"<style>{drop_css()}</style>")
    files = st.file_uploader(
        say("web.drop"),
        accept_multiple_files=True,
        key=f"tamiz-files-{st.session_state.get(_ROUND, 0)}",
        help=None,
    )
    if not files:
        st.session_state.pop(_FOUND, None)
        st.session_state.pop(_SENT, None)
        _introduce()
        return
    ids = tuple(one.file_id for one in files)
    sent = _sent(ids, files)
    found = st.session_state.get(_FOUND)
    is_fresh = isinstance(found, Found) and found.uploads == ids
    if _buttons():
        found = _asked(ids, sent)
        st.session_state[_FOUND] = found
        st.session_state[IMAGE] = 0
        is_fresh = True
    if is_fresh and isinstance(found, Found):
        _show_found(found)
    else:
        _preview(sent)


def _sent(ids: tuple[str, ...], files: Any) -> tuple[Sent, ...]:
    """Return the uploads with names that differ; the same objects while the files are the same."""
    import streamlit as st

    kept = st.session_state.get(_SENT)
    if kept is None or kept[0] != ids:
        made = tuple(named_apart([Sent(one.name, one.getvalue()) for one in files]))
        st.session_state[_SENT] = kept = (ids, made)
    uploads: tuple[Sent, ...] = kept[1]
    return uploads


def _buttons() -> bool:
    """Show the buttons; return whether answers are asked for."""
    import streamlit as st

    def begin_anew() -> None:
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
        for name in (_FOUND, _SENT, IMAGE):
            st.session_state.pop(name, None)

    with st.container(horizontal=True):
        is_pressed = st.button(
            say("web.recognise"),
            type="primary",
            icon=":material/search:",
            key="tamiz-recognise",
        )
        st.button(
            say("web.begin_anew"),
            type="tertiary",
            icon=":material/restart_alt:",
            on_click=begin_anew,
            key="tamiz-anew",
        )
    return is_pressed


def _asked(ids: tuple[str, ...], sent: tuple[Sent, ...]) -> Found:
    """Return the answers, telling how far it is."""
    import streamlit as st

    bar = st.progress(0.0, say("web.working", n=0, all=len(sent), images=0))
    thumbnails: dict[str, bytes] = {}
    counts = {"images": 0, "upload": 0}

    def tell() -> None:
        facts = {"n": counts["upload"] + 1, "all": len(sent), "images": counts["images"]}
        bar.progress(counts["upload"] / len(sent), say("web.working", **facts))

    def keep(_number: int, one: Decoded) -> None:
        counts["images"] += 1
        if one.picture is not None and len(thumbnails) < _MOST_THUMBS:
            thumbnails[one.name] = one.picture.png
        if counts["images"] % 20 == 0:
            tell()

    def begin(number: int) -> None:
        counts["upload"] = number
        tell()

    together = answer_together(
        served().answerer,
        sent,
        opened().most_bytes,
        keep=keep,
        picture_px=_THUMB_PX,
        on_upload=begin,
    )
    bar.empty()
    return Found(ids, sent, together, thumbnails)


def _show_found(found: Found) -> None:
    """Show the answers: one image at once, several as a table with one of them below."""
    import streamlit as st

    answers = found.together.answers
    told = answers.told()["answers"]
    if len(told) + len(answers.problems) + len(answers.others) > 1:
        html(tally_html(told, len(answers.problems), len(answers.others)))
    if not told:
        notice("stop", say("web.nothing_read"), say("web.nothing_read_advice"))
    show_problems(answers.problems, "web.problems")
    if len(told) > 1:
        rows = show_table(found, answers.predictions.classes)
        if rows:
            _show_one(found, _picked(rows, told))
        else:
            empty(say("web.no_rows"), say("web.no_rows_advice"))
    elif told:
        _show_one(found, 0)
    show_problems(answers.others, "web.others")
    if told or answers.problems:
        st.space("small")
        show_downloads(answers)


def _picked(rows: list[int], told: list[Mapping[str, Any]]) -> int:
    """Return the place of the answer that the reader looks at."""
    import streamlit as st

    if st.session_state.get(IMAGE) not in rows:
        st.session_state[IMAGE] = rows[0]

    def step(by: int) -> None:
        at = rows.index(st.session_state[IMAGE])
        st.session_state[IMAGE] = rows[(at + by) % len(rows)]

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            say("web.image"), rows, format_func=lambda at: str(told[at]["path"]), key=IMAGE
        )
        for sign, by in ((":material/chevron_left:", -1), (":material/chevron_right:", 1)):
            words = say("web.previous" if by < 0 else "web.next")
            st.button(words, icon=sign, on_click=step, args=(by,), key=f"tamiz-step{by}")
    return int(st.session_state[IMAGE])


def _show_one(found: Found, at: int) -> None:
    import streamlit as st

    answers = found.together.answers
    one = answers.told()["answers"][at]
    left, right = st.columns([11, 10], gap="large")
    with right:
        shown = _shown(found, one)
        html(answer_html(shown, str(answers.meaning(at) or "")))
        link_to("model", say("web.what_model"), ":material/description:")
        show_neighbours(found.sent[found.together.sources[at]], one["path"])
    with left:
        if served().answerer.reads_slides:
            show_slide(found.sent[found.together.sources[at]])
        else:
            show_picture(found.sent[found.together.sources[at]], one["path"], has_map=True)


def _shown(found: Found, one: Mapping[str, Any]) -> Shown:
    bundle, answers = served().answerer.bundle, found.together.answers
    decision = answers.decision
    thresholds = dict(zip(bundle.classes, bundle.thresholds, strict=False))
    if decision.threshold is not None:
        thresholds = {decision.positive: decision.threshold}
    return shown_of(
        one,
        is_multilabel=bundle.is_multilabel,
        withholds_odd=answers.withholds_odd,
        limit=decision.abstain_below,
        thresholds=thresholds,
    )


def _preview(sent: tuple[Sent, ...]) -> None:
    """Show what was uploaded, before any answer."""
    import streamlit as st

    if served().answerer.reads_slides:
        for one, place in zip(sent, st.columns(2) * _SLIDE_ROWS, strict=False):
            with place:
                show_slide(one)
        return
    left, right = st.columns([11, 10], gap="large")
    with right:
        key = "web.ready" if len(sent) == 1 else "web.ready_many"
        html(f'<p class="tz-lead">{escaped(say(key, n=len(sent)))}</p>')
        at = 0
        if len(sent) > 1:
            at = st.selectbox(
                say("web.preview_of"),
                range(len(sent)),
                format_func=lambda number: sent[number].name,
                key="tamiz-preview",
            )
    with left:
        show_picture(sent[at or 0], "", has_map=False)


def _introduce() -> None:
    """Say what the model knows, before anything is uploaded."""
    bundle = served().answerer.bundle
    named = bundle.classes[:_CLASSES_NAMED]
    more = len(bundle.classes) - len(named)
    chips = "".join(f"<li>{escaped(name)}</li>" for name in named)
    if more > 0:
        chips += f"<li>{escaped(say('web.and_more', n=more))}</li>"
    words = escaped(say("web.tells_apart", n=len(bundle.classes)))
    html(f'<p>{words}</p><ul class="tz-facts">{chips}</ul>')
    if figure := _accuracy(bundle.metrics):
        html(f'<p class="tz-file">{escaped(figure)}</p>')
    else:
        notice("warning", say("web.not_tested"), say("web.not_tested_advice"))
    link_to("model", say("web.what_model"), ":material/description:")
    empty(say("web.empty_title"), say("web.empty_advice"))


def _accuracy(metrics: Mapping[str, Any]) -> str:
    """Return the accuracy in the test with its interval, in words; '' where none was measured."""
    found = metrics.get("accuracy")
    if not isinstance(found, Mapping) or found.get("value") is None:
        return ""
    facts = {"value": found["value"], "n": int(found.get("n") or 0)}
    if found.get("low") is None or found.get("high") is None:
        return say("web.tested_no_interval", **facts)
    return say("web.tested", low=found["low"], high=found["high"], **facts)
