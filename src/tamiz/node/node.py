"""`node`: a DICOM server that answers studies with a model's structured reports, for research."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tamiz.acquisition.associations import NotOffered, Unreachable, discreet
from tamiz.core.errors import EXIT_DONE, TamizError, WrongData, WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import explain_os_error, locked, make_folder, write_bytes
from tamiz.core.language import Text, say, text
from tamiz.core.optional import require
from tamiz.formats.dicom_dataset import uid_of
from tamiz.formats.dicom_library import FAULTS, library
from tamiz.node.headers import Refusal, as_bytes
from tamiz.node.intake import STUDIES, Intake
from tamiz.node.journal import Journal, Made, Part, hash_of
from tamiz.node.listening import check_port, listening
from tamiz.node.looking import Look, looks_at
from tamiz.node.picturing import picture_of
from tamiz.node.reporting import About, report_of
from tamiz.node.sending import send
from tamiz.node.settings import Settings, destination_of
from tamiz.node.status import status_of
from tamiz.serving.answering import Answerer
from tamiz.serving.explaining import Explanations

__all__ = ["Node", "Settings", "destination_of", "run_node", "status_of"]

ANSWERS: Final = "answers"
_TICK_S: Final = 0.2
_LEAVE_S: Final = 15.0
_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0


def run_node(
    settings: Settings,
    model: str,
    *,
    guard: str = "warn",
    stop: threading.Event,
    on_event: OnEvent = ignore,
) -> int:
    """Listen, answer and send until `stop` is set; return the exit code.

    Args:
        settings: of the node.
        model: a bundle's folder, or a run.
        guard: as for `predict`.
        stop: set by who wants the end.
        on_event: told what happens, without a word about patients.

    Raises:
        WrongUse: there is no such model, another node works in the folder, the port is taken.
        WrongData: the model or the journal is damaged.
    """
    require("pynetdicom", extra="node", why=say("node.why"))
    require("highdicom", extra="node", why=say("node.why"))
    library()
    check_port(settings)
    make_folder(settings.folder)
    with (
        _private(settings.folder),
        discreet(),
        Journal(settings.folder) as journal,
        Answerer.load(model, guard=guard) as answerer,
    ):
        Node(settings, answerer, journal, on_event).run(stop)
    return EXIT_DONE


@contextlib.contextmanager
def _private(folder: Path) -> Iterator[None]:
    """Hold the state's folder for this node alone; nobody else of this machine may look in."""
    try:
        folder.chmod(0o700)
    except OSError as error:
        raise explain_os_error(error, folder) from error
    with locked(folder):
        yield


@dataclass(slots=True)
class _Pause:
    """How long not to try again: doubled from try to try."""

    seconds: float = 0.0
    until: float = 0.0

    def longer(self) -> float:
        """Return the next pause."""
        self.seconds = min(max(2 * self.seconds, _FIRST_PAUSE_S), _LONGEST_PAUSE_S)
        self.until = time.monotonic() + self.seconds
        return self.seconds

    @property
    def is_over(self) -> bool:
        """Return whether it is time to try again."""
        return time.monotonic() >= self.until


