"""Two Ray nodes give what one process gives, and lose nothing when workers or nodes are killed."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from functools import partial
from importlib import metadata
from pathlib import Path

import psutil
import pytest
from tests.end_to_end.conftest import draw_classes
from tests.stages.slide_drawing import drawn, save_slide
from tests.stages.test_at_once import content
from tests.stages.test_cross_validation import checked
from tests.stages.test_describe import HOW
from tests.workers.nodes import Nodes, nodes
from tests.workers.test_engines import _die_always, _die_once, _square, _unreadable

from tamiz.core.errors import MachineTrouble, UnreadableItem, WrongUse
from tamiz.core.optional import require
from tamiz.core.recipe import DataOptions
from tamiz.data.run_folder import Run
from tamiz.stages.cross_validation import cross_validate
from tamiz.stages.describe import describe
from tamiz.stages.pipeline import keep_recipe
from tamiz.stages.prepare import PrepareSlides, prepare
from tamiz.stages.split import split
from tamiz.workers import ray_cluster
from tamiz.workers.current import in_order, working_on
from tamiz.workers.registry import Wishes

ROOT = Path(__file__).resolve().parents[2]
# In this order: they share nodes that are added and killed.
pytestmark = [
    pytest.mark.long,
    pytest.mark.cluster,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def cluster(ray_alone: None) -> Iterator[Nodes]:
    """Yield a cluster, at first without a core; tests come in the order in which they stand."""
    folder = Path(tempfile.mkdtemp(prefix="tz", dir="/tmp"))
    with pytest.MonkeyPatch.context() as patched, nodes(folder) as made:
        patched.setenv("RAY_AUTH_MODE", "disabled")
        yield made
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def two(cluster: Nodes) -> Nodes:
    """Return the cluster with two nodes of one core each."""
    cluster.ask("add")
    cluster.ask("add")
    return cluster


@pytest.fixture(scope="module")
def slides(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("slides")
    for n in range(6):
        save_slide(folder / f"{n}.tif", drawn(320, 240, seed=n))
    return folder


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_classes(tmp_path_factory.mktemp("drawn") / "photos", 15)


def _where(_: int) -> str:
    import ray

    time.sleep(0.05)
    return str(ray.get_runtime_context().get_node_id())


def _marked(n: int) -> tuple[int, str]:
    return n, _where(n)


def _large(n: int) -> bytes:
    return bytes([n]) * 3_000_000


def _lacks_extra(_: int) -> None:
    require("no_such_package", extra="export", why="writing a graph")


def test_a_cluster_without_cores_is_one_clear_line(cluster):
    with (
        pytest.raises(WrongUse, match="no machine with a core"),
        working_on("ray", cluster.address),
    ):
        pass


def test_another_version_on_a_worker_is_named(two, monkeypatch):
    def version(name: str) -> str:
        return "9.9" if name == "pillow" else metadata.version(name)

    monkeypatch.setattr(ray_cluster, "version", version)
    with (
        pytest.raises(WrongUse, match=r"127\.0\.0\.1: .* has pillow \d.* here it is 9\.9"),
        working_on("ray", two.address),
    ):
        pass


def test_what_a_worker_lacks_or_raises_is_one_clear_line(two, tmp_path, monkeypatch):
    (tmp_path / "only_here.py").write_text("def work(n):\n    return n\n")
    with working_on("ray", two.address):
        monkeypatch.syspath_prepend(tmp_path)
        module = importlib.import_module("only_here")
        with pytest.raises(WrongUse, match=r"has no package 'only_here'.*same extras"):
            list(in_order(module.work, range(2)))
        with pytest.raises(WrongUse, match=r"lacks something: .*tamiz\[export\]"):
            list(in_order(_lacks_extra, range(2)))
        with pytest.raises(UnreadableItem, match="cut off") as caught:
            list(in_order(_unreadable, range(4)))
        assert (caught.value.where, caught.value.reason) == ("a.png", "cut off")


def test_both_nodes_work_and_results_come_in_order(two):
    with working_on("ray", two.address):
        assert list(in_order(_square, range(30))) == [n * n for n in range(30)]
        assert len(set(in_order(_where, range(20)))) == 2


def test_a_slow_reader_holds_the_work_back_and_the_store_does_not_fill(two):
    asked: list[int] = []

    def parts() -> Iterator[int]:
        for n in range(60):
            asked.append(n)
            yield n

    with working_on("ray", two.address):  # 180 MB in all; each node's store holds 100 MB
        for n, made in enumerate(in_order(_large, parts())):
            assert made == _large(n)
            assert len(asked) <= n + 1 + 2 * 2
            if n < 3:
                time.sleep(0.3)


def test_a_killed_worker_is_replaced_and_loses_nothing(two, tmp_path, capfd):
    with working_on("ray", two.address):
        assert list(in_order(partial(_die_once, tmp_path), range(10))) == [n * n for n in range(10)]
        results = in_order(_die_always, range(6), Wishes(what="convert"))
        assert [next(results) for _ in range(3)] == [0, 1, 4]
        with pytest.raises(MachineTrouble, match="convert: a worker of the cluster was lost"):
            next(results)
    assert (tmp_path / "died").exists()
    assert capfd.readouterr().out == ""  # Ray's remarks would stand among the results


def test_prepare_and_describe_on_two_nodes_give_the_bytes_of_one_process(
    two, slides, photos, tmp_path
):
    made = {}
    for name in ("here", "there"):
        with working_on("ray", two.address) if name == "there" else nullcontext():
            prepare(DataOptions(source=str(slides)), tmp_path / name / "png", PrepareSlides(0.1))
            (tmp_path / name).mkdir(exist_ok=True)
            describe(DataOptions(source=str(photos)), tmp_path / name / "table.parquet", HOW)
        made[name] = {
            str(path.relative_to(tmp_path / name)): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file() and path.name != ".lock"
        }
    assert made["there"] == made["here"]
    assert len(made["here"]) > 6


def test_folds_on_two_nodes_are_those_of_one_process_though_a_worker_is_killed(
    two, photos, tmp_path
):
    recipe, run = checked(photos, tmp_path / "here", train__epochs=6)
    split(recipe, run)
    other = Run(shutil.copytree(run.folder, tmp_path / "there"))
    cross_validate(recipe, run)
    killed: list[int] = []
    is_over = threading.Event()

    def kill_one() -> None:
        while not killed and not is_over.wait(0.01):
            if not any(other.folder.glob("folds/*/checkpoint/state.json")):
                continue
            for lock in list(other.folder.glob("at-work/*/.lock"))[:1]:
                with suppress(OSError, ValueError):  # just gone, or not yet written
                    pid = json.loads(lock.read_text())["pid"]
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)

    killing = threading.Thread(target=kill_one)
    killing.start()
    with working_on("ray", two.address):
        cross_validate(recipe, other)
    is_over.set()
    killing.join()
    assert killed  # in the middle of a fold, or at its very end
    assert content(other.folder) == content(run.folder)


def test_a_killed_node_loses_nothing_and_doubles_nothing(two, slides, tmp_path):
    source = DataOptions(source=str(slides))
    prepare(source, tmp_path / "here", PrepareSlides(0.1))
    with working_on("ray", two.address):
        results = in_order(_marked, range(60), Wishes(what="convert"))
        made = [next(results) for _ in range(10)]
        two.ask("kill")
        made += list(results)
        assert [n for n, _ in made] == list(range(60))
        assert len({node for _, node in made}) == 2
        assert len({node for _, node in made[-20:]}) == 1
        prepare(source, tmp_path / "there", PrepareSlides(0.1))
    assert pictures(tmp_path / "there") == pictures(tmp_path / "here")


def pictures(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.png")}


LOSES_ITS_CLUSTER = """
import sys, time
from tamiz.core.errors import MachineTrouble
from tamiz.core.processes import leave
from tamiz.workers.current import in_order, working_on
from tests.workers.test_ray import _where
try:
    with working_on("ray", sys.argv[1]):
        for n in in_order(_where, range(100_000)):
            print("going", flush=True)
