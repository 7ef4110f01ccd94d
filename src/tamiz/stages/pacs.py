"""`pacs`: is a server there, what does it have, and bring it here without the identities."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tamiz.acquisition.associations import Server, Tls, discreet
from tamiz.acquisition.associations import echo as send_echo
from tamiz.acquisition.deidentify import Deidentification
from tamiz.acquisition.dicomweb import WebFinder, WebServer, WebWay
from tamiz.acquisition.fetching import Fetcher, Outcome, Part, Way
from tamiz.acquisition.finding import DimseFinder, Finder, FoundStudy, everything
from tamiz.acquisition.listing import Found, Listing
from tamiz.acquisition.queries import Criteria, Span
from tamiz.acquisition.receiving import FREE_BYTES, Store
from tamiz.acquisition.retrieving import GetWay, MoveWay
from tamiz.acquisition.telling import Told, report_of
from tamiz.core.errors import Stopped, WrongData, WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import locked, make_folder
from tamiz.core.language import text
from tamiz.core.pseudonyms import Pseudonyms
from tamiz.data.report import Paragraph, Report

__all__ = [
    "Criteria",
    "Retrieval",
    "Server",
    "Servers",
    "Span",
    "Tls",
    "WebServer",
    "echo",
    "fetch",
    "find",
]


@dataclass(frozen=True, slots=True)
class Servers:
    """Where to ask: a DICOM server, a DICOMweb service, or both."""

    dicom: Server | None = None
    web: WebServer | None = None

    def __post_init__(self) -> None:
        if self.dicom is None and self.web is None:
            raise WrongUse.of("pacs.no_server", where="--host")

    def __str__(self) -> str:
        return str(self.dicom or self.web)

    @property
    def timeout_s(self) -> float:
        """Return how long to wait for a server."""
        return (self.dicom or self.web).timeout_s  # type: ignore[union-attr] # one is there


@dataclass(frozen=True, slots=True)
class Retrieval:
    """How instances are brought in.

    Attributes:
        way: 'auto' tries C-GET, then C-MOVE, then DICOMweb where a service is named.
        receive_port: where our receiver listens during a C-MOVE.
        max_per_second: instances, None for no limit.
        max_minutes: after which to stop, None for no limit.
        dates: 'shift' or 'remove', what becomes of dates in data sets.
        free_bytes: what is left free on the disk.
    """

    way: str = "auto"
    receive_port: int = 11112
    max_per_second: float | None = None
    max_minutes: float | None = None
    dates: str = "shift"
    free_bytes: int = FREE_BYTES


def echo(server: Server) -> Report:
    """Return how fast the server answered a C-ECHO.

    Raises:
        Unreachable: it does not answer.
        WrongUse: it does not know one of the AE titles.
    """
    seconds = send_echo(server)
    answered = Paragraph(text("pacs.answers", server=str(server), ms=round(1000 * seconds)))
    values = {"pacs": {"server": str(server), "seconds": round(seconds, 3)}}
    return Report("pacs", text("pacs.title_echo"), summary=(answered,), values=values)


def find(
    servers: Servers,
    criteria: Criteria,
    level: str,
    pseudonyms: Pseudonyms,
    *,
    on_event: OnEvent = ignore,
) -> Listing:
    """Return what the server has.

    Raises:
        WrongUse: nothing is asked at series or image level.
        WrongData: nothing matches, or the server cuts its answer short.
    """
    if level != "study":
        _refuse_everything(criteria)
    with _stopping(), discreet(), _finder(servers, on_event) as finder:
        studies = _studies(finder, criteria, servers)
        if level == "study":
            return Listing.of_studies(studies, pseudonyms)
        rows: list[Found] = []
        for done, study in enumerate(studies):
            on_event(Event("pacs", "progress", text("pacs.asking"), done, len(studies)))
            if level == "image":
                rows += everything(finder, [study], criteria.modality)
            else:
                rows += [(study, one, []) for one in finder.series(study, criteria.modality)]
        return Listing.of_series(rows, pseudonyms, is_by_image=level == "image")


def fetch(
    servers: Servers,
    criteria: Criteria,
    out: Path,
    pseudonyms: Pseudonyms,
    retrieval: Retrieval | None = None,
    *,
    on_event: OnEvent = ignore,
) -> Report:
    """Bring every matching instance into `out` without identities; return what was received.

    What is there already stays and is not asked for again.

    Raises:
        WrongUse: nothing is asked, or the server does not let us in.
        WrongData: nothing matches, the server cannot be reached, or refuses every way.
        MachineTrouble: the disk is full; what was received is whole.
        Stopped: the user stopped it; what was received is whole.
    """
    _refuse_everything(criteria)
    chosen = retrieval or Retrieval()
    ways = _ways(servers, chosen)
    if servers.web and servers.web.shows_password:
        on_event(Event("pacs", "warning", text("pacs.open_password")))
    start = time.monotonic()
    make_folder(out)
    with _stopping(), locked(out), discreet():
        with _finder(servers, on_event) as finder:
            studies = _studies(finder, criteria, servers)
            parts = _parts(finder, studies, criteria, on_event)
        limit = chosen.max_minutes
        store = Store(
            out,
            pseudonyms,
            Deidentification(dates=chosen.dates),
            free_bytes=chosen.free_bytes,
            max_per_second=chosen.max_per_second,
            deadline=start + 60 * limit if limit else None,
        )
        fetcher = Fetcher(parts, store, servers.timeout_s, on_event)
        outcome = _fetch(fetcher, store, [partial(way, store, parts) for way in ways], out)
    told = Told(parts, store, outcome, pseudonyms, finder.n_bad_uids, out)
    return report_of(told, seconds=time.monotonic() - start)


def _fetch(fetcher: Fetcher, store: Store, ways: list[Callable[[], Way]], out: Path) -> Outcome:
    """Fetch, and whatever happens, write down what was changed in the data sets received."""
    try:
        return fetcher.fetch(ways)
    except KeyboardInterrupt:
        n_here = fetcher.n_expected - fetcher.n_missing
        raise Stopped.of("pacs.stopped", where=out, n=n_here, all=fetcher.n_expected) from None
    finally:
        if store.counts.stored:
            store.changes.save()


@contextlib.contextmanager
def _stopping() -> Iterator[None]:
    """Say that the user stopped the work, without the command line: a patient's ID may be in it."""
    try:
        yield
    except KeyboardInterrupt:
        raise Stopped.of("pacs.stopped_asking") from None


