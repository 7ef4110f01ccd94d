"""What stages write is the same bytes wherever the work on the images is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from tests.stages.engine_world import STAGES, do_all, own_key, sources_in

from tamiz.core.language import speaking
from tamiz.core.processes import begin_worker
from tamiz.workers import current
from tamiz.workers.current import working_on
from tamiz.workers.registry import Part, Result, Wishes

Files = dict[str, dict[str, bytes]]


class OnePool:
    """One other process for all stages: to start one for each would take most of the time."""

    def __init__(self) -> None:
        self.n_parts = 0
        self._pool = ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=begin_worker
        )

    def n_hands(self, wishes: Wishes) -> int:
        return 1

    def in_order(
        self, work: Callable[[Part], Result], parts: Iterable[Part], wishes: Wishes
    ) -> Iterator[Result]:
        for part in parts:
            self.n_parts += 1
            yield self._pool.submit(work, part).result()

    def check_paths(self, places: Sequence[Path], out: Path | None) -> None:
        assert all(place.exists() for place in places)
        assert out is None or (out / ".lock").is_file()

    def close(self) -> None:
        self._pool.shutdown()


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sources_in(tmp_path_factory.mktemp("sources"))


@pytest.fixture(scope="module")
def here(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("here")
    with own_key(sources / "key"), speaking("es"):
        return do_all(sources, folder)


@pytest.fixture(scope="module")
def in_process(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Files]:
    engine = OnePool()
    mark = current._current.set(engine)
    with own_key(sources / "key"), speaking("es"):
        yield do_all(sources, tmp_path_factory.mktemp("elsewhere"))
    current._current.reset(mark)
    engine.close()
    assert engine.n_parts >= 15


@pytest.mark.parametrize("stage", STAGES)
def test_another_process_writes_the_same_bytes(stage: str, here: Files, in_process: Files) -> None:
    assert here[stage]
    assert in_process[stage].keys() == here[stage].keys()
    assert {name for name, was in here[stage].items() if in_process[stage][name] != was} == set()


def test_reasons_come_in_the_language_of_the_reader(in_process: Files) -> None:
    assert b"archivo" in in_process["run"]["run/ledger.csv"]


@pytest.fixture(scope="module")
def on_ray(sources: Path, ray_alone: None, tmp_path_factory: pytest.TempPathFactory) -> Files:
    pytest.importorskip("ray")
    folder = tmp_path_factory.mktemp("ray")
    with own_key(sources / "key"), speaking("es"), working_on("ray", n_workers=2):
        return do_all(sources, folder)


@pytest.mark.long
@pytest.mark.cluster
@pytest.mark.parametrize("stage", STAGES)
def test_ray_writes_the_same_bytes(stage: str, here: Files, on_ray: Files) -> None:
    assert on_ray[stage].keys() == here[stage].keys()
    assert {name for name, was in here[stage].items() if on_ray[stage][name] != was} == set()
