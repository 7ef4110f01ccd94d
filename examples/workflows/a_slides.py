"""Workflow A: whole slides, from a table to patients' answers and heatmaps.

    python examples/workflows/a_slides.py [--out runs/workflow-a] [--small]
    python examples/workflows/a_slides.py --source train.csv     # your own; slides/ beside it

The original, a notebook, looked at the table and at the sizes, made small grey pictures of slides
that it held in memory one by one (14.7 GB the largest), and stopped before training.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from draw_slides import draw
from walk import Row, Walk, begin

HOW = 'train.csv --root slides/ --path "{image_id}.tif"'


def walk(todo: Walk) -> None:
    """Explore, prepare, cut, train, explain and answer; then the original's mistakes."""
    todo.step("Files", "A table of slides and a folder of TIFFs.")
    if todo.source is None:
        draw(todo.out, 64, scale=0.5) if todo.is_small else draw(todo.out, 160)
    else:
        _link(todo)
    todo.step("What the data are", "Sizes from headers; an overview of each slide, no more.")
    todo.tamiz(f"explore {HOW} --out runs/a", shown=26)
    todo.step("Small pictures", "The original's: 5 %, grey, blurred. Here tile by tile.")
    todo.tamiz(f"prepare {HOW} --scale 0.05 --grey --blur 5 --out prepared/")
    todo.step("Where the tissue is")
    todo.tamiz(f"tiles {HOW} --um-per-px 1 --size 256 --out tiles/")

    todo.step(
        "The original's mistakes",
        "Slides dealt out without looking at patients: some lie on both sides. tamiz says whose, "
        "and proposes a split that holds.",
    )
    _split_by_slide(todo.out)
    todo.tamiz('audit naive.csv --root slides/ --path "{image_id}.tif" --out runs/naive', ends=(1,))
    todo.say("And the label can be told from the centre, before any network is trained:")
    todo.tamiz(f"audit {HOW} --out runs/a", ends=(0, 1), shown=24)

    todo.step("From the table to patients' figures")
    brief = " --set model.options.most=60 --set model.options.epochs=20" if todo.is_small else ""
    todo.tamiz(f"run {HOW} --model mil --metric weighted-log-loss{brief} --out runs/a", shown=30)
    todo.step("Where the network looks, and the model in use")
    slide = _first_slide(todo.out)
    todo.tamiz(f"explain runs/a/model {slide} --out heat/")
    todo.tamiz(f"predict runs/a/model {slide} --csv answers.csv")
    todo.say("In the browser: tamiz serve runs/a/model")
    loss = todo.figure("runs/a", "test", "weighted_log_loss")
    todo.table(
        (
            Row("log loss, classes alike", "not trained", f"{loss} (a constant scores 0.693)"),
            Row("AUROC of patients", "not trained", todo.figure("runs/a", "test", "auroc")),
        )
    )


def _link(todo: Walk) -> None:
    """Bring the user's table and slides to where the commands look for them."""
    source = todo.source
    if source is None:
        return
    shutil.copyfile(source, todo.out / "train.csv")
    if not (todo.out / "slides").exists():
        (todo.out / "slides").symlink_to(source.parent / "slides")


def _split_by_slide(out: Path) -> None:
    """Write naive.csv: the table with every third slide put into the test part."""
    with (out / "train.csv").open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    with (out / "naive.csv").open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, [*rows[0], "split"])
        writer.writeheader()
        for at, row in enumerate(rows):
            writer.writerow({**row, "split": "test" if at % 3 == 0 else "train"})


def _first_slide(out: Path) -> str:
    return sorted((out / "slides").glob("*.tif"))[0].relative_to(out).as_posix()


if __name__ == "__main__":
    walk(begin("Workflow A: whole slides", "workflow-a"))
