"""A machine that does not see the same files is told at the start, by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tamiz.core.errors import WrongUse
from tamiz.core.files import locked
from tamiz.core.language import speaking
from tamiz.stages.sharing import check_shared
from tamiz.workers.current import check_paths, working_on
from tamiz.workers.shared_paths import check_same, check_seen_once, seen


def test_a_folder_that_is_not_mounted_is_named(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "1.png").write_bytes(b"1")
    places = [tmp_path / "photos", tmp_path / "photos" / "1.png"]
    here = seen(places)
    (tmp_path / "photos" / "1.png").unlink()  # the empty place of a mount
    with pytest.raises(WrongUse, match=r"^node-7: .* does not see '.*1\.png'.*Mount the folder"):
        check_same(here, seen(places), "node-7")


def test_a_folder_of_the_same_name_with_other_files_is_told(tmp_path: Path) -> None:
    place = tmp_path / "1.png"
    place.write_bytes(b"one")
    here = seen([place])
    place.write_bytes(b"two")
    with pytest.raises(WrongUse, match=r"^node-7: .*something else lies at '.*1\.png'"):
        check_same(here, seen([place]), "node-7")


def test_what_is_right_is_asked_once_and_what_is_wrong_each_time(tmp_path: Path) -> None:
    place = tmp_path / "1.png"
    place.write_bytes(b"one")
    here = seen([place])
    check_seen_once(here, "node-7")
    place.unlink()
    check_seen_once(here, "node-7")
    for _ in range(2):
        with speaking("es"), pytest.raises(WrongUse, match="no ve"):
            check_seen_once(here, "node-8")


def test_engines_of_this_machine_see_what_it_sees(tmp_path: Path) -> None:
    for name in ("local", "processes"):
        with working_on(name):
            check_paths([tmp_path / "nowhere"], tmp_path)
            check_shared(tmp_path, ["nowhere.png"], tmp_path)


@pytest.fixture(scope="module")
def on_ray(ray_alone: None) -> Iterator[None]:
    pytest.importorskip("ray")
    with working_on("ray", n_workers=1):
        yield


@pytest.mark.long
@pytest.mark.cluster
@pytest.mark.usefixtures("on_ray")
def test_ray_workers_are_asked_before_the_first_part(tmp_path: Path) -> None:
    (tmp_path / "1.png").write_bytes(b"one")
    with working_on("ray"), locked(tmp_path):
        check_shared(tmp_path, ["1.png", "a.zip!/2.png"], tmp_path)
        # each process has another file there
        with pytest.raises(WrongUse, match=r"lies at '/proc/self/stat'.*Mount the same"):
            check_paths([Path("/proc/self/stat")])
