"""The plan within a time, against fixed recipes that get the same time.

For each data set `tamiz run SOURCE --minutes M` plans by itself; the fixed recipes are one command
each with `train.max_minutes` = M as the only stop. All are trained on the same split and judged on
the same test images. The seconds of the stages plan and train are told: a fixed recipe that took
more than M minutes (a pass of a frozen network cannot be stopped) is compared, and marked.
Target: the plan is never worse than the best fixed recipe by more than one point. Which fixed
recipe is best is read off the test part here, which no user may do: it is the hardest opponent.

    python benchmarks/bench_plan.py [--minutes 1] [--only sign_digits,mnist] [--limit 2000]
        [--data FOLDER] [--weights FILE]

--limit: at most so many images of each set, of all classes alike; figures of other limits and
minutes are kept side by side. FOLDER: default TAMIZ_SHARED_DATA or ../shared/data. FILE: pretrained
weights, default squeezenet1_0 in FOLDER/weights. Writes benchmarks/results/bench_plan.json.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tamiz.core.errors import TamizError
from tamiz.core.recipe_io import tables_from_settings
from tamiz.data.manifest import Manifest
from tamiz.stages.pipeline import advance, begin, load_stage_report

ROOT = Path(__file__).parents[1]
RESULT = Path(__file__).parent / "results" / "bench_plan.json"
PATIENT = r"(person\d+|(?:NORMAL2-)?IM-\d+)"
NETWORK = "torchvision:squeezenet1_0"


@dataclass(frozen=True)
class Set:
    """A data set: where it lies in the folder, and what has to be said of it."""

    place: str
    settings: Mapping[str, object] = field(default_factory=dict)


SETS = {
    "fashion-mnist": Set("fashion-mnist"),
    "mnist": Set("mnist"),
    "sign_digits": Set("sign_digits"),
    "chest_xray": Set("chest_xray", {"data.group_from_name": PATIENT, "split.given": "ignore"}),
    "covid_chestxray": Set("covid_chestxray"),
}
FIXED: dict[str, dict[str, object]] = {
    "small, 28 px, 12 epochs": {"model.name": "small", "prepare.size_px": 28, "train.epochs": 12},
    "small, 64 px, 30 epochs": {"model.name": "small", "prepare.size_px": 64, "train.epochs": 30},
    "squeezenet frozen, linear": {"model.name": NETWORK, "train.stages": ["head"]},
    "squeezenet frozen, mlp": {
        "model.name": NETWORK,
        "model.options": {"head": "mlp"},
        "train.stages": ["head"],
    },
}
OF_SMALL_IMAGES = ("fashion-mnist", "mnist")  # 28 px: larger inputs show nothing more


def main() -> None:
    """Run what is asked for, print a table, and add it to the results."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = os.environ.get("TAMIZ_SHARED_DATA", str(ROOT.parent / "shared" / "data"))
    asked.add_argument("--minutes", type=float, default=1.0)
    asked.add_argument("--only", default="")
    asked.add_argument("--limit", type=int, default=0)
    asked.add_argument("--data", type=Path, default=Path(shared))
    asked.add_argument("--weights", type=Path, default=None)
    options = asked.parse_args()
    weights = options.weights or options.data / "weights/squeezenet1_0_imagenet.safetensors"
    names = options.only.split(",") if options.only else list(SETS)
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            source, settings = ready(name, options.data, Path(folder), options.limit)
            job, wanted = begun(source, Path(folder) / "divided", settings)
            advance(job, wanted, "split")  # the same for all: it is no part of the time
            made = compare(name, (source, settings), weights, options.minutes, Path(folder))
        keep(f"{name}, {options.minutes:g} min, limit {options.limit}", made)


def ready(name: str, data: Path, folder: Path, limit: int) -> tuple[Path, dict[str, object]]:
    """Return the source, smaller where asked, and its settings."""
    one = SETS[name]
    settings = dict(one.settings)
    if name == "covid_chestxray":
        source = covid_table(data / one.place, folder)
        settings |= {"data.root": str(data / one.place / "images"), "data.group": "patientid"}
        settings |= {"data.path": "filename", "data.label": "finding"}
    else:
        source = data / one.place
    if limit and name != "covid_chestxray":  # 258 images with their patients: all are used
        source, settings = limited(source, settings, folder, limit)
    return source, settings


def covid_table(place: Path, folder: Path) -> Path:
    """Return a table of the images that are there: COVID-19 against all other findings."""
    there = {path.name for path in (place / "images").iterdir()}
    made = folder / "covid.csv"
    seen: set[str] = set()
    with (place / "metadata.csv").open(encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["filename"] in there]
    with made.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["filename", "patientid", "finding"])
        for row in rows:
            if row["finding"] == "todo" or row["filename"] in seen:
                continue
            seen.add(row["filename"])
            finding = "COVID-19" if row["finding"].startswith("COVID-19") else "other"
            writer.writerow([row["filename"], row["patientid"], finding])
    return made


