"""Workflow A: whole slides, from a table to patients' answers and heatmaps.

    python examples/workflows/a_slides.py [--out runs/workflow-a] [--small]
    python examples/workflows/a_slides.py --source train.csv     # your own; slides/ beside it

Your own table has the columns `image_id, center_id, patient_id, image_num, label`, and the slide of
each row is `slides/<image_id>.tif`.

The original, a notebook, looked at the table and at the sizes, made small grey pictures of slides
that it held in memory one by one (14.7 GB the largest), and stopped before training.
"""

from __future__ import annotations

import csv
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from draw_slides import FULL, SMALL, draw
from walk import Row, Walk, begin, worded

from tamiz.data.predictions import Predictions
from tamiz.data.run_folder import Run

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLIDES = '--root slides/ --path "{image_id}.tif"'
OVERVIEW = "--set data.overview_px=1024"  # of small drawn slides; 2,048 unless said otherwise
HOW = f"train.csv {SLIDES} {OVERVIEW}"
SPLIT = "--test-fraction 0.3"
NOTEBOOK = "import sys, tifffile; print(tifffile.imread(sys.argv[1]).nbytes)"
# In a program of its own: what a child holds is counted from its parent's memory on.
MEASURED = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)
LOSS = "weighted_log_loss"
LINEAR = "mean-pooling"


def walk(todo: Walk) -> None:
    """Explore, prepare, cut, train, explain and answer; the original's mistakes on the way."""
    todo.step("Files", "A table of slides and a folder of TIFFs.")
    _files(todo)
    todo.step("What the data are", "Sizes from headers; an overview of each slide, no more.")
    todo.tamiz(f"explore {HOW} --out runs/a", first=24, shown=2)
    _ids(todo)
    held = _small_pictures(todo)
    todo.step("Where the tissue is", "Of a few slides, to look at before hours are spent.")
    todo.tamiz(f"tiles few.csv {SLIDES} --um-per-px 1 --size 128 --out tiles/")
    _by_lot(todo)
    todo.step("Its second: the label goes with the centre")
    todo.say("Can the label be told before any network is trained, from all but the clot?")
    todo.tamiz(f"audit {HOW} {SPLIT}{_brief(todo)} --out runs/a", ends=(0, 1), shown=30)
    _training(todo)
    _in_use(todo)
    todo.table([*_rows(todo), *held])


def _files(todo: Walk) -> None:
    """Draw, or bring the user's table and slides to where the commands look for them."""
    source = todo.source
    if source is None:
        todo.say("The slides here are drawn. They tell nothing about clots.")
        draw(todo.out, SMALL if todo.is_small else FULL)
    else:
        shutil.copyfile(source, todo.out / "train.csv")
        if not (todo.out / "slides").exists():
            (todo.out / "slides").symlink_to(source.parent / "slides")
    rows = _table(todo.out)
    _write(todo.out / "few.csv", rows[: 3 if todo.is_small else 8])
    _write(todo.out / "largest.csv", [max(rows, key=lambda row: _slide(todo, row).stat().st_size)])


def _ids(todo: Walk) -> None:
    """Stop unless ids are kept letter by letter, also where they look like numbers."""
    kept = set(Run(todo.out / "runs" / "a").manifest().column("group"))
    if kept != {row["patient_id"] for row in _table(todo.out)}:
        sys.exit("ids of patients were changed by reading them")
    odd = sorted(one for one in kept if one.replace("e", "", 1).isdigit() and one[0] == "0")
    todo.say(
        f"{len(kept)} patients, each id as it is written. To a careless reader "
        f"{' and '.join(odd[:2])} would be {' and '.join(f'{float(one):g}' for one in odd[:2])}."
    )


def _small_pictures(todo: Walk) -> list[Row]:
    """Make small pictures; return the lines on the memory that the largest slide took."""
    todo.step("Small pictures", "The original's: 5 %, grey, blurred. Here block by block.")
    small = "--scale 0.05 --grey --blur 5"
    todo.tamiz(f"prepare train.csv {SLIDES} {small} --out prepared/")
    slide = _slide(todo, _table(todo.out, "largest.csv")[0])
    asked = ["-m", "tamiz", "prepare", "largest.csv", "--root", "slides/", "--path"]
    asked += ["{image_id}.tif", *small.split(), "--out", "largest/"]
    ours, theirs = _held_mb(todo, asked), "not tried"
    if todo.source is None:  # the largest of the original's would not fit into most machines
        theirs = f"{_held_mb(todo, ['-c', NOTEBOOK, str(slide)]):.0f} MB"
    todo.say(
        f"The largest slide alone, {slide.name}: {ours:.0f} MB of memory held by tamiz prepare "
        f"(most at once, the program itself with it), {theirs} by reading the whole slide."
    )
    return [Row("memory, the largest slide", f"all of it; here {theirs}", f"{ours:.0f} MB")]


