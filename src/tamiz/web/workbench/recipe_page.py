"""The plan with its reasons, and the recipe as a form made of the recipe's own fields."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from tamiz.core.errors import TamizError, WrongUse
from tamiz.core.fields import FieldFacts
from tamiz.core.language import say
from tamiz.core.recipe import SECTIONS, recipe_fields
from tamiz.core.recipe_io import parse_setting, recipe_to_toml, tables_to_toml, value_to_toml
from tamiz.stages.recipe_editing import Edited, forget_plan
from tamiz.web.frame import empty, escaped, heading, html, notice, problem
from tamiz.web.report_view import show_sections, without_empty
from tamiz.web.workbench.bench import Bench
from tamiz.web.workbench.children import Child
from tamiz.web.workbench.looking import begin_look, child_of, show_looking
from tamiz.web.workbench.screens import plain

_FIRST: Final = "first"
_NOT_HERE: Final = frozenset({"data.source", "data.decisions"})  # the workbench says these
_TABLES: Final = frozenset({"table", "list of tables"})


def show(bench: Bench) -> None:
    """Draw the page."""
    import streamlit as st

    heading(say("workbench.recipe_title"), say("workbench.recipe_lead"))
    child = child_of(bench)
    if child.state() == "running":
        show_looking(bench, "plan")
        return
    try:
        edited = Edited.load(bench.recipe, bench.look)
    except WrongUse as error:
        problem(error)
        _start_anew(bench)
        return
    _plan(bench, edited, child)
    section = st.segmented_control(
        say("workbench.section"),
        [_FIRST, *SECTIONS],
        default=_FIRST,
        required=True,
        format_func=lambda one: say("workbench.first_page") if one == _FIRST else one,
        key="recipe-section",
    )
    _form(bench, edited, str(section))
    _file(bench, edited)


def _start_anew(bench: Bench) -> None:
    """Offer to leave a recipe that cannot be read."""
    import streamlit as st

    if st.button(say("workbench.drop_recipe"), key="drop-recipe"):
        bench.recipe.replace(bench.recipe.with_suffix(".previous.toml"))
        st.rerun()


def _plan(bench: Bench, edited: Edited, child: Child) -> None:
    """Draw the plan, or the button that makes one."""
    import streamlit as st

    from tamiz.stages.pipeline import load_stage_report

    has_plan = edited.planned is not None
    if not has_plan:
        if child.state() == "failed":
            show_looking(bench, "plan")
            return
        empty(say("workbench.no_plan"), say("workbench.no_plan_advice"))
    words = say("workbench.plan_again" if has_plan else "workbench.make_plan")
    kind = "tertiary" if has_plan else "primary"
    if st.button(words, type=kind, key="make-plan", icon=":material/route:"):  # type: ignore[arg-type]
        try:
            if bench.look.exists:
                forget_plan(bench.look)
            begin_look(bench, "plan")
        except TamizError as error:
            problem(error)
            return
        st.rerun()
    if has_plan:
        with st.expander(say("workbench.plan_reasons"), icon=":material/route:"):
            report = load_stage_report(bench.look, "plan")
            show_sections(st, report, without_empty(report))


def _form(bench: Bench, edited: Edited, section: str) -> None:
    """Draw the fields of a section; keep what was filled in, if the recipe takes it."""
    import streamlit as st

    fields = [
        one
        for one in recipe_fields()
        if one.path not in _NOT_HERE
        and (one.is_first_page if section == _FIRST else one.section == section)
    ]
    with st.form(f"recipe-{section}"):
        columns = st.columns(2)
        filled = {}
        for number, one in enumerate(fields):
            with columns[number % 2]:
                filled[one.path] = _field(edited, one)
        is_sent = st.form_submit_button(say("workbench.save_recipe"), type="primary", key="save")
    if not is_sent:
        return
    try:
        made = edited
        for one in fields:
            made = made.with_value(one, _understood(one, filled[one.path]))
        made.save(bench.recipe)
    except WrongUse as error:
        problem(error)
        if len(error.details) > 1:
            items = "".join(f"<li>{escaped(line)}</li>" for line in error.details)
            html(f"<ul>{items}</ul>")
        return
    notice("good", say("workbench.recipe_saved"), str(bench.recipe))
    st.session_state["recipe-saved"] = True


def _field(edited: Edited, one: FieldFacts) -> Any:
    """Draw one field; return what stands in it."""
    import streamlit as st

    value = edited.value_of(one)
    # our own names, which Markdown leaves alone: escaped, screen readers would read the signs out
    label = f"{one.path}{' ●' if edited.is_chosen(one) else ''}"
    facts: dict[str, Any] = {"help": plain(_help(one)), "key": f"field-{one.path}-{value!r}"[:200]}
    made: Any
    if one.type_name == "yes/no":
        made = st.checkbox(label, value=bool(value), **facts)
    elif one.choices:
        options = list(one.choices)
        if str(value) not in options:  # the file was edited by hand: shown, and named when saved
            options.append(str(value))
        made = st.selectbox(label, options, index=options.index(str(value)), **facts)
    elif one.type_name in _TABLES:
        made = st.text_area(label, value=value_to_toml(value), height=80, **facts)
    else:
        made = st.text_input(label, value=_shown(value), **facts)
    why = edited.reasons.get(one.path)
    if why is not None and not edited.is_chosen(one):
        st.caption(plain(say("workbench.why", why=why)))
    return made


def _help(one: FieldFacts) -> str:
    """Return a field's help with its limits and default."""
    said = [str(one.help)]
    if one.low is not None or one.high is not None:
        low, high = ("…" if end is None else f"{end:g}" for end in (one.low, one.high))
        said.append(say("workbench.limits", low=low, high=high))
    default = _shown(one.default) if one.type_name not in _TABLES else value_to_toml(one.default)
    said.append(say("workbench.default", value=default or "-"))
    return " · ".join(said)


def _shown(value: Any) -> str:
    """Return a value as a person types it; '' for none."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _understood(one: FieldFacts, given: Any) -> Any:
    """Return what was filled in as the recipe takes it; faults are left for the recipe to name."""
    from tamiz.core.fields import convert

    if isinstance(given, str) and not given.strip() and one.default is None:
        return None
    if one.type_name in _TABLES:
        given = parse_setting(f"{one.path}={' '.join(str(given).split())}")[1]
    try:
        return convert(given, one)
    except ValueError:
        with suppress(ValueError):  # a number out of its limits is told as a number
            return int(given) if one.type_name == "whole number" else float(given)
        return given


def _file(bench: Bench, edited: Edited) -> None:
    """Draw what was chosen, as the file that keeps it."""
    import streamlit as st

    if st.session_state.pop("recipe-saved", False):
        edited = Edited.load(bench.recipe, bench.look)
    if not edited.chosen:
        st.caption(plain(say("workbench.nothing_chosen")))
        return
    st.caption(plain(say("workbench.chosen", path=bench.recipe)))
    st.code(tables_to_toml(edited.chosen), language="toml")
    left, right = st.columns(2)
    with right:
        _start_anew(bench)
    try:
        whole = recipe_to_toml(edited.recipe(str(bench.recipe)), edited.reasons)
    except WrongUse as error:
        problem(error)
        return
    left.download_button(
        say("workbench.download_recipe"), whole, file_name="recipe.toml", mime="application/toml"
    )
