"""Workflow B: a course on convolutional networks, from pixels to fine-tuning.

    python examples/workflows/b_course.py [--out runs/workflow-b] [--small]
    python examples/workflows/b_course.py --source fingers/    # your own; mnist/ beside it if there

The original, lecture slides with exercises: channels and grey, filters by hand, sizes and
parameters of layers, MNIST by softmax, MLP and CNN, pretrained networks, fine-tuning in steps, and
18,000 photos of hands whose near-copies lie on both sides of the split.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from draw_hands import draw, draw_photos, write_digits
from walk import Row, Walk, begin

NUMBERS = (
    "60 113 56 139 85; 73 121 54 84 128; 131 99 70 129 127; 80 57 115 69 134; 104 126 123 95 130"
)
SHARPEN = "0 -1 0; -1 5 -1; 0 -1 0"
LAYERS = {
    "433,290": "conv 64 3 relu; flatten; dense 10 softmax",
    "649,775": "conv 64 3 relu; flatten; dense 15 tanh; dense 10 softmax",
    "163,055": "conv 64 3 relu; pool 2; flatten; dense 15 tanh; dense 10 softmax",
}
HANDS = r"fingers/ --label-from-name '_(\d[LR])\.png'"
SHAPE = "--model small --set prepare.channels=1"
QUICK = "--set audit.depth=quick"
WAYS = ("softmax", "mlp", "small")


def walk(todo: Walk) -> None:
    """Pixels, filters, sizes, three networks, other people's networks, hands, fine-tuning."""
    todo.step("Files", "A photo, digits as MNIST's four files, and a folder of hands.")
    _make_files(todo)
    _pixels(todo)
    _networks(todo)
    _digits(todo)
    _pretrained(todo)
    stamp = _mistake(todo)
    _honest(todo)
    best = _use(todo)
    todo.table(_rows(todo, best, stamp))


def _make_files(todo: Walk) -> None:
    """Draw, or bring the user's own folders to where the commands look for them."""
    own = todo.source
    if own is None:
        draw(todo.out, is_small=todo.is_small)
        return
    draw_photos(todo.out)
    if not (todo.out / "fingers").exists():
        (todo.out / "fingers").symlink_to(own)
    if not (own.parent / "mnist").exists():
        write_digits(todo.out / "digits", 400 if todo.is_small else None)
    elif not (todo.out / "digits").exists():
        (todo.out / "digits").symlink_to(own.parent / "mnist")


def _pixels(todo: Walk) -> None:
    todo.step("Pixels", "A photo is three tables of numbers; grey is a weighted mean of them.")
    todo.tamiz("lab channels photo.png --out look/channels", shown=12)
    todo.tamiz("lab grey photo.png --out look/grey", shown=26)
    todo.step("Filters", "The course's 5 x 5 numbers, without and with zeros around them.")
    for padding, found in (("valid", "266"), ("same", "470")):
        command = f'lab filter --numbers "{NUMBERS}" --kernel "{SHARPEN}" --padding {padding}'
        _has(todo.tamiz(command, shown=24), found)
    todo.tamiz("lab filter photo.png --kernel edges --grey --out look/edges", shown=10)


def _networks(todo: Walk) -> None:
    todo.step("Sizes and parameters", "The course's three networks on 28 x 28 pixels, and VGG16.")
    for total, layers in LAYERS.items():
        command = f'lab network --layers "{layers}" --input 28x28x1'
        _has(todo.tamiz(command, first=12, shown=1), total)
    _has(todo.tamiz("lab network --model vgg16 --input 224x224x3", first=7, shown=1), "138,357,544")
    todo.say("VGG16 has 138,357,544 parameters, as the course says.")


def _digits(todo: Walk) -> None:
    todo.step(
        "Softmax, MLP, CNN",
        "The same digits, the same split, three networks; 'small' is a convolutional one. "
        "Differences are paired: the same test images, answered by both.",
    )
    brief = " --set train.epochs=2" if todo.is_small else ""
    ways = f"--ways {','.join(WAYS)} --set prepare.channels=1 --set prepare.size_px=28 {QUICK}"
    todo.tamiz(f"benchmark digits/ {ways}{brief} --out runs/course", shown=8, first=28)


def _pretrained(todo: Walk) -> None:
    todo.step(
        "Networks that others trained",
        "Nothing is fetched in this walk (HF_HUB_OFFLINE=1). Where weights lie on this machine, "
        "each network answers with its own preprocessing, side by side. Where they do not, one "
        "line says so, and no answer is made up by a network of random numbers.",
    )
    os.environ["HF_HUB_OFFLINE"] = "1"
    todo.tamiz("lab classify photo.png --network resnet50,mobilenet", ends=(0, 1, 3), shown=0)


