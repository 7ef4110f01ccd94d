"""Engines: the same work gives the same results in order, whatever does it and whatever dies."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from functools import partial
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamiz.core.errors import MachineTrouble, UnreadableItem, WrongData, WrongUse
from tamiz.workers.current import current, in_order, is_elsewhere, working_on
from tamiz.workers.local import Local, Processes
from tamiz.workers.registry import Place, Wishes


def _square(n: int) -> int:
    return n * n


def _die_once(folder: Path, n: int) -> int:
    """Kill this process the first time that part 3 is worked on."""
    mark = folder / "died"
    if n == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return n * n


def _die_always(n: int) -> int:
    if n == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return n * n


def _unreadable(n: int) -> int:
    if n == 2:
        raise UnreadableItem("a.png", "cut off")
    return n


@given(st.lists(st.integers(), max_size=40), st.integers(1, 4))
@settings(max_examples=30, deadline=None)
def test_threads_give_what_a_loop_gives(parts: list[int], n: int) -> None:
    made = list(Local(Place("", n)).in_order(_square, parts, Wishes()))
    assert made == [one * one for one in parts]


def test_without_a_choice_work_stays_in_this_process() -> None:
    pids = set(in_order(lambda _: os.getpid(), range(8)))
    assert pids == {os.getpid()}
    assert not is_elsewhere()


def test_an_engine_is_in_force_within_its_context_only() -> None:
    with working_on("processes", n_workers=2) as engine:
        assert current() is engine
        assert is_elsewhere()
        assert list(in_order(_square, range(10))) == [n * n for n in range(10)]
    assert not is_elsewhere()


def test_work_that_holds_the_lock_goes_to_processes() -> None:
    wishes = Wishes(n_threads=2, holds_lock=True)
    pids = list(Local().in_order(_pid, range(4), wishes))
    assert os.getpid() not in pids


def _pid(_: int) -> int:
    return os.getpid()


def test_parts_are_asked_for_as_they_are_worked_on() -> None:
    asked = []

    def parts() -> Iterator[int]:
        for n in range(100):
            asked.append(n)
            yield n

    results = Local(Place("", 2)).in_order(_square, parts(), Wishes())
    assert next(results) == 0
    assert len(asked) <= 6


def test_a_killed_worker_is_replaced_and_loses_nothing(tmp_path: Path) -> None:
    with working_on("processes", n_workers=2):
        made = list(in_order(partial(_die_once, tmp_path), range(10)))
    assert made == [n * n for n in range(10)]
    assert (tmp_path / "died").exists()


def test_a_part_that_kills_every_worker_is_named() -> None:
    results = None
    with working_on("processes", n_workers=2):
        results = in_order(_die_always, range(6), Wishes(what="convert"))
        assert [next(results) for _ in range(3)] == [0, 1, 4]
        with pytest.raises(MachineTrouble, match=r"convert: worker processes died 3 times .* 4"):
            next(results)


def test_what_the_work_raises_is_raised_here_as_it_was() -> None:
    with working_on("processes", n_workers=1):
        results = in_order(_unreadable, range(4))
        assert [next(results), next(results)] == [0, 1]
        with pytest.raises(UnreadableItem, match="cut off") as caught:
            next(results)
    assert (caught.value.where, caught.value.reason) == ("a.png", "cut off")


def test_errors_keep_their_words_across_processes() -> None:
    for error in (
        UnreadableItem("a.png", "cut off"),
        WrongData("what", where="where", fix="fix", details=("one",)),
    ):
        again = ForkingPickler.loads(ForkingPickler.dumps(error))
        assert (str(again), type(again), again.details) == (str(error), type(error), error.details)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": "rya"}, "no engine called 'rya'; did you mean 'ray'"),
        ({"address": "auto"}, "--address: the engine 'local' has no address.*--engine ray"),
        ({"n_workers": -1}, "--workers: -1 is no number of workers.*Give 0"),
    ],
)
def test_a_wrong_choice_is_one_clear_line(values: dict[str, object], words: str) -> None:
    with pytest.raises(WrongUse, match=words), working_on(**values):  # type: ignore[arg-type]
        pass


def test_an_address_where_nothing_listens_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with (
        pytest.raises(WrongUse, match=r"no Ray cluster answers there.*ray start --head"),
        working_on("ray", f"127.0.0.1:{port}"),
    ):
        pass


def _save_when_stopped(folder: Path, n: int) -> int:
    try:
        (folder / f"began-{n}").touch()
        time.sleep(60)
    except KeyboardInterrupt:
        (folder / f"saved-{n}").touch()
        raise
    return n


def test_workers_of_a_stopped_command_stop_as_by_ctrl_c_and_are_waited_for(tmp_path: Path) -> None:
    with working_on("processes", n_workers=2) as engine:
        results = engine.in_order(partial(_save_when_stopped, tmp_path), range(4), Wishes())
        threading.Thread(target=_interrupt_when_begun, args=(tmp_path,), daemon=True).start()
        with pytest.raises(KeyboardInterrupt):
            next(results)
    assert {path.name for path in tmp_path.glob("saved-*")} == {"saved-0", "saved-1"}


def _interrupt_when_begun(folder: Path) -> None:
    while len(list(folder.glob("began-*"))) < 2:
        time.sleep(0.02)
    os.kill(os.getpid(), signal.SIGINT)


def test_each_process_has_one_gpu_for_itself() -> None:
    wishes = Wishes(needs_gpu=True, gpus=("4", "7"))
    engine = Processes(Place("", 5))
    assert engine.n_hands(wishes) == 2
    assert set(engine.in_order(_own_gpu, range(6), wishes)) <= {"4", "7"}


def _own_gpu(_: int) -> str:
    return os.environ["CUDA_VISIBLE_DEVICES"]
