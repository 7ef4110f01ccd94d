"""A source by URL: the mirror against downloads one by one, and a second call that finds no change.

    .venv/bin/python benchmarks/bench_remote.py [--objects 1000] [--bytes 20000] [--repeats 3]

An object store (moto's server) runs in a process of its own on this machine, once as fast as it
is, once with 20 ms before each answer, about what a store in the same country takes. Ways: `tamiz`
(16 at once, each file verified, synced and renamed); one by one with s3fs's `get_file`; s3fs's own
`get` of the whole folder, which verifies and syncs nothing. The second call lists and compares.
Ways take turns; medians are reported, with what differs in the files (must be nothing). Writes
benchmarks/results/bench_remote.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import platform
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

RESULTS = Path(__file__).parent / "results"
DELAYS_MS = (0, 20)
BUCKET = "bench"


def serve(delay_ms: int, told: Any) -> None:
    """Answer as an object store does, until the process is ended."""
    import logging

    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    store = DomainDispatcherApplication(create_backend_app)
    slow = [0.0]

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            time.sleep(slow[0])
        found: Iterable[bytes] = store(environ, start)
        return found

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    slow[0] = delay_ms / 1000
    told.put(server.server_port)
    server.serve_forever()


def fill(n: int, n_bytes: int) -> dict[str, bytes]:
    """Put n objects of random bytes into ten folders of the store; return them."""
    import boto3

    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    source = np.random.default_rng(0)
    made = {f"{i % 10}/{i:06d}.jpg": source.bytes(n_bytes) for i in range(n)}
    for name, content in made.items():
        client.put_object(Bucket=BUCKET, Key=f"photos/{name}", Body=content)
    return made


def mirrored(place: Path) -> Path:
    """Bring the source as tamiz does; return where it lies."""
    from tamiz.acquisition.remote import at_hand

    os.environ["TAMIZ_CACHE"] = str(place)
    return at_hand(f"s3://{BUCKET}/photos")


def one_by_one(place: Path) -> Path:
    """Download object after object."""
    import s3fs

    system = s3fs.S3FileSystem(use_listings_cache=False)
    for key in system.find(f"{BUCKET}/photos"):
        target = place / key.removeprefix(f"{BUCKET}/photos/")
        target.parent.mkdir(parents=True, exist_ok=True)
        system.get_file(key, str(target))
    return place


def all_at_once(place: Path) -> Path:
    """Let s3fs download the folder."""
    import s3fs

    s3fs.S3FileSystem(use_listings_cache=False).get(f"{BUCKET}/photos/", str(place), recursive=True)
    return place


def differing(place: Path, made: dict[str, bytes]) -> int:
    """Return how many files are not as they were put there."""
    files = {p.relative_to(place).as_posix(): p for p in place.rglob("*") if p.is_file()}
    wrong = sum(
        hashlib.sha256(files[name].read_bytes()).digest() != hashlib.sha256(content).digest()
        for name, content in made.items()
        if name in files
    )
    return wrong + len(files.keys() ^ made.keys())


def measured(delay_ms: int, asked: argparse.Namespace) -> dict[str, Any]:
    """Return medians of seconds per way, against a store with this delay."""
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    server = context.Process(target=serve, args=(delay_ms, told), daemon=True)
    server.start()
    os.environ["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{told.get()}"
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    made = fill(asked.objects, asked.bytes)
    ways = {"tamiz": mirrored, "one_by_one": one_by_one, "s3fs_get": all_at_once}
    seconds: dict[str, list[float]] = {name: [] for name in (*ways, "tamiz_second_call")}
    wrong = 0
    for _ in range(asked.repeats):
        for name, way in ways.items():
            with tempfile.TemporaryDirectory() as folder:
                started = time.perf_counter()
                place = way(Path(folder))
                seconds[name].append(time.perf_counter() - started)
                wrong += differing(place, made)
                if name == "tamiz":
                    started = time.perf_counter()
                    way(Path(folder))
                    seconds["tamiz_second_call"].append(time.perf_counter() - started)
                shutil.rmtree(folder, ignore_errors=True)
                Path(folder).mkdir()
    server.terminate()
    server.join()
    medians = {name: round(statistics.median(many), 3) for name, many in seconds.items()}
    return {
        "delay_ms": delay_ms,
        "seconds": medians,
        "one_by_one_over_tamiz": round(medians["one_by_one"] / medians["tamiz"], 2),
        "files_that_differ": wrong,
    }


def main() -> None:
    """Measure, print and write the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--objects", type=int, default=1000)
    parser.add_argument("--bytes", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    found = {
        "objects": asked.objects,
        "bytes_each": asked.bytes,
        "repeats": asked.repeats,
        "stores": [measured(delay, asked) for delay in DELAYS_MS],
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("fsspec", "s3fs", "moto")},
    }
    print(json.dumps(found, indent=2))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench_remote.json").write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
