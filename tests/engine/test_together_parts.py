"""Who works on which rows; who is who; and what is said where several cannot train together."""

from __future__ import annotations

import logging
import os
import signal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.distributed.elastic.multiprocessing.api import SignalException
from torch.distributed.elastic.multiprocessing.errors import ChildFailedError, ProcessFailure

from tamiz.core import places
from tamiz.core.errors import MachineTrouble, WrongUse
from tamiz.core.places import Place, leave_place, place, place_in, take_place
from tamiz.engine.augment.pipeline import Pipeline
from tamiz.engine.feed import Feed
from tamiz.engine.loader import Loader
from tamiz.engine.loop import _dealt
from tamiz.engine.prepared import Preparation
from tamiz.engine.shelf import Shelf
from tamiz.engine.together import launching
from tamiz.engine.together import leading as together_leading
from tamiz.engine.together.images import share_images
from tamiz.engine.together.launching import launch
from tamiz.engine.together.leading import Meeting, device_of, tell_idle
from tamiz.engine.together.slices import part_of, refuse_too_few
from tamiz.engine.together.team import ALONE, Team, _buckets
from tamiz.stages.together import is_to_be_started, leading, say_code

TORCHRUN = {"RANK": "1", "WORLD_SIZE": "4", "MASTER_ADDR": "10.0.0.1", "MASTER_PORT": "29500"}


@pytest.fixture
def second_of_four(monkeypatch):
    for name, value in TORCHRUN.items():
        monkeypatch.setenv(name, value)
    yield take_place()
    leave_place()


@given(n=st.integers(1, 500), n_ranks=st.integers(1, 64))
def test_one_after_the_other_the_parts_are_the_batch(n, n_ranks):
    rows = np.arange(n)
    parts = [part_of(n, rank, n_ranks) for rank in range(n_ranks)]
    assert np.concatenate([part.of(rows) for part in parts]).tolist() == rows.tolist()
    sizes = [len(part.of(rows)) for part in parts]
    assert max(sizes) - min(sizes) <= 1
    assert sum(part.share for part in parts) == pytest.approx(1)


@given(n=st.integers(0, 300), n_ranks=st.integers(1, 9))
def test_what_is_dealt_out_comes_back_in_its_order_each_once(n, n_ranks):
    cards = list(range(n))
    assert _dealt([cards[rank::n_ranks] for rank in range(n_ranks)]) == cards


@given(sizes=st.lists(st.integers(1, 3 * 2**21), max_size=6))
def test_every_gradient_travels_once(sizes):
    tensors = [torch.empty(size, device="meta") for size in sizes]
    sent = [id(one) for lot in _buckets(tensors) for one in lot]
    assert sent == [id(one) for one in reversed(tensors)]


@pytest.mark.parametrize("augment", [[], [{"name": "shift"}], [{"name": "mixup"}]])
def test_the_batches_of_all_processes_are_those_of_one(make_task, augment):
    task = make_task(batch_size=7, augment=augment, n_train=43)
    how = (task.rows, task.train, Pipeline(augment), torch.device("cpu"))
    whole = list(Feed(*how).batches(1, first=2))
    shared = [list(Feed(*how, Team(rank, 3)).batches(1, first=2)) for rank in range(3)]
    for number, batch in enumerate(whole):
        parts = [batches[number] for batches in shared]
        assert torch.equal(torch.cat([one.images for one in parts]), batch.images)
        assert torch.equal(torch.cat([one.targets for one in parts]), batch.targets)
        assert sum(one.part.share for one in parts) == pytest.approx(1)


def test_a_batch_smaller_than_the_team_is_refused(make_task):
    task = make_task(batch_size=2)
    with pytest.raises(WrongUse, match="batches of 2 images leave some of the 3 processes"):
        Feed(task.rows, task.train, Pipeline([]), torch.device("cpu"), Team(0, 3))
    refuse_too_few(9, 3, 3)


def test_torchrun_says_who_is_who():
    assert place_in(TORCHRUN) == Place(1, 4, 1, 4)
    assert place_in({**TORCHRUN, "LOCAL_RANK": "0", "LOCAL_WORLD_SIZE": "2"}) == Place(1, 4, 0, 2)


@pytest.mark.parametrize(
    "change", [{"RANK": ""}, {"WORLD_SIZE": "1"}, {"RANK": "x"}, {"RANK": "9"}, {"MASTER_ADDR": ""}]
)
def test_without_a_word_of_torchrun_a_process_is_alone(change):
    assert place_in({**TORCHRUN, **change}) == Place()


def test_only_the_command_line_takes_its_place(second_of_four, monkeypatch):
    assert place() == second_of_four
    monkeypatch.setattr(places, "_taken", [])  # as in a process that this one starts
    assert place() == Place()
    assert together_leading.meeting() is None


