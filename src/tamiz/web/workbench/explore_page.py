"""The page that looks at data: images by class, fate and suspicion; every report on them."""

from __future__ import annotations

import math
from typing import Final

from tamiz.core.language import say
from tamiz.data.report import Report
from tamiz.stages.browsing import IN_PLAY, NO_LABEL, Browser, Shown, Wanted, fate_words
from tamiz.web.frame import empty, escaped, heading
from tamiz.web.report_view import show_report, show_sections, without_empty
from tamiz.web.workbench.bench import Bench
from tamiz.web.workbench.looking import look_is_there, show_looking
from tamiz.web.workbench.screens import gallery

_PER_PAGE: Final = 24
_REPORTS: Final = ("explore", "clean", "audit", "check", "index")
_ALL: Final = "all"
_PARTS: Final = ("train", "val", "test")


def show(bench: Bench) -> None:
    """Draw the page."""
    import streamlit as st

    heading(say("workbench.explore_title"), say("workbench.explore_lead"))
    show_looking(bench)
    if not look_is_there(bench):
        return
    views = ("images", *_done_reports(bench))
    chosen = st.segmented_control(
        say("workbench.view"),
        views,
        default="images",
        required=True,
        format_func=lambda one: say(f"workbench.view_{one}"),
        key="explore-view",
        label_visibility="collapsed",
    )
    if chosen == "images":
        _images(bench)
    else:
        _report(bench, str(chosen))


def _done_reports(bench: Bench) -> list[str]:
    stages = bench.look.state().get("stages", {})
    return [name for name in _REPORTS if name in stages]


def _report(bench: Bench, stage: str) -> None:
    """Draw a stage's report; a long one a section at a time."""
    import streamlit as st

    from tamiz.stages.pipeline import load_stage_report

    report: Report = load_stage_report(bench.look, stage)
    sections = without_empty(report)
    if len(sections) < 2:
        show_sections(st, report, sections)
        return
    by_anchor = {f"{number}-{one.anchor}": one for number, one in enumerate(sections)}
    chosen = st.selectbox(
        say("workbench.section"),
        [*by_anchor, _ALL],
        format_func=lambda one: (
            say("workbench.all_sections") if one == _ALL else str(by_anchor[one].title)
        ),
        key=f"section-of-{stage}",
    )
    if chosen == _ALL:
        show_report(st, Report(report.stage, report.title, sections))
    else:
        show_sections(st, report, [by_anchor[chosen]])


def _images(bench: Bench) -> None:
    """Draw the filters and a page of the images that pass them."""
    import streamlit as st

    from tamiz.stages.recipe_editing import data_options_of

    browser = Browser(bench.look, data_options_of(bench.look))
    wanted = _wanted(browser)
    found = browser.found(wanted)
    st.caption(say("workbench.n_found", n=len(found), all=len(browser.images)))
    if not found:
        empty(say("workbench.none_found"), say("workbench.none_found_advice"))
        return
    n_pages = math.ceil(len(found) / _PER_PAGE)
    page = 1
    if n_pages > 1:
        key = f"page-{wanted.label}-{wanted.fate}-{wanted.problem}"
        page = int(st.number_input(say("workbench.page", all=n_pages), 1, n_pages, key=key))
    part = found[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    pictures = browser.pictures([(one.path, one.frame) for one in part])
    gallery([(png, _caption(one)) for png, one in zip(pictures, part, strict=True)])


def _wanted(browser: Browser) -> Wanted:
    """Draw the filters; return what is asked for."""
    import streamlit as st

    columns = st.columns(3)
    labels = ["", *browser.classes, *([NO_LABEL] if browser.has_unlabelled else [])]
    words = {"": say("workbench.any"), NO_LABEL: say("explore.no_label")}
    label = columns[0].selectbox(
        say("workbench.class"), labels, format_func=lambda one: words.get(one, one), key="f-class"
    )
    fate = columns[1].selectbox(
        say("workbench.fate"),
        ["", *browser.fates],
        format_func=lambda one: str(fate_words(one)) if one else say("workbench.any"),
        key="f-fate",
    )
    problems = browser.problems
    problem = columns[2].selectbox(
        say("workbench.problem"),
        ["", *problems],
        format_func=lambda one: f"{one} ({problems[one]})" if one else say("workbench.any"),
        key="f-problem",
    )
    return Wanted(label, fate, problem)


def _caption(one: Shown) -> str:
    """Return what stands below an image, as HTML."""
    label = say("explore.no_label") if one.label is None else one.label
    lines = [f"<strong>{escaped(label)}</strong>", escaped(one.name)]
    if one.fate in _PARTS:
        lines.append(escaped(fate_words(one.fate)))
    elif one.fate != IN_PLAY:
        why = f": {one.reason}" if one.reason else ""
        lines.append(f'<span class="tz-bad">{escaped(fate_words(one.fate))}{escaped(why)}</span>')
    if one.problems:
        lines.append(f'<span class="tz-doubt">{escaped(", ".join(one.problems))}</span>')
    return "<br>".join(lines)
