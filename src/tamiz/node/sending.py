"""Answers go back: by C-STORE, or to a DICOMweb service by STOW-RS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from tamiz.acquisition.associations import NotOffered, Server, association, lost, refused
from tamiz.acquisition.dicomweb import WebServer, explaining
from tamiz.acquisition.statuses import status_text
from tamiz.node.settings import Destination

_SUCCESS: Final = 0x0000
_WARNINGS: Final = frozenset({0x0001, 0x0107, 0x0116, 0xB000, 0xB006, 0xB007})
_CLASSES: Final = ("1.2.840.10008.5.1.4.1.1.88.33", "1.2.840.10008.5.1.4.1.1.7")
_SYNTAXES: Final = ("1.2.840.10008.1.2.1", "1.2.840.10008.1.2")
_STORED_BEFORE: Final = 0x0111  # some archives say so of what they have already


def send(destination: Destination, files: Sequence[Path], on_sent: Callable[[Path], None]) -> None:
    """Send files, one after the other.

    Args:
        destination: who gets them.
        files: answers.
        on_sent: told each that the other side says that it has.

    Raises:
        Unreachable: nobody answers; a later attempt may succeed.
        NotOffered: it does not take an answer.
        WrongUse: it does not let us in.
    """
    if isinstance(destination, Server):
        _by_store(destination, files, on_sent)
    else:
        _by_web(destination, files, on_sent)


def _by_store(server: Server, files: Sequence[Path], on_sent: Callable[[Path], None]) -> None:
    from pydicom import dcmread
    from pynetdicom import build_context

    contexts = [build_context(one, syntax) for one in _CLASSES for syntax in _SYNTAXES]
    with association(server, contexts) as opened:
        for path in files:
            try:
                status = opened.send_c_store(dcmread(path))
            except (RuntimeError, ValueError) as error:  # the connection broke; no such context
                if opened.is_established:
                    raise refused(server, 0x0122) from error
                raise lost(server) from error
            if "Status" not in status:
                raise lost(server)
            if status.Status not in {_SUCCESS, _STORED_BEFORE} | _WARNINGS:
                raise refused(server, int(status.Status))
            on_sent(path)


def _by_web(server: WebServer, files: Sequence[Path], on_sent: Callable[[Path], None]) -> None:
    from pydicom import dcmread

    client = server.client()
    for path in files:
        with explaining(server):
            told = client.store_instances([dcmread(path)])
        code = _failure_of(told)
        if code not in {_SUCCESS, _STORED_BEFORE}:
            raise NotOffered.of("pacs.refused", where=server, status=status_text(code))
        on_sent(path)


def _failure_of(told: Any) -> int:
    """Return why an object was not stored, 0 where it was (PS3.18 10.5.3)."""
    failed = told.get("FailedSOPSequence") if told is not None else None
    if not failed:
        return _SUCCESS
    return int(failed[0].get("FailureReason", 0x0110))
