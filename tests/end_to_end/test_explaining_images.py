"""From a finished run to maps with a gallery, as a user types it."""

from __future__ import annotations

import csv
import json

import pytest
from tests.end_to_end.conftest import tamiz

from tamiz.data.run_folder import Run

pytestmark = pytest.mark.long


def test_a_finished_run_is_explained_with_its_groups_mistakes_and_like_images(finished, tmp_path):
    source, run = finished
    out = tmp_path / "mapas ñ"
    shown = [source / "striped" / f"{number:03d}.png" for number in range(3)]
    asked = ("explain", run, *shown, "--with", "gradcam,occlusion", "--out", out, "--lang", "es")
    done = tamiz(*asked)
    assert "3 imágenes explicadas" in done.stdout
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "¿Son fieles los mapas?" in page
    assert "las imágenes de entrenamiento que la red encuentra más parecidas" in page
    assert "lo que hace de ella la primera convolución" in page
    assert "errores entre" in page  # none, or the most confident ones
    rows = list(csv.DictReader((out / "maps.csv").read_text(encoding="utf-8").splitlines()))
    assert {(row["path"], row["method"]) for row in rows} == {
        (path.name, method) for path in shown for method in ("gradcam", "occlusion")
    }
    told = json.loads((out / "explain.json").read_text(encoding="utf-8"))
    assert told["check"]["occlusion"]["separation"]["n"] == 3
    assert Run(run).exists
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.npy")}
    tamiz(*asked)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*.npy")} == before
