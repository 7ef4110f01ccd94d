"""The review queue: what is suspected, one case at a time; decided by click or by key."""

from __future__ import annotations

from typing import Any, Final

from tamiz.core.language import say
from tamiz.stages.browsing import Browser
from tamiz.stages.reviewing import Case, Decided, Member, Verdict, cases_of, counts_of
from tamiz.web.frame import empty, escaped, heading, html
from tamiz.web.workbench.bench import Bench
from tamiz.web.workbench.looking import look_is_there, show_looking
from tamiz.web.workbench.screens import picture_html, plain

_MOST_SHOWN: Final = 12  # images of one case; a burst may have hundreds
_AT: Final = "review-at"
_WORDS: Final = ("keep", "leave-out")


def show(bench: Bench) -> None:
    """Draw the page."""
    import streamlit as st

    heading(say("workbench.review_title"), say("workbench.review_lead"))
    if not look_is_there(bench) or not (bench.look.folder / "decisions.csv").is_file():
        show_looking(bench)
        return
    cases = cases_of(bench.look)
    if not cases:
        empty(say("workbench.no_cases"), say("workbench.no_cases_advice"))
        return
    decided = Decided(bench.decisions)
    queue = _filtered(cases, decided)
    n_done = sum(map(decided.is_decided, cases))
    st.progress(n_done / len(cases), say("workbench.n_decided", n=n_done, all=len(cases)))
    if not queue:
        empty(say("workbench.queue_done"), say("workbench.queue_done_advice"))
        _undo_button(decided, st.container())
        _saved(bench)
        return
    at = min(int(st.session_state.get(_AT, 0)), len(queue) - 1)
    _case(bench, decided, queue, at)
    _saved(bench)


def _filtered(cases: list[Case], decided: Decided) -> list[Case]:
    """Draw the filters; return the cases that pass them."""
    import streamlit as st

    left, right = st.columns([2, 1], vertical_alignment="bottom")
    counts = counts_of(cases)
    finding = left.selectbox(
        say("workbench.problem"),
        ["", *counts],
        format_func=lambda one: f"{one} ({counts[one]})" if one else say("workbench.any"),
        key="review-finding",
        on_change=_to_start,
    )
    is_open = right.toggle(
        say("workbench.only_open"), value=True, key="review-open", on_change=_to_start
    )
    return [
        one
        for one in cases
        if (not finding or one.finding == finding) and not (is_open and decided.is_decided(one))
    ]


def _to_start() -> None:
    import streamlit as st

    st.session_state[_AT] = 0


def _case(bench: Bench, decided: Decided, queue: list[Case], at: int) -> None:
    """Draw a case with its pictures and its buttons."""
    import streamlit as st

    case = queue[at]
    position = say("workbench.case", n=at + 1, all=len(queue), finding=case.finding)
    html(f'<p class="tz-curve">{escaped(position)}</p>')
    words = plain(say("workbench.case_many" if len(case.members) > 1 else "workbench.case_one"))
    st.caption(words)
    bar = st.container()  # above the pictures, drawn after them: they say what is decided
    verdicts = _members(bench, decided, case)
    row = bar.container(horizontal=True)  # beside each other; on a phone in two rows
    key = f"{case.finding}-{case.cluster}"
    if _pressed(row, "save", "S", key, kind="primary"):
        _decide(decided, case, verdicts, at)
    if _pressed(row, "keep_all", "K", key):
        _decide(decided, case, [Verdict() for _ in case.members], at)
    if _pressed(row, "out_all", "X", key):
        _decide(decided, case, [Verdict(is_out=True) for _ in case.members], at)
    _undo_button(decided, row)
    if _pressed(row, "back", "B", key, is_off=at == 0):
        _go(at - 1)
    if _pressed(row, "next", "N", key, is_off=at + 1 >= len(queue)):
        _go(at + 1)