def _mistake(todo: Walk) -> str:
    """Return what is to stand behind figures on the split that came with the images."""
    todo.step(
        "The original's mistake",
        "Every hand was taken several times, and images were dealt out one by one. tamiz sees it "
        "from the pixels alone, without being told which images belong together:",
    )
    ends = (0, 1) if todo.source else (1,)
    todo.tamiz(f"audit {HANDS} {QUICK} --out runs/leaky", ends=ends, shown=4, first=24)
    todo.say("Trained all the same, in the same folder, with --allow-leak:")
    leaky = f"{HANDS} {SHAPE} --size 40 --epochs {3 if todo.is_small else 14} {QUICK} --allow-leak"
    said = todo.tamiz(f"run {leaky} --out runs/leaky", shown=4, first=44)
    stamps = [line.strip() for line in said.splitlines() if "--allow-leak" in line]
    todo.say(f"The report is stamped: {stamps[0]}" if stamps else "Nothing crosses here.")
    return ": NOT VALID" if stamps else ""


def _honest(todo: Walk) -> None:
    todo.step(
        "Hands on one side each",
        "The file's name says whose frame it is (hand017-2): --group-from-name. A new split puts "
        "a fifth of the hands away for testing.",
    )
    new = f"{_grouped(todo)} --given-split ignore --test-fraction 0.2 {SHAPE} --size 40 {QUICK}"
    epochs, stages = (14, "head:2:3e-3,last-block:2:2e-3,all:10:2e-3")
    if todo.is_small:
        epochs, stages = (3, "head:1:3e-3,last-block:1:2e-3,all:2:2e-3")
    todo.tamiz(f"run {new} --epochs {epochs} --out runs/scratch", shown=4, first=44)
    todo.step(
        "Fine-tuning in steps",
        "The network that learnt the digits is the start for the hands: a new classifier alone "
        "learns, then the last block with it, then everything.",
    )
    start = "--weights runs/course/digits/small/model/weights.safetensors"
    todo.tamiz(f"run {new} {start} --stages {stages} --out runs/tuned", shown=4, first=26)
    _steps(todo.out / "runs" / "tuned")
    todo.tamiz("compare runs/scratch runs/tuned", shown=0)


def _grouped(todo: Walk) -> str:
    """Return the hands with what belongs together; of the user's own, pixels alone tell it."""
    return HANDS if todo.source else HANDS + r" --group-from-name '(hand\d+)'"


def _steps(run: Path) -> None:
    """Print what each step of the training reached on the validation part."""
    lines = (run / "history.jsonl").read_text(encoding="utf-8").splitlines()
    epochs = [json.loads(line) for line in lines]
    print("  what learns   epochs   seconds an epoch   right on validation")
    for part in dict.fromkeys(one["part"] for one in epochs):
        own = [one for one in epochs if one["part"] == part]
        seconds = sum(one["seconds"] for one in own) / len(own)
        right = own[-1]["val_accuracy"]
        print(f"  {part:12} {len(own):7} {seconds:18.1f} {right:20.1%}")
    print(flush=True)


def _use(todo: Walk) -> str:
    """Return the run that is better on validation; show where it looks, and let it answer."""
    best = max(("runs/scratch", "runs/tuned"), key=lambda run: _value(todo, run, "val"))
    todo.step("The one that is better on validation, in use", f"It is {best}.")
    todo.tamiz(f"lab features {best} new.png --out look/features", shown=8)
    todo.tamiz(f"explain {best}/model new.png --out heat/", shown=12)
    todo.tamiz(f"predict {best}/model new.png --csv answers.csv")
    todo.say(f"The report: {best}/report/report.html. In the browser: tamiz serve {best}/model")
    return best


def _rows(todo: Walk, best: str, stamp: str) -> tuple[Row, ...]:
    def right(run: str) -> str:
        return todo.figure(f"runs/{run}", "test", "accuracy")

    thumbnails = [
        todo.figure(f"runs/{run}", "baselines", "nearest-thumbnail", "accuracy")
        for run in ("leaky", "scratch")
    ]
    digits = "MNIST" if todo.source and (todo.source.parent / "mnist").exists() else "small digits"
    return (
        Row("sharpened 5 x 5, first row", "266 -61 -30", "the same"),
        Row("parameters", ", ".join(LAYERS), "the same"),
        Row("parameters of VGG16", "138,357,544", "the same"),
        Row(f"softmax, {digits}", "not said (MNIST)", right("course/digits/softmax")),
        Row(f"MLP, {digits}", "97 to 98 % (MNIST)", right("course/digits/mlp")),
        Row(f"CNN, {digits}", "99 % (MNIST)", right("course/digits/small")),
        Row("hands, split by image", "not said", right("leaky") + stamp),
        Row("... nearest thumbnail", "not said", thumbnails[0] + stamp),
        Row("hands, each on one side", "not said", right("scratch")),
        Row("... nearest thumbnail", "not said", thumbnails[1]),
        Row("hands, fine-tuned from digits", "not said", right("tuned")),
        Row("chosen on validation", "not said", f"{best}: {right(Path(best).name)}"),
    )


def _value(todo: Walk, run: str, part: str) -> float:
    found = json.loads((todo.out / run / "metrics.json").read_text(encoding="utf-8"))
    return float(found[part]["accuracy"]["value"])


def _has(said: str, words: str) -> None:
    """Stop unless tamiz found the course's number."""
    if words not in said:
        sys.exit(f"the course says {words}, and tamiz does not")


if __name__ == "__main__":
    walk(begin("Workflow B: a course on convolutional networks", "workflow-b"))
