from __future__ import annotations

import json
import os

from tests.end_to_end.conftest import draw_classes, tamiz


def test_a_plan_without_a_folder_leaves_nothing_and_names_the_real_command(tmp_path):
    source = draw_classes(tmp_path / "photos", 8)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environment = {**os.environ, "TMPDIR": str(scratch)}
    before = sorted(path.name for path in tmp_path.iterdir())
    done = tamiz("plan", source, "--quiet", "--json", "--epochs", 3, cwd=tmp_path, env=environment)
    report = json.loads(done.stdout)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert not list(scratch.glob("tamiz-plan-*"))
    command = report["summary"][-1]["content"]
    assert command == f"tamiz run {source} --epochs 3 --out runs/photos"
    findings = [one for block in report["summary"] for one in block.get("findings", ())]
    advised = [one["command"] for one in findings if one["command"]]
    assert advised == [f"tamiz run {source} --epochs 3 --folds 5 --out runs/photos"]
