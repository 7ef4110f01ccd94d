"""Workflow D: chest CT, from the PACS to a classifier, a web page and a DICOM node.

    python examples/workflows/d_ct.py [--out runs/workflow-d] [--small]
    python examples/workflows/d_ct.py --source FOLDER      # your own; see below
    python examples/workflows/d_ct.py --weights b7.safetensors

Your own FOLDER holds `disk-2021/` (DICOM in any folders) and `metadata-2021.csv` with the columns
`patient id` and `finding`; `disk-2022/` and `metadata-2022.csv`, patients that nobody trained on,
are not needed. With `--weights` an EfficientNet-B7 begins with them, as the original's did.

The original, a paper, dealt out slices by lot, chose among its shards' models on the test images,
and told 88.3 % of 300 images without an interval. Its own scans had no pneumonia at all.
"""

from __future__ import annotations

import csv
import os
import random
import shutil

import pacs_at_hand
from draw_ct import draw_all
from walk import Row, Walk, begin

from tamiz.metrics.intervals import wilson
from tamiz.metrics.optimism import expected_maximum, standard_error_of, widened

LABELS = (
    '--label-table metadata-2021.csv --id "patient id" --label finding --window lung '
    "--centre scanner"
)
LATER = "--label-table metadata-2022.csv"


def walk(todo: Walk) -> None:
    """Fetch, convert, audit, train, explain, answer; the original's mistakes on the way."""
    _files(todo)
    _studies(todo)
    todo.step("Pictures", "Hounsfield units from -1350 to 150 become black to white.")
    how = '--table metadata-2021.csv --id "patient id" --label finding'
    todo.tamiz(f"convert studies/ --window lung {how} --out png/", shown=24)
    training = _training(todo)
    _slices_by_lot(todo, training)
    _one_scanner(todo)
    todo.step("From DICOM to the report", "Whole patients on one side; super batches, levelled.")
    todo.tamiz(f"run studies/ {LABELS} {training} --out runs/d", shown=60)
    _a_year_later(todo)
    _chosen_on_the_test_part(todo, training)
    best = _three_hundred(todo)
    _in_use(todo)
    rows = [
        Row("accuracy, slices dealt out by lot", "88.3 % of 300", _accuracy(todo, "runs/leak")),
        Row("accuracy, patients apart", "not known", _accuracy(todo, "runs/d")),
        Row("the original's 265 of 300", "88.3 %, no interval", best),
    ]
    rows += _pneumonia(todo)
    for finding, theirs in (("Covid", "0.85"), ("Normal", "0.89"), ("Pneumonia", "0.88")):
        here = todo.figure("runs/d", "by_class", "test", finding, "f1")
        rows.append(Row(f"F1 {finding}", theirs, here))
    todo.table(rows)


def _pneumonia(todo: Walk) -> list[Row]:
    """Return how much of the pneumonia is found, from the scanner it was learnt on and not."""
    here = todo.figure("runs/d", "by_class", "test", "Pneumonia", "recall")
    rows = [Row("recall Pneumonia, scanner known", "not told", here)]
    if (todo.out / "later").exists():
        here = todo.figure("runs/d/external/later", "by_class", "later", "Pneumonia", "recall")
        rows.append(Row("recall Pneumonia, hospital's scanner", "no such scan", here))
    return rows


def _accuracy(todo: Walk, run: str) -> str:
    return todo.figure(run, "test", "accuracy")


def _files(todo: Walk) -> None:
    todo.step("Files", "Folders named after patients, as they come on a disk from the hospital.")
    if todo.source is None:
        todo.say("Everything here is drawn: names, scanners, lungs. It tells nothing about Covid.")
        draw_all(todo.out, is_small=todo.is_small)
        os.environ["TAMIZ_KEY_FILE"] = str(todo.out / "pseudonyms.key")
    else:
        for path in sorted(todo.source.glob("*-202[12]*")):
            if path.suffix == ".csv":
                shutil.copyfile(path, todo.out / path.name)
            elif not (todo.out / path.name).exists():
                (todo.out / path.name).symlink_to(path)
    todo.tamiz(f"index disk-2021/ {LABELS} --out runs/names", ends=(0, 3))


def _studies(todo: Walk) -> None:
    todo.step("From the PACS, without names")
    if todo.source is None and pacs_at_hand.is_here():
        files = sorted((todo.out / "disk-2021").rglob("*.dcm"))
        with pacs_at_hand.filled(todo.out / "pacs", files) as port:
            server = f"--host 127.0.0.1 --port {port} --called {pacs_at_hand.AET}"
            todo.tamiz(f"pacs find {server} --modality CT --date 2021-01")
            todo.tamiz(f"pacs fetch {server} --modality CT --date 2021 --out studies/")
        shutil.rmtree(todo.out / "pacs")
    else:
        todo.say("No Orthanc here to play the PACS: the files are taken from the folder.")
        todo.tamiz("convert disk-2021/ --to dicom --out studies/")
    if (todo.out / "disk-2022").exists():
        todo.tamiz("convert disk-2022/ --to dicom --out later/")


