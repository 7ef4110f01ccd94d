"""Drawn studies, an archive in memory, and a node that runs beside the test."""

from __future__ import annotations

import io
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from tests.acquisition.fake_pacs import free_port
from tests.faces.conftest import drawn

from tamiz.acquisition.associations import Server, discreet
from tamiz.core.events import Event
from tamiz.node.journal import Journal
from tamiz.node.node import Node, Settings
from tamiz.testing.dicoms import dicom

# a server looks up twice a second whether it should end
socketserver.BaseServer.serve_forever.__defaults__ = (0.02,)

NAME, PATIENT, BORN = "PLANTADA^MARÍA", "HISTORIA-7731", "19520607"
ROOT = "1.2.826.0.1.77"
CR = "1.2.840.10008.5.1.4.1.1.1"
SR_CLASS, SC_CLASS = "1.2.840.10008.5.1.4.1.1.88.33", "1.2.840.10008.5.1.4.1.1.7"
QUIET = 0.3


def image(study: int, number: int, **tags: Any) -> Any:
    """Return a drawn radiograph, as a data set, with planted identities."""
    from pydicom import dcmread

    rng = np.random.default_rng([study, number])
    pixels = tags.pop("pixels", drawn(rng, ("left", "upper")[number % 2]))
    told = {
        "SOPInstanceUID": f"{ROOT}.{study}.1.{number}",
        "StudyInstanceUID": f"{ROOT}.{study}",
        "SeriesInstanceUID": f"{ROOT}.{study}.1",
        "SpecificCharacterSet": "ISO_IR 100",
        "PatientName": NAME,
        "PatientID": f"{PATIENT}-{study}",
        "PatientBirthDate": BORN,
        "PatientSex": "F",
        "StudyDate": "20210314",
        "StudyTime": "101112",
        "AccessionNumber": "ACCPLANTED9",
        "ReferringPhysicianName": "MEDICO^PLANTADO",
        "StudyDescription": "TORAX PLANTADO",
        "SOPClassUID": CR,
        "Modality": "CR",
    }
    return dcmread(io.BytesIO(dicom(pixels, told | tags, number=number)))


def study(number: int, n_images: int, **tags: Any) -> list[Any]:
    return [image(number, one, **tags) for one in range(1, n_images + 1)]


@dataclass
class Archive:
    """Takes what the node sends.

    Attributes:
        statuses: what it answers to the next C-STOREs; afterwards success.
        received: every object, as often as it came.
    """

    statuses: list[int] = field(default_factory=list)
    received: list[Any] = field(default_factory=list)
    port: int = field(default_factory=free_port)
    on_store: Callable[[Any], None] = lambda dataset: None

    def __enter__(self) -> Archive:
        from pynetdicom import AE, evt

        entity = AE(ae_title="ARCHIVE")
        for one in (SR_CLASS, SC_CLASS):
            entity.add_supported_context(one)
        handlers: list[Any] = [(evt.EVT_C_STORE, self._store)]
        self._running: Any = entity.start_server(
            ("127.0.0.1", self.port), block=False, evt_handlers=handlers
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._running.shutdown()

    @property
    def server(self) -> Server:
        return Server("127.0.0.1", self.port, "ARCHIVE", "TAMIZ", 5.0)

    def reports(self) -> list[Any]:
        return [one for one in self.received if one.SOPClassUID == SR_CLASS]

    def _store(self, event: Any) -> int:
        if self.statuses:
            return self.statuses.pop(0)
        made = event.dataset
        made.file_meta = event.file_meta
        self.received.append(made)
        self.on_store(made)
        return 0


@dataclass
class Running:
    """A node at work in a thread."""

    settings: Settings
    node: Node
    journal: Journal
    told: list[str]

    def wait(self, is_done: Callable[[], bool], seconds: float = 15.0) -> None:
        until = time.monotonic() + seconds
        while not is_done():
            assert time.monotonic() < until, (self.told, self.journal.counts())
            time.sleep(0.02)

    def wait_for_state(self, state: str, n: int = 1) -> None:
        self.wait(lambda: self.journal.counts().get(state, 0) >= n)


def settings_of(folder: Path, archive: Archive, **values: Any) -> Settings:
    told = {"quiet_seconds": QUIET, "port": free_port(), "free_mib": 1, **values}
    return Settings(folder, archive.server, **told)


@contextmanager
def running(settings: Settings, answerer: Any) -> Iterator[Running]:
    """Run a node inside."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    told: list[str] = []

    def tell(event: Event) -> None:
        told.append(str(event.text))

    stop = threading.Event()
    failures: list[BaseException] = []
    with discreet(), Journal(settings.folder) as journal:
        node = Node(settings, answerer, journal, tell)

        def work() -> None:
            try:
                node.run(stop)
            except BaseException as error:  # noqa: BLE001  (told below)
                failures.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        made = Running(settings, node, journal, told)
        try:
            made.wait(lambda: bool(told) or bool(failures))
            yield made
        finally:
            stop.set()
            thread.join()
        for failure in failures:
            raise failure


def store(
    port: int,
    *datasets: Any,
    called: str = "TAMIZ",
    calling: str = "CT1",
    is_cut_off: bool = False,
) -> list[int]:
    """Send data sets by C-STORE; return the statuses, or nothing where nobody lets us in."""
    from pynetdicom import AE, build_context

    entity = AE(ae_title=calling)
    kinds = {(one.SOPClassUID, one.file_meta.TransferSyntaxUID) for one in datasets}
    contexts = [build_context(kind, syntax) for kind, syntax in sorted(kinds)]
    contexts = contexts or [build_context("1.2.840.10008.1.1")]
    opened = entity.associate("127.0.0.1", port, contexts=contexts, ae_title=called)
    if not opened.is_established:
        return []
    below: Any = opened.dul.socket
    connection = below.socket  # pynetdicom forgets to close it where we were cut off
    try:
        if not datasets:
            return [int(opened.send_c_echo().Status)]
        return [int(opened.send_c_store(one).get("Status", -1)) for one in datasets]
    finally:
        if is_cut_off:
            opened.abort()
        else:
            opened.release()
        connection.close()
