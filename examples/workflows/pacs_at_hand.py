"""A PACS for the length of a step: Debian's Orthanc, filled with drawn files, then gone again."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
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
def filled(folder: Path, files: list[Path]) -> Iterator[int]:
    """Start Orthanc, give it the files, yield its DICOM port; it ends with the block.

    It answers to the AE title TAMIZ from this machine alone.
    """
    dicom_port, web_port = _free_ports(2)
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
                "AllowFind": True, "AllowGet": True, "AllowMove": False, "AllowStore": False,
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