def test_alone_everything_is_said_by_oneself():
    assert ALONE.from_first(lambda: 5) == 5
    assert ALONE.gathered("a") == ["a"]
    assert ALONE.summed(torch.ones(2)).tolist() == [1, 1]
    ALONE.share_random()
    ALONE.meet()


def test_each_process_takes_the_gpu_of_its_number(monkeypatch):
    spot = Place(3, 4, 1, 2)
    assert device_of("cpu", spot).type == "cpu"
    with pytest.raises(WrongUse, match="cannot share one named GPU"):
        device_of("cuda:0", spot)
    monkeypatch.setattr(together_leading, "pick_device", lambda _: torch.device("cuda"))
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert device_of("auto", spot) == torch.device("cuda", 1)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(WrongUse, match=r"2 processes on a machine with 1 GPU\."):
        device_of("auto", spot)


def make_reader() -> Any:
    raise AssertionError("nothing is to be read")


def test_images_decoded_when_asked_for_are_sent_as_their_names(monkeypatch):
    how = Preparation((4, 4, 1), workers=8)
    team = Team(1, 4, 4)
    for kind, make in (
        (Loader, Loader([("a.png", 0)], make_reader, (), how)),
        (Shelf, Shelf([("a.png", 0)], make_reader, (), how, lambda _: None)),
    ):
        light = make.shared_by(team.n_local)
        assert len(light) == 1
        monkeypatch.setattr(Team, "from_first", lambda *_, sent=light: SimpleNamespace(rest=sent))
        assert isinstance(share_images(team, None), kind)
    assert (
        Loader([], make_reader, (), Preparation((4, 4, 1), workers=0)).shared_by(4)._n_workers == 0
    )


def test_images_of_another_kind_are_refused():
    with pytest.raises(WrongUse, match="cannot be shared by several processes"):
        share_images(ALONE, object())  # type: ignore[arg-type]


def test_processes_that_do_not_find_each_other_say_so(second_of_four, monkeypatch):
    def unreachable(*_: object, **__: object) -> Any:
        raise RuntimeError("no route to host")

    monkeypatch.setattr(together_leading, "rendezvous", unreachable)
    with pytest.raises(MachineTrouble, match="do not find each other"):
        Meeting(second_of_four)


def test_idle_processes_are_named_once(second_of_four):
    told: list[Any] = []
    tell_idle(told.append)
    assert "the others of 4 have nothing to do" in str(told[0].text)
    leave_place()
    tell_idle(told.append)
    assert len(told) == 1


def test_torchrun_and_the_option_must_agree(second_of_four):
    assert not is_to_be_started(4)
    with pytest.raises(WrongUse, match="2 processes are asked for, and torchrun started 4"):
        is_to_be_started(2)
    leave_place()
    assert is_to_be_started(2)
    assert not is_to_be_started(1)
    with leading():
        say_code(3)  # alone: nobody to tell


class _Agent:
    """Stands for torchrun: ends as it is told."""

    def __init__(self, error: Exception, code: int | None) -> None:
        self.error, self.code = error, code

    def __call__(self, *_: object) -> Any:
        def run(*_: object) -> None:
            if self.code is not None:
                Path(os.environ[places.SAID_IN]).write_text(str(self.code))
            raise self.error

        return run


def failed(code: int) -> Exception:
    failure = ProcessFailure(1, 7, code, "")
    return ChildFailedError("tamiz", {1: failure})


@pytest.fixture
def agent(monkeypatch):
    monkeypatch.setenv(places.SAID_IN, "")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(logging, "disable", lambda _: None)

    def make(error: Exception, code: int | None = None) -> None:
        monkeypatch.setattr(launching, "elastic_launch", _Agent(error, code))

    return make


def test_the_code_of_the_first_process_is_that_of_the_command(agent):
    agent(failed(1), 3)
    assert launch(["train"], 2) == 3
    agent(SignalException("", signal.SIGINT), 130)
    assert launch(["train"], 2) == 130
    agent(SignalException("", signal.SIGTERM))
    assert launch(["train"], 2) == 143


def test_where_the_first_process_cannot_say_it_any_more_it_is_said_here(agent):
    agent(failed(-9))
    with pytest.raises(MachineTrouble, match="SIGKILL"):
        launch(["train"], 2)
    agent(failed(5))
    with pytest.raises(MachineTrouble, match="process 1 of 2 ended"):
        launch(["train"], 2)
    agent(RuntimeError("port in use"))
    with pytest.raises(MachineTrouble, match="port in use"):
        launch(["train"], 2)
