"""The runs of a benchmark: ordinary ones, the ways of a data set all on one split."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import TamizError, WrongData, WrongUse
from tamiz.core.events import Event, OnEvent
from tamiz.core.files import locked, make_folder, read_json
from tamiz.core.language import text
from tamiz.core.recipe_io import Tables
from tamiz.data.run_folder import Run
from tamiz.models.backbone import is_only_head
from tamiz.stages.at_once import Trainings, each_training, in_turn
from tamiz.stages.benchmarking.ways import DataSet, Way
from tamiz.stages.finished_runs import Finished, NotComparable, read_finished
from tamiz.stages.pipeline import (
    ORDER,
    advance,
    begin,
    merge_tables,
    recipe_of,
    stage_report_folder,
)
from tamiz.workers.current import is_elsewhere

_SHARED: Final = ORDER[: ORDER.index("split") + 1]
_FILES: Final = (
    "manifest.parquet", "files.json", "pairs.parquet", "ledger.json", "ledger.csv", "leaks.csv",
    "folds.parquet", "scores.parquet", "decisions.csv",
)  # fmt: skip
_BY_HAND: Final = "decisions.csv"  # a person may have filled it in


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a way has no figure on a data set.

    Attributes:
        stage: the word of the stage that could not be done.
        reason: what it said.
    """

    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What a way took on a data set.

    Attributes:
        train_seconds: learning alone, over all sessions, preparing left out; None: not told.
        run_seconds: of all stages, as if it were the only way; of a training that was stopped, all
            its sessions.
        n_parameters: that were learnt or kept frozen; None: not told.
        model_bytes: of the bundle's folder.
        size_px: side of the model's input.
        channels: of it.
        is_on_features: whether something learnt on features that the user's cache keeps.
    """

    train_seconds: float | None
    run_seconds: float
    n_parameters: int | None
    model_bytes: int
    size_px: int
    channels: int
    is_on_features: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One way on one data set: finished, or a gap.

    Attributes:
        way: which way.
        folder: its run's.
        finished: the run; None where there is a gap.
        cost: what it took; likewise.
        gap: why there is no figure.
        n_looks: how often the run looked at its test part.
    """

    way: Way
    folder: Path
    finished: Finished | None = None
    cost: Cost | None = None
    gap: Gap | None = None
    n_looks: int = 0


@dataclass(frozen=True, slots=True)
class Setting:
    """What all runs have in common.

    Attributes:
        base: sections of the recipe below those of a data set and of a way.
        on_top: sections above them.
        is_overwrite: whether runs begin afresh.
        command: as typed, for run.json.
    """

    base: Tables
    on_top: Tables
    is_overwrite: bool
    command: str

    def tables(self, data_set: DataSet, way: Way) -> Tables:
        """Return what is asked of a way on a data set."""
        return merge_tables(self.base, data_set.tables, way.tables, self.on_top)


def run_ways(
    data_set: DataSet,
    ways: Sequence[Way],
    setting: Setting,
    folder: Path,
    on_event: OnEvent,
    counted: tuple[int, int],
) -> list[Cell]:
    """Return each way's run on a data set; what an earlier command finished is not done again.

    The first way indexes, checks and divides the images; the others take this over. A way that
    cannot be done is a gap.

    Args:
        data_set: the images.
        ways: in their order.
        setting: what is common.
        folder: the data set's; each way has a run in it.
        on_event: told about progress.
        counted: how many runs come before these, and how many there are in all.

    Raises:
        MachineTrouble: the disk is full, and the like: no other way would do better.
    """
    told = [
        Event("benchmark", "note", text("benchmark.at_work", n=number, of=counted[1],
                                        data=data_set.name, way=way.word))
        for number, way in enumerate(ways, start=counted[0] + 1)
    ]  # fmt: skip
    if is_elsewhere():  # a worker's own folder may be another
        folder = folder.absolute()
    on_event(told[0])
    lead = _lead(data_set, ways[0], setting, folder, on_event)
    if lead.gap is not None:  # the data themselves: no way can do better
        on_event(_gap_event(lead.gap))
        return [Cell(one, folder / one.folder, gap=lead.gap) for one in ways]
    others = (_begun(data_set, way, setting, folder, lead.run) for way in ways[1:])
    begun = chain([lead], in_turn(others, told[1:], on_event))
    trainings = Trainings("benchmark", folder, len(ways), recipe_of(lead.run, lead.asked))
    work = partial(_finished, setting.command)
    cells = []
    named = ((one.way.folder, one) for one in begun)
    with closing(each_training(work, named, trainings, on_event)) as results:
        for cell in results:
            cells.append(cell)
            if cell.gap is not None:
                on_event(_gap_event(cell.gap))
    return cells


