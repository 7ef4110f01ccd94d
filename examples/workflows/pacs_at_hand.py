"""A PACS for the length of a step: Debian's Orthanc, filled with drawn files, then gone again.

    python examples/workflows/pacs_at_hand.py FOLDER [--port 4242]

is a PACS with the DICOM files of FOLDER until Ctrl-C. It takes answers, too.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

AET = "HOSPITAL"


def is_here() -> bool:
    """Return whether Orthanc is on the path."""
    return shutil.which("Orthanc") is not None


@contextmanager
def filled(folder: Path, files: list[Path], port: int | None = None) -> Iterator[int]:
    """Start Orthanc, give it the files, yield its DICOM port; it ends with the block.

    It answers to the AE title TAMIZ from this machine alone.

    Args:
        folder: for what it keeps.
        files: that it has from the start.
        port: to listen on; a free one where none is given.
    """
    dicom_port, web_port = _free_ports(2)
    dicom_port = port or dicom_port
    database = folder / "database"
    database.mkdir(parents=True, exist_ok=True)
    settings = {
        "StorageDirectory": str(database), "IndexDirectory": str(database),
        "HttpPort": web_port, "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
        "DicomAet": AET, "DicomCheckCalledAet": True, "DicomPort": dicom_port,
        "DicomCheckModalityHost": True,
        "DicomModalities": {
            "tamiz": {
                "AET": "TAMIZ", "Host": "127.0.0.1", "Port": 11112,
                "AllowFind": True, "AllowGet": True, "AllowMove": False, "AllowStore": True,
            }
        },
    }  # fmt: skip
    place = folder / "orthanc.json"
    place.write_text(json.dumps(settings), encoding="utf-8")
    # Debian's Orthanc waits 44 ms before each answer without TCP_NODELAY
    with (folder / "orthanc.log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603  (Debian's program, our settings)
            [str(shutil.which("Orthanc")), str(place)],
            stdout=log, stderr=log, env={**os.environ, "TCP_NODELAY": "1"},
        )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{web_port}/system")
        for path in files:
            url = f"http://127.0.0.1:{web_port}/instances"
            urllib.request.urlopen(url, path.read_bytes(), timeout=60).close()
        yield dicom_port
    finally:
        server.terminate()
        server.wait()


def _free_ports(n: int) -> list[int]:
    opened = [socket.create_server(("127.0.0.1", 0)) for _ in range(n)]
    ports = [one.getsockname()[1] for one in opened]
    for one in opened:
        one.close()
    return ports


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310  (our own server)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise SystemExit("Orthanc does not answer; see orthanc.log")


def _serve(files: list[Path], port: int) -> None:
    """Be a PACS until Ctrl-C."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as problem:
        sys.exit(f"port {port}: {problem.strerror}; choose another with --port")
    for end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(end, lambda *_: sys.exit())
    with tempfile.TemporaryDirectory() as folder, filled(Path(folder), files, port):
        print(
            f"{AET} listens on 127.0.0.1:{port} with {len(files):,} images; Ctrl-C ends it",
            flush=True,
        )
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Play the PACS of workflow D")
    parser.add_argument("folder", type=Path, help="DICOM files that it has")
    parser.add_argument("--port", type=int, default=4242)
    asked = parser.parse_args()
    if not is_here():
        sys.exit("Orthanc is not on the path; in Debian and Ubuntu the package is orthanc")
    _serve(sorted(asked.folder.rglob("*.dcm")), asked.port)
