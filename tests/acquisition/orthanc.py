"""A real Orthanc in a network namespace of its own, and studies drawn for it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
DICOM_PORT, HTTP_PORT, RECEIVE_PORT = 14242, 18042, 11112
WEB_URL = f"http://127.0.0.1:{HTTP_PORT}/dicom-web"
NAME, PATIENT, DAY, UID_ROOT = "PLANTADA^MARIBEL", "HISTORIA-7731", "20210314", "1.2.826.0.1.77"
CT = "1.2.840.10008.5.1.4.1.1.2"
ULTRASOUND = "1.2.840.10008.5.1.4.1.1.6.1"


# Debian's DCMTK (Orthanc's too) sends with Nagle's algorithm on: 44 ms for each answer
_AT_ONCE = {**os.environ, "TCP_NODELAY": "1"}


def why_not() -> str:
    """Return why Orthanc cannot be started here, '' when it can."""
    for program in ("Orthanc", "storescu", "unshare", "nsenter", "setpriv", "curl", "ip"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    if not PLUGIN.exists():
        return "Orthanc's DICOMweb plug-in is not installed"
    tried = subprocess.run(["unshare", "-n", "ip", "link", "set", "lo", "up"], check=False)
    return "" if tried.returncode == 0 else "unshare -n is not permitted"


@dataclass(frozen=True)
class Client:
    """What a `tamiz pacs` command did."""

    code: int
    out: str
    err: str

    @property
    def counts(self) -> dict[str, Any]:
        counts: dict[str, Any] = json.loads(self.out)["values"]["pacs"]
        return counts


@dataclass
class Orthanc:
    """A server that can be killed and started again; its data outlive it."""

    folder: Path
    extra: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> Orthanc:
        self.folder.mkdir(parents=True, exist_ok=True)
        # cat ends when this process does, and the namespace with it
        self._holder = subprocess.Popen(
            ["unshare", "-n", "bash", "-c", "ip link set lo up && echo ready && exec cat"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._holder.stdout is not None
        self._holder.stdout.readline()
        self._server: subprocess.Popen[bytes] | None = None
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()
        assert self._holder.stdin is not None
        self._holder.stdin.close()
        self._holder.wait()
        if self._holder.stdout:
            self._holder.stdout.close()

    def inside(self, *command: object) -> list[str]:
        """Return a command line that runs in the namespace and ends with this process."""
        within = ["nsenter", "-t", str(self._holder.pid), "-n", "--"]
        return [*within, "setpriv", "--pdeathsig", "KILL", *map(str, command)]

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = self.folder / "orthanc.json"
        settings.write_text(json.dumps(self._settings()), encoding="utf-8")
        with (self.folder / "orthanc.log").open("ab") as log:
            command = self.inside("Orthanc", settings)
            self._server = subprocess.Popen(command, stdout=log, stderr=log, env=_AT_ONCE)
        for _ in range(120):
            asked = self.inside("curl", "-sf", f"http://127.0.0.1:{HTTP_PORT}/system")
            if subprocess.run(asked, check=False, capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("Orthanc does not start")

    def kill(self) -> None:
        """Kill the server with SIGKILL."""
        if self._server:
            self._server.kill()
            self._server.wait()
            self._server = None

    def store(self, *paths: object, syntax: str = "") -> None:
        """Send files, or folders of files, by C-STORE; '-xw' proposes JPEG 2000, and so on."""
        words = [syntax] * bool(syntax) + ["+sd", "+r", "-aet", "CLI", "-aec", "ORTHANC"]
        command = self.inside("storescu", *words, "127.0.0.1", DICOM_PORT, *paths)
        subprocess.run(command, check=True, capture_output=True, env=_AT_ONCE)

    def post(self, *paths: Path) -> None:
        """Send files by REST, whatever their syntax; what Orthanc refuses is left out."""
        url = f"http://127.0.0.1:{HTTP_PORT}/instances"
        words: list[object] = []
        for path in paths:
            words += ["--next"] * bool(words) + ["-s", "--data-binary", f"@{path}", url]
        subprocess.run(self.inside("curl", *words), check=True, capture_output=True)

    def popen(self, *words: object, key: Path, **environment: str) -> subprocess.Popen[str]:
        """Start a `tamiz pacs` command inside; it hears Ctrl-C, in the background, too."""
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        command = self.inside(sys.executable, "-m", "tamiz", "pacs", *words)
        settings = {"TAMIZ_KEY_FILE": str(key), "COLUMNS": "120", **environment}
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
            env={**os.environ, **settings},
        )  # fmt: skip

    def tamiz(self, *words: object, key: Path, **environment: str) -> Client:
        """Run a `tamiz pacs` command inside."""
        process = self.popen(*words, key=key, **environment)
        out, err = process.communicate(timeout=120)
        return Client(process.returncode, out, err)

    def _settings(self) -> dict[str, Any]:
        database = str(self.folder / "db")
        return {
            "Name": "T", "StorageDirectory": database, "IndexDirectory": database,
            "HttpPort": HTTP_PORT, "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
            "DicomAet": "ORTHANC", "DicomCheckCalledAet": True, "DicomPort": DICOM_PORT,
            "DicomAlwaysAllowEcho": True, "DicomAlwaysAllowStore": True,
            "DicomAlwaysAllowFind": True, "DicomAlwaysAllowGet": True,
            "DicomAlwaysAllowMove": True, "StorageCompression": False,
            "DicomModalities": {"TAMIZ": ["TAMIZ", "127.0.0.1", RECEIVE_PORT]},
            "Plugins": [str(PLUGIN)], "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
            **self.extra,
        }  # fmt: skip


MARCH = ("--date", "2021-03")
SERVER = ("--host", "127.0.0.1", "--port", DICOM_PORT, "--called", "ORTHANC")


def uid(*numbers: int) -> str:
    return ".".join([UID_ROOT, *map(str, numbers)])


def draw(patient: int, study: int, series: int, number: int, *, side: int = 32, **values: object):
    """Return a small CT-like data set with planted identities."""
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    made = Dataset()
    made.SOPClassUID = CT
    made.StudyInstanceUID = uid(patient, study)
    made.SeriesInstanceUID = uid(patient, study, series)
    made.SOPInstanceUID = uid(patient, study, series, number)
    made.PatientName, made.PatientID = f"{NAME}{patient}", f"{PATIENT}{patient}"
    made.PatientBirthDate, made.PatientSex, made.PatientAge = "19520607", "F", "068Y"
    made.StudyDate = made.SeriesDate = made.ContentDate = DAY if study == 1 else "20210620"
    made.StudyTime, made.AccessionNumber, made.StudyID = "101112", "ACCPLANTED9", "STUDYPLANTED"
    made.StudyDescription, made.SeriesDescription = f"TORAX DE {NAME}", "PULMON"
    made.ReferringPhysicianName, made.InstitutionName = "MEDICO^PLANTADO", "HOSPITAL PLANTADO"
    made.Modality, made.SeriesNumber, made.InstanceNumber = "CT", series, number
    made.Rows = made.Columns = side
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 16, 16, 15, 1
    made.RescaleIntercept, made.RescaleSlope = -1024, 1
    made.PixelSpacing = [0.7, 0.7]
    rng = np.random.default_rng([patient, study, series, number])
    made.PixelData = rng.integers(0, 2000, (side, side), dtype=np.int16).tobytes()
    for name, value in values.items():
        setattr(made, name, value)
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    return made


def save(folder: Path, *datasets) -> Path:
    """Write data sets as files; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, dataset in enumerate(datasets):
        dataset.save_as(folder / f"{number:05d}.dcm", enforce_file_format=True)
    return folder


def images_in(out: Path) -> dict[str, bytes]:
    """Return the files of a retrieval by relative name."""
    with contextlib.suppress(FileNotFoundError):
        return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.glob("*/*/*.dcm"))}
    return {}