def _training(todo: Walk) -> str:
    """Return the options of every training here."""
    shared = "--shards 2 --balance level --test-fraction 0.3 --set prepare.workers=0"
    if todo.weights is not None:
        network = f"--model tf_efficientnet_b7 --weights {todo.weights} --stages head:3,all:3"
        return f"{network} {shared}"
    todo.say("No --weights at hand: a small network from random weights in EfficientNet's place.")
    if todo.is_small:
        brief = "--set evaluate.resamples=300 --set audit.depth=quick"
        return f"--model small --size 32 --epochs 4 {shared} {brief}"
    return f"--model small --size 48 --epochs 10 {shared}"


def _slices_by_lot(todo: Walk, training: str) -> None:
    todo.step(
        "The original's first mistake: slices dealt out by lot",
        "A fifth of the slices of png/ becomes the test part, whoever's they are.",
    )
    with (todo.out / "png" / "conversion.csv").open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    lot = random.Random(0)  # noqa: S311  (no secret)
    with (todo.out / "naive.csv").open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, [*rows[0], "split"])
        writer.writeheader()
        for row in rows:
            part = lot.choices(("train", "val", "test"), (0.6, 0.2, 0.2))[0]
            writer.writerow({**row, "split": part})
    naive = "naive.csv --root png/ --split-column split"
    todo.tamiz(f"audit {naive} --out runs/leak", ends=(1,), first=18, shown=4)
    todo.say("With --allow-leak it trains all the same, and stamps whatever comes out of it:")
    todo.tamiz(f"evaluate {naive} --allow-leak {training} --out runs/leak", ends=(0, 1), shown=24)


def _one_scanner(todo: Walk) -> None:
    todo.step(
        "Its second: a finding that comes from one scanner alone",
        "No pneumonia was scanned in the hospital. So the scanner tells the finding.",
    )
    held = "--test-fraction 0.3"
    todo.tamiz(f"audit studies/ {LABELS} {held} --out runs/d", ends=(0, 1), shown=40)
    todo.say("Can one scanner be left out, to see what a network does that never saw it? No:")
    todo.tamiz(
        f"split studies/ {LABELS} --fold-rule centre --out runs/scanners",
        ends=(0, 3),
    )


def _a_year_later(todo: Walk) -> None:
    if not (todo.out / "later").exists():
        return
    todo.step(
        "A year later", "The hospital's own scanner alone, and now pneumonia is among its patients."
    )
    again = " --overwrite" if (todo.out / "runs/d/external/later").exists() else ""
    asked = f"evaluate runs/d --data later/ {LATER} --name later{again}"
    todo.tamiz(asked, ends=(0, 1), first=13, shown=28)


def _chosen_on_the_test_part(todo: Walk, training: str) -> None:
    todo.step(
        "Its third: chosen on the test images",
        "Of each shard's model the confusion matrix on the same 300 images; the best was kept. "
        "Here other seeds stand for the shards. Every look is counted, beside the data:",
    )
    for seed in range(1, 2 if todo.is_small else 3):
        out = f"runs/d-seed-{seed}"
        todo.tamiz(f"evaluate studies/ {LABELS} {training} --seed {seed} --out {out}", shown=30)


def _three_hundred(todo: Walk) -> str:
    """Say what 265 right of 300 tell; return it in a few words."""
    value, bounds = 265 / 300, wilson(265, 300)
    error = standard_error_of(*bounds, 0.95)
    low, high = (100 * end for end in bounds)
    as_best = widened(value, bounds, 0.95, 12, is_share=True)
    todo.step("What 88.3 % of 300 images tells")
    todo.say(
        f"265 of 300: 88.3 %, 95 % interval {low:.1f} to {high:.1f} (Wilson), if the 300 were of "
        f"300 patients. Kept as the best of 12 models measured on the same images it is too good "
        f"by up to {100 * error * expected_maximum(12):.1f} points, and its interval "
        f"{100 * as_best[0]:.1f} to {100 * as_best[1]:.1f}."
    )
    return f"88.3 % ({low:.1f}-{high:.1f}), n = 300, groups: not said"


def _in_use(todo: Walk) -> None:
    todo.step("Where the network looks, and the model in use")
    study = sorted((todo.out / "studies").glob("*/*"))[0].relative_to(todo.out).as_posix()
    todo.tamiz(f"explain runs/d/model {study} --out maps/")
    todo.tamiz(f"predict runs/d/model {study} --csv answers.csv")
    todo.say("The web page, where the original had one in Streamlit: tamiz serve runs/d/model")
    todo.say(
        "Beside the PACS, with a structured report for every study that is sent to it: "
        "tamiz node runs/d/model --answer-to PACS@10.0.0.5:104 --folder node/"
    )


if __name__ == "__main__":
    walk(begin("Workflow D: chest CT", "workflow-d", takes_weights=True))