def _refuse_everything(criteria: Criteria) -> None:
    if criteria.is_empty:
        raise WrongUse.of("pacs.asks_everything")


@contextlib.contextmanager
def _finder(servers: Servers, on_event: OnEvent) -> Iterator[Finder]:
    if servers.dicom:
        with DimseFinder(servers.dicom, on_event) as finder:
            yield finder
    elif servers.web:
        yield WebFinder(servers.web, on_event)


def _studies(finder: Finder, criteria: Criteria, servers: Servers) -> list[FoundStudy]:
    studies = finder.studies(criteria)
    if not studies:
        raise WrongData.of("pacs.nothing_matches", where=servers, asked=criteria.asked() or "-")
    return studies


def _parts(
    finder: Finder, studies: list[FoundStudy], criteria: Criteria, on_event: OnEvent
) -> list[Part]:
    parts: list[Part] = []
    n_done, last = 0, studies[0].uid
    for study, series, images in everything(finder, studies, criteria.modality):
        n_done, last = n_done + (study.uid != last), study.uid
        on_event(Event("pacs", "progress", text("pacs.asking"), n_done, len(studies)))
        parts.append(Part(series, tuple(images)))
    if not any(part.images for part in parts):
        raise WrongData.of("pacs.nothing_matches", asked=criteria.asked())
    return parts


def _ways(servers: Servers, chosen: Retrieval) -> list[Callable[[Store, list[Part]], Way]]:
    """Return how to open each way that was chosen, in the order to try them."""
    made: dict[str, Callable[[Store, list[Part]], Way]] = {}
    dicom, web = servers.dicom, servers.web
    if dicom:
        made["get"] = lambda store, _: GetWay(dicom, store)
        made["move"] = lambda store, parts: MoveWay(
            dicom,
            store,
            chosen.receive_port,
            [image.sop_class for part in parts for image in part.images],
        )
    if web:
        made["web"] = lambda store, _: WebWay(web, store)
    if chosen.way == "auto":
        return list(made.values())
    if chosen.way not in made:
        flag = "--dicomweb" if chosen.way == "web" else "--host"
        raise WrongUse.of("pacs.way_needs", where=f"--way {chosen.way}", flag=flag)
    return [made[chosen.way]]
