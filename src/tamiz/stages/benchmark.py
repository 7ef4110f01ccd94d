"""`benchmark`: several ways of making a model on several data sets, in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import locked, read_json, write_json, write_text
from tamiz.core.language import say, text
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import Tables, load_tables, tables_from_settings, with_tables
from tamiz.data.report import SCHEMA_VERSION, Report
from tamiz.models.weights import check_start
from tamiz.stages.benchmarking.figures import BEST, SideBySide, compared
from tamiz.stages.benchmarking.report import report_of
from tamiz.stages.benchmarking.runs import Setting, run_ways
from tamiz.stages.benchmarking.values import Told
from tamiz.stages.benchmarking.ways import USUAL_WAYS, DataSet, Way, data_sets_of, ways_of
from tamiz.stages.exporters import check_installed
from tamiz.stages.faults import check_recipe

FIRST: Final = "first"
_ASKED: Final = "asked.json"
_RESULT: Final = "benchmark.json"
_PAGE: Final = "benchmark.html"


@dataclass(frozen=True, slots=True)
class BenchmarkHow:
    """What is compared, and how.

    Attributes:
        ways: 'descriptors', 'descriptors:svm', 'cnn', 'frozen:resnet18', a network's name, or a
            recipe file.
        settings: recipe fields for all runs, by dotted name: {'train.seed': 1}.
        recipe_file: a recipe under all of them.
        recipes: of some data sets, by path or name, a recipe that says how they are read.
        weights: where pretrained networks start; None: their own public weights.
        against: the way that the others are held against: its word, 'first', or 'best' on
            validation.
    """

    ways: Sequence[str] = USUAL_WAYS
    settings: Mapping[str, object] = field(default_factory=dict)
    recipe_file: Path | None = None
    recipes: Mapping[str, Path] = field(default_factory=dict)
    weights: str | None = None
    against: str = FIRST


def benchmark(
    sources: Sequence[Path | str],
    out: Path | str,
    how: BenchmarkHow | None = None,
    on_event: OnEvent = ignore,
    *,
    is_overwrite: bool = False,
    command: str = "tamiz.benchmark",
) -> Report:
    """Make a model in each way from each data set, and compare them on the same test images.

    Writes `<out>/<data set>/<way>/`, each an ordinary run, `<out>/benchmark.json` (the figures) and
    `<out>/benchmark.html`. What an interrupted call finished is not done again. A way that cannot
    be done on a data set is a gap in the table, and says why.

    Args:
        sources: the data sets.
        out: the folder for all of it.
        how: what is compared.
        on_event: told about progress.
        is_overwrite: begin afresh, with whatever was asked before.
        command: as typed, for run.json.

    Raises:
        WrongUse: a way, a data set or a setting is wrong, or `out` holds a benchmark with others.
        WrongData: weights cannot be had.
        MachineTrouble: the disk is full.
    """
    how = how or BenchmarkHow()
    folder = Path(out)
    before = _asked_before(folder)
    ways = ways_of(how.ways, how.weights)
    sets = data_sets_of(sources, how.recipes, _names_in(before))
    reference = _reference(how.against, ways)
    setting = _setting(how, command, is_overwrite=is_overwrite)
    for way in ways:
        _check(way, sets, setting)
    asked = _asked(ways, sets, setting)
    if before and not is_overwrite:
        asked = _joined(before, asked, folder)
    with locked(folder):
        write_json(folder / _ASKED, asked)
        side_by_side = []
        for number, one in enumerate(sets):
            counted = (number * len(ways), len(sets) * len(ways))
            cells = run_ways(one, ways, setting, folder / one.name, on_event, counted)
            side_by_side.append(SideBySide(one, cells, say("benchmark.other_split")))
        on_event(Event("benchmark", "progress", text("compare.measuring")))
        n_compared = compared(side_by_side, reference)
        page = folder / _PAGE
        report = report_of(side_by_side, Told(tuple(ways), reference, n_compared, str(page)))
        write_json(folder / _RESULT, report.to_json()["values"]["benchmark"] | _VERSION)
        _write_page(report, page)
    return report


_VERSION: Final = {"schema_version": SCHEMA_VERSION}


def _write_page(report: Report, page: Path) -> None:
    from tamiz.rendering.html import render_html

    # On the page the tables stand in their sections; the terminal shows the summary alone.
    write_text(page, render_html(replace(report, summary=())))


def _reference(against: str, ways: Sequence[Way]) -> str:
    """Return the word of the way that others are held against, or 'best'."""
    words = [way.word for way in ways]
    if against == FIRST:
        return words[0]
    if against != BEST and against not in words:
        choices = ", ".join([FIRST, BEST, *words])
        raise WrongUse.of("benchmark.no_such_way", where=f"--against {against}", choices=choices)
    return against


def _setting(how: BenchmarkHow, command: str, *, is_overwrite: bool) -> Setting:
    """Return what all runs have in common.

    Raises:
        WrongUse: it names a network, which is what ways do.
    """
    base = load_tables(how.recipe_file) if how.recipe_file else {}
    on_top = tables_from_settings(how.settings)
    for tables, where in ((base, str(how.recipe_file)), (on_top, "--set model")):
        if "model" in tables:
            raise WrongUse.of("benchmark.model_is_a_way", where=where)
    return Setting(base, on_top, is_overwrite, command)


def _check(way: Way, sets: Sequence[DataSet], setting: Setting) -> None:
    """Raise for what is wrong with a way whatever the images are, before anything is begun."""
    for number, one in enumerate(sets):
        where = f"{one.name}, {way.word}"
        recipe = with_tables(Recipe(), setting.tables(one, way), where=where)
        check_recipe(recipe, where=where)
        if not number:  # the same for all data sets
            check_start(recipe.model)
            check_installed(recipe.train.watch)


def _asked(ways: Sequence[Way], sets: Sequence[DataSet], setting: Setting) -> dict[str, Any]:
    """Return what later commands in the same folder must agree with."""
    common: dict[str, Tables] = {"base": setting.base, "on_top": setting.on_top}
    return {
        "common": common,
        "ways": {one.folder: one.tables for one in ways},
        "data": {one.name: {"source": one.path, "tables": one.tables} for one in sets},
    }


def _joined(before: dict[str, Any], now: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return both together: ways and data sets may be added.

    Raises:
        WrongUse: settings, a way or a data set are not what they were.
    """
    changed = [] if before["common"] == now["common"] else [say("benchmark.settings")]
    for part in ("ways", "data"):
        known = before[part]
        changed += [name for name, one in now[part].items() if known.get(name, one) != one]
    if changed:
        raise WrongUse.of("benchmark.other", where=folder, changed=", ".join(changed))
    return {**now, **{part: {**before[part], **now[part]} for part in ("ways", "data")}}


def _asked_before(folder: Path) -> dict[str, Any]:
    path = folder / _ASKED
    found: dict[str, Any] = read_json(path) if path.is_file() else {}
    return found


def _names_in(asked: Mapping[str, Any]) -> dict[str, str]:
    return {one["source"]: name for name, one in asked.get("data", {}).items()}
