"""A PACS in memory, by pynetdicom, that can misbehave in the ways real ones do."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from tests.acquisition.orthanc import CT, ULTRASOUND

# a server looks up twice a second whether it should end; fifty tests would wait for that
socketserver.BaseServer.serve_forever.__defaults__ = (0.02,)

_FIND, _MOVE, _GET = (f"1.2.840.10008.5.1.4.1.2.2.{n}" for n in (1, 2, 3))  # study root
_KEYS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
_LEVELS = {"STUDY": 1, "SERIES": 2, "IMAGE": 3}


@dataclass
class FakePacs:
    """Answers C-ECHO, C-FIND, C-GET and C-MOVE over an in-memory list.

    Attributes:
        datasets: what it has; they may share UIDs.
        get_status: what every C-GET ends with, None to serve it; -1 not to offer C-GET at all.
        move_status: the same for C-MOVE.
        find_limit: how many answers a C-FIND gives before it ends with `find_status`.
        destinations: (host, port) by AE title.
        change: what happens to a data set just before it is sent.
        asked: the identifiers received, by service.
    """

    datasets: list[Any]
    get_status: int | None = None
    move_status: int | None = None
    find_limit: int | None = None
    find_status: int = 0xA700
    destinations: dict[str, tuple[str, int]] = field(default_factory=dict)
    change: Callable[[Any], Any] = lambda dataset: dataset
    tls: ssl.SSLContext | None = None
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def __enter__(self) -> FakePacs:
        from pynetdicom import AE, evt
        from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

        entity = AE(ae_title="FAKE")
        entity.require_called_aet = True
        models = [Verification, _FIND, _MOVE] + [_GET] * (self.get_status != -1)
        for model in models:
            entity.add_supported_context(model)
        for storage in (CT, ULTRASOUND):
            entity.add_supported_context(storage, scu_role=False, scp_role=True)
            entity.add_requested_context(storage)
        handlers: list[Any] = [
            (evt.EVT_C_FIND, self._find),
            (evt.EVT_C_GET, self._get),
            (evt.EVT_C_MOVE, self._move),
        ]
        self.port = free_port()
        self._running: Any = entity.start_server(
            ("127.0.0.1", self.port), block=False, evt_handlers=handlers, ssl_context=self.tls
        )
        return self

    def __exit__(self, *error: object) -> None:
        self._running.shutdown()

    def asked_of(self, service: str) -> list[Any]:
        return [identifier for name, identifier in self.asked if name == service]

    def _find(self, event: Any) -> Iterator[tuple[int, Any]]:
        identifier = event.identifier
        self.asked.append(("find", identifier))
        depth = _LEVELS[identifier.QueryRetrieveLevel]
        seen: set[tuple[str, ...]] = set()
        for dataset in self._matching(identifier):
            uids = tuple(str(dataset.get(key)) for key in _KEYS[:depth])
            if uids in seen:
                continue
            if self.find_limit is not None and len(seen) == self.find_limit:
                yield self.find_status, None
                return
            seen.add(uids)
            yield 0xFF00, _answer(dataset, identifier)

    def _get(self, event: Any) -> Iterator[Any]:
        identifier = event.identifier
        self.asked.append(("get", identifier))
        if self.get_status:
            yield 1
            yield self.get_status, None
            return
        found = self._matching(identifier)
        yield len(found)
        for dataset in found:
            yield 0xFF00, self.change(deepcopy(dataset))

    def _move(self, event: Any) -> Iterator[Any]:
        self.asked.append(("move", event.identifier))
        place = self.destinations.get(event.move_destination)
        if place is None:
            yield None, None
            return
        yield place
        if self.move_status:
            yield 1
            yield self.move_status, None
            return
        found = self._matching(event.identifier)
        yield len(found)
        for dataset in found:
            yield 0xFF00, self.change(deepcopy(dataset))

    def _matching(self, identifier: Any) -> list[Any]:
        return [one for one in self.datasets if _matches(one, identifier)]


def _matches(dataset: Any, identifier: Any) -> bool:
    for key in (*_KEYS, "PatientID", "Modality"):
        wanted = identifier.get(key)
        words = [wanted] if isinstance(wanted, str) else list(wanted or ())
        if any(words) and str(dataset.get(key)) not in words:
            return False
    first, _, last = str(identifier.get("StudyDate") or "").partition("-")
    day = str(dataset.StudyDate)
    return (first or "0") <= day <= (last or first or "9")


def _answer(dataset: Any, identifier: Any) -> Any:
    from pydicom.dataset import Dataset

    made = Dataset()
    for element in identifier:
        value = dataset.get(element.keyword)
        if value is not None:
            setattr(made, element.keyword, value)
    made.QueryRetrieveLevel = identifier.QueryRetrieveLevel
    return made


def free_port() -> int:
    with contextlib.closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