except MachineTrouble as error:
    print(error, flush=True)
    leave(5)
"""


def test_a_cluster_that_goes_away_is_one_clear_line_in_time(two):
    process = subprocess.Popen(
        [sys.executable, "-c", LOSES_ITS_CLUSTER, two.address],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "going\n"
    two.ask("kill all")
    said = [line for line in process.communicate(timeout=60)[0].splitlines() if line != "going"]
    assert process.returncode == 5
    assert len(said) == 1
    assert "the Ray cluster does not answer any more. Start it again" in said[0]


TRAINS_ON_ITS_OWN_RAY = """
import sys
from pathlib import Path
from tamiz.core.recipe import DataOptions
from tamiz.data.run_folder import Run
from tamiz.stages.cross_validation import cross_validate
from tamiz.workers.current import working_on
run = Run(Path(sys.argv[1]))
with run.opened("test"), working_on(sys.argv[2], n_workers=2):
    cross_validate(run.recipe(), run)
"""


@pytest.mark.parametrize("engine", ["processes", "ray"])
def test_when_the_driver_is_killed_its_workers_end_and_the_run_goes_on(engine, photos, tmp_path):
    recipe, run = checked(photos, tmp_path / "run", train__epochs=25)
    split(recipe, run)
    keep_recipe(run, recipe)
    command = [sys.executable, "-c", TRAINS_ON_ITS_OWN_RAY, str(run.folder), engine]
    driver = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "TMPDIR": "/tmp"})  # noqa: S108
    while not any(run.folder.glob("folds/*/checkpoint/state.json")):
        assert driver.poll() is None
        time.sleep(0.1)
    children = psutil.Process(driver.pid).children(recursive=True)
    agents = [one for one in children if "Agent" in one.name()]
    driver.kill()
    driver.wait()
    _, alive = psutil.wait_procs([one for one in children if one not in agents], timeout=20)
    assert alive == []
    psutil.wait_procs(agents, timeout=1)
    for one in agents:  # of Ray; they hold nothing, and would end within a minute
        with suppress(psutil.NoSuchProcess):
            one.kill()
    before = {path: path.stat().st_mtime for path in run.folder.glob("folds/*/done.json")}
    cross_validate(recipe, run)
    assert all(path.stat().st_mtime == at for path, at in before.items())
    assert len(list(run.folder.glob("folds/*/done.json"))) == 3
    for left in Path("/tmp").glob(f"tamiz-ray-{driver.pid}-*"):  # noqa: S108
        shutil.rmtree(left, ignore_errors=True)
