"""A node beside a real Orthanc, in its network namespace; shared by a test and a benchmark."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.acquisition.orthanc import DICOM_PORT, HTTP_PORT, RECEIVE_PORT, Orthanc

BY_STORE = f"ORTHANC@127.0.0.1:{DICOM_PORT}"
URL = f"http://127.0.0.1:{HTTP_PORT}"


def started(
    orthanc: Orthanc, model: Path, state: Path, *words: object, answer_to: str = BY_STORE
) -> subprocess.Popen[str]:
    """Start a node; it may not listen yet."""
    command = orthanc.inside(
        sys.executable, "-m", "tamiz", "node", model, "--folder", state, "--port", RECEIVE_PORT,
        "--answer-to", answer_to, *words,
    )  # fmt: skip
    return subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, "TAMIZ_LANG": "en"}
    )


def listening(process: subprocess.Popen[str]) -> str:
    """Return the line that says that a node listens."""
    assert process.stderr is not None
    line = process.stderr.readline()
    assert "listens on" in line, line + process.stderr.read()
    return line


def ask(orthanc: Orthanc, path: str, content: Any = None) -> Any:
    """Return what Orthanc's REST says; None where it does not answer."""
    told = ["-d", json.dumps(content)] if content is not None else []
    command = orthanc.inside("curl", "-sf", "--max-time", "20", *told, URL + path)
    done = subprocess.run(command, capture_output=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None


def file_of(orthanc: Orthanc, instance: str) -> bytes:
    """Return an instance's file."""
    command = orthanc.inside("curl", "-sf", f"{URL}/instances/{instance}/file")
    return subprocess.run(command, capture_output=True, check=True).stdout


def reports_in(orthanc: Orthanc) -> list[str]:
    """Return the instances of all structured reports that Orthanc has."""
    series = ask(orthanc, "/series?expand") or []
    return [
        name
        for one in series
        if one["MainDicomTags"].get("Modality") == "SR"
        for name in one["Instances"]
    ]
