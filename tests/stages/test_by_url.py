"""Every command that reads images takes them by URL, and names the URL in what it writes."""

from __future__ import annotations

from pathlib import Path

import fsspec
import numpy as np
import pytest
from tests.stages.slide_drawing import drawn, save_slide

from tamiz.cli.main import main
from tamiz.testing.dicoms import dicom
from tamiz.testing.sources import class_files, tar_bytes

pytestmark = pytest.mark.long

SMALL = ("--model", "softmax", "--set", "train.epochs=1", "--set", "prepare.size_px=8")


@pytest.fixture
def memory(monkeypatch, tmp_path):
    monkeypatch.setenv("TAMIZ_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TAMIZ_LOOKS", str(tmp_path / "looks"))
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield system
    system.store.clear()


def put(system, top: str, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        system.pipe_file(f"/{top}/{name}", content)


def call(*words: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    return int(left.value.code or 0)


def test_a_model_is_made_asked_explained_and_taught_by_url(memory, tmp_path):
    put(memory, "pets", class_files(n_each=10))
    put(memory, "other", class_files(n_each=3, first_seed=50))
    run = tmp_path / "run"
    assert call("train", "memory://pets", "--out", run, *SMALL) == 0
    for path in run.rglob("*"):
        if path.is_file():
            memory.pipe_file(f"/runs/{path.relative_to(run).as_posix()}", path.read_bytes())
    assert call("evaluate", run, "--data", "memory://other", "--name", "other") == 0
    asked = ("memory://runs", "memory://other")
    assert call("predict", *asked, "--csv", tmp_path / "a.csv") == 0
    assert call("explain", *asked, "--with", "occlusion", "--out", tmp_path / "heat") == 0
    weights = "memory://runs/model/weights.safetensors"
    again = tmp_path / "again"
    assert call("train", "memory://pets", "--out", again, "--weights", weights, *SMALL) == 0
    assert f'weights = "{weights}"' in (again / "recipe.toml").read_text()
    pupil = tmp_path / "pupil"
    assert call("distil", "memory://runs", "memory://pets", "--out", pupil, *SMALL) == 0
    assert 'teacher = "memory://runs"' in (pupil / "recipe.toml").read_text()


def test_slides_dicom_and_shards_are_worked_on_by_url(memory, tmp_path):
    save_slide(tmp_path / "s.tif", drawn(512, 512))
    put(memory, "slides", {"a b.tif": (tmp_path / "s.tif").read_bytes()})
    values = np.arange(64, dtype=np.uint16).reshape(8, 8)
    put(memory, "scans", {"st/1.dcm": dicom(values)})
    shards = {
        f"{number:03d}.tar": tar_bytes(
            {name.replace("/", "_"): content for name, content in class_files().items()}
            | {f"{label}_{at}.cls": label.encode() for label in ("cat", "dog") for at in range(3)}
        )
        for number in range(3)
    }
    put(memory, "wds", shards)
    for words in (
        ("tiles", "memory://slides", "--size", 64),
        ("prepare", "memory://slides", "--scale", "0.1"),
        ("convert", "memory://scans"),
        ("convert", "memory://scans", "--to", "dicom"),
        ("index", "memory://wds/{001..002}.tar"),
    ):
        assert call(*words, "--out", tmp_path / "-".join(map(str, words)).replace("/", "")) == 0
    table = tmp_path / "d.parquet"
    asked = ("memory://wds/{001..002}.tar", "--with", "colour-histogram", "--out", table)
    assert call("describe", *asked) == 0
    import polars as pl

    assert pl.read_parquet(table)["path"][0] == "001.tar!/cat_0.png"
    assert not (
        Path(tmp_path) / "cache" / "sources-by-url" / "memory:" / "wds" / "000.tar"
    ).exists()
