"""A hundred photos of 12 megapixels at the same moment: tamiz api beside a plain FastAPI endpoint.

usage: bench_service.py [--clients N] [--repeats N] [--keep FOLDER]
Draws N distinct JPEGs of 4000 x 3000 px, trains a small 64 px colour network on drawn pictures,
and sends all N at once, each by a client of its own, to
naive   peers/naive_service.py (FastAPI, plain function, Pillow, torch; same weights),
ours    `tamiz api` as it comes: 2 workers, 32 waiting;
once     nobody asks again: surplus clients get 503,
patient  who gets 503 waits as long as Retry-After says and asks again, until all are answered.
Told: statuses; seconds from a client's first byte to its answer (p50, p99); answers per second from
the first request to the last answer; peak of the resident memory of the server's process tree,
sampled every 50 ms; seconds of processor that the tree spent for each answer (they depend less on
what else the machine does); and whether each answer is that of its own image, to the bit (ours: as
`tamiz predict` says it; naive: as it says it when asked alone).
Runs alternate (naive, once, patient), each with a fresh server; figures of each run are kept, the
median and the range of the runs are shown. Writes benchmarks/results/bench_service.json.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from PIL import Image

import tamiz
from tamiz.stages.predict import predict

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "bench_service.json"
SIZE = (4000, 3000)
CLASSES = ("bands", "rings", "spots")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--clients", type=int, default=100)
    asked.add_argument("--repeats", type=int, default=3)
    asked.add_argument("--keep", type=Path, help="folder for photos and model, used again")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = options.keep or Path(folder)
        photos, model = photos_in(place / "photos", options.clients), model_in(place)
        wanted = {
            Path(one["path"]).name: one["probabilities"]
            for one in predict(model, place / "photos").told()["answers"]
        }
        runs: dict[str, list[dict[str, Any]]] = {"naive": [], "once": [], "patient": []}
        for _ in range(options.repeats):
            for name, found in runs.items():
                found.append(run(name, model, photos, wanted))
                print(name, json.dumps(found[-1]), flush=True)
    made = {
        "setting": setting(photos, options),
        "summary": {name: summary(found) for name, found in runs.items()},
        "runs": runs,
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(made["summary"], indent=2))


def setting(photos: list[Path], options: argparse.Namespace) -> dict[str, Any]:
    import torch

    return {
        "clients": options.clients,
        "repeats": options.repeats,
        "image_px": SIZE,
        "mean_mb": round(statistics.mean(one.stat().st_size for one in photos) / 1e6, 2),
        "cores": len(os.sched_getaffinity(0)),
        "cpu": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "load_before": os.getloadavg()[0],
    }


def summary(runs: list[dict[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {"statuses": [one["statuses"] for one in runs]}
    for name in ("p50_s", "p99_s", "answers_per_s", "peak_mb", "cpu_s_per_answer"):
        values = [one[name] for one in runs]
        made[name] = {"median": statistics.median(values), "range": [min(values), max(values)]}
    made["all_answers_their_own"] = all(one["all_answers_their_own"] for one in runs)
    return made


def photos_in(folder: Path, n: int) -> list[Path]:
    """Return n distinct photos, with the fine grain of a sensor so that they are large."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    grain = rng.normal(0, 6, (SIZE[1] + 500, SIZE[0] + 500, 1)).astype(np.float32)
    for number in range(n):
        path = folder / f"{number:03}.jpg"
        if not path.exists():
            small = Image.fromarray(drawn(rng, CLASSES[number % 3]))
            large = np.asarray(small.resize(SIZE, Image.Resampling.BICUBIC), dtype=np.float32)
            y, x = rng.integers(0, 500, 2)
            noisy = large + grain[y : y + SIZE[1], x : x + SIZE[0]]
            pixels = np.clip(noisy, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(path, quality=90)
    return sorted(folder.glob("*.jpg"))[:n]


def drawn(rng: np.random.Generator, kind: str, side: int = 96) -> np.ndarray:
    """Return (side, side, 3): bands, rings or spots in two colours."""
    y, x = np.mgrid[:side, :side].astype(np.float64)
    period, phase = rng.uniform(9, 24), rng.uniform(0, 6)
    centre = rng.uniform(0.3 * side, 0.7 * side, 2)
    wave = {
        "bands": np.sin(2 * np.pi * (x + y * rng.uniform(-0.4, 0.4)) / period + phase),
        "rings": np.sin(2 * np.pi * np.hypot(x - centre[0], y - centre[1]) / period + phase),
        "spots": np.sin(2 * np.pi * x / period + phase) * np.sin(2 * np.pi * y / period),
    }[kind]
    share = (wave[..., None] + 1) / 2
    colours = rng.uniform(20, 235, (2, 3))
    noise = rng.normal(0, 12, (side, side, 3))
    pixels = share * colours[0] + (1 - share) * colours[1] + noise
    return np.clip(pixels, 0, 255).astype(np.uint8)


def model_in(place: Path) -> Path:
    """Return a small 64 px colour model, trained here."""
    if not (place / "run" / "model" / "bundle.json").exists():
        rng = np.random.default_rng(1)
        for kind in CLASSES:
            folder = place / "data" / kind
            folder.mkdir(parents=True, exist_ok=True)
            for number in range(90):
                Image.fromarray(drawn(rng, kind)).save(folder / f"{number:03}.png")
        asked = {"prepare.size_px": 64, "train.epochs": 4, "evaluate.resamples": 100}
        tamiz.run(place / "data", place / "run", asked)
    return place / "run" / "model"


@dataclass
class Client:
    """One who asks.

    Attributes:
        content: of its photo.
        statuses: of its tries.
        seconds: from its first try to its answer.
        answer: what it got.
    """

    content: bytes
    name: str
    statuses: list[int] = field(default_factory=list)
    seconds: float = 0.0
    answer: dict[str, Any] = field(default_factory=dict)

    def ask(self, port: int, path: str, *, is_patient: bool) -> None:
        """Send the photo, again after each 503 where patient."""
        began = time.perf_counter()
        while True:
            status, wait, body = post(port, path, self.name, self.content)
            self.statuses.append(status)
            if status != 503 or not is_patient:
                break
            time.sleep(wait)
        self.seconds = time.perf_counter() - began
        self.answer = body if status == 200 else {}


def post(port: int, path: str, name: str, content: bytes) -> tuple[int, float, dict[str, Any]]:
    head = f'--e\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--e--\r\n"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("POST", path, body, {"Content-Type": "multipart/form-data; boundary=e"})
    answer = connection.getresponse()
    found = json.loads(answer.read() or b"{}")
    connection.close()
    return answer.status, float(answer.headers.get("Retry-After", 0)), found


def run(
    name: str, model: Path, photos: list[Path], wanted: dict[str, dict[str, float]]
) -> dict[str, Any]:
    """Return the figures of one run against a fresh server."""
    is_ours = name != "naive"
    path = "/v1/predict" if is_ours else "/predict"
    clients = [Client(one.read_bytes(), one.name) for one in photos]
    with served(model, is_ours=is_ours) as (process, port):
        if not is_ours:
            wanted = {one.name: post(port, path, one.name, one.content)[2] for one in clients[:9]}
        else:
            post(port, path, clients[0].name, clients[0].content)
        spent_before = spent_by(process)
        with watched(process) as peak:
            began = time.perf_counter()
            threads = [
                threading.Thread(
                    target=one.ask, args=(port, path), kwargs={"is_patient": name == "patient"}
                )
                for one in clients
            ]
            for one in threads:
                one.start()
            for one in threads:
                one.join()
            seconds = time.perf_counter() - began
        spent = spent_by(process) - spent_before
    answered = [one for one in clients if one.answer]
    waits = np.array([one.seconds for one in answered])
    got = {one.name: shares_in(one.answer, is_ours=is_ours) for one in answered}
    return {
        "statuses": dict(Counter(str(status) for one in clients for status in one.statuses)),
        "answered": len(answered),
        "p50_s": round(float(np.quantile(waits, 0.5)), 3),
        "p99_s": round(float(np.quantile(waits, 0.99)), 3),
        "answers_per_s": round(len(answered) / seconds, 2),
        "seconds": round(seconds, 2),
        "peak_mb": round(max(peak) / 1e6),
        "cpu_s_per_answer": round(spent / len(answered), 4),
        "all_answers_their_own": all(
            got[one] == shares for one, shares in wanted.items() if one in got
        ),
    }


def shares_in(answer: dict[str, Any], *, is_ours: bool) -> dict[str, float]:
    return answer["answers"][0]["probabilities"] if is_ours else answer


@contextmanager
def served(model: Path, *, is_ours: bool) -> Iterator[tuple[psutil.Process, int]]:
    """Yield a server's process, ready to answer, and its port."""
    port = free_port()
    words = [sys.executable, str(HERE / "peers" / "naive_service.py"), str(model), str(port)]
    if is_ours:
        words = [sys.executable, "-m", "tamiz", "api", str(model), "--port", str(port), "--quiet"]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as process:
        ready = "/readyz" if is_ours else "/openapi.json"
        until = time.monotonic() + 120
        while not is_up(port, ready) and time.monotonic() < until:
            time.sleep(0.2)
        yield psutil.Process(process.pid), port
        process.terminate()


def free_port() -> int:
    import socket

    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def is_up(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def spent_by(process: psutil.Process) -> float:
    """Return the seconds of processor that a process and its children have used."""
    tree = [process, *process.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in tree)


@contextmanager
def watched(process: psutil.Process) -> Iterator[list[int]]:
    """Yield the list that fills with the resident bytes of a process and all its children."""
    found = [0]
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(0.05):
            try:
                tree = [process, *process.children(recursive=True)]
                found.append(sum(one.memory_info().rss for one in tree))
            except psutil.NoSuchProcess:
                continue

    watching = threading.Thread(target=watch)
    watching.start()
    yield found
    is_over.set()
    watching.join()


if __name__ == "__main__":
    main()