def _members(bench: Bench, decided: Decided, case: Case) -> list[Verdict]:
    """Draw the images of a case, each with its choices; return what they say."""
    import streamlit as st

    from tamiz.stages.recipe_editing import data_options_of

    browser = Browser(bench.look, data_options_of(bench.look))
    shown = case.members[:_MOST_SHOWN]
    pictures = browser.pictures([one.place for one in shown])
    n_columns = 1 if len(shown) == 1 else 2 if len(shown) == 2 else 4
    verdicts = []
    columns = st.columns(n_columns) if n_columns > 1 else [st.container(width=420)]
    for number, (member, png) in enumerate(zip(shown, pictures, strict=True)):
        with columns[number % n_columns]:
            html(picture_html(png, _caption(member)))
            verdicts.append(_choices(decided, case, member, browser.classes))
    rest = case.members[_MOST_SHOWN:]
    if rest:
        st.caption(say("workbench.more_members", n=len(rest)))
    return [*verdicts, *(_proposed(decided, one) for one in rest)]


def _choices(decided: Decided, case: Case, member: Member, classes: list[str]) -> Verdict:
    """Draw 'keep or leave out' and the label of one image."""
    import streamlit as st

    said = _proposed(decided, member)
    key = f"{case.finding}-{case.cluster}-{member.path}-{member.frame}-{decided.of(member)}"
    word = st.segmented_control(
        say("workbench.decision"),
        _WORDS,
        default=_WORDS[said.is_out],
        required=True,
        format_func=lambda one: say(f"workbench.word_{one.replace('-', '_')}"),
        key=f"word-{key}",
        label_visibility="collapsed",
    )
    if len({one.label for one in case.members}) == 1 < len(case.members):
        return Verdict(word == _WORDS[1], said.label)  # copies that agree need no other label
    current = member.label
    same, none = "\0same", "\0none"
    options = [same, *(one for one in classes if one != current), none]
    start = same if said.label is None else said.label or none
    names = {same: say("workbench.same_label"), none: say("workbench.take_label")}
    label = st.selectbox(
        say("workbench.label"),
        options,
        index=options.index(start) if start in options else 0,
        format_func=lambda one: names.get(one, one),
        key=f"label-{key}",
        disabled=word == _WORDS[1],
    )
    chosen = None if label == same else "" if label == none else label
    return Verdict(word == _WORDS[1], chosen)


def _proposed(decided: Decided, member: Member) -> Verdict:
    """Return what was decided about an image, or what tamiz proposes."""
    return decided.of(member) or Verdict(is_out=member.proposal == "leave-out")


def _caption(member: Member) -> str:
    label = say("explore.no_label") if member.label is None else member.label
    name = f"{member.path}#{member.frame}" if member.frame else member.path
    return f"<strong>{escaped(label)}</strong><br>{escaped(name)}"


def _pressed(
    place: Any, word: str, shortcut: str, key: str, *, kind: str = "secondary", is_off: bool = False
) -> bool:
    """Draw a button that a key presses too; return whether it was pressed."""
    return bool(
        place.button(
            say(f"workbench.do_{word}"),
            key=f"{word}-{key}",
            type=kind,
            shortcut=shortcut,
            disabled=is_off,
            width="content",
        )
    )


def _undo_button(decided: Decided, place: Any) -> None:
    import streamlit as st

    if _pressed(place, "undo", "U", "queue", is_off=not decided.can_undo):
        decided.undo()
        st.rerun()


def _decide(decided: Decided, case: Case, verdicts: list[Verdict], at: int) -> None:
    """Keep the verdicts and go on: the next case takes this one's place, or stands after it."""
    import streamlit as st

    decided.decide(case, verdicts)
    _go(at if st.session_state.get("review-open", True) else at + 1)


def _go(at: int) -> None:
    import streamlit as st

    st.session_state[_AT] = at
    st.rerun()


def _saved(bench: Bench) -> None:
    """Draw where the decisions are, and how they come into force."""
    import streamlit as st

    if not bench.decisions.is_file():
        st.caption(plain(say("workbench.keys")))
        return
    st.caption(plain(say("workbench.decisions_saved", path=bench.decisions)))
    st.download_button(
        say("workbench.download_decisions"),
        bench.decisions.read_bytes(),
        file_name="decisions.csv",
        mime="text/csv",
        type="tertiary",
        icon=":material/download:",
    )
