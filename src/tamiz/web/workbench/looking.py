"""The look at the data that several pages need: started, watched, and asked whether it is done."""

from __future__ import annotations

from typing import Final

from tamiz.core.errors import TamizError
from tamiz.core.language import say
from tamiz.web.frame import empty, html, notice, problem
from tamiz.web.workbench.bench import Bench
from tamiz.web.workbench.children import Child
from tamiz.web.workbench.screens import refreshed, said_of, stages_html

_EVERY_S: Final = 1.0
_STAGES: Final = ("index", "check", "explore", "clean", "audit")


def look_is_there(bench: Bench) -> bool:
    """Return whether the data were looked at, at least as far as their images."""
    return "explore" in bench.look.state().get("stages", {})


def child_of(bench: Bench) -> Child:
    """Return the process that looks at the data."""
    return Child(bench.look.folder, bench.log_of(bench.look.folder))


def begin_look(bench: Bench, last: str = "audit") -> None:
    """Look at the data up to this stage, in a child process.

    Raises:
        WrongUse: it is at work already.
    """
    words = [last, str(bench.source.absolute()), "--out", str(bench.look.folder.absolute())]
    if bench.recipe.is_file():
        words += ["--recipe", str(bench.recipe.absolute())]
    child_of(bench).start([*words, "--quiet"])


def show_looking(bench: Bench, last: str = "audit") -> None:
    """Draw what there is to do before there is anything to see, or what is being done."""
    import streamlit as st

    child = child_of(bench)
    state = child.state()
    if state == "running":
        _watch(child, last)
        return
    is_there = look_is_there(bench)
    if state == "failed":
        said = said_of(child.last_words())
        # a leak found ends `audit` with a code of its own; it says so in its report
        if said or not is_there:
            notice("stop", said or say("workbench.ended_badly"), say("workbench.look_failed"))
    if not is_there:
        empty(say("workbench.no_look"), say("workbench.no_look_advice"))
    words = say("workbench.look_again" if is_there else "workbench.look")
    kind = "tertiary" if is_there else "primary"
    if st.button(words, type=kind, key=f"look-{last}", icon=":material/search:"):  # type: ignore[arg-type]
        try:
            begin_look(bench, last)
        except TamizError as error:
            problem(error)
            return
        st.rerun()


def _watch(child: Child, last: str) -> None:
    """Draw the stages as they are done; the page is drawn anew when all are."""
    import streamlit as st

    from tamiz.data.run_folder import Run
    from tamiz.stages.following import follow

    # a page may find the other one's work: what is planned is seen on both
    is_planning = last == "plan" or set(follow(Run(child.run)).done) >= set(_STAGES)
    stages = (*_STAGES, "split", "plan") if is_planning else _STAGES
    st.button(
        say("workbench.stop"),
        key="stop-look",
        icon=":material/stop_circle:",
        on_click=child.stop,  # as a callback: the page's clock may draw it anew before
    )

    def live() -> None:
        if child.state() != "running":
            st.rerun()
        found = follow(Run(child.run))
        html(stages_html(found, "running", stages))
        st.caption(say("workbench.looking"))

    refreshed(live, every_s=_EVERY_S)
