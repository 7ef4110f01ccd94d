from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from tests.end_to_end.conftest import draw_classes

from tamiz.core.events import ignore
from tamiz.core.language import text
from tamiz.core.recipe_io import Tables
from tamiz.data.report import Estimate
from tamiz.data.run_folder import Run
from tamiz.engine.costing import Cost, StageCost
from tamiz.stages import guarding
from tamiz.stages.pipeline import advance, begin
from tamiz.stages.planning import budget as plan_budget
from tamiz.stages.planning import contest as plan_contest
from tamiz.stages.planning.ahead import folder_for, keep_ahead, take_up_ahead
from tamiz.stages.planning.budget import SAFETY, Load, Rung
from tamiz.stages.planning.choices import Choice, Draft
from tamiz.stages.planning.clock import Clock
from tamiz.stages.planning.contest import Fit, compare
from tamiz.stages.planning.trials import Terms, Trial, rows_of, some_rows, try_out
from tamiz.stages.planning.ways import Way
from tamiz.stages.train import train


@pytest.fixture(scope="module")
def divided(tmp_path_factory) -> Run:
    folder = tmp_path_factory.mktemp("divided")
    settings: Tables = {"model": {"options": {"widths": [8], "depth": 0}}, "train": {"epochs": 2}}
    source = draw_classes(folder / "photos", 20)
    run, asked = begin(source, folder / "run", settings=settings)
    advance(run, asked, "plan")
    return run


@pytest.fixture
def run(divided, tmp_path) -> Run:
    """Return a copy of a planned run."""
    shutil.copytree(divided.folder, tmp_path / "run")
    return Run(tmp_path / "run")


class FakeClock(Clock):
    """A clock of a run whose every trial takes what it was reckoned to take."""

    def __init__(self, seconds: float, loads: dict[str, Load], run: Run) -> None:
        self.run, self.minutes, self.on_event, self.notes = run, seconds / 60, ignore, []
        self._seconds, self._used, self._loads = seconds, 0.0, loads

    @property
    def whole_s(self) -> float:
        return self._seconds

    @property
    def spent_s(self) -> float:
        return self._used

    def spend(self, seconds: float) -> None:
        self._used += seconds

    def weigh(self, draft: Draft) -> Load:
        return self._loads[draft.name]

    def is_prepared(self, draft: Draft) -> bool:
        return bool(draft)


def load_of(epoch_s: float, once_s: float = 0.0, after_s: float = 0.0) -> Load:
    cost = Cost((StageCost(once_s / 100, epoch_s / 100, 0.0, 1),), 1, 1)
    return Load(cost, 0.0, 100, 0, 1, False, 1, 1, after_s)


def fit_of(name: str, divided: Run, load: Load, most: int) -> Fit:
    draft = Draft(name, divided.recipe(), ())
    rung = Rung(draft, 1, most)
    return Fit(Way(name, (rung,)), rung, load, most)


@pytest.fixture
def contest(divided, monkeypatch):
    """Return a function that compares two ways of known figures within some seconds."""

    def do(seconds: float, frozen: Load, small: Load, figures: dict[str, float]):
        loads = {"frozen": frozen, "small": small}
        clock = FakeClock(seconds, loads, divided)

        def tried(draft, epochs, _run, terms, _on_event):
            took = loads[draft.name].trial_s(epochs, terms.share)
            assert took <= terms.limit_s + 0.1
            clock.spend(took)
            figure = Estimate(figures[draft.name], n=100, n_groups=100)
            return Trial(draft, epochs, figure, took, terms.is_whole, 100)

        monkeypatch.setattr(plan_contest, "try_out", tried)
        fits = {
            "frozen": fit_of("frozen", divided, frozen, 30),
            "small": fit_of("small", divided, small, 90),
        }
        return compare(fits, clock), clock

    return do