class Node:
    """One node at work."""

    def __init__(
        self, settings: Settings, answerer: Answerer, journal: Journal, on_event: OnEvent = ignore
    ) -> None:
        """Make ready what answers.

        Raises:
            WrongUse: the model reads slides, or maps are asked for that it has none of.
        """
        if answerer.reads_slides:
            raise WrongUse.of("node.reads_slides", where=answerer.bundle.model)
        self._explanations = Explanations(answerer.bundle) if settings.has_maps else None
        if self._explanations is not None and not self._explanations.are_possible:
            raise WrongUse.of("serving.no_maps", where="--heatmap")
        self._settings, self._answerer, self._journal = settings, answerer, journal
        self._on_event = on_event
        self._stop = threading.Event()
        self._failure: BaseException | None = None
        self._archive = _Pause()
        self._refused: dict[Part, _Pause] = {}

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set, or a fault of the program ends it.

        Raises:
            WrongUse: the port is taken.
        """
        self._sweep()
        if n := self._journal.retry_failed():
            self._say("note", "retrying", n=n)
        intake = Intake(self._settings, self._journal)
        self._answerer.warm()
        works = [lambda: self._answer_due(intake), self._send_answered]
        threads = [threading.Thread(target=self._loop, args=(one,), daemon=True) for one in works]
        with listening(self._settings, intake):
            where = f"{self._settings.host}:{self._settings.port}"
            self._say("start", "listens", aet=self._settings.aet, where=where)
            for one in threads:
                one.start()
            while not stop.wait(_TICK_S) and not self._stop.is_set():
                self._tell_trouble(intake)
        self._stop.set()
        until = time.monotonic() + _LEAVE_S
        for one in threads:
            one.join(max(0.0, until - time.monotonic()))
        if self._failure is not None:
            raise self._failure
        self._say("end", "stopped")

    def _loop(self, work: Callable[[], None]) -> None:
        pause = _Pause()
        try:
            while not self._stop.is_set():
                try:
                    work()
                    pause = _Pause()
                except TamizError as error:  # of this machine: a full disk
                    self._say("warning", "trouble", reason=error.what)
                    self._stop.wait(pause.longer())
                self._stop.wait(_TICK_S)
        except BaseException as error:  # noqa: BLE001  (told by `run`, in the main thread)
            self._failure = error
            self._stop.set()

    # from images to answers

    def _answer_due(self, intake: Intake) -> None:
        for study in intake.due():
            intake.complete(study)
        for part in self._journal.parts("nothing"):
            self._tidy(part, "skipped")
        for part in self._journal.parts("complete"):
            if self._stop.is_set():
                return
            self._answer(part)

    def _answer(self, part: Part) -> None:
        try:
            made, n_unread = self._made(part)
        except (Refusal, WrongData, *FAULTS) as error:
            if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
                raise explain_os_error(error, self._settings.folder) from error
            # one study that cannot be answered must not keep the others waiting
            self._journal.failed(part, type(error).__name__)
            kind = type(error).__name__
            self._say("warning", "no_answer_made", study=part.study[:8], fault=kind)
            return
        self._journal.answered(part, made, n_unread)
        n = sum(not one.aside for one in self._journal.instances(part))
        self._say("note", "answered", study=part.study[:8], n=n, unread=n_unread)

    def _made(self, part: Part) -> tuple[list[Made], int]:
        """Return the objects that answer a part, whole on the disk, and how many were not read."""
        files = [self._settings.folder / one.file for one in self._journal.instances(part)
                 if not one.aside]  # fmt: skip
        looks = looks_at(self._answerer, files, has_maps=self._explanations is not None)
        about = self._about(part, looks)
        made = [self._written(part, 0, report_of(about, looks))]
        read = [one for one in looks if not one.reason]
        if self._explanations is not None:
            for number, look in enumerate(read, start=1):
                picture = self._picture(about, look, self._explanations, number)
                made.append(self._written(part, number, picture))
        return made, len(looks) - len(read)

    @staticmethod
    def _picture(about: About, look: Look, explanations: Explanations, number: int) -> Any:
        try:
            return picture_of(about, look, explanations, number)
        except WrongUse as error:  # of the network, not of this machine: no use to try again
            raise WrongData(error.what) from error

    def _about(self, part: Part, looks: list[Look]) -> About:
        from tamiz import __version__

        return About(
            study=looks[0].source.study,
            number=part.number,
            content=part.content,
            identity=self._answerer.identity,
            aet=self._settings.aet,
            version=__version__,
            completed=part.completed,
            guard=self._answerer.guard,
        )

    def _written(self, part: Part, number: int, dataset: Any) -> Made:
        content = as_bytes(dataset)
        file = f"{ANSWERS}/{part.study}/{part.number:04}-{number:04}.dcm"
        write_bytes(self._settings.folder / file, content)
        uid = uid_of(dataset, "SOPInstanceUID")
        return Made(hash_of(uid), file, hashlib.sha256(content).hexdigest())

    # from answers to the archive

    def _send_answered(self) -> None:
        for part in self._journal.parts("answered"):
            if self._stop.is_set() or not self._archive.is_over:
                return
            if self._refused.get(part, self._archive).is_over:
                self._send(part)
        for part in self._journal.parts("sent"):
            self._tidy(part, "done")

    def _send(self, part: Part) -> None:
        by_path = {self._settings.folder / one.file: one for one in self._journal.unsent(part)}
        if not all(_is_whole(path, one.sha256) for path, one in by_path.items()):
            self._journal.remake(part)  # somebody took it away, or the disk lost some of it
            return
        try:
            send(self._settings.answer_to, list(by_path),
                 lambda path: self._journal.sent(by_path[path]))  # fmt: skip
        except NotOffered as error:  # this one; others may be taken
            pause = self._refused.setdefault(part, _Pause()).longer()
            self._journal.tell("refused", part.study, error.what)
            self._say("warning", "waits", reason=error.what, seconds=round(pause))
            return
        except (Unreachable, WrongUse) as error:
            pause = self._archive.longer()
            self._journal.tell("waits", part.study, error.what)
            self._say("warning", "waits", reason=error.what, seconds=round(pause))
            return
        self._archive = _Pause()
        self._refused.pop(part, None)
        self._journal.all_sent(part)
        self._say("note", "sent", study=part.study[:8])

    def _tidy(self, part: Part, state: str) -> None:
        """Remove what is not needed any more, then note that."""
        if not self._settings.keeps:
            files = [one.file for one in self._journal.instances(part)]
            files += [one.file for one in self._journal.objects(part)]
            for name in files:
                self._remove(self._settings.folder / name)
            for folder in {(self._settings.folder / name).parent for name in files}:
                with contextlib.suppress(OSError):  # a later part's images are in it
                    folder.rmdir()
        self._journal.tidied(part, state)

    def _sweep(self) -> None:
        """Remove images that a killed node wrote and never said that it had: they come again."""
        for path in sorted((self._settings.folder / STUDIES).glob("*/*.dcm")):
            if self._journal.instance(path.stem) is None:
                self._remove(path)

    @staticmethod
    def _remove(path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise explain_os_error(error, path) from error

    # what is told

    def _tell_trouble(self, intake: Intake) -> None:
        if intake.trouble is not None:
            self._say("warning", "trouble", reason=intake.trouble.what)
            intake.trouble = None

    def _say(self, kind: Any, key: str, **values: object) -> None:
        words: Text = text(f"node.{key}", **values)
        self._on_event(Event("node", kind, words))


def _is_whole(path: Path, sha256: str) -> bool:
    """Return whether an answer lies on the disk as it was written."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except FileNotFoundError:
        return False
    except OSError as error:
        raise explain_os_error(error, path) from error