def limited(
    source: Path, settings: dict[str, object], folder: Path, limit: int
) -> tuple[Path, dict[str, object]]:
    """Return a folder with class folders of PNG files: at most `limit` images, classes alike."""
    whole = folder / "whole"
    job, wanted = begun(source, whole, settings)
    advance(job, wanted, "index")
    manifest = Manifest.load(job.manifest_path)
    target = folder / "limited"
    most = max(1, limit // max(1, len(manifest.classes())))
    counts: dict[str, int] = {}
    from tamiz.core.recipe import DataOptions
    from tamiz.formats.reader import Reader, policy_from

    places = list(manifest.rows("path", "frame", "label"))
    order = sorted(places, key=lambda row: Path(row[0]).name)  # patients stay together
    step = max(1, len(order) // (3 * limit))
    import PIL.Image

    with Reader(manifest.root, policy_from(DataOptions())) as reader:
        for path, frame, label in order[::step] if settings == {} else order:
            if label is None or counts.get(label, 0) >= most:
                continue
            counts[label] = counts.get(label, 0) + 1
            name = f"{Path(path).stem}_{frame}.png"
            (target / str(label)).mkdir(parents=True, exist_ok=True)
            PIL.Image.fromarray(reader.read(path, frame).pixels.squeeze()).save(
                target / str(label) / name
            )
    shutil.rmtree(whole)
    left = {k: v for k, v in settings.items() if k == "data.group_from_name"}
    return target, left


def begun(source: Path, out: Path, settings: Mapping[str, object]) -> tuple[Any, Any]:
    """Return the run and what is asked of it."""
    return begin(source, out, settings=tables_from_settings(settings))


def compare(
    name: str,
    data: tuple[Path, dict[str, object]],
    weights: Path,
    minutes: float,
    folder: Path,
) -> dict[str, Any]:
    """Return the figures of the plan and of every fixed recipe that suits the set."""
    own: dict[str, object] = {"train.minutes": minutes}
    ways: dict[str, dict[str, object]] = {"plan": own}
    if weights.is_file():
        own["model.weights"] = str(weights)
    for title, settings in FIXED.items():
        needs_weights = settings["model.name"] == NETWORK
        if name in OF_SMALL_IMAGES and (needs_weights or settings.get("prepare.size_px") == 64):
            continue
        if needs_weights and not weights.is_file():
            continue
        more = {"model.weights": str(weights)} if needs_weights else {}
        ways[title] = {**settings, **more, "train.max_minutes": minutes}
    made = {title: one_run(title, data, way, folder) for title, way in ways.items()}
    for one in made.values():
        if "used_s" in one:
            one["is_in_time"] = one["used_s"] <= 60 * minutes
    best_in_time = best_of(made, is_in_time=True)
    best = best_of(made, is_in_time=False)
    told: dict[str, Any] = {"ways": made, "best_in_time": best_in_time, "best": best}
    told |= {"plan_used_s": made["plan"].get("used_s"), "budget_s": 60 * minutes}
    for name_of_best, chosen in (("best_in_time", best_in_time), ("best", best)):
        if chosen is not None and "test" in made["plan"]:
            behind = 100 * (made[chosen]["test"]["value"] - made["plan"]["test"]["value"])
            told[f"points_behind_{name_of_best}"] = round(behind, 2)
            print(f"{name}: the plan is {behind:+.2f} points behind {chosen} ({name_of_best})")
    return told


def best_of(made: Mapping[str, dict[str, Any]], *, is_in_time: bool) -> str | None:
    """Return the fixed recipe with the best test figure, of all or of those that kept the time."""
    able = [
        title
        for title, one in made.items()
        if title != "plan" and "test" in one and (one["is_in_time"] or not is_in_time)
    ]
    return max(able, key=lambda title: made[title]["test"]["value"], default=None)


def one_run(
    title: str, data: tuple[Path, dict[str, object]], way: dict[str, object], folder: Path
) -> dict[str, Any]:
    """Return val and test accuracy with intervals, seconds, and what was chosen."""
    source, settings = data
    out = folder / "run"
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(folder / "divided", out)
    os.environ["TAMIZ_CACHE"] = str(folder / f"cache {title}")  # nobody computes for another
    started = time.monotonic()
    try:
        run, wanted = begun(source, out, {**settings, **way})
        report = advance(run, wanted, "evaluate")
    except TamizError as error:
        print(f"{title}: {error}")
        return {"error": error.what}
    values = report.values
    times = {name: facts["seconds"] for name, facts in run.state()["stages"].items()}
    recipe = run.recipe()
    made = {
        "test": told(values["test"]["accuracy"]),
        "val": told(values["val"]["accuracy"]),
        "baseline": values["baselines"]["nearest-thumbnail"]["accuracy"]["value"],
        "plan_s": times["plan"],
        "train_s": times["train"],
        "used_s": round(times["plan"] + times["train"], 1),
        "whole_s": round(time.monotonic() - started, 1),
        "model": recipe.model.name,
        "options": recipe.model.options,
        "size_px": recipe.prepare.size_px,
        "stages": recipe.train.stages,
        "epochs": recipe.train.epochs,
    }
    if title == "plan":
        planned = load_stage_report(run, "plan").values
        made["trials"] = planned["trials"]
        made["time"] = planned.get("time")
    test = made["test"]
    print(
        f"{title}: test {test['value']:.4f} ({test['low']:.4f} to {test['high']:.4f}, "
        f"n = {test['n']:,}, {test['n_groups']:,} groups), val {made['val']['value']:.4f}, plan "
        f"{made['plan_s']:.0f} s, training {made['train_s']:.0f} s; {made['model']}, "
        f"{made['size_px']} px, {made['epochs']} epochs",
        flush=True,
    )
    return made


def told(figure: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of a figure."""
    return {name: figure.get(name) for name in ("value", "low", "high", "n", "n_groups")}


def keep(name: str, made: dict[str, Any]) -> None:
    """Add to the results, beside those of other sets."""
    known = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.is_file() else {}
    known[name] = made
    RESULT.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