@pytest.mark.parametrize("better", ["frozen", "small"])
def test_the_better_of_two_finished_models_on_the_validation_part_wins(contest, better):
    figures = {"frozen": 0.8, "small": 0.8} | {better: 0.9}
    outcome, clock = contest(200.0, load_of(0.0, 20.0, 10.0), load_of(2.0, 0.0, 3.0), figures)
    assert outcome.fit.way.name == better
    assert [one.is_whole for one in outcome.trials] == [True, True]
    assert (outcome.folder is not None) == (better == "small")
    assert clock.left_s >= 10.0  # enough to finish either


@pytest.mark.parametrize("seconds", [90.0, 200.0, 1000.0])
def test_what_is_started_ends_in_time_with_what_follows_it(contest, seconds):
    frozen, small = load_of(0.01, 20.0, 10.0), load_of(2.0, 0.0, 3.0)
    outcome, clock = contest(seconds, frozen, small, {"frozen": 0.8, "small": 0.9})
    rest = SAFETY * outcome.fit.load.after_s
    assert clock.spent_s + rest <= seconds
    assert outcome.epochs <= 90


def test_a_frozen_network_that_takes_most_of_the_time_is_not_begun(contest):
    outcome, clock = contest(60.0, load_of(0.0, 25.0, 10.0), load_of(1.0), {})
    assert outcome.fit.way.name == "small"
    assert outcome.trials == ()
    assert [note.key for note in clock.notes] == ["budget.too_dear"]


def test_a_trial_takes_whole_groups_and_every_class_and_all_of_validation(run):
    rows = rows_of(run)
    some = some_rows(rows, 0.3, 7)
    assert some.where(split="val").column("item") == rows.where(split="val").column("item")
    learnt, whole = some.where(split="train"), rows.where(split="train")
    assert len(whole) * 0.3 <= len(learnt) < len(whole) * 0.6
    assert set(learnt.column("label")) == set(whole.column("label"))
    kept = set(learnt.group_keys())
    left_out = set(whole.column("item")) - set(learnt.column("item"))
    keys = dict(zip(whole.column("item"), whole.group_keys(), strict=True))
    assert not {keys[item] for item in left_out} & kept
    assert some_rows(rows, 0.3, 7).column("item") == some.column("item")
    assert some_rows(rows, 1.0, 7) is rows


def ahead_of(run: Run) -> tuple[Draft, Trial | None]:
    draft = Draft("small", run.recipe(), ()).chosen(
        Choice("train.max_minutes", 5.0, text("budget.trial"))
    )
    terms = Terms(60.0, is_whole=True, folder=folder_for(run, "small"))
    return draft, try_out(draft, 2, run, terms, ignore)


def test_what_the_plan_trained_in_full_is_taken_up_and_equals_a_training_of_its_own(run, tmp_path):
    shutil.copytree(run.folder, tmp_path / "plain")
    plain = Run(tmp_path / "plain")
    train(plain.recipe(), plain)
    draft, trial = ahead_of(run)
    keep_ahead(run, draft.recipe, "small")
    told: list[str] = []
    train(draft.recipe, run, lambda event: told.append(event.kind))
    assert "epoch" not in told  # nothing is trained again
    assert trial is not None
    weights = "weights.safetensors"
    assert (run.model_folder / weights).read_bytes() == (plain.model_folder / weights).read_bytes()
    assert not (run.folder / "cache" / "ahead").exists()


def test_a_recipe_that_was_edited_since_is_trained_anew(run):
    draft, _ = ahead_of(run)
    keep_ahead(run, draft.recipe, "small")
    edited = replace(draft.recipe, train=replace(draft.recipe.train, learning_rate=1e-3))
    take_up_ahead(run, edited)
    assert not (run.folder / "checkpoint").exists()
    assert not (run.folder / "cache" / "ahead").exists()


def test_the_guard_is_reckoned_with_as_it_works():
    large, small = plan_budget._GUARD_IMAGES_LARGE, plan_budget._GUARD_IMAGES
    assert (large, small) == (guarding._MOST_THROUGH_LARGE, guarding._MOST_IMAGES)
    assert tuple(guarding._MOST_DECODED.values()) == plan_budget._GUARD_DECODED
