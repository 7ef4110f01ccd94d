"""The same questions and retrievals over DICOMweb: QIDO-RS and WADO-RS."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from tamiz.acquisition.associations import NotOffered, Tls, Unreachable, patiently
from tamiz.acquisition.fetching import Closed, Part
from tamiz.acquisition.finding import (
    FoundImage,
    FoundSeries,
    FoundStudy,
    tidy_images,
    tidy_series,
    tidy_studies,
)
from tamiz.acquisition.queries import Criteria
from tamiz.acquisition.receiving import BAD_DATASET, Store
from tamiz.core.errors import TamizError, WrongData, WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.language import Text, say, text
from tamiz.core.optional import require

T = TypeVar("T")
_PAGE: Final = 500
_BOUNDARY: Final = re.compile(r'multipart/.*boundary=(?:"([^"]+)"|([^\s;]+))', re.IGNORECASE)
_EPILOGUE_BYTES: Final = 64  # what a server may send after the closing boundary: a line end
_ANY_SYNTAX: Final = (("application/dicom", "*"),)
_LATER: Final = frozenset({408, 425, 429, 502, 503, 504})
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_STUDY_FIELDS: Final = (
    "StudyDescription", "ModalitiesInStudy", "NumberOfStudyRelatedSeries",
    "NumberOfStudyRelatedInstances",
)  # fmt: skip
_SERIES_FIELDS: Final = ("SeriesDescription", "NumberOfSeriesRelatedInstances")


class _OneFailed(NotOffered):
    """The server refuses one request; others may succeed."""


@dataclass(frozen=True, slots=True)
class WebServer:
    """A DICOMweb service.

    Attributes:
        url: its root, up to before '/studies'.
        user: for HTTP basic authentication; '' for none.
        password: never shown.
        timeout_s: how long to wait for an answer.
        tls: authorities and certificate; None for the system's.
    """

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_s: float = 60.0
    tls: Tls | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise WrongUse.of("pacs.bad_url", where="--dicomweb")

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}{parts.path}"

    @property
    def shows_password(self) -> bool:
        """Return whether the password would cross a network unencrypted."""
        parts = urlsplit(self.url)
        return bool(self.password) and parts.scheme == "http" and parts.hostname not in _LOCAL

    def client(self) -> Any:
        """Return a client that tries each request once and follows no redirect elsewhere."""
        client_module = require("dicomweb_client", extra="dicom", why=say("pacs.why"))
        import requests

        session = requests.Session()
        session.max_redirects = 0
        session.hooks["response"].append(_watch_its_end)
        if self.user:
            session.auth = (self.user, self.password)
        if self.tls and self.tls.ca:
            session.verify = str(self.tls.ca)
        if self.tls and self.tls.certificate:
            key = self.tls.key or self.tls.certificate
            session.cert = (str(self.tls.certificate), str(key))
        client = client_module.DICOMwebClient(
            self.url.rstrip("/"), session=session, timeout=self.timeout_s, permissive_uid=True
        )
        client.set_http_retry_params(retry=False)
        return client


class WebFinder:
    """Asks by QIDO-RS, page by page."""

    def __init__(self, server: WebServer, on_event: OnEvent = ignore) -> None:
        self._server, self._on_event = server, on_event
        self._client = server.client()
        self._has_answered = False
        self.n_bad_uids = 0

    def studies(self, criteria: Criteria) -> list[FoundStudy]:
        """Return the studies that meet the criteria."""
        filters = {
            "StudyInstanceUID": criteria.study,
            "PatientID": criteria.patient,
            "ModalitiesInStudy": criteria.modality,
            "StudyDescription": criteria.description,
            "StudyDate": criteria.span.dicom() if criteria.span else "",
        }
        used = {name: value for name, value in filters.items() if value}
        search = partial(self._client.search_for_studies, search_filters=used)
        return tidy_studies(self, self._pages(partial(search, fields=_STUDY_FIELDS)), criteria)

    def series(self, study: FoundStudy, modality: str) -> list[FoundSeries]:
        """Return the series of a study."""
        used = {"Modality": modality} if modality else {}
        search = partial(self._client.search_for_series, study.uid, search_filters=used)
        answers = self._pages(partial(search, fields=_SERIES_FIELDS))
        return tidy_series(self, answers, study.uid, modality)

    def images(self, series: FoundSeries) -> list[FoundImage]:
        """Return the instances of a series."""
        search = partial(self._client.search_for_instances, series.study, series.uid)
        return tidy_images(self, self._pages(search), series.uid)

    def _pages(self, search: Callable[..., list[Any]]) -> list[Any]:
        """Return all answers; a server that ignores paging gives them all at once."""
        from pydicom.dataset import Dataset

        answers: list[Any] = []
        while True:
            page = patiently(
                partial(self._search, search, len(answers)),
                timeout_s=self._server.timeout_s if self._has_answered else 0.0,
                on_pause=self._tell_pause,
            )
            self._has_answered = True
            try:
                made = [Dataset.from_json(one) for one in page]
            except BAD_DATASET as error:
                raise WrongData.of("pacs.bad_answer", where=self._server) from error
            is_again = bool(made) and made[0] in answers[:1]
            if not is_again:
                answers += made
            if is_again or len(made) != _PAGE:
                return answers

    def _search(self, search: Callable[..., list[Any]], offset: int) -> list[Any]:
        with explaining(self._server):
            return search(limit=_PAGE, offset=offset)

    def _tell_pause(self, error: TamizError) -> None:
        self._on_event(Event("pacs", "warning", text("pacs.trying_again", reason=error.what)))


class WebWay:
    """WADO-RS: whole series in one answer, or instance by instance."""

    name = "web"

    def __init__(self, server: WebServer, store: Store) -> None:
        self._server, self._store = server, store

    def __enter__(self) -> WebWay:
        self._client = self._server.client()
        return self

    def __exit__(self, *error: object) -> None:
        self._client = None

    def retrieve(self, part: Part, instances: list[str] | None) -> Text | None:
        """Bring a series, or some of its instances (see `Way`)."""
        from pydicom.errors import InvalidDicomError

        try:
            with explaining(self._server):
                for dataset in self._datasets(part, instances):
                    self._store.take(partial(_itself, dataset))
                    if self._store.is_closed:
                        raise Closed
        except (InvalidDicomError, *BAD_DATASET):
            return text("pacs.bad_multipart")
        except _OneFailed as error:
            return text("pacs.as_said", reason=error.what)
        return None

    def _datasets(self, part: Part, instances: list[str] | None) -> Iterator[Any]:
        series = part.series
        if instances is None:
            yield from self._client.iter_series(series.study, series.uid, media_types=_ANY_SYNTAX)
        else:
            for uid in instances:
                yield self._client.retrieve_instance(
                    series.study, series.uid, uid, media_types=_ANY_SYNTAX
                )


@contextlib.contextmanager
def explaining(server: WebServer) -> Iterator[None]:
    """Turn what `requests` raises, which quotes addresses with UIDs in them, into our words.

    Raises:
        Unreachable: nobody answers, or not now.
        WrongUse: the server does not let us in, or its certificate is not trusted.
        NotOffered: it does not know this service, or refuses this request (`_OneFailed`).
    """
    import requests

    try:
        yield
    except requests.HTTPError as error:
        code = error.response.status_code if error.response is not None else 0
        raise _http_error(server, code) from None
    except requests.exceptions.SSLError:
        raise WrongUse.of("pacs.bad_certificate", where=server) from None
    except requests.exceptions.TooManyRedirects:
        raise WrongUse.of("pacs.redirected", where=server) from None
    except requests.exceptions.JSONDecodeError:
        raise WrongData.of("pacs.bad_answer", where=server) from None
    except requests.exceptions.Timeout:
        raise Unreachable.of("pacs.no_answer", where=server) from None
    except requests.RequestException:
        raise Unreachable.of("pacs.web_silent", where=server) from None


def _watch_its_end(response: Any, **_: Any) -> None:
    """Let a multipart answer fail where it ends without its closing boundary.

    dicomweb-client takes what is left at the end of a connection for the last part: of a server
    killed in the middle that is half an image, which pydicom reads without a word.
    """
    import requests

    found = _BOUNDARY.search(response.headers.get("Content-Type", ""))
    if found is None:
        return
    closing = b"--" + (found[1] or found[2]).encode("latin-1") + b"--"
    read = response.iter_content

    def iter_content(chunk_size: int | None = 1, decode_unicode: bool = False) -> Iterator[Any]:  # noqa: FBT001, FBT002 - the signature of requests
        end = b""
        for chunk in read(chunk_size, decode_unicode):
            end = (end + chunk)[-len(closing) - _EPILOGUE_BYTES :]
            yield chunk
        if closing not in end:
            raise requests.exceptions.ChunkedEncodingError

    response.iter_content = iter_content


def _itself(dataset: Any) -> Any:
    return dataset


def _http_error(server: WebServer, code: int) -> TamizError:
    if code in {401, 403}:
        return WrongUse.of("pacs.not_let_in", where=server, code=code)
    if code in _LATER:
        return Unreachable.of("pacs.web_busy", where=server, code=code)
    kind = NotOffered if code in {405, 501} else _OneFailed
    return kind.of("pacs.web_status", where=server, code=code)
