"""The page that trains: a run in a child process, watched while it works, stopped, taken up."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tamiz.core.errors import TamizError
from tamiz.core.language import say
from tamiz.data.run_folder import Run
from tamiz.web.frame import empty, escaped, heading, html, notice, problem
from tamiz.web.report_view import show_blocks, show_chart
from tamiz.web.workbench.bench import Bench
from tamiz.web.workbench.children import Child
from tamiz.web.workbench.screens import chosen_run, plain, refreshed, said_of, stages_html

_EVERY_S: Final = 1.5
_CHOICE: Final = "train-run"
_STOPPING: Final = "train-stopping"


def show(bench: Bench) -> None:
    """Draw the page."""
    heading(say("workbench.train_title"), say("workbench.train_lead"))
    folders = bench.run_folders()
    _new_run(bench, is_open=not folders)
    if not folders:
        empty(say("workbench.no_runs"), say("workbench.no_runs_advice"))
        return
    folder = chosen_run(folders, _CHOICE)
    if folder is not None:
        _one_run(Child(folder, bench.log_of(folder)))


def _new_run(bench: Bench, *, is_open: bool) -> None:
    """Draw the form that starts a run."""
    import streamlit as st

    expander = st.expander(say("workbench.new_run"), expanded=is_open, icon=":material/add:")
    with expander, st.form("new-run", border=False):
        left, right = st.columns(2)
        name = left.text_input(say("workbench.name"), value=_free_name(bench), max_chars=80)
        minutes = right.number_input(
            say("workbench.minutes"), min_value=0.0, value=0.0, step=5.0, format="%g",
            help=plain(say("workbench.minutes_help")),
        )  # fmt: skip
        uses_recipe = bench.recipe.is_file() and st.checkbox(
            say("workbench.use_recipe"), value=True
        )
        uses_decisions = bench.decisions.is_file() and st.checkbox(
            say("workbench.use_decisions"), value=True
        )
        if st.form_submit_button(say("workbench.start"), type="primary", key="start"):
            try:
                run = bench.run_named(name)
                _start(bench, run, minutes, (uses_recipe, uses_decisions))
            except TamizError as error:
                problem(error)
                return
            st.session_state[_CHOICE] = run.folder.name
            st.rerun()


def _start(bench: Bench, run: Run, minutes: float, uses: tuple[bool, bool]) -> None:
    """Start a new run and wait until its folder is there.

    Raises:
        WrongUse: there is such a run already, or the command ended at once.
    """
    from tamiz.core.errors import WrongUse

    if run.exists:
        raise WrongUse.of("workbench.run_exists", where=run.folder.name)
    uses_recipe, uses_decisions = uses
    words = ["run", str(bench.source.absolute()), "--out", str(run.folder.absolute()), "--quiet"]
    if uses_recipe:
        words += ["--recipe", str(bench.recipe.absolute())]
    decisions = bench.decisions_in_force() if uses_decisions else None
    if decisions is not None:
        words += ["--set", f"data.decisions={decisions.absolute()}"]
    if minutes > 0:
        words += ["--set", f"train.minutes={minutes:g}"]
    begin(Child(run.folder, bench.log_of(run.folder)), words)


def begin(child: Child, words: list[str]) -> None:
    """Start a command and return once its run is on disk.

    Raises:
        WrongUse: the command ended before it began to work.
    """
    import time

    from tamiz.core.errors import WrongUse

    child.start(words)
    while not Run(child.run).exists:
        if not child.is_alive():
            said = said_of(child.last_words())
            raise WrongUse.of("workbench.not_begun", where=child.run.name, said=said or "-")
        time.sleep(0.05)


def _free_name(bench: Bench) -> str:
    taken = {one.name for one in bench.run_folders()}
    number = len(taken) + 1
    while f"run-{number}" in taken:
        number += 1
    return f"run-{number}"


def _one_run(child: Child) -> None:
    """Draw a run: how it stands, what can be done, and what it shows."""
    import streamlit as st

    state = child.state()
    stopping = st.session_state.get(_STOPPING) == str(child.run)
    if state == "running":
        st.button(
            say("workbench.stopping" if stopping else "workbench.stop"),
            key="stop", disabled=stopping, icon=":material/stop_circle:",
            on_click=_stop, args=(child,),
        )  # fmt: skip
    else:
        st.session_state.pop(_STOPPING, None)
        if state in {"stopped", "failed"} and st.button(
            say("workbench.resume"), key="resume", type="primary", icon=":material/play_arrow:"
        ):
            child.start(["run", "--resume", str(child.run.absolute()), "--quiet"])
            st.rerun()

    def live() -> None:
        now = child.state()
        _progress(child, now)
        if state == "running" and now != "running":
            st.rerun()

    refreshed(live, every_s=_EVERY_S if state == "running" else None)
    if state == "done":
        _result(child.run)


def _stop(child: Child) -> None:
    """Stop; as a callback, for the page may be drawn anew by its clock before it gets that far."""
    import streamlit as st

    st.session_state[_STOPPING] = str(child.run)
    child.stop()


def _progress(child: Child, state: str) -> None:
    """Draw the stages, the epochs and the curves as they are now."""
    import streamlit as st

    from tamiz.stages.following import curve_title, curves, follow
    from tamiz.stages.pipeline import ORDER

    found = follow(Run(child.run))
    html(stages_html(found, state, ORDER))
    if state == "failed":
        said = said_of(child.last_words())
        notice("stop", said or say("workbench.ended_badly"), say("workbench.failed_advice"))
    elif state == "stopped":
        notice("note", say("workbench.is_stopped"), say("workbench.is_stopped_advice"))
    if found.history:
        if state == "running" and found.stage == "train" and found.n_epochs:
            words = say("workbench.epoch", n=found.epoch, all=found.n_epochs)
            st.progress(min(1.0, found.epoch / found.n_epochs), words)
        best = found.best
        if best is not None:
            facts = {"epoch": best.get("epoch", 0), "loss": float(best["val_loss"])}
            st.caption(plain(say("workbench.best_epoch", **facts)))
        for column, chart in zip(st.columns(2), curves(found.history), strict=False):
            with column:
                html(f'<p class="tz-lead">{escaped(curve_title(chart))}</p>')
                show_chart(st, chart)
    elif state == "running":
        st.caption(say("workbench.before_epochs"))
    if found.notes:
        with st.expander(say("workbench.notes", n=len(found.notes))):
            items = "".join(f"<li>{escaped(one)}</li>" for one in found.notes)
            html(f"<ul>{items}</ul>")


def _result(folder: Path) -> None:
    """Draw what a finished run has to say."""
    import streamlit as st

    from tamiz.stages.pipeline import load_stage_report

    if "report" not in Run(folder).state().get("stages", {}):  # `tamiz check --out ...`, say
        notice("note", say("workbench.is_part"), say("workbench.is_part_advice"))
        return
    report = load_stage_report(Run(folder), "report")
    st.subheader(say("workbench.result"))
    show_blocks(st, report.summary, str(report.title))
    page = folder / "report" / "report.html"
    if page.is_file():
        st.download_button(
            say("workbench.download_report"), page.read_bytes(),
            file_name=f"{folder.name}.html", mime="text/html", icon=":material/download:",
        )  # fmt: skip
