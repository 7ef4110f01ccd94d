from __future__ import annotations

import json

import pytest
from tests.end_to_end.conftest import FAST, draw_classes, tamiz

from tamiz.data.run_folder import Run

pytestmark = pytest.mark.slow


@pytest.fixture
def spanish_table(tmp_path):
    """Return a Latin-1 table with ';' in which three images belong to each patient."""
    source = draw_classes(tmp_path / "imágenes", 45)
    lines = ["id;diagnóstico;paciente;año"]
    for path in sorted(source.rglob("*.png")):
        patient = f"{path.parent.name[0]}{int(path.stem) // 3:03d}"
        lines.append(f"{path.parent.name}/{path.stem};{path.parent.name};{patient};2021")
    lines.append("bright/gone;bright;b999;2021")
    table = tmp_path / "tabla.csv"
    table.write_bytes("\n".join(lines).encode("latin-1"))
    return table, source


@pytest.mark.long
def test_a_table_with_patients_gives_intervals_over_patients(tmp_path, spanish_table):
    table, source = spanish_table
    arguments = (
        "run", table, "--root", source, "--path", "{id}.png", "--label", "diagnóstico",
        "--group", "paciente", "--out", tmp_path / "run", *FAST,
    )  # fmt: skip
    refused = tamiz(*arguments, check=False)
    assert refused.returncode == 3
    assert "gone" in refused.stderr
    assert "137" in refused.stderr  # the line of the table
    tamiz(*arguments, "--missing-files", "leave-out")
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    accuracy = metrics["test"]["accuracy"]
    assert accuracy["n"] == 3 * accuracy["n_groups"]
    manifest = Run(tmp_path / "run").manifest()
    sides: dict[str, set[str]] = {}
    for group, split in manifest.rows("group", "split"):
        sides.setdefault(group, set()).add(split)
    assert all(len(found) == 1 for found in sides.values())


@pytest.mark.long
def test_a_zip_is_read_without_unpacking_and_gives_the_figures_of_the_folder(tmp_path):
    import shutil

    source = draw_classes(tmp_path / "photos", 30)
    shutil.make_archive(str(tmp_path / "photos"), "zip", source)
    tamiz("run", source, "--out", tmp_path / "a", *FAST)
    tamiz("run", tmp_path / "photos.zip", "--out", tmp_path / "b", *FAST)
    before = {path.name for path in tmp_path.iterdir()}
    assert before == {"photos", "photos.zip", "a", "b"}
    found = [json.loads((tmp_path / run / "ledger.json").read_text())["found"] for run in "ab"]
    assert found == [90, 90]
    metrics = [json.loads((tmp_path / run / "metrics.json").read_text()) for run in "ab"]
    assert metrics[0]["test"]["accuracy"]["value"] > 0.9
    assert metrics[1]["test"]["accuracy"]["value"] > 0.9
