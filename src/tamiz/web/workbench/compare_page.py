"""The page that lays runs side by side: what changed, and what each step was worth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from tamiz.core.language import say
from tamiz.data.report import Report, Table
from tamiz.data.run_folder import Run
from tamiz.web.frame import empty, heading
from tamiz.web.report_view import show_report
from tamiz.web.workbench.bench import Bench

_ORDERS: Final = ("time", "score")
_AT_FIRST: Final = 6  # runs that are compared until somebody chooses


def show(bench: Bench) -> None:
    """Draw the page."""
    import streamlit as st

    heading(say("workbench.compare_title"), say("workbench.compare_lead"))
    finished = {one.name: one for one in bench.run_folders() if _is_evaluated(one)}
    if not finished:
        empty(say("workbench.no_finished"), say("workbench.no_finished_advice"))
        return
    left, right = st.columns([3, 1])
    names = left.multiselect(
        say("workbench.runs"), list(finished), default=list(finished)[:_AT_FIRST], key="compare"
    )
    order = right.selectbox(
        say("workbench.order"),
        _ORDERS,
        format_func=lambda one: say(f"workbench.order_{one}"),
        key="compare-order",
    )
    if not names:
        empty(say("workbench.none_chosen"), say("workbench.none_chosen_advice"))
        return
    with st.spinner(say("compare.measuring")):
        report = _compared([finished[name] for name in names], order)
    words = tuple(one for one in report.summary if not isinstance(one, Table))
    sections = report.sections
    show_report(st, replace(report, summary=() if sections else words))


def _compared(folders: list[Path], order: str) -> Report:
    from tamiz.stages.compare import compare

    return compare(folders, "score" if order == "score" else "time")


def _is_evaluated(folder: Path) -> bool:
    return "evaluate" in Run(folder).state().get("stages", {})
