"""The range test: what it takes from curves of known shape, and that it leaves no trace."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tamiz.engine.lr_range import Sweep, make_range_test, range_test, smooth, steepest, valley
from tamiz.engine.train import train_network

RATES = Sweep().rates()


def bowl(fall_from=1e-4, lowest=3e-2):
    """Return losses: 2.3 up to `fall_from`, straight down to 0.5 at `lowest`, then up."""
    x, start, end = np.log10(RATES), math.log10(fall_from), math.log10(lowest)
    down = 2.3 - 1.8 * np.clip((x - start) / (end - start), 0, 1)
    return down + 6 * np.clip(x - end, 0, None)


def test_rates_grow_by_equal_factors_from_the_lowest_to_the_highest():
    assert len(RATES) == 100
    assert RATES[0] == pytest.approx(1e-7)
    assert RATES[-1] == pytest.approx(10.0)
    assert np.ptp(np.diff(np.log(RATES))) < 1e-9


def test_suggestion_is_a_third_of_the_rate_at_which_the_loss_stops_falling():
    found = make_range_test(RATES, bowl(lowest=3e-2))
    assert found.suggestion == found.by_rule["edge"]
    assert 3e-3 < found.by_rule["edge"] < 1e-2  # smoothing rounds the corner off
    assert 1e-3 < found.by_rule["minimum"] < 3e-3
    assert 1e-5 < found.by_rule["valley"] < 3e-2
    assert 1e-5 < found.by_rule["steepest"] < 3e-2


def test_noise_of_batches_does_not_move_the_suggestion_far():
    rng = np.random.default_rng(0)
    noisy = [
        make_range_test(RATES, bowl() + rng.normal(0, 0.15, 100)).by_rule["edge"] for _ in range(20)
    ]
    assert max(noisy) / min(noisy) < 3


def test_where_the_lowest_loss_lies_on_a_flat_floor_does_not_move_the_suggestion():
    """A rare label's frequency is soon known; then the loss is flat until it explodes."""
    rng = np.random.default_rng(0)
    x = np.log10(RATES)
    floor = 0.93 - 0.62 * np.clip((x + 4.5) / 2, 0, 1) + 4 * np.clip(x - 0.3, 0, None)
    noisy = [make_range_test(RATES, floor + rng.normal(0, 0.012, 100)).by_rule for _ in range(20)]
    suggested = [rules["edge"] for rules in noisy]
    lowest = [rules["minimum"] for rules in noisy]
    assert max(lowest) / min(lowest) > 10
    assert max(suggested) / min(suggested) < 2
    assert min(suggested) > 5e-4


def test_loss_that_never_falls_gives_no_suggestion():
    assert make_range_test(RATES, np.full(100, 2.3)).suggestion is None
    assert make_range_test(RATES, np.linspace(2.3, 9.0, 100)).suggestion is None
    assert make_range_test(RATES[:1], [math.nan]).suggestion is None
    assert make_range_test([], []).suggestion is None


def test_what_comes_after_a_loss_that_is_no_number_is_left_out():
    losses = bowl()
    losses[90] = math.nan
    found = make_range_test(RATES, losses)
    assert len(found.rates) == len(found.smoothed) == 90
    assert found.suggestion is not None


def test_valley_and_steepest_find_the_descent():
    flat_down_flat = np.array([5.0, 5.0, 5.0, 4.0, 3.0, 2.0, 1.0, 1.0, 1.0])
    assert 2 <= valley(flat_down_flat) <= 6
    step = np.array([2.0, 2.0, 2.0, 1.0, 1.0, 1.0])
    assert steepest(np.geomspace(1e-5, 1, 6), step) in {2, 3}


@given(st.lists(st.floats(0.01, 10), min_size=3, max_size=120), st.floats(0.1, 10))
def test_suggestion_does_not_depend_on_the_unit_of_the_loss(losses, unit):
    rates = np.geomspace(1e-6, 1, len(losses))
    one = make_range_test(rates, losses)
    other = make_range_test(rates, np.array(losses) * unit)
    if one.suggestion is not None and other.suggestion is not None:
        assert rates[0] / 3 <= other.suggestion <= rates[-1]
        assert one.suggestion == pytest.approx(other.suggestion)


@given(st.lists(st.floats(0.01, 10), min_size=1, max_size=120))
def test_smoothing_stays_within_the_values(losses):
    made = smooth(np.array(losses))
    assert made.min() >= min(losses) - 1e-9
    assert made.max() <= max(losses) + 1e-9


def test_training_after_the_test_gives_the_same_bytes(make_task, same_bytes):
    task = make_task()
    torch.manual_seed(7)
    before = train_network(task)
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    found = range_test(task, Sweep(n_steps=20))
    assert len(found.rates) > 2
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_num_threads() == threads
    assert same_bytes(before, train_network(task))


def test_range_test_repeats_itself(make_task):
    one, two = (range_test(make_task(), Sweep(n_steps=30)) for _ in range(2))
    assert one.losses.tobytes() == two.losses.tobytes()


@pytest.mark.parametrize("optimiser", ["adamw", "sgd"])
def test_suggested_rate_trains_better_than_one_a_thousand_times_smaller(make_task, optimiser):
    def last_loss(rate):
        task = make_task(epochs=4, learning_rate=rate, optimiser=optimiser, augment=[])
        return train_network(task).history[-1]["train_loss"]

    found = range_test(make_task(optimiser=optimiser, augment=[]))
    assert found.suggestion is not None
    assert last_loss(found.suggestion) < last_loss(found.suggestion / 1000) - 0.1


def test_test_ends_when_the_loss_explodes(make_task):
    found = range_test(make_task(optimiser="sgd", augment=[]), Sweep(1e-3, 1e6, 100))
    assert found.has_exploded
    assert len(found.rates) < 100


def test_of_a_training_in_stages_the_first_part_is_tried(make_task):
    found = range_test(make_task(stages=["head:1", "all:1"]), Sweep(n_steps=12))
    assert (found.part, found.share) == ("head", 1.0)
    assert range_test(make_task(stages=["all:1"]), Sweep(n_steps=3)).share == pytest.approx(0.1)
    assert range_test(make_task(stages=["head:1:1e-3"]), Sweep(n_steps=3)).share is None


def test_batches_are_gathered_as_the_recipe_says(make_task):
    one = range_test(make_task(accumulate=4, batch_size=4, augment=[]), Sweep(n_steps=4))
    assert len(one.losses) == 4
    assert np.isfinite(one.losses).all()


def test_a_loss_that_never_rises_again_names_no_edge_and_the_steepest_fall_is_suggested():
    rates = np.geomspace(1e-7, 10, 100)
    losses = 1.1 / (1 + (rates / 1e-3) ** 2)
    found = make_range_test(rates, losses)
    assert set(found.by_rule) == {"valley", "steepest"}
    assert found.suggestion == found.by_rule["steepest"]
    assert 1e-4 < found.suggestion < 1e-2


def test_a_head_without_steps_has_no_rate_to_try(make_task):
    from dataclasses import replace

    from tamiz.core.errors import WrongUse
    from tamiz.core.recipe import ModelOptions

    model = ModelOptions("test_resnet", {"head": "knn"}, "none")
    with pytest.raises(WrongUse, match="no learning rate"):
        range_test(replace(make_task(stages=["head:1"]), model=model))
