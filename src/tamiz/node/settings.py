"""What a DICOM node is asked to do, checked before it listens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tamiz.acquisition.associations import Server
from tamiz.acquisition.dicomweb import WebServer
from tamiz.core.errors import WrongUse

Destination = Server | WebServer
MIB: Final = 2**20
_AE_TITLE: Final = re.compile(r"(?=.*[^ ])[\x20-\x5b\x5d-\x7e]{1,16}")
_PLACE: Final = re.compile(r"([^@]+)@(\[[0-9a-fA-F:]+\]|[^@:/\s]+):(\d{1,5})")


@dataclass(frozen=True, slots=True)
class Settings:
    """How a node listens, when a study is complete, and where its answers go.

    Attributes:
        folder: of its state; one node at a time.
        answer_to: who gets the answers.
        aet: its application entity title.
        host: the address it listens on.
        port: its DICOM port.
        quiet_seconds: without a new image, after which a study is complete.
        expect: images of a study, at which it is complete at once; None: never.
        has_maps: secondary captures with heatmaps are made, too.
        keeps: images and answers stay in the folder after they were sent.
        max_study_mib: of one study; what is beyond is refused.
        only_from: AE titles that may speak to it; (): all.
        free_mib: what is left free on the disk.
    """

    folder: Path
    answer_to: Destination
    aet: str = "TAMIZ"
    host: str = "127.0.0.1"
    port: int = 11112
    quiet_seconds: float = 10.0
    expect: int | None = None
    has_maps: bool = False
    keeps: bool = False
    max_study_mib: int = 2048
    only_from: tuple[str, ...] = ()
    free_mib: int = 1024

    def __post_init__(self) -> None:
        for flag, title in (("--aet", self.aet), *(("--only-from", one) for one in self.only_from)):
            if not _AE_TITLE.fullmatch(title):
                raise WrongUse.of("pacs.bad_title", where=flag)
        if not 1 <= self.port <= 65535:
            raise WrongUse.of("pacs.bad_port", where="--port")
        if not self.quiet_seconds > 0:
            raise WrongUse.of("pacs.not_positive", where="--quiet-seconds")
        if self.expect is not None and self.expect < 1:
            raise WrongUse.of("pacs.not_positive", where="--expect")
        if self.max_study_mib < 1:
            raise WrongUse.of("pacs.not_positive", where="--max-study-mib")


def destination_of(
    words: str, calling: str, *, user: str = "", password: str = "", timeout_s: float = 30.0
) -> Destination:
    """Return whom `words` name.

    Args:
        words: 'PACS@10.0.0.5:104', or the root of a DICOMweb service, 'https://pacs/dicom-web'.
        calling: our AE title.
        user: of the service.
        password: of the user.
        timeout_s: how long to wait for an answer.

    Raises:
        WrongUse: they name nobody.
    """
    if words.startswith(("http://", "https://")):
        return WebServer(words, user, password, timeout_s)
    found = _PLACE.fullmatch(words.strip())
    if found is None:
        raise WrongUse.of("node.bad_destination", where="--answer-to")
    title, host, port = found.groups()
    if not 1 <= int(port) <= 65535:
        raise WrongUse.of("pacs.bad_port", where="--answer-to")
    if not _AE_TITLE.fullmatch(title):
        raise WrongUse.of("pacs.bad_title", where="--answer-to")
    return Server(host.strip("[]"), int(port), title, calling, timeout_s)
