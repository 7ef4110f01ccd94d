"""Planted shortcuts are flagged, shuffled labels are not.

    .venv/bin/python benchmarks/bench_shortcuts.py [--seeds 100] [--images 1000]

On real images (chest radiographs and hand signs, two classes): a bright square in a corner of
nine in ten pictures of one class; a centre that agrees with the label in 80 % of cases. And the
control: labels dealt out anew between patients, so that nothing can be told from anything; all
probes together must stay silent in at least 95 of 100 seeds. Targets: flagged at p < 0.01
(corrected), control silent in >= 95 %. Writes benchmarks/results/bench_shortcuts.json.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

import numpy as np

from tamiz.checks.measures import measure_all
from tamiz.core.recipe import DataOptions
from tamiz.data.evidence import Evidence, Pairs
from tamiz.data.sketches import FIGURES, Sketches
from tamiz.formats.reader import Reader, policy_from
from tamiz.inputs.find import find
from tamiz.metrics.intervals import wilson
from tamiz.probes.report_blocks import audit_sections

RESULTS = Path(__file__).parent / "results"
SHARED = Path(
    os.environ.get("TAMIZ_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")
)
SETS = {
    "chest_xray": {"group_from_name": r"(person\d+|(?:NORMAL2-)?IM-\d+)"},
    "sign_digits": {},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--images", type=int, default=1000)
    asked = parser.parse_args()
    if not SHARED.is_dir():
        sys.exit("the shared data are not there: nothing to measure on")
    made: dict[str, object] = {}
    for name, options in SETS.items():
        evidence = evidence_of(name, options, asked.images)
        silent = [flagged(shuffled(evidence, seed)) for seed in range(asked.seeds)]
        n_silent = sum(not one for one in silent)
        started = time.perf_counter()
        as_it_is = probes(evidence)
        made[name] = {
            "images": len(evidence.manifest),
            "seconds_for_all_probes": round(time.perf_counter() - started, 1),
            "as_it_is": as_it_is,
            "marker_in_a_corner": probes(marked(shuffled(evidence, 1))),
            "centre_agrees_in_80_percent": probes(with_centre(shuffled(evidence, 2))),
            "control": {
                "silent": n_silent,
                "of": asked.seeds,
                "interval": wilson(n_silent, asked.seeds),
                "flagged": [one for one in silent if one],
            },
        }
    made["load_average"] = os.getloadavg()
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench_shortcuts.json").write_text(json.dumps(made, indent=2) + "\n")
    print(json.dumps(made, indent=2))


def evidence_of(name: str, options: dict[str, str], n_images: int) -> Evidence:
    data = DataOptions(source=str(SHARED / name), **options)
    rows = find(data).manifest
    labels = rows.column("label")
    two = rows.classes()[:2]  # of ten hand signs the first two
    at = np.array([i for i, label in enumerate(labels) if label in two])
    at = np.sort(np.random.default_rng(0).permutation(at)[:n_images])
    rows = rows.take(at.tolist())
    with Reader(rows.root, policy_from(data)) as reader:
        images = [reader.read(path, frame) for path, frame in rows.rows("path", "frame")]
    measured = measure_all(images, 64)
    figures = {
        one: np.array([m.figures.get(one, np.nan) for m in measured], dtype=np.float32)
        for one in FIGURES
    }
    sizes = [(rows.root / path).stat().st_size for path in rows.column("path")]
    figures["file_bytes"] = np.array(sizes, dtype=np.float32)
    sketches = Sketches(
        tuple(rows.column("item")),
        figures,
        np.stack([one.grey for one in measured]),
        np.stack([one.colour for one in measured]),
    )
    return Evidence(rows, sketches, Pairs.none(), np.zeros(len(rows), dtype=np.bool_))


def shuffled(evidence: Evidence, seed: int) -> Evidence:
    """Return the evidence with labels dealt out anew between groups."""
    manifest = evidence.manifest
    keys, labels = manifest.group_keys(), manifest.column("label")
    first = dict(zip(reversed(keys), reversed(labels), strict=True))
    names = sorted(first)
    dealt = np.random.default_rng(seed).permutation([first[name] for name in names]).tolist()
    new = dict(zip(names, dealt, strict=True))
    made = manifest.with_columns({"label": [new[key] for key in keys]})
    return Evidence(made, evidence.sketches, evidence.pairs, evidence.sealed, seed)


def marked(evidence: Evidence) -> Evidence:
    """Return the evidence with a bright square in a corner of nine in ten of one class."""
    labels = evidence.manifest.column("label")
    rng = np.random.default_rng(0)
    last = evidence.manifest.classes()[-1]
    has_it = np.array([one == last for one in labels]) & (rng.random(len(labels)) < 0.9)
    grey, colour = evidence.sketches.grey.copy(), evidence.sketches.colour.copy()
    grey[has_it, 2:8, 2:8] = 255
    colour[has_it, 1:2, 1:2] = 255
    sketches = Sketches(evidence.sketches.items, evidence.sketches.figures, grey, colour)
    return Evidence(evidence.manifest, sketches, evidence.pairs, evidence.sealed, evidence.seed)


def with_centre(evidence: Evidence) -> Evidence:
    """Return the evidence with a centre for each group that agrees with its label in 80 %."""
    manifest = evidence.manifest
    keys, labels = manifest.group_keys(), manifest.column("label")
    rng = np.random.default_rng(0)
    agrees = {key: rng.random() < 0.8 for key in sorted(set(keys))}
    first = manifest.classes()[0]
    centre = [
        "east" if (label == first) == agrees[key] else "west"
        for key, label in zip(keys, labels, strict=True)
    ]
    made = manifest.with_columns({"centre": centre})
    return Evidence(made, evidence.sketches, evidence.pairs, evidence.sealed, evidence.seed)


def probes(evidence: Evidence) -> dict[str, object]:
    report = audit_sections(evidence, on_progress=lambda _done, _total: None)
    found: dict[str, object] = dict(report.values["probes"])
    return found


def flagged(evidence: Evidence) -> list[str]:
    return [name for name, facts in probes(evidence).items() if facts.get("flagged")]


if __name__ == "__main__":
    main()