@dataclass(frozen=True, slots=True)
class _Begun:
    """A way's run, begun on the split of the data set; or why it could not be."""

    way: Way
    run: Run
    asked: Tables
    gap: Gap | None = None


def _lead(data_set: DataSet, way: Way, setting: Setting, folder: Path, on_event: OnEvent) -> _Begun:
    """Begin the run that indexes, checks and divides the images, and let it do that."""
    begun = _begun(data_set, way, setting, folder, None)
    if begun.gap is not None:
        return begun
    try:
        advance(begun.run, begun.asked, "split", on_event, command=setting.command)
    except (WrongUse, WrongData) as error:
        return replace(begun, gap=Gap(_stage_of(begun.run), str(error)))
    return begun


def _begun(data_set: DataSet, way: Way, setting: Setting, folder: Path, lead: Run | None) -> _Begun:
    """Begin a way's run; it takes over what the first one knows of the images."""
    run = Run(folder / way.folder)
    try:
        _, asked = begin(
            data_set.path,
            run.folder,
            settings=setting.tables(data_set, way),
            overwrite=setting.is_overwrite,
        )
        if lead is not None:
            adopt(lead, run)
    except (WrongUse, WrongData) as error:
        return _Begun(way, run, {}, Gap(_stage_of(run), str(error)))
    return _Begun(way, run, asked)


def _finished(command: str, begun: _Begun, on_event: OnEvent) -> Cell:
    """Do all stages of a way's run that are left."""
    if begun.gap is not None:
        return Cell(begun.way, begun.run.folder, gap=begun.gap)
    try:
        advance(begun.run, begun.asked, "report", on_event, command=command)
    except (WrongUse, WrongData) as error:
        return Cell(begun.way, begun.run.folder, gap=Gap(_stage_of(begun.run), str(error)))
    return _cell(begun.way, begun.run)


def _gap_event(gap: Gap) -> Event:
    return Event("benchmark", "warning", text("benchmark.gap_event", reason=gap.reason))


def adopt(lead: Run, run: Run) -> None:
    """Take over from `lead` what it knows of the images, and their split; once.

    The stages are done for the same input, or `advance` sees that they are not and does them.
    """
    if "split" in run.state().get("stages", {}):
        return
    make_folder(run.folder)
    with locked(run.folder):
        run.remember(stages={})  # a run from the start: a copy cut short is taken up again
        for name in _FILES:
            is_own = name == _BY_HAND and (run.folder / name).is_file()
            if (lead.folder / name).is_file() and not is_own:
                shutil.copyfile(lead.folder / name, run.folder / name)
        for stage in _SHARED:
            origin = stage_report_folder(lead, stage)
            if origin.is_dir():
                shutil.copytree(origin, stage_report_folder(run, stage), dirs_exist_ok=True)
        state = lead.state()
        done = {word: facts for word, facts in state["stages"].items() if word in _SHARED}
        run.remember(stages=done, leak=state.get("leak"))


def _cell(way: Way, run: Run) -> Cell:
    try:
        finished = read_finished(run.folder)
    except NotComparable as error:
        return Cell(way, run.folder, gap=Gap("evaluate", str(error.reason)))
    n_looks = len(run.state().get("test_looks", []))
    return Cell(way, run.folder, finished, _cost(run, finished), n_looks=n_looks)


def _cost(run: Run, finished: Finished) -> Cost:
    told: Mapping[str, Any] = {}
    try:
        told = read_json(stage_report_folder(run, "train") / "report.json")["values"]["train"]
    except (TamizError, KeyError, TypeError):
        told = {}
    bundle = run.model_folder / "bundle.json"
    facts: Mapping[str, Any] = read_json(bundle).get("training", {}) if bundle.is_file() else {}
    files = [path for path in run.model_folder.rglob("*") if path.is_file()]
    seconds = told.get("seconds")
    last = float(run.state()["stages"].get("train", {}).get("seconds", 0.0))
    return Cost(
        train_seconds=seconds,
        run_seconds=finished.seconds - last + max(last, seconds or 0.0),
        n_parameters=facts.get("n_parameters"),
        model_bytes=sum(path.stat().st_size for path in files),
        size_px=finished.recipe.prepare.size_px,
        channels=finished.recipe.prepare.channels,
        is_on_features="features" in facts or is_only_head(finished.recipe.train.stages),
    )


def _stage_of(run: Run) -> str:
    """Return the first stage that is not done."""
    done = run.state().get("stages", {})
    return next((word for word in ORDER if word not in done), ORDER[-1])
