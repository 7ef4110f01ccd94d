"""Each study answered exactly once: Orthanc sends to a node, both are killed, reports come back.

    .venv/bin/python benchmarks/bench_node.py [--studies 200] [--kills 10] [--archive-kills 3]

A real Orthanc in a network namespace of its own (root, `unshare`) has drawn radiographs and sends
them to `tamiz node` study by study; what failed is sent again, as an archive's queue would. At
random moments of the work the node is killed with SIGKILL and started again, then Orthanc is. At
the end every report in Orthanc is read by highdicom and by DCMTK, its probabilities are compared
with `tamiz predict` on the same files, and counted: studies with no report, with one, with several.
The same number of studies is first answered undisturbed, for the time. Writes
benchmarks/results/bench_node.json.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from tests.acquisition.orthanc import Orthanc, save, why_not
from tests.faces.conftest import drawn
from tests.faces.node_orthanc import ask, file_of, listening, reports_in, started
from tests.faces.node_world import image

import tamiz
from tamiz.node.node import status_of
from tamiz.stages.predict import predict

RESULTS = Path(__file__).parent / "results"
N_IMAGES, SIDE_PX, QUIET_S = 2, 128, 1.0
SETTINGS = {"prepare.size_px": 16, "prepare.channels": 1, "train.epochs": 2, "train.augment": []}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studies", type=int, default=200)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--archive-kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", type=Path, help="a trained model, in place of a small one")
    asked = parser.parse_args()
    if reason := why_not():
        sys.exit(f"Orthanc cannot be started here: {reason}")
    moments = random.Random(asked.seed)  # noqa: S311
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        model = asked.model or trained(room)
        files = save(room / "images", *drawn_images(asked.studies))
        wanted = predicted(model, files)
        made: dict[str, Any] = {"studies": asked.studies, "images": len(wanted)}
        for word, kills in (("undisturbed", []), ("killed", who_dies(asked, moments))):
            with Orthanc(room / word) as orthanc:
                orthanc.store(files)
                work = Work(orthanc, model, room / f"state-{word}", moments)
                made[word] = work.run(kills) | checked(orthanc, wanted)
            print(word, json.dumps(made[word]))
    made["conditions"] = conditions()
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / "bench_node.json"
    target.write_text(json.dumps(made, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    ok = made["killed"]["answered_once"] == asked.studies and not made["killed"]["wrong"]
    sys.exit(0 if ok else 1)


def trained(room: Path) -> Path:
    from PIL import Image

    rng = np.random.default_rng(5)
    for kind in ("left", "upper"):
        (room / "data" / kind).mkdir(parents=True)
        for number in range(80):
            path = room / "data" / kind / f"{number:03}.png"
            Image.fromarray(drawn(rng, kind)).save(path)
    tamiz.run(room / "data", room / "run", SETTINGS)
    return room / "run" / "model"


def drawn_images(n_studies: int) -> list[Any]:
    made = []
    for study in range(1, n_studies + 1):
        for number in range(1, N_IMAGES + 1):
            rng = np.random.default_rng([study, number])
            pixels = drawn(rng, ("left", "upper")[(study + number) % 2], SIDE_PX)
            made.append(image(study, number, pixels=pixels))
    return made


def predicted(model: Path, files: Path) -> dict[str, list[float]]:
    """Return the probabilities of `tamiz predict` by SOP instance."""
    from pydicom import dcmread

    told = {one["path"]: one for one in predict(model, files).told()["answers"]}
    return {
        str(dcmread(path, stop_before_pixels=True).SOPInstanceUID): list(
            told[path.name]["probabilities"].values()
        )
        for path in sorted(files.iterdir())
    }


def who_dies(asked: argparse.Namespace, moments: random.Random) -> list[str]:
    made = ["node"] * asked.kills + ["archive"] * asked.archive_kills
    moments.shuffle(made)
    return made


class Work:
    """One run: an archive that sends, a node that answers, and who is killed."""

    def __init__(self, orthanc: Orthanc, model: Path, state: Path, moments: random.Random) -> None:
        self.orthanc, self.model, self.state, self.moments = orthanc, model, state, moments
        self.studies = deque(ask(orthanc, "/studies"))
        self.n_studies = len(self.studies)
        self.is_over = threading.Event()
        self.allowed = threading.Semaphore(0)
        self.n_again = 0

    def run(self, kills: list[str]) -> dict[str, Any]:
        """Do all studies, with some killed meanwhile; return what the node says of it."""
        node = self.node()
        start = time.monotonic()
        sender = threading.Thread(target=self.send)
        sender.start()
        left = self.n_studies
        for number, who in enumerate(kills):
            batch = left // (len(kills) - number + 1)
            left -= batch
            self.allowed.release(batch)
            time.sleep(self.moments.uniform(0.0, QUIET_S + 2.0))
            if who == "node":
                node.kill()
                node.communicate()
                node = self.node()
            else:
                self.orthanc.kill()
                self.orthanc.start()
        self.allowed.release(left)
        self.wait()
        seconds = time.monotonic() - start
        self.is_over.set()
        sender.join()
        node.send_signal(signal.SIGTERM)
        node.communicate(timeout=30)
        told = status_of(self.state).values["node"]
        return {
            "kills": dict(Counter(kills)),
            "seconds": round(seconds, 1),
            "sent_again": self.n_again,
            "node_ended_with": node.returncode,
            "status": told,
        }

    def node(self) -> subprocess.Popen[str]:
        """Start a node and wait until it listens."""
        made = started(self.orthanc, self.model, self.state, "--quiet-seconds", QUIET_S, "--quiet")
        listening(made)
        return made

    def send(self) -> None:
        """Send study by study; what failed is tried again until it arrives."""
        while not self.is_over.is_set():
            if not self.studies or not self.allowed.acquire(timeout=0.2):
                time.sleep(0.05)
                continue
            study = self.studies.popleft()
            told = ask(self.orthanc, "/modalities/TAMIZ/store", [study])
            if told is None or told["FailedInstancesCount"]:
                self.n_again += 1
                self.studies.appendleft(study)
                self.allowed.release()
                time.sleep(0.2)

    def wait(self, seconds: float = 1200.0) -> None:
        """Wait until the node says that all is sent."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with contextlib.suppress(Exception):
                told = status_of(self.state).values["node"]
                if told["done"] >= self.n_studies and not told["answered"] and not self.studies:
                    return
            time.sleep(0.2)
        print("not all studies were answered in time", file=sys.stderr)


