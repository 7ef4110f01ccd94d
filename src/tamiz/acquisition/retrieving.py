"""Two ways to retrieve over DICOM: C-GET on the same association, C-MOVE to our own receiver."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from tamiz.acquisition.associations import NotOffered, Server, association, lost
from tamiz.acquisition.fetching import Closed, Part
from tamiz.acquisition.queries import retrieval
from tamiz.acquisition.receiving import Store
from tamiz.acquisition.statuses import PENDING, SUCCESS, UNKNOWN_DESTINATION, status_text
from tamiz.core.errors import WrongUse
from tamiz.core.language import Text

if TYPE_CHECKING:
    from pynetdicom.association import Association
    from pynetdicom.presentation import PresentationContext

_MAX_CONTEXTS: Final = 127  # of 128, one is for C-GET itself
_HOPELESS: Final = frozenset({0x0122, 0x0124, 0x0211, UNKNOWN_DESTINATION})

# One context per syntax: the server then sends each file as it keeps it, and need not recode.
_SYNTAXES: Final = (
    "1.2.840.10008.1.2.1",  # explicit VR, little endian
    "1.2.840.10008.1.2",  # implicit VR, little endian
    "1.2.840.10008.1.2.4.50",  # JPEG baseline
    "1.2.840.10008.1.2.4.51",  # JPEG extended
    "1.2.840.10008.1.2.4.57",  # JPEG lossless
    "1.2.840.10008.1.2.4.70",  # JPEG lossless, first-order prediction
    "1.2.840.10008.1.2.4.80",  # JPEG-LS lossless
    "1.2.840.10008.1.2.4.81",  # JPEG-LS near lossless
    "1.2.840.10008.1.2.4.90",  # JPEG 2000 lossless
    "1.2.840.10008.1.2.4.91",  # JPEG 2000
    "1.2.840.10008.1.2.5",  # RLE
)
_RARE_SYNTAXES: Final = (
    "1.2.840.10008.1.2.1.99",  # deflated
    "1.2.840.10008.1.2.2",  # big endian, retired
    "1.2.840.10008.1.2.4.201",  # HTJ2K lossless
    "1.2.840.10008.1.2.4.202",
    "1.2.840.10008.1.2.4.203",
    "1.2.840.10008.1.2.4.100",  # MPEG-2
    "1.2.840.10008.1.2.4.102",  # MPEG-4
    "1.2.840.10008.1.2.4.103",
    "1.2.840.10008.1.2.4.107",  # HEVC
)
# where the server does not say what its instances are
_USUAL_CLASSES: Final = (
    "1.2.840.10008.5.1.4.1.1.2",  # CT
    "1.2.840.10008.5.1.4.1.1.4",  # MR
    "1.2.840.10008.5.1.4.1.1.1",  # CR
    "1.2.840.10008.5.1.4.1.1.1.1",  # DX
    "1.2.840.10008.5.1.4.1.1.1.2",  # MG
    "1.2.840.10008.5.1.4.1.1.6.1",  # US
    "1.2.840.10008.5.1.4.1.1.3.1",  # US, multi-frame
    "1.2.840.10008.5.1.4.1.1.7",  # secondary capture
    "1.2.840.10008.5.1.4.1.1.12.1",  # XA
    "1.2.840.10008.5.1.4.1.1.128",  # PT
)
MAX_CLASSES: Final = _MAX_CONTEXTS // len(_SYNTAXES)


def storage_contexts(classes: Iterable[str]) -> list[PresentationContext]:
    """Return a context per storage class and transfer syntax, at most 127."""
    from pynetdicom import build_context

    wanted = sorted(set(classes))[:MAX_CLASSES]
    syntaxes: tuple[str, ...] = _SYNTAXES + _RARE_SYNTAXES
    if len(wanted) * len(syntaxes) > _MAX_CONTEXTS:
        syntaxes = _SYNTAXES
    return [build_context(one, syntax) for one in wanted for syntax in syntaxes]


def classes_of(part: Part, instances: list[str] | None = None) -> frozenset[str]:
    """Return the storage classes of a part, or of some of its instances, at most `MAX_CLASSES`.

    Where the server does not say what they are, the usual ones are added.
    """
    chosen = set(instances or ())
    images = [one for one in part.images if not chosen or one.uid in chosen]
    named = {image.sop_class for image in images if image.sop_class}
    if not named or not all(image.sop_class for image in images):
        named |= set(_USUAL_CLASSES[: max(0, MAX_CLASSES - len(named))])
    return frozenset(sorted(named)[:MAX_CLASSES])


class _DimseWay:
    """What C-GET and C-MOVE share: one association, kept from series to series."""

    name = ""

    def __init__(self, server: Server, store: Store) -> None:
        self._server, self._store = server, store
        self._open = contextlib.ExitStack()
        self._association: Association | None = None

    def __exit__(self, *error: Any) -> None:
        self._open.__exit__(*error)
        self._association = None

    def _follow(self, responses: Iterable[tuple[Any, Any]]) -> Text | None:
        """Listen until the last response; return why some failed, None when none did."""
        for status, _ in responses:
            if "Status" not in status:
                break
            if self._store.is_closed:
                raise Closed
            if status.Status in PENDING:
                continue
            if status.Status == SUCCESS:
                return None
            if status.Status in _HOPELESS:
                raise NotOffered.of(
                    "pacs.refused", where=self._server, status=status_text(status.Status)
                )
            return status_text(status.Status)
        self._leave()
        raise lost(self._server)

    def _leave(self) -> None:
        self._open.close()
        self._association = None


class GetWay(_DimseWay):
    """C-GET: the instances come back on the association that asked for them."""

    name = "get"

    def __init__(self, server: Server, store: Store) -> None:
        super().__init__(server, store)
        self._classes: frozenset[str] = frozenset()

    def __enter__(self) -> GetWay:
        return self

    def retrieve(self, part: Part, instances: list[str] | None) -> Text | None:
        """Bring a series, or some of its instances (see `Way`)."""
        from pynetdicom.sop_class import (  # type: ignore[attr-defined]
            StudyRootQueryRetrieveInformationModelGet,
        )

        opened = self._connected(classes_of(part, instances))
        identifier = retrieval(part.series.study, part.series.uid, instances)
        return self._follow(
            opened.send_c_get(identifier, StudyRootQueryRetrieveInformationModelGet)
        )

    def _connected(self, classes: frozenset[str]) -> Association:
        from pynetdicom import build_context, build_role, evt
        from pynetdicom.sop_class import (  # type: ignore[attr-defined]
            StudyRootQueryRetrieveInformationModelGet,
        )

        is_open = self._association is not None and self._association.is_established
        if self._association is None or not is_open or not classes <= self._classes:
            self._leave()
            both = self._classes | classes
            self._classes = both if len(both) <= MAX_CLASSES else classes
            self._association = self._open.enter_context(
                association(
                    self._server,
                    [
                        build_context(StudyRootQueryRetrieveInformationModelGet),
                        *storage_contexts(self._classes),
                    ],
                    roles=[build_role(one, scp_role=True) for one in sorted(self._classes)],
                    handlers=[(evt.EVT_C_STORE, _handler(self._store))],
                )
            )
            self._check(self._association)
        return self._association

    def _check(self, opened: Association) -> None:
        """Raise `NotOffered` where the server does not do C-GET, or would not send anything."""
        offered = {context.abstract_syntax for context in opened.accepted_contexts}
        roles = {context.abstract_syntax for context in opened.accepted_contexts if context.as_scp}
        model = "1.2.840.10008.5.1.4.1.2.2.3"
        if model not in offered or not roles - {model}:
            raise NotOffered.of("pacs.no_get", where=self._server)


class MoveWay(_DimseWay):
    """C-MOVE: the server opens an association of its own to our receiver."""

    name = "move"

    def __init__(
        self, server: Server, store: Store, port: int, classes: Sequence[str] = ()
    ) -> None:
        super().__init__(server, store)
        self._port, self._classes = port, classes

    def __enter__(self) -> MoveWay:
        self._receiver = start_receiver(self._server, self._store, self._port, self._classes)
        return self

    def __exit__(self, *error: Any) -> None:
        try:
            super().__exit__(*error)
        finally:
            self._receiver.shutdown()

    def retrieve(self, part: Part, instances: list[str] | None) -> Text | None:
        """Have a series, or some of its instances, sent to our receiver (see `Way`)."""
        from pynetdicom import build_context
        from pynetdicom.sop_class import (  # type: ignore[attr-defined]
            StudyRootQueryRetrieveInformationModelMove,
        )

        model = StudyRootQueryRetrieveInformationModelMove
        if self._association is None or not self._association.is_established:
            self._leave()
            self._association = self._open.enter_context(
                association(self._server, [build_context(model)])
            )
        identifier = retrieval(part.series.study, part.series.uid, instances)
        return self._follow(self._association.send_c_move(identifier, self._server.calling, model))


def start_receiver(server: Server, store: Store, port: int, classes: Iterable[str]) -> Any:
    """Listen for instances on `port` under our own AE title; return the running server.

    Raises:
        WrongUse: the port is taken or not allowed.
    """
    from pynetdicom import AE, AllStoragePresentationContexts, evt, register_uid
    from pynetdicom.service_class import StorageServiceClass
    from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

    entity = AE(ae_title=server.calling)
    entity.require_called_aet = True
    entity.dimse_timeout = entity.network_timeout = server.timeout_s
    entity.add_supported_context(Verification)
    known = {str(one.abstract_syntax) for one in AllStoragePresentationContexts}
    others = {name for name in classes if name} - known
    for one in sorted(others):  # retired or private; or pynetdicom ends the association
        register_uid(one, f"Storage_{one.replace('.', '_')}", StorageServiceClass)
    for one in sorted(known | others):
        entity.add_supported_context(one, list(_SYNTAXES + _RARE_SYNTAXES))
    tls = server.tls if server.tls and server.tls.certificate else None
    try:
        return entity.start_server(
            ("", port),
            block=False,
            evt_handlers=[(evt.EVT_C_STORE, _handler(store))],
            ssl_context=tls.context(is_receiver=True) if tls else None,
        )
    except OSError as error:
        raise WrongUse.of("pacs.port_taken", where=f"--receive-port {port}") from error


def _handler(store: Store) -> Any:
    def take(event: Any) -> int:
        def read() -> Any:
            dataset = event.dataset
            dataset.file_meta = event.file_meta
            return dataset

        return store.take(read)

    return take
