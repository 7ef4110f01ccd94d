"""Nothing lost, nothing doubled: a retrieval from Orthanc with client and server killed.

    .venv/bin/python benchmarks/bench_fetch.py [--instances 1000] [--kills 20] [--repeats 3]

A real Orthanc in a network namespace of its own (root, `unshare`) is filled with drawn CT slices.
First every way brings them undisturbed, timed from start to end of the command. Then the client is
killed with SIGKILL at random moments, `--kills` times, and run to its end; then the server is, and
started again, while one client goes on. After each, every file is compared with the original whose
identities were removed here. Writes benchmarks/results/bench_fetch.json.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.acquisition.orthanc import (
    MARCH,
    SERVER,
    WEB_URL,
    Orthanc,
    draw,
    images_in,
    save,
    why_not,
)

RESULTS = Path(__file__).parent / "results"
WAYS = ("get", "move", "web")
SIDE_PX, PER_SERIES = 256, 100  # a series is more than the sockets' buffers hold
Files = set[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--instances", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if reason := why_not():
        sys.exit(f"Orthanc cannot be started here: {reason}")
    drawn = random.Random(asked.seed)  # noqa: S311
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        originals = fill(room / "originals", asked.instances)
        expected = without_identities(originals, room / "key")
        with Orthanc(room / "orthanc") as orthanc:
            orthanc.store(originals)
            made = {
                "instances": asked.instances,
                "side_px": SIDE_PX,
                "undisturbed": undisturbed(orthanc, room, expected, asked.repeats),
                "client_killed": {
                    way: client_killed(orthanc, room, expected, (way, asked.kills, drawn))
                    for way in WAYS
                },
                "server_killed": {
                    way: server_killed(orthanc, room, expected, (way, asked.kills // 4, drawn))
                    for way in WAYS
                },
                "conditions": conditions(),
            }
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / "bench_fetch.json"
    target.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(made, indent=2))


def fill(folder: Path, n: int) -> Path:
    """Write n slices, a hundred to a series, two series to a patient."""
    return save(
        folder,
        *[draw(1 + i // (2 * PER_SERIES), 1, i // PER_SERIES, i, side=SIDE_PX) for i in range(n)],
    )


def without_identities(folder: Path, key: Path) -> Counter[str]:
    """Return the hashes of the files as a retrieval has to write them."""
    from pydicom import dcmread

    from tamiz.acquisition.deidentify import Deidentification, deidentify
    from tamiz.core.pseudonyms import Pseudonyms

    pseudonyms = Pseudonyms.load(key)
    hashes: Counter[str] = Counter()
    for path in folder.iterdir():
        target = io.BytesIO()
        made = deidentify(dcmread(path), pseudonyms, Deidentification()).dataset
        made.save_as(target, enforce_file_format=True)
        hashes[hashlib.sha256(target.getvalue()).hexdigest()] += 1
    return hashes


def words_of(way: str, out: Path, *more: object) -> tuple[object, ...]:
    web = ("--dicomweb", WEB_URL, "--way", way, "--out", out, "--json")
    return ("fetch", *SERVER, *MARCH, *web, *more)


def verdict(out: Path, expected: Counter[str]) -> dict[str, Any]:
    """Return what is lost and doubled; temporary files count as doubled."""
    files = images_in(out)
    found = Counter(hashlib.sha256(content).hexdigest() for content in files.values())
    instances = [json.loads(line)["instance"] for line in (out / "journal.jsonl").open()]
    stale = list(out.rglob("*.tamiz-part"))
    return {
        "files": len(files),
        "lost": sum((expected - found).values()),
        "doubled": sum((found - expected).values()) + len(stale),
        "journal_lines_doubled": len(instances) - len(set(instances)),
        "bytes_equal": found == expected,
    }


def undisturbed(
    orthanc: Orthanc, room: Path, expected: Counter[str], repeats: int
) -> dict[str, Any]:
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    verdicts = {}
    for repeat in range(repeats):
        for way in WAYS:
            out = room / f"plain_{way}_{repeat}"
            start = time.monotonic()
            done = orthanc.tamiz(*words_of(way, out), key=room / "key")
            seconds[way].append(round(time.monotonic() - start, 2))
            if done.code != 0:
                raise RuntimeError(done.err)
            verdicts[way] = verdict(out, expected)
    again = time.monotonic()
    done = orthanc.tamiz(*words_of("get", room / "plain_get_0"), key=room / "key")
    return {
        "seconds": seconds,
        "median_seconds": {way: statistics.median(each) for way, each in seconds.items()},
        "second_run": {"new": done.counts["new"], "seconds": round(time.monotonic() - again, 2)},
        "verdicts": verdicts,
    }


def client_killed(
    orthanc: Orthanc, room: Path, expected: Counter[str], how: tuple[str, int, random.Random]
) -> dict[str, Any]:
    way, n_kills, drawn = how
    out = room / f"client_{way}"
    # slow enough to be still at work at the last kill
    rate = ("--max-per-second", 1.2 * expected.total() / n_kills)
    n_here = []
    for _ in range(n_kills):
        process = orthanc.popen(*words_of(way, out, *rate), key=room / "key")
        time.sleep(drawn.uniform(0.6, 1.8))
        process.kill()
        process.communicate()
        n_here.append(len(images_in(out)))
    start = time.monotonic()
    done = orthanc.tamiz(*words_of(way, out), key=room / "key")
    return {
        "kills": n_kills,
        "files_after_each_kill": n_here,
        "last_run_seconds": round(time.monotonic() - start, 2),
        "exit_code": done.code,
        **{name: done.counts[name] for name in ("adopted", "repeated", "received", "expected")},
        **verdict(out, expected),
    }


def server_killed(
    orthanc: Orthanc, room: Path, expected: Counter[str], how: tuple[str, int, random.Random]
) -> dict[str, Any]:
    way, n_kills, drawn = how
    out = room / f"server_{way}"
    rate = ("--max-per-second", expected.total() / (3 * n_kills), "--timeout-s", 30)
    process = orthanc.popen(*words_of(way, out, *rate), key=room / "key")
    n_here = []
    for _ in range(n_kills):
        time.sleep(drawn.uniform(0.8, 2.0))
        orthanc.kill()
        n_here.append(len(images_in(out)))
        orthanc.start()
    text, err = process.communicate(timeout=600)
    runs = 1
    while process.returncode == 3 and runs < 5:
        process = orthanc.popen(*words_of(way, out, *rate), key=room / "key")
        text, err = process.communicate(timeout=600)
        runs += 1
    counts = json.loads(text)["values"]["pacs"]
    return {
        "kills": n_kills,
        "files_at_each_kill": n_here,
        "runs": runs,
        "reconnections": err.count("trying again"),
        "exit_code": process.returncode,
        **{name: counts[name] for name in ("repeated", "received", "expected")},
        **verdict(out, expected),
    }


def conditions() -> dict[str, object]:
    names = ("pydicom", "pynetdicom", "dicomweb-client")
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, shared",
        "python": platform.python_version(),
        "orthanc": "Debian, TCP_NODELAY=1, same machine",
        **{name: version(name) for name in names},
    }


if __name__ == "__main__":
    main()
