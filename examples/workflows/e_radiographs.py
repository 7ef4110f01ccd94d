"""Workflow E: radiographs, which of 22 body parts, several labels per image, mean F1 per image.

    python examples/workflows/e_radiographs.py [--out runs/workflow-e] [--small]
    python examples/workflows/e_radiographs.py --source FOLDER          # your own; see below
    python examples/workflows/e_radiographs.py --weights densenet169.safetensors

Your own FOLDER holds `train.csv` with the columns `file`, `patient` and `parts` (several parts of
an image are joined by ';'), and the files in `images/`. A `decisions.csv` in it, filled in after
`tamiz clean`, is applied. With `--weights` the frozen network begins with them; the file's name
begins with the network's: densenet169, densenet201 or squeezenet1_0.

The original, a challenge entry, told ten scores from 84.76 to 95.12 %, each a look at the
leaderboard, and not of how many images.
"""

from __future__ import annotations

import csv
import re
import shutil

from draw_radiographs import draw
from walk import Row, Walk, begin

from tamiz.metrics.intervals import wilson
from tamiz.metrics.optimism import expected_maximum, standard_error_of, widened

FILES = "train.csv --root images --group patient --label parts"
LABELS = f"{FILES} --label-separator ';'"
LADDER = (84.76, 90.24, 90.55, 91.77, 92.07, 93.59, 93.90, 94.51, 94.82, 95.12)  # per cent
# What the original tried, as lines of a recipe; shift, zoom and brightness as far as it did.
TRIED = {
    "flip": "", "rotate": "", "shift": "fraction = 0.05", "zoom": "fraction = 0.15",
    "brightness": "fraction = 0.1", "salt_pepper": "", "blur": "",
}  # fmt: skip
NETWORKS = {
    "densenet169": ("densenet169", 256), "densenet201": ("densenet201", 256),
    "squeezenet1_0": ("torchvision:squeezenet1_0", 160),
}  # fmt: skip


def walk(todo: Walk) -> None:
    """Explore, clean, divide, try, choose, distil, answer; the original's mistakes on the way."""
    _files(todo)
    _explored(todo)
    _cleaned(todo)
    _rare(todo)
    small = f"--model small --size {32 if todo.is_small else 48}"
    rate = _rate(todo, small)
    helped = _augmentations(todo, f"{small} --learning-rate {rate}")
    rungs = _ladder(todo, f"{small} --learning-rate {rate}", helped)
    best = _chosen(todo, rungs)
    _student(todo, best)
    told = _leaderboard(todo)
    _overlapping(todo, best)
    _in_use(todo, best)
    todo.table(_rows(todo, best, told))


def _files(todo: Walk) -> None:
    todo.step("Files", "A table with the parts that each image shows; DICOM and PNG side by side.")
    if todo.source is None:
        todo.say("Everything here is drawn, sticks and ellipses: it tells nothing about patients.")
        draw(todo.out, 0.2 if todo.is_small else 1.0)
        return
    for name in ("train.csv", "decisions.csv"):
        if (todo.source / name).exists():
            shutil.copyfile(todo.source / name, todo.out / name)
    if not (todo.out / "images").exists():
        (todo.out / "images").symlink_to(todo.source / "images")


def _explored(todo: Walk) -> None:
    todo.step(
        "What the data are",
        "First as if an image could show one part only. tamiz says what that would be: sets of "
        "parts taken for parts of their own, so that 'hand' and 'hand;finger' exclude each other.",
    )
    said = todo.tamiz(f"explore {FILES} --out runs/one", first=4, shown=1)
    for line in said.splitlines():
        if "looks like several" in line:
            print(f"  {line}")
    print()
    todo.say("Said as it is: several labels, parted by a semicolon.")
    todo.tamiz(f"explore {LABELS} --out runs/e", first=16, shown=18)


def _cleaned(todo: Walk) -> None:
    todo.step(
        "Cleaning",
        "Files that cannot be read are out already, each with its reason. What is no radiograph "
        "is looked for, and nothing is taken out before somebody has looked.",
    )
    todo.tamiz("clean runs/e", first=3, shown=44)
    listed, decisions = todo.out / "runs" / "e" / "decisions.csv", todo.out / "decisions.csv"
    if todo.source is None:
        _decide(todo, listed.read_text(encoding="utf-8"))
    elif not decisions.exists():
        todo.say(f"Fill the column 'decision' of {listed} and keep it as decisions.csv.")
        shutil.copyfile(listed, decisions)
    todo.tamiz("clean runs/e --apply decisions.csv", shown=6)