def _held_mb(todo: Walk, arguments: Sequence[str]) -> float:
    """Return the most memory that a Python program held at once, as /usr/bin/time -v tells it."""
    done = subprocess.run(  # noqa: S603  (our own program, words of our own)
        [sys.executable, "-c", MEASURED, sys.executable, *arguments],
        cwd=todo.out, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{' '.join(arguments)}: {done.stderr}")
    return float(done.stdout.split()[-1]) / (1e6 if sys.platform == "darwin" else 1e3)


def _by_lot(todo: Walk) -> None:
    todo.step(
        "The original's first mistake: no split by patient",
        "Slides dealt out by lot, in naive.csv: patients with several lie on both sides. tamiz "
        "says whose, proposes a split that holds, and trains nothing.",
    )
    lot = random.Random(0)  # noqa: S311  (no secret)
    rows = _table(todo.out)
    _write(todo.out / "naive.csv", [
        {**row, "split": lot.choices(("train", "val", "test"), (0.5, 0.2, 0.3))[0]} for row in rows
    ])  # fmt: skip
    naive = f"naive.csv {SLIDES} {OVERVIEW}{_brief(todo)}"
    todo.tamiz(f"audit {naive} --out runs/naive", ends=(1,), first=8, shown=14)
    todo.tamiz(
        f"train {naive} --model mil --out runs/naive",
        ends=(3,),
        first=1,
        shown=5,
    )


def _brief(todo: Walk) -> str:
    """Return the option that keeps a check's walk from looking deeply into suspicions."""
    return " --set audit.depth=quick" if todo.is_small else ""


def _training(todo: Walk) -> None:
    todo.step(
        "From the table to patients' figures",
        "Classes weigh alike in what is learnt, and in the log loss, as the challenge scored it. "
        "Slides of a patient are averaged. Every centre is left out once.",
    )
    model = "--model mil --metric weighted-log-loss --set model.options.tile_px=128"
    if todo.is_small:
        brief = {"most": 16, "epochs": 8, "members": 1}
        model += "".join(f" --set model.options.{name}={one}" for name, one in brief.items())
        model += f" --set evaluate.resamples=200{_brief(todo)}"
    todo.tamiz(f"run {HOW} {SPLIT} {model} --out runs/a", first=34, shown=40)
    todo.say("Answers for patients, as runs/a/predictions/test_patients.parquet has them:")
    made = _patients_of(todo)
    for name, answer in list(zip(made.group, made.probabilities.tolist(), strict=True))[:5]:
        told = ", ".join(f"{label} {p:.3f}" for label, p in zip(made.classes, answer, strict=True))
        print(f"  {name.removeprefix('group:')}: {told}")


def _in_use(todo: Walk) -> None:
    todo.step("Where the network looks, and the model in use")
    slide = _telling_slide(todo)
    todo.tamiz(f"explain runs/a/model {slide} --out heat/")
    todo.tamiz(f"predict runs/a/model {slide} --csv answers.csv")
    todo.say("In the browser: tamiz serve runs/a/model")


def _rows(todo: Walk) -> list[Row]:
    found = json.loads((todo.out / "runs" / "a" / "metrics.json").read_text(encoding="utf-8"))
    baselines = found["baselines"]
    losses = [
        ("a constant, classes alike", "even"),
        ("a linear model on the mean of tiles", LINEAR),
    ]
    return [
        Row("log loss, classes alike", "not trained", todo.figure("runs/a", "test", LOSS)),
        *(
            Row(f"... {what}", "not told", worded(baselines[name][LOSS], is_share=False))
            for what, name in losses
        ),
        Row("AUROC", "not trained", todo.figure("runs/a", "test", "auroc")),
        Row("accuracy", "not trained", todo.figure("runs/a", "test", "accuracy")),
        Row("... always the larger class", "not told", worded(baselines["even"]["accuracy"])),
    ]


def _patients_of(todo: Walk) -> Predictions:
    return Predictions.load(todo.out / "runs" / "a" / "predictions" / "test_patients.parquet")


def _telling_slide(todo: Walk) -> str:
    """Return the test slide that is called LAA with most certainty."""
    made = Predictions.load(todo.out / "runs" / "a" / "predictions" / "test.parquet")
    sure: NDArray[Any] = made.probabilities[:, made.classes.index("LAA")]
    item = made.item[int(sure.argmax())]
    rows = Run(todo.out / "runs" / "a").manifest().rows("item", "path")
    return f"slides/{next(path for one, path in rows if one == item)}"


def _slide(todo: Walk, row: dict[str, str]) -> Path:
    return todo.out / "slides" / f"{row['image_id']}.tif"


def _table(out: Path, name: str = "train.csv") -> list[dict[str, str]]:
    with (out / name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _write(path: Path, rows: Sequence[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    walk(begin("Workflow A: whole slides", "workflow-a"))
