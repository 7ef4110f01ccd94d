"""`cost`: truth known by construction; sums, intervals, lines, words and errors."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.cli.main import main
from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.events import ignore
from tamiz.data.report import Findings
from tamiz.stages.cost import CostOptions, cost, long_text, short_text, size_text
from tamiz.stages.costing import measuring as cost_measuring
from tamiz.stages.costing.measuring import Measuring, measure_kind
from tamiz.stages.costing.model import (
    KINDS,
    STAGES,
    Job,
    KindRates,
    Line,
    Rate,
    Rates,
    count_of,
    reckon,
    together,
)


def rate(value, half=0.0, n=9):
    """Return a rate with an interval of this half-width."""
    return Rate(value, value - half, value + half, n)


@pytest.fixture
def known():
    """Return rates of round numbers."""
    seconds = {name: rate(1.0) for name in (*STAGES["images"], "describe") if name != "split"}
    seconds["train"] = rate(2.0, 0.5)
    pictures = KindRates(seconds, rate(1000), rate(100), rate(1), rate(1))
    slides = KindRates(
        {name: rate(10.0) for name in STAGES["slides"]},
        rate(10**9),
        rate(10**6),
        rate(100),
        rate(50),
        {"prepare": Line(2.0, 0.5, 0.1, 5), "tiles": Line(1.0, 0.0, None, 2)},
    )
    rows = {"split_s": rate(0.5), "disk_bytes": rate(10), "memory_bytes": rate(100)}
    kinds = {"images": pictures, "slides": slides}
    return Rates(kinds, rows, 0.0, "small", 32, {"processor": "p", "date": "d"})


def test_seconds_are_a_rate_times_a_number(known):
    found = reckon(known, Job({"images": 100}, epochs=3), "images")
    assert found.seconds["check"].value == 100
    assert found.seconds["train"].value == 600
    assert (found.seconds["train"].low, found.seconds["train"].high) == (450, 750)
    assert found.seconds["split"].value == 50
    assert found.total.value == 5 * 100 + 600 + 50
    assert found.dominant == ("train", 600 / 1150)
    assert found.widest == "train"
    assert {name: one.value for name, one in found.storage.items()} == {
        "source": 10**5, "cache": 10**4, "manifest": 1000,
    }  # fmt: skip


def test_more_images_than_explore_looks_at_cost_no_more_there(known):
    found = reckon(known, Job({"images": 10**6}), "images")
    assert found.seconds["explore"].value == 200_000
    assert found.seconds["check"].value == 10**6


def test_describing_is_told_beside_and_in_no_total(known):
    found = reckon(known, Job({"images": 100}, epochs=0), "images")
    assert found.seconds["describe"].value == 100
    assert found.total.value == 5 * 100 + 50


def test_the_start_of_a_process_comes_once_for_each_stage(known):
    slow = replace(known, start_s=7.0)
    found = reckon(slow, Job({"images": 100}), "images")
    assert found.seconds["check"].value == 107
    n_stages = len(STAGES["images"])
    plain = reckon(known, Job({"images": 100}), "images")
    assert found.total.value == pytest.approx(plain.total.value + 7 * n_stages)


def test_larger_slides_cost_by_their_area(known):
    found = reckon(known, Job({"slides": 10}, gigapixels=1.0), "slides")
    assert found.seconds["prepare"].value == pytest.approx(10 * (2.0 + 0.5 * 1000))
    assert found.seconds["prepare"].high == pytest.approx(10 * (2.0 + 0.6 * 1000))
    assert found.seconds["index"].value == 100
    assert found.storage["source"].value == pytest.approx(10 * 10**10)
    assert found.storage["manifest"].value == pytest.approx(10 * 500 * 10)
    assert found.total.high is None  # 'tiles' has no interval, so the whole has none


def test_a_kind_without_rates_is_refused(known):
    with pytest.raises(WrongUse, match="no rates for slices") as told:
        reckon(known, Job({"slices": 1}), "slices")
    assert "SOURCE" in str(told.value)


@given(st.lists(st.floats(0.1, 10), min_size=3, max_size=8))
def test_the_interval_of_a_mean_holds_it_and_half_widths_add_as_squares(values):
    one = Rate.of(values)
    assert one.low is not None
    assert one.high is not None
    assert 0 <= one.low <= one.value <= one.high
    both = together([one, one.times(2)])
    assert both.value == pytest.approx(3 * one.value)
    assert both.high == pytest.approx(both.value + np.sqrt(5) * (one.high - one.value))


def test_two_measurements_have_no_interval():
    assert Rate.of([1.0, 3.0]) == Rate(2.0, None, None, 2)


@given(st.floats(0.01, 5), st.floats(0.001, 2))
def test_a_line_through_slides_of_several_sizes_is_found(fixed, slope):
    sizes = np.array([10.0, 40.0, 90.0, 200.0])
    line = Line.through(sizes.tolist(), (fixed + slope * sizes).tolist())
    assert line.at(1000).value == pytest.approx(fixed + 1000 * slope, rel=1e-6)
    assert line.slope_half == pytest.approx(0, abs=1e-6)


def test_slides_of_one_size_cost_in_proportion():
    line = Line.through([10.0, 11.0, 12.0], [1.0, 1.2, 1.1])
    assert (line.fixed, line.n) == (0.0, 3)
    assert line.slope == pytest.approx(3.3 / 33)
    assert Line.through([1.0, 100.0, 200.0], [9.0, 1.0, 2.0]).slope >= 0


@pytest.mark.parametrize(
    ("words", "n"), [("1000", 1000), ("300k", 300_000), ("100M", 10**8), ("1.5 k", 1500)]
)
def test_counts_are_read_with_their_unit(words, n):
    assert count_of(words, "--images") == n


@pytest.mark.parametrize("words", ["", "many", "-3", "0", "3T", "9999999M"])
def test_a_count_that_is_none_is_told(words):
    with pytest.raises(WrongUse, match="is no number of items") as told:
        count_of(words, "--images")
    assert "100M" in str(told.value)


def test_a_value_out_of_its_limits_is_told():
    with pytest.raises(WrongUse, match="--workers: 0 is out of its limits"):
        cost(None, CostOptions({"images": "10"}, Job({}, workers=0)))


def test_the_package_has_rates_of_every_kind_and_says_where_from():
    rates = Rates.load()
    assert set(rates.kinds) == set(KINDS)
    for kind, one in rates.kinds.items():
        assert set(STAGES[kind]) - {"split"} <= one.seconds.keys()
        assert all(found.n >= 3 and found.value > 0 for found in one.seconds.values())
    assert rates.machine["processor"]
    assert rates.machine["date"]


def test_rates_survive_the_way_through_json(tmp_path):
    path = tmp_path / "rates.json"
    path.write_text(json.dumps(Rates.load().to_table()))
    assert Rates.load(path) == Rates.load()


def test_the_three_jobs_are_told_with_hours_bytes_euros_and_limits(capsys):
    line = "cost --images 100M --slices 300k --slides 1000 --workers 64 --euros-per-hour 0.4"
    with pytest.raises(SystemExit) as left:
        main([*line.split(), "--euros-per-gib", "0.02", "--json"])
    assert left.value.code == 0
    told = json.loads(capsys.readouterr().out)["values"]["cost"]["kinds"]
    assert set(told) == set(KINDS)
    assert told["images"]["n"] == 10**8
    assert told["images"]["total"]["low"] < told["images"]["total"]["high"]
    hours = told["slides"]["total"]["value"] / 3600
    assert told["slides"]["euros"] == pytest.approx(0.4 * hours)


def test_what_no_machine_holds_is_told_with_the_way_around():
    report = cost(None, CostOptions({"images": "100000M"}))
    found = next(block for block in report.summary if isinstance(block, Findings))
    words = [str(one.what) for one in found.findings]
    assert any("GiB of memory" in one for one in words)
    assert any("single files" in one for one in words)
    assert "tar" in str(found.findings[1].advice)


def test_nothing_asked_two_kinds_and_another_network_are_told(tmp_path):
    with pytest.raises(WrongUse, match="nothing says how many"):
        cost(None, CostOptions())
    with pytest.raises(WrongUse, match="one kind of item, and 2"):
        cost(str(tmp_path), CostOptions({"images": "1", "slides": "1"}))
    with pytest.raises(WrongUse, match="rates of the network"):
        cost(None, CostOptions({"images": "1"}, model="small"))


@pytest.fixture
def photos(tmp_path):
    """Return a folder of twelve small photos and a file that is none."""
    rng = np.random.default_rng(0)
    folder = tmp_path / "photos" / "cat"
    folder.mkdir(parents=True)
    for number in range(12):
        pixels = rng.integers(0, 256, (40, 60, 3), dtype=np.uint8)
        PIL.Image.fromarray(pixels).save(folder / f"{number}.png")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    return folder.parent


def test_a_sample_of_own_files_is_measured(photos, monkeypatch):
    monkeypatch.setattr(cost_measuring, "step_rates", lambda _how: (rate(0.1), rate(0.01)))
    how = Measuring(600.0, "small", 32)  # all twelve, however slow the machine is
    made, n = measure_kind(str(photos), "images", how, ignore)
    assert n == 13
    assert made.source_bytes.n == 12
    assert made.megapixels.value == pytest.approx(0.0024)
    assert made.cache_bytes.value == 3 * 32 * 32
    assert set(made.seconds) == {*STAGES["images"], "describe"} - {"split"}
    assert made.seconds["predict"].value == pytest.approx(made.seconds["prepare"].value + 0.01)
    report = cost(str(photos), CostOptions({}, seconds=0.0))
    assert report.values["cost"]["kinds"]["images"]["n"] == 13


def test_files_that_cannot_be_read_are_told(tmp_path):
    (tmp_path / "cat").mkdir()
    for number in range(3):
        (tmp_path / "cat" / f"{number}.png").write_bytes(b"no picture")
    with pytest.raises(WrongData, match="none of 3 files"):
        measure_kind(str(tmp_path), "images", Measuring(0.1), ignore)


@pytest.mark.long
def test_steps_of_a_network_are_timed():
    training, forward = cost_measuring.step_rates(Measuring(0.1, "small", 32))
    assert training.n == forward.n == 3
    assert training.value > 0
    assert forward.value > 0


@pytest.mark.long
@pytest.mark.shared_data
def test_real_slides_are_measured(shared_data):
    made, n = measure_kind(str(shared_data / "slides" / "whole"), "slides", Measuring(1.0), ignore)
    assert n >= made.source_bytes.n >= 3
    assert made.megapixels.value > 1
    assert made.tiles.value > 1
    assert set(made.of_area) == {"prepare", "tiles", "describe"}


def test_lengths_and_sizes_are_told_in_fitting_units():
    assert [long_text(one) for one in (0.002, 3.0, 300, 9000, 10**6, 10**9)] == [
        "2 ms", "3 s", "5.0 min", "2.5 h", "11.6 d", "31.7 years",
    ]  # fmt: skip
    assert [short_text(one) for one in (2.0, 0.0032, 4e-6)] == ["2 s", "3.2 ms", "4 µs"]
    assert [size_text(one) for one in (10, 2048, 3 * 2**40)] == ["10 B", "2.0 KiB", "3.0 TiB"]