def _decide(todo: Walk, listed: str) -> None:
    """Fill in the list as somebody would who knows a radiograph from a form or a photo."""
    with (todo.out / "unwanted.csv").open(encoding="utf-8", newline="") as opened:
        unwanted = {row["file"]: row["problem"] for row in csv.DictReader(opened)}
    rows = list(csv.DictReader(listed.splitlines()))
    for row in rows:
        if row["path"] in unwanted:
            row["decision"], row["note"] = "leave-out", unwanted[row["path"]]
    with (todo.out / "decisions.csv").open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    unreadable = sum(one in {"cut short", "empty", "no picture"} for one in unwanted.values())
    found = len({row["path"] for row in rows} & set(unwanted))
    todo.say(
        f"{len(unwanted)} files were put among them that are no radiographs: {unreadable} cannot "
        f"be read, and of the other {len(unwanted) - unreadable} the list has {found}. Somebody "
        f"looked at the {len({row['path'] for row in rows})} images on it and left out those "
        f"{found}; why stands in decisions.csv and runs/e/ledger.csv."
    )


def _rare(todo: Walk) -> None:
    todo.step(
        "The first mistake: classes with a handful of images",
        "A validation part of 10 % of the images, dealt out by lot, lacks all 4 images of the "
        "upper arm with a probability of 0.9^4 = 66 %. tamiz deals out rare labels first, whole "
        "patients at a time, and refuses where a label cannot be in every part.",
    )
    if todo.source is None:
        rows = (todo.out / "train.csv").read_text(encoding="utf-8").splitlines()
        patients = sorted({row.split(",")[1] for row in rows if row.endswith("upper arm")})
        kept = [row for row in rows if not set(patients[2:]) & set(row.split(","))]
        (todo.out / "fewer.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
        todo.say("fewer.csv is the table with two of the upper arm's patients only:")
        fewer = LABELS.replace("train.csv", "fewer.csv") + " --set audit.depth=quick"
        todo.tamiz(f"split {fewer} --out runs/fewer", ends=(3,))
    todo.tamiz("split runs/e --test-fraction 0.3 --val-fraction 0.2 --set audit.depth=quick")


def _rate(todo: Walk, small: str) -> str:
    todo.step("Which learning rate", "From tiny to huge, on a network that is thrown away.")
    return _suggested(todo, f"runs/e {small}")


def _suggested(todo: Walk, network: str) -> str:
    """Return the learning rate that the range test suggests; `network`: a run and its options."""
    brief = " --set evaluate.resamples=300 --set train.guard=false" if todo.is_small else ""
    said = todo.tamiz(f"lr-range {network}{brief}", shown=22)
    found = re.search(r"rate: ([\d.e-]+)\. ", said)
    return found[1] if found else "0.005"


def _augmentations(todo: Walk, network: str) -> list[str]:
    """Return the augmentations that were shown to help."""
    todo.step(
        "Which augmentations help",
        "What the original tried. 'Not every transformation helped', it says; here each one is "
        "trained alone, against none, with the same seeds, and measured on the validation part.",
    )
    for name in ("tried", "none"):
        _write_recipe(todo, name, list(TRIED) if name == "tried" else [])
    if not todo.is_small:
        todo.tamiz("augment runs/e --recipe tried.toml", shown=2)
    how = "--epochs 2 --repeats 1 --try flip,blur" if todo.is_small else "--epochs 6 --repeats 4"
    if not todo.is_small:
        how += f" --try {','.join(TRIED)}"
    said = todo.tamiz(f"ablate-augmentation runs/e --recipe tried.toml {network} {how}", shown=44)
    helped = re.findall(r'name = "(\w+)"', said)
    _write_recipe(todo, "helped", helped)
    return helped


def _write_recipe(todo: Walk, name: str, augmentations: list[str]) -> None:
    lines = [f'[[train.augment]]\nname = "{one}"\n{TRIED[one]}\n' for one in augmentations]
    text = "\n".join(lines) or "[train]\naugment = []\n"
    (todo.out / f"{name}.toml").write_text(text, encoding="utf-8")


def _ladder(todo: Walk, network: str, helped: list[str]) -> list[str]:
    """Return the runs of the ladder, each a copy of what was looked at, trained in its own way."""
    todo.step(
        "A ladder of attempts",
        "runs/e knows the images and the split; each attempt begins with a copy of it, so all of "
        "them judge the same images.",
    )
    short, long = (2, 4) if todo.is_small else (8, 24)
    best = "helped" if helped else "none"
    rungs = {
        "1-frozen": _frozen(todo),
        "2-small": f"{network} --recipe none.toml --epochs {short}",
        "3-tried": f"{network} --recipe tried.toml --epochs {short}",
        "4-longer": f"{network} --recipe {best}.toml --epochs {long}",
        "5-all-longer": f"{network} --recipe tried.toml --epochs {long}",
        "6-balanced": f"{network} --recipe {best}.toml --epochs {long} --balance weights",
    }
    if todo.is_small:
        rungs = {name: rungs[name] for name in ("1-frozen", "2-small", "4-longer")}
    for number, (name, options) in enumerate(rungs.items()):
        if not (todo.out / "runs" / name).exists():
            shutil.copytree(todo.out / "runs" / "e", todo.out / "runs" / name)
        print(f"$ cp -r runs/e runs/{name}")
        shown = 60 if number == 1 else 5
        todo.tamiz(f"evaluate runs/{name} {options} --metric f1_samples", ends=(0, 1), shown=shown)
    return list(rungs)


def _frozen(todo: Walk) -> str:
    if todo.weights is not None:
        name = next((one for one in NETWORKS if todo.weights.name.startswith(one)), "densenet169")
        model, side = NETWORKS[name]
        start = f"--weights {todo.weights}"
    else:
        todo.say("No --weights at hand: a ResNet18 of random weights in DenseNet's place.")
        model, side, start = "resnet18", 32 if todo.is_small else 64, "--from-scratch"
    return f"--model {model} {start} --size {side} --freeze --options head=logistic"


def _chosen(todo: Walk, rungs: list[str]) -> str:
    """Show the ladder; return the attempt that is best on validation."""
    todo.step(
        "The second mistake: chosen by the leaderboard",
        "Every attempt was measured on the test part, as a leaderboard does. The ledger counted, "
        "and compare says how far the best of them is luck. It chooses on validation.",
    )
    runs = " ".join(f"runs/{name}" for name in rungs)
    said = " ".join(todo.tamiz(f"compare {runs} --metric f1_samples", shown=0).split())
    found = re.search(r"there '([\w-]+)' is first", said)
    return found[1] if found else rungs[-1]


def _student(todo: Walk, best: str) -> None:
    todo.step(
        "Teacher and student",
        "Named as future work by the original. A network of fewer filters learns from the chosen "
        "one's answers, and once without them. Another network, another learning rate.",
    )
    size = 32 if todo.is_small else 48
    network = f"--model small --size {size} --options widths=[8,16,32]"
    shutil.copytree(todo.out / "runs/e", todo.out / "runs/alone", dirs_exist_ok=True)
    print("$ cp -r runs/e runs/alone")
    rate = _suggested(todo, f"runs/alone {network} --recipe none.toml")
    epochs = 3 if todo.is_small else 16
    brief = " --set evaluate.resamples=300 --set train.guard=false" if todo.is_small else ""
    little = (
        f"{network} --learning-rate {rate} "
        f"--epochs {epochs} --recipe none.toml --set audit.depth=quick "
        "--set data.decisions=decisions.csv --set train.average_mirrored=false "
        f"--metric f1_samples{brief}"
    )
    todo.tamiz(f"distil runs/{best} {LABELS} {little} --out runs/student", shown=12)
    todo.tamiz("evaluate runs/student", ends=(0, 1), shown=5)
    if todo.is_small:
        return
    todo.tamiz(f"evaluate runs/alone {little}", ends=(0, 1), shown=5)
    todo.tamiz("compare runs/alone runs/student --metric f1_samples", shown=0)


def images_behind(scores: tuple[float, ...], most: int) -> list[tuple[int, int]]:
    """Return (n, how many scores are k / n to two digits) for the n that fit most of them.

    Args:
        scores: in per cent, rounded to two digits.
        most: the largest n that is tried.
    """
    fits = []
    for n in range(20, most + 1):
        near = [(round(score * n / 100), score) for score in scores]
        fits.append((n, sum(abs(round(100 * k / n, 2) - score) < 1e-6 for k, score in near)))
    top = max(count for _, count in fits)
    return [one for one in fits if one[1] == top]


def _leaderboard(todo: Walk) -> str:
    """Say what the original's ten scores tell; return its last one in a few words."""
    todo.step("What 94.51, 94.82 and 95.12 % tell")
    fits = images_behind(LADDER, 1000)
    n = fits[0][0]
    right = [round(score * n / 100) for score in LADDER]
    value, bounds = right[-1] / n, wilson(right[-1], n)
    error = standard_error_of(*bounds, 0.95)
    low, high = (100 * end for end in bounds)
    as_best = [100 * end for end in widened(value, bounds, 0.95, len(LADDER), is_share=True)]
    todo.say(
        f"Of how many images? The slides do not say, but {fits[0][1]} of the ten scores are whole "
        f"multiples of 1/{n} to the last digit, which holds for no other number up to 1,000 but "
        f"{' and '.join(str(one[0]) for one in fits[1:])}. Taking {n}, and images all right or all "
        f"wrong: {right[-1]} of {n}, 95 % interval {low:.1f} to {high:.1f} (Wilson); as the best "
        f"of ten too good by up to {100 * error * expected_maximum(len(LADDER)):.1f} points, and "
        f"its interval {as_best[0]:.1f} to {as_best[1]:.1f}."
    )
    print("| step | images | least p (McNemar, exact), if nothing else changed |\n|---|---|---|")
    steps = list(zip(LADDER, LADDER[1:], right, right[1:], strict=False))
    for before, after, k, more in [*steps, (94.51, 95.12, right[7], right[9])]:
        print(
            f"| {before:.2f} to {after:.2f} | {more - k} | {min(1.0, 2 * 0.5 ** (more - k)):.2g} |"
        )
    print(flush=True)
    return f"95.1 % ({low:.1f}-{high:.1f}), n = {n} (ours, see above), groups: not said"


def _overlapping(todo: Walk, best: str) -> None:
    todo.step(
        "The third mistake: classes that overlap",
        "One hand is called 'hand' by some and 'hand;finger' by others. No network can know by "
        "whom. Each label has its own figure, with its images and patients; where they are too few "
        "for an interval there is none.",
    )
    for name in ("hand", "finger", "pelvis", "hip", "upper arm", "clavicle"):
        print(f"  F1 of {name}: {_f1_of(todo, best, name)}")
    print(flush=True)


def _f1_of(todo: Walk, best: str, name: str) -> str:
    return todo.figure(f"runs/{best}", "by_class", "test", name, "f1")


def _in_use(todo: Walk, best: str) -> None:
    todo.step("The report, and the model in use")
    todo.tamiz(f"report runs/{best}", ends=(0, 1), shown=3)
    rows = (todo.out / "train.csv").read_text(encoding="utf-8").splitlines()
    hand = next(row for row in rows if row.endswith("hand;finger")).partition(",")[0]
    todo.tamiz(f"predict runs/{best}/model images/{hand} --csv answers.csv")
    todo.say(f"In the browser: tamiz serve runs/{best}/model")


def _rows(todo: Walk, best: str, told: str) -> list[Row]:
    def f1(run: str, part: str = "test") -> str:
        return todo.figure(f"runs/{run}", part, "f1_samples")

    thumbnail = todo.figure(f"runs/{best}", "baselines", "nearest-thumbnail", "f1_samples")
    frozen = "DenseNet169/201, among the ten"
    alone = []
    if (todo.out / "runs" / "alone" / "metrics.json").exists():
        alone = [Row("... the same without a teacher", "not said", f1("alone"))]
    return [
        Row("mean F1, the original's last score", "95.12 %", told),
        Row("mean F1, frozen network and head", frozen, f1("1-frozen")),
        Row("mean F1, first attempt without it", "not said", f1("2-small")),
        Row("mean F1, chosen on validation", "by the leaderboard", f"{best}: {f1(best)}"),
        Row("... on validation, which chose it", "not said", f1(best, "val")),
        Row("... nearest thumbnail", "not said", thumbnail),
        Row("mean F1, student", "future work", f1("student")),
        *alone,
        Row("F1 finger", "not said", _f1_of(todo, best, "finger")),
        Row("F1 hip", "not said", _f1_of(todo, best, "hip")),
        Row("F1 upper arm", "not said", _f1_of(todo, best, "upper arm")),
    ]


if __name__ == "__main__":
    walk(begin("Workflow E: radiographs", "workflow-e", takes_weights=True))