def checked(orthanc: Orthanc, wanted: dict[str, list[float]]) -> dict[str, Any]:
    """Return how often each study was answered, and how many reports are wrong or invalid."""
    from highdicom.sr import srread

    per_image: Counter[str] = Counter()
    per_study: Counter[str] = Counter()
    wrong = invalid = 0
    for name in reports_in(orthanc):
        content = file_of(orthanc, name)
        try:
            report = srread(io.BytesIO(content))
            groups = report.content.get_image_measurement_groups()
        except (AttributeError, ValueError, KeyError):
            invalid += 1
            continue
        invalid += not read_by_dcmtk(content)
        per_study[report.StudyInstanceUID] += 1
        for group in groups:
            uid = group.source_images[0].referenced_sop_instance_uid
            per_image[uid] += 1
            wrong += [one[0].value for one in group.get_measurements()] != wanted[uid]
    studies = {uid.rpartition(".1.")[0] for uid in wanted}
    times = Counter(per_study[uid] for uid in studies)
    return {
        "reports": sum(per_study.values()),
        "answered_once": times[1],
        "never_answered": times[0],
        "answered_more_than_once": sum(n for many, n in times.items() if many > 1),
        "images_answered_once": sum(per_image[uid] == 1 for uid in wanted),
        "wrong": wrong,
        "invalid": invalid,
    }


def read_by_dcmtk(content: bytes) -> bool:
    with tempfile.NamedTemporaryFile(suffix=".dcm") as file:
        file.write(content)
        file.flush()
        done = subprocess.run(["dsrdump", file.name], capture_output=True, text=True, check=False)
    return done.returncode == 0 and "E:" not in done.stderr


def conditions() -> dict[str, Any]:
    names = ("pynetdicom", "pydicom", "highdicom", "torch")
    return {
        "images_per_study": N_IMAGES,
        "side_px": SIDE_PX,
        "quiet_seconds": QUIET_S,
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        **{name: version(name) for name in names},
    }


if __name__ == "__main__":
    main()
