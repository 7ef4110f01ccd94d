"""The same jobs by peers' documented ways and by tamiz: lines, seconds, memory, figures, faults.

    .venv/bin/python benchmarks/bench_peers.py [--only photos,frozen,faults,...]
        [--peers keras,fastai,...,tamiz] [--repeats 1] [--data FOLDER]

photos    class folders to a test figure: workflow C's network, 3 epochs, batch 32, Adam, one core;
          2,000 / 500 / 1,000 images of fashion-mnist as PNG (scikit-learn's digits without it)
frozen    a new head on a frozen squeezenet1_0, 8 epochs: 120 / 40 / 200 images of sign_digits with
          ImageNet's weights (drawn images and drawn weights without them)
faults    a drawn set with faults planted: patients on both sides, copies in the test part, a file
          cut short, a 16-bit PNG, a photo turned by EXIF; its labels say nothing, so 50 % is true
describe  colour histogram, co-occurrence, binary patterns and HOG of 600 images of 128 px
tiles     tiles with tissue of a drawn slide of 8,192 px, as PNG files; its tissue is known
start     seconds that the imports of each peer's script take: part of all the seconds above
parts     what each peer's library holds of the parts that its script leaves undone

Each peer runs its script of benchmarks/peers in an environment of its own (pinned in
environment.py; built on the first call: 0.4 to 7 GB and minutes each). All get one core and one
thread. Seconds are of the processor, of the whole process with its imports: other work on the
machine counts less. A figure's interval is Wilson's, by this benchmark; no peer's script gives one.
Writes benchmarks/results/peers.json after each job; a partial call renews its own rows. An
environment once built is kept (benchmarks/.peers); without --data's folder all images are drawn.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from peers import drawn_sets
from peers.environment import HERE, PACKAGES, python_of
from peers.measuring import Measured, measure, user_lines
from peers.noticing import VERIFY, likeness, noticed, warnings_in
from peers.snippets import BACKBONE, HAS, IMPORTS, PARTS

from tamiz.core.recipe import DataOptions
from tamiz.formats.reader import Reader, policy_from
from tamiz.metrics.intervals import wilson

ROOT = HERE.parents[1]
RESULT = ROOT / "benchmarks" / "results" / "peers.json"
EPOCHS, FROZEN_EPOCHS, FAULT_EPOCHS = 3, 8, 60
NETWORK = "--model cnn --set train.batch_size=32 --set train.optimiser=adam --size 28"
PATIENTS = r"--group-from-name (p\d+)_"
PHOTO_PEERS = ("keras", "fastai", "torch", "timm", "monai", "autogluon", "classic")
ENVIRONMENT = {"torch": "timm"}  # a plain loop needs no more than timm's environment holds
PEERS = (*PHOTO_PEERS, "tiatoolbox")


def tamiz(words: str, *paths: Path | str) -> list[str]:
    """Return the command line of one call; `{}` in `words` stand for the paths."""
    left = [str(one) for one in paths]
    filled = [left.pop(0) if word == "{}" else word for word in words.split()]
    return [sys.executable, "-m", "tamiz", *filled]


def peer(name: str, job: str, *arguments: Path | str | int) -> list[str]:
    python = python_of(ENVIRONMENT.get(name, name))
    return [python, str(HERE / f"{name}_{job}.py"), *map(str, arguments)]


def photo_arguments(name: str, folder: Path, epochs: int) -> tuple[Path | int, ...]:
    """Return what a photo script is given; AutoGluon also a timm network with drawn weights."""
    if name != "autogluon":
        return folder, epochs
    backbone = folder.parent / "backbone"
    if not backbone.is_dir():
        backbone.mkdir()
        subprocess.run([python_of(name), "-c", BACKBONE, str(backbone)], check=True)
    return folder, epochs, backbone


def shown(accuracy: float | None, n: int) -> dict[str, Any]:
    if accuracy is None:
        return {}
    low, high = wilson(round(accuracy * n), n)
    return {"accuracy": round(accuracy, 4), "low": round(low, 4), "high": round(high, 4), "n": n}


def own_figures(run: Path) -> dict[str, Any]:
    """Return what a run of tamiz says of its test part, and which of the parts it did."""
    metrics = json.loads((run / "metrics.json").read_text())
    timing = json.loads((run / "timing.json").read_text())
    found = metrics["test"]["accuracy"]
    bundle = json.loads((run / "model" / "bundle.json").read_text())
    return {
        **{name: round(found[name], 4) for name in ("low", "high")},
        "accuracy": round(found["value"], 4),
        "n": found["n"],
        "baselines": {
            name: round(one["accuracy"]["value"], 4) for name, one in metrics["baselines"].items()
        },
        "temperature": bundle.get("temperature"),
        "stage_wall_s": {name: round(seconds, 1) for name, seconds in timing.items()},
    }


def in_turns(
    ways: Mapping[str, Callable[[int], tuple[Measured, dict[str, Any]]]], asked: argparse.Namespace
) -> dict[str, Any]:
    """Run the ways of the peers asked for in turn; medians of seconds and memory, last figures."""
    chosen = {name: way for name, way in ways.items() if name.split()[0] in asked.peers}
    rounds: dict[str, list[Measured]] = {name: [] for name in chosen}
    rows: dict[str, Any] = {}
    for number in range(asked.repeats):
        for name, work in chosen.items():
            done, figures = work(number)
            rounds[name].append(done)
            rows[name] = {**done.figures(), **figures}
            if done.status != 0:
                rows[name]["last_line"] = done.last_line[:300]
            print(name, json.dumps(rows[name]), flush=True)
    for name, many in rounds.items():
        rows[name]["cpu_s"] = round(statistics.median(one.cpu_s for one in many), 2)
        rows[name]["cpu_s_range"] = [
            round(edge(one.cpu_s for one in many), 2) for edge in (min, max)
        ]
        rows[name]["peak_mib"] = round(statistics.median(one.peak_mib for one in many))
    return rows


def by_script(
    name: str, job: str, arguments: Sequence[Path | str | int], n: int, _round: int
) -> tuple[Measured, dict[str, Any]]:
    done = measure(peer(name, job, *arguments), ROOT)
    lines = user_lines(HERE / f"{name}_{job}.py")
    return done, {"lines": lines, **shown(done.accuracy, n)}


def by_tamiz(words: str, source: Path, room: Path, number: int) -> tuple[Measured, dict[str, Any]]:
    """Run one command on a run folder and a cache of its own."""
    out = room / f"run-{number}"
    own = {"TAMIZ_LOOKS": str(room / "looks"), "TAMIZ_CACHE": str(room / f"{out.name}-cache")}
    done = measure(tamiz(words, source, out), ROOT, own)
    return done, {"lines": 1, **(own_figures(out) if done.status == 0 else {})}


def photos(room: Path, asked: argparse.Namespace) -> dict[str, Any]:
    folder = room / "photos"
    source = drawn_sets.photos(asked.data, folder, drawn_sets.PHOTOS)
    n_test = sum(1 for _ in (folder / "test").rglob("*.png"))
    ways: dict[str, Any] = {
        name: partial(by_script, name, "photos", photo_arguments(name, folder, EPOCHS), n_test)
        for name in asked.peers
        if name in PHOTO_PEERS
    }
    how = f"{NETWORK} --epochs {EPOCHS} --quiet"
    ways["tamiz run"] = partial(by_tamiz, f"run {{}} {how} --out {{}}", folder, room)
    return {"source": source, "epochs": EPOCHS, "ways": in_turns(ways, asked)}


def frozen(room: Path, asked: argparse.Namespace) -> dict[str, Any]:
    folder = room / "signs"
    source = drawn_sets.signs(asked.data, folder, drawn_sets.SIGNS)
    weights = room / "squeezenet1_0.safetensors"
    learnt = drawn_sets.weights(asked.data, weights)
    ways: dict[str, Any] = {
        name: partial(by_script, name, "frozen", (folder, FROZEN_EPOCHS, weights), 200)
        for name in ("torch", "fastai", "monai")
    }
    how = f"--model torchvision:squeezenet1_0 --weights {weights} --freeze --size 227"
    command = f"run {{}} {how} --epochs {FROZEN_EPOCHS} --quiet --out {{}}"
    ways["tamiz run"] = partial(by_tamiz, command, folder, room)
    return {
        "source": source,
        "weights": learnt,
        "epochs": FROZEN_EPOCHS,
        "ways": in_turns(ways, asked),
    }


def describe(room: Path, asked: argparse.Namespace) -> dict[str, Any]:
    folder = room / "signs"
    origin = drawn_sets.signs(asked.data, folder, (60, 0, 0))
    n = sum(1 for _ in folder.rglob("*.jpg"))

    def classic(number: int) -> tuple[Measured, dict[str, Any]]:
        out = room / f"classic-{number}.npy"
        done = measure(peer("classic", "describe", folder, out), ROOT)
        made = np.load(out).shape if done.status == 0 else None
        return done, {"lines": user_lines(HERE / "classic_describe.py"), "table": made}

    def own(number: int, source: Path = folder) -> tuple[Measured, dict[str, Any]]:
        out = room / f"{source.name}-{number}.parquet"
        words = "describe {} --with colour-histogram,glcm,lbp,hog:width_px=128:height_px=128"
        done = measure(tamiz(f"{words} --size 128x128 --quiet --out {{}}", source, out), ROOT)
        return done, {"lines": 1, "table": pl.read_parquet(out).shape if not done.status else None}

    ways: dict[str, Any] = {"classic": classic, "tamiz describe": own}
    unlabelled = room / "unlabelled"  # so that no column is held against classes
    unlabelled.mkdir()
    for path in folder.rglob("*.jpg"):
        (unlabelled / f"{path.parent.name}-{path.name}").write_bytes(path.read_bytes())
    ways["tamiz describe, no classes"] = partial(own, source=unlabelled)
    return {"source": origin, "images": n, "ways": in_turns(ways, asked)}


def tiles(room: Path, asked: argparse.Namespace) -> dict[str, Any]:
    folder = room / "slides"
    folder.mkdir()
    side = 8192
    tissue = drawn_sets.slide(folder / "drawn.svs", side)
    share = tissue.reshape(side // 256, 4, side // 256, 4).mean(axis=(1, 3))

    def judged(places: Sequence[tuple[int, int]]) -> dict[str, Any]:
        """Hold tiles against the drawing: right where half of a tile at its place is tissue."""
        wide = np.kron(tissue, np.ones((8, 8)))  # 8 px a cell: fine enough, and small
        found = [wide[y // 8 : y // 8 + 32, x // 8 : x // 8 + 32].mean() for x, y in places]
        covered = sum(found) * 256 * 256 / (tissue.sum() * 64 * 64)
        n_right = int((np.array(found) >= 0.5).sum())
        return {"tiles": len(places), "with_tissue": n_right, "tissue_covered": round(covered, 3)}

    def tiatoolbox(number: int) -> tuple[Measured, dict[str, Any]]:
        out = room / f"tia-{number}"
        done = measure(peer("tiatoolbox", "tiles", folder / "drawn.svs", out), ROOT)
        names = [path.stem.split("_") for path in out.glob("*.png")]
        lines = user_lines(HERE / "tiatoolbox_tiles.py")
        return done, {"lines": lines, **judged([(int(x), int(y)) for x, y in names])}

    def own(copies: str, number: int) -> tuple[Measured, dict[str, Any]]:
        out = room / f"own{copies}-{number}"
        words = f"tiles {{}} --um-per-px 0.5 --size 256 --most 0 {copies} --quiet --out {{}}"
        done = measure(tamiz(words, folder, out), ROOT)
        table = pl.read_csv(out / "tiles.csv")
        names = ("slide_x", "slide_y") if copies else ("x", "y")
        return done, {"lines": 1, **judged(table.select(names).rows())}

    ways: dict[str, Any] = {"tiatoolbox": tiatoolbox}
    ways |= {"tamiz tiles --copies": partial(own, "--copies"), "tamiz tiles": partial(own, "")}
    facts = {"side_px": side, "tiles_with_half_tissue": int((share >= 0.5).sum())}
    return {**facts, "ways": in_turns(ways, asked)}


def faults(room: Path, asked: argparse.Namespace) -> dict[str, Any]:
    all_but_cut = [fault for fault in drawn_sets.FAULTS if "cut" not in fault]
    mixed, cut = room / "mixed", room / "cut"
    planted = drawn_sets.patients(mixed, all_but_cut)
    planted |= drawn_sets.patients(cut, [one for one in drawn_sets.FAULTS if "cut" in one])
    n_test = sum(1 for _ in (mixed / "test").rglob("*.*"))
    odd = [planted[fault][0] for fault in drawn_sets.FAULTS[3:]]
    rows: dict[str, Any] = {}
    for name in (one for one in asked.peers if one in PHOTO_PEERS):
        done = measure(peer(name, "photos", *photo_arguments(name, mixed, FAULT_EPOCHS)), ROOT)
        whole = {fault: noticed(done, planted[fault]) for fault in all_but_cut}
        row: dict[str, Any] = {**whole, **shown(done.accuracy, n_test)}
        row |= cut_short(name, cut, planted["a file cut short"])
        command = [python_of(ENVIRONMENT.get(name, name)), str(HERE / "reads.py"), name]
        looked = measure([*command, *map(str, odd)], ROOT)
        read = json.loads(looked.last_line)
        row["read"] = [likeness(one) for one in read.values()]  # in the order of `odd`
        rows[name] = row
        print(name, json.dumps(row), flush=True)
    if "fastai" in asked.peers:
        done = measure([python_of("fastai"), "-c", VERIFY, str(cut)], ROOT)
        rows["fastai's verify_images, asked for"] = done.last_line
    if "tamiz" in asked.peers:
        rows["tamiz"] = own_faults(room, planted)
        print("tamiz", json.dumps(rows["tamiz"]), flush=True)
    return {"n_test": n_test, "epochs": FAULT_EPOCHS, "ways": rows}


def cut_short(name: str, folder: Path, files: Sequence[Path]) -> dict[str, str]:
    """Return what a peer's script does with a set of which one test file is cut short."""
    done = measure(peer(name, "photos", *photo_arguments(name, folder, 1)), ROOT)
    said = done.last_line[:300]
    return {"a file cut short": noticed(done, files), "said of the cut file": said}


