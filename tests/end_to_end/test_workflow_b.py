"""Workflow B at small size: what its reader is shown, and what is left behind."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

WALK = Path(__file__).resolve().parents[2] / "examples" / "workflows" / "b_course.py"
FIGURE = re.compile(r"\| [\d.]+ % \([\d.]+-[\d.]+\), n = \d+, groups: (\d+)")


@pytest.mark.long
def test_the_course_goes_from_pixels_to_a_network_in_use(tmp_path):
    done = subprocess.run(
        [sys.executable, WALK, "--small", "--out", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    said = " ".join(done.stdout.split())

    assert "114 328 -26 470 158" in said  # the course's numbers
    assert "433,290" in said
    assert "sets of near-identical pictures" in said  # the mistake, from pixels alone
    assert "certain: the same group names" not in said  # they are a suspicion
    assert "Not valid for evaluation: the split leaks, and --allow-leak was given" in said

    n_groups = {
        line.split("|")[1].strip(): int(found[1])
        for line in done.stdout.splitlines()
        if (found := FIGURE.search(line))
    }
    assert len(n_groups) >= 7
    assert n_groups["hands, each on one side"] < n_groups["hands, split by image"]
    assert "| seconds |" in done.stdout
    for run in ("scratch", "tuned"):
        assert (tmp_path / "runs" / run / "report" / "report.html").exists()
        assert (tmp_path / "runs" / run / "model" / "bundle.json").exists()
    assert "new.png" in (tmp_path / "answers.csv").read_text(encoding="utf-8")


def test_the_drawn_frames_of_a_hand_are_alike_and_the_hands_are_not(tmp_path, monkeypatch):
    from PIL import Image

    monkeypatch.syspath_prepend(WALK.parent)
    import_module("draw_hands").draw_hands(tmp_path, 2, 3)
    by_hand: dict[str, list[NDArray[np.float64]]] = {}
    for path in sorted((tmp_path / "fingers").rglob("*.png")):
        hand, shows = path.stem.split("-")[0], path.stem.split("_")[1]
        by_hand.setdefault(f"{hand} {shows}", []).append(np.asarray(Image.open(path), np.float64))
    assert len(by_hand) == 24
    assert {name.split()[1] for name in by_hand} == {
        f"{n}{side}" for n in range(6) for side in "LR"
    }
    frames = list(by_hand.values())
    within = [np.abs(one[0] - one[1]).mean() for one in frames]
    between = [np.abs(one[0] - other[0]).mean() for one, other in pairwise(frames)]
    assert max(within) < min(between)
