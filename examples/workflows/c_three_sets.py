"""Workflow C: one CNN on three data sets: clothes, satellite scenes, own objects.

    python examples/workflows/c_three_sets.py [--out runs/workflow-c] [--small]
    python examples/workflows/c_three_sets.py --source FOLDER      # your own; see below

Your own FOLDER holds what you have of these, and the rest is drawn: `clothes/` (Fashion-MNIST's
four IDX files, as they are downloaded), `satellite/` (a folder for each class), and `objects/` (a
folder for each object, frames named `video07_0012.jpg` after the video that they come from).

The original, a blog, told 91 % of 14,000 clothes, 51 % of 404 scenes and 100 % of 500 photos of own
objects, none with an interval; the 51 % it put down to guesses, and the 100 % to the network.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

from draw_three_sets import SIDE, WRONG_LABELS, draw, write_notes
from walk import Row, Walk, begin

from tamiz.metrics.intervals import wilson

CLOTHES = "runs/c/clothes/cnn"
SCENES = "runs/c/satellite/cnn"
OTHER = "runs/c/satellite/small"
SETS = ("clothes", "satellite", "objects")
DESCRIPTORS = "descriptors:workflow-c-all-angles"
QUICK = "--set audit.depth=quick"
BY_LOT = "by_lot.csv --root objects/ --path path --label label --split-column split"
N_LOOKED_AT = 60  # of the doubtful labels, the most doubtful first


def walk(todo: Walk) -> None:
    """Describe, train on all three, read the figures right, find causes, answer."""
    _files(todo)
    todo.step("Numbers of images", "Colour histograms and co-occurrences of grey, as a table.")
    todo.tamiz(
        "describe satellite/ --preset workflow-c-all-angles --out features.parquet --overwrite"
    )
    _one_command(todo)
    _by_class(todo)
    stamp = _by_lot(todo)
    _folds(todo)
    _intervals(todo)
    _why(todo)
    _labels(todo)
    _use(todo)
    todo.table(_rows(todo, stamp))


def _files(todo: Walk) -> None:
    todo.step("Files", "Clothes as IDX files, scenes and objects in a folder for each class.")
    for name in SETS:
        own = todo.source / name if todo.source else None
        if own is not None and own.exists() and not (todo.out / name).exists():
            (todo.out / name).symlink_to(own)
            todo.say(f"{name}: your own.")
    draw(todo.out, is_small=todo.is_small)
    write_notes(todo.out)
    todo.say("objects.toml says that frames of one video belong together, and their size:")
    recipe = (todo.out / "objects.toml").read_text(encoding="utf-8")
    print("  " + "  ".join(recipe.splitlines(keepends=True)), flush=True)


def _one_command(todo: Walk) -> None:
    todo.step(
        "The same network on all three",
        "Beside it what it has to beat: a logistic regression on the descriptors, and a constant.",
    )
    ways = f"--ways {DESCRIPTORS},cnn --for objects=objects.toml --test-fraction 0.2 {_brief(todo)}"
    todo.tamiz(f"benchmark clothes/ satellite/ objects/ {ways} --out runs/c", shown=0)


def _brief(todo: Walk, epochs: int = 0) -> str:
    """Return the options of every training here; 0 epochs: what the way itself says."""
    if todo.is_small:
        return f"--epochs 6 --set evaluate.resamples=300 --set prepare.workers=0 {QUICK}"
    return f"--epochs {epochs} {QUICK}" if epochs else QUICK


def _by_class(todo: Walk) -> None:
    todo.step("Class by class", "From metrics.json of each run; the report has the same.")
    for name in ("clothes", "satellite"):
        found = json.loads((todo.out / f"runs/c/{name}/cnn/metrics.json").read_text("utf-8"))
        classes = found["by_class"]["test"]
        print(f"  {name:11} {'precision':>17} {'recall':>20} {'F1':>20} {'images':>8}")
        for label, one in classes.items():
            shown = "".join(f"{_short(one[what]):>20}" for what in ("precision", "recall", "f1"))
            print(f"  {label[:10]:10}{shown} {one['recall']['n']:>6}")
        print(flush=True)


def _short(figure: dict[str, float | None]) -> str:
    """Return 'value (low-high)'."""
    value, low, high = (figure[key] for key in ("value", "low", "high"))
    interval = "no interval" if low is None or high is None else f"{low:.2f}-{high:.2f}"
    return f"{value:.2f} ({interval})"


def _by_lot(todo: Walk) -> str:
    """Return what is to stand behind the figure of frames dealt out by lot."""
    todo.step(
        "The first mistake: frames dealt out by lot",
        "by_lot.csv gives a fifth of the frames to the test part, whichever video they are of.",
    )
    ends = (0, 1) if todo.source else (1,)
    todo.tamiz(f"audit {BY_LOT} --out runs/audit", ends=ends, first=14, shown=8)
    todo.say("Trained all the same, with --allow-leak:")
    leaky = f"{BY_LOT} --model cnn --size {SIDE} --allow-leak {_brief(todo, epochs=10)}"
    said = todo.tamiz(f"run {leaky} --out runs/by-lot", shown=4, first=44, ends=(0, 1))
    stamps = [line.strip() for line in said.splitlines() if "--allow-leak" in line]
    todo.say(f"The report is stamped: {stamps[0]}" if stamps else "Nothing crosses here.")
    return ": NOT VALID" if stamps else ""


def _folds(todo: Walk) -> None:
    todo.step(
        "Each video on one side",
        "Above, tamiz had kept videos together: 'groups' counts them. A fifth of them is a small "
        "test part. In a cross-validation every video is answered by a network that never saw it.",
    )
    n = 3 if todo.is_small else 5
    asked = f"objects/ --for objects=objects.toml --ways cnn --folds {n} {_brief(todo)}"
    todo.tamiz(f"benchmark {asked} --out runs/folds", shown=0)


def _intervals(todo: Walk) -> None:
    todo.step("The second mistake: no intervals", "What the blog's own figures tell, by Wilson's:")
    for n_right, n, what in (
        (206, 404, "scenes, if all are of different places"),
        (500, 500, "photos, if all were taken on their own"),
        (5, 5, "photos, if the 500 are of five videos: tamiz gives no interval below 10 groups"),
    ):
        low, high = (100 * end for end in wilson(n_right, n))
        print(f"  {n_right} of {n}: {100 * n_right / n:.1f} % ({low:.1f}-{high:.1f}), {what}")
    print(flush=True)


def _why(todo: Walk) -> None:
    todo.step(
        "The third mistake: a low figure, and guesses",
        "Where are the errors? Is it chance? Would more scenes help?",
    )
    _confusion(todo.out / SCENES)
    if todo.is_small:
        return
    todo.say("Is it the network? tamiz's own, 'small', on the same scenes:")
    ways = f"--ways cnn,small --test-fraction 0.2 {_brief(todo)}"
    todo.tamiz(f"benchmark satellite/ {ways} --out runs/c", shown=2, first=16)
    todo.say("Is it the number of scenes? The same network on an eighth, a quarter, half, all:")
    todo.tamiz(f"sanity {SCENES} --only learning-curve", ends=(0, 1), shown=0)


def _confusion(run: Path) -> None:
    """Print the confusion matrix of the test part, as the report has it."""
    report = json.loads((run / "report/report.json").read_text("utf-8"))
    section = next(one for one in report["sections"] if one["anchor"] == "confusion")
    rows = section["blocks"][0]["rows"]
    print("  true \\ answered" + "".join(f"{row[0][:9]:>10}" for row in rows))
    for name, *counts in rows:
        print(f"  {name:15}" + "".join(f"{n:>10}" for n in counts))
    print(flush=True)


def _labels(todo: Walk) -> None:
    """Doubt the labels; the drawing plays the person who looks at them."""
    todo.say("Are the labels right? Classifiers that never saw an image doubt its label:")
    todo.tamiz(f"clean {SCENES}", ends=(0, 1), shown=0)
    truth = todo.out / "satellite-wrong.csv"
    if not truth.exists():
        todo.say("Look at them, fill in decisions.csv, and train again with it, as said above.")
        return
    with truth.open(encoding="utf-8", newline="") as opened:
        wrong = {row["path"] for row in csv.DictReader(opened)}
    with (todo.out / SCENES / "decisions.csv").open(encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["finding"] == "labels"]
    looked_at = rows[:N_LOOKED_AT]
    n_wrong = sum(row["path"] in wrong for row in looked_at)
    todo.say(
        f"Whoever looks at the first {len(looked_at)} finds {n_wrong} wrong ones: the drawing "
        f"knows them, and gave {WRONG_LABELS:.0%} of all scenes a wrong label. What you find goes "
        f"into decisions.csv; with it another run is trained: tamiz run satellite/ --recipe "
        f"{SCENES}/recipe.toml --set data.decisions={SCENES}/decisions.csv --out runs/relabelled"
    )


def _use(todo: Walk) -> None:
    todo.step("In use", "The model of the clothes, asked about scenes, should have no answer.")
    first = next(iter(sorted((todo.out / "satellite").glob("*/*")))).relative_to(todo.out)
    todo.tamiz(f"predict {SCENES}/model {first} --csv answers.csv")
    todo.tamiz(f"predict {CLOTHES}/model {first} --guard abstain", ends=(0, 1, 3))
    todo.say("In the browser: tamiz serve runs/c/satellite/cnn/model")


def _rows(todo: Walk, stamp: str) -> tuple[Row, ...]:
    def of(run: str, *names: str) -> str:
        return todo.figure(run, *(names or ("test", "accuracy")))

    def beside(name: str) -> str:
        return todo.figure(f"runs/c/{name}/{DESCRIPTORS.replace(':', '-')}", "test", "accuracy")

    shirt, water = (("6", "f1"), ("water", "recall"))
    rows = [
        Row(f"accuracy, {_whose(todo, 'clothes')}", "91 % of 14,000", of(CLOTHES)),
        Row("... of the descriptors", "not said", beside("clothes")),
        Row(f"accuracy, {_whose(todo, 'satellite')}", "51 % of 404", of(SCENES)),
        Row("... of the descriptors", "not said", beside("satellite")),
    ]
    if _has_class(todo, CLOTHES, "6"):
        rows.insert(2, Row("... F1 of shirts", "0.76", of(CLOTHES, "by_class", "test", *shirt)))
    if _has_class(todo, SCENES, "water"):
        rows.append(Row("... recall of water", "0.18", of(SCENES, "by_class", "test", *water)))
    if (todo.out / OTHER).exists():
        rows.append(Row("... of another network, 'small'", "not tried", of(OTHER)))
    lot = of("runs/by-lot") + stamp
    rows += [
        Row(f"accuracy, {_whose(todo, 'objects')}, by lot", "100 % of 500", lot),
        Row("... videos on one side", "not known", of("runs/c/objects/cnn")),
        Row("... cross-validated", "not known", of("runs/folds/objects/cnn", "oof", "accuracy")),
    ]
    return tuple(rows)


def _whose(todo: Walk, name: str) -> str:
    return f"own {name}" if (todo.out / name).is_symlink() else f"drawn {name}"


def _has_class(todo: Walk, run: str, name: str) -> bool:
    found = json.loads((todo.out / run / "metrics.json").read_text("utf-8"))
    return name in found["by_class"]["test"]


if __name__ == "__main__":
    walk(begin("Workflow C: one CNN on three data sets", "workflow-c"))