def own_faults(room: Path, planted: Mapping[str, Sequence[Path]]) -> dict[str, Any]:
    """Return what `tamiz run` does with each fault: exit code, words, the odd files' fates."""
    made: dict[str, Any] = {}
    own = {"TAMIZ_LOOKS": str(room / "looks"), "TAMIZ_CACHE": str(room / "fault-cache")}
    for number, fault in enumerate(drawn_sets.FAULTS):
        folder, out = room / f"fault{number}", room / f"fault{number}-run"
        files = drawn_sets.patients(folder, [fault])[fault]
        groups = PATIENTS if number == 0 else ""
        how = f"{NETWORK} --epochs 1 {groups}"
        done = measure(tamiz(f"run {{}} {how} --out {{}}", folder, out), ROOT, own)
        made[fault] = {"status": done.status, "cpu_s": round(done.cpu_s, 1)}
        made[fault]["said"] = warnings_in(done)
        if number == 0:
            how = f"{NETWORK} --epochs {FAULT_EPOCHS}"
            blind = measure(tamiz(f"run {{}} {how} --out {{}}", folder, room / "blind"), ROOT, own)
            found = own_figures(room / "blind") if blind.status == 0 else {}
            kept = {name: found.get(name) for name in ("accuracy", "low", "high", "n")}
            said = {"status": blind.status, "said": warnings_in(blind)}
            made["patients, the pattern not given"] = {**said, **kept}
        if len(files) == 1 and (out / "ledger.csv").is_file():
            ledger = (out / "ledger.csv").read_text().splitlines()
            made[fault]["ledger"] = [line for line in ledger if files[0].name in line]
    with Reader(Path("/"), policy_from(DataOptions())) as reader:
        for fault in drawn_sets.FAULTS[3:]:
            pixels = np.asarray(reader.read(str(planted[fault][0]).lstrip("/")).pixels)
            made[fault]["read"] = likeness(
                {"pixels": pixels.reshape(*pixels.shape[:2], -1)[..., 0]}
            )
    return made


def start(_room: Path, asked: argparse.Namespace) -> dict[str, Any]:
    ways: dict[str, Any] = {}
    for name, code in IMPORTS.items():
        if name in asked.peers:
            command = [python_of(ENVIRONMENT.get(name, name)), "-c", code]
            measure(command, ROOT)  # reads the files from disk
            ways[name] = measure(command, ROOT).figures()
    return {"ways": ways}


def parts(_room: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Return which parts a peer's library holds although its script does not use them."""
    made: dict[str, dict[str, bool]] = {}
    for part, names in PARTS.items():
        made[part] = {}
        for name, where in names.items():
            if name in asked.peers:
                done = measure([python_of(name), "-c", HAS, where], ROOT)
                made[part][where] = done.status == 0
        print(part, json.dumps(made[part]), flush=True)
    return made


def merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return the new rows with the old ones not asked for this time, if those saw the same data."""
    if "ways" not in new:  # part by part, what each peer's library was asked
        asked = {part: found for part, found in new.items() if part != "load_average"}
        return {**new, **{part: {**old.get(part, {}), **found} for part, found in asked.items()}}
    facts = new.keys() - {"ways", "load_average"}
    kept = old.get("ways", {}) if all(old.get(name) == new[name] for name in facts) else {}
    return {**new, "ways": {**kept, **new["ways"]}}


JOBS = {one.__name__: one for one in (photos, frozen, faults, describe, tiles, start, parts)}


def do(name: str, asked: argparse.Namespace) -> None:
    """Do one job and put its rows into the table of results."""
    print(f"== {name}", flush=True)
    with tempfile.TemporaryDirectory() as room:
        rows = JOBS[name](Path(room), asked) | {"load_average": os.getloadavg()}
    made: dict[str, Any] = json.loads(RESULT.read_text()) if RESULT.is_file() else {}
    made[name] = merged(made.get(name, {}), rows)
    made["conditions"] = {
        "cores_used": 1,
        "machine": platform.machine(),
        "python": platform.python_version(),
        "torch": importlib.util.find_spec("torch") and __import__("torch").__version__,
        "pins": {one: PACKAGES[ENVIRONMENT.get(one, one)] for one in PEERS},
    }
    RESULT.write_text(json.dumps(made, indent=2) + "\n")


def some_of(known: Sequence[str]) -> Callable[[str], list[str]]:
    """Return a reader of names with commas between that refuses those not known."""

    def names(words: str) -> list[str]:
        unknown = [name for name in words.split(",") if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"no {unknown[0]!r}; there are {', '.join(known)}")
        return words.split(",")

    return names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    everybody = (*PEERS, "tamiz")
    parser.add_argument("--only", type=some_of([*JOBS]), default=",".join(JOBS))
    parser.add_argument("--peers", type=some_of(everybody), default=",".join(everybody))
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--data", type=Path, default=drawn_sets.DATA)
    asked = parser.parse_args()
    if not asked.data.is_dir():
        print(f"no folder {asked.data}: photos are scikit-learn's digits, the rest is drawn")
    try:
        for name in asked.only:
            do(name, asked)
    except KeyboardInterrupt:
        raise SystemExit("stopped; finished jobs and environments are kept") from None
    print(f"written: {RESULT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
