"""A model that stays ready: uploads are decoded apart and answered together, as `predict` would."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.events import ignore
from tamiz.core.language import current_language
from tamiz.data.image import Kind
from tamiz.models.guard import Verdict, joined_verdicts
from tamiz.models.input_facts import View
from tamiz.models.registry import MODELS
from tamiz.serving.decoders import Decoded, Decoders, Limits, Rest, Unread
from tamiz.serving.decoding import Request, Way
from tamiz.stages.answers import Answers
from tamiz.stages.guarding import has_guard, stacked
from tamiz.stages.image_predicting import Answered, Part, answers_of, parts_to_ask
from tamiz.stages.predict import GUARD_WORDS, bundle_or_network, made_answers
from tamiz.stages.row_predictions import mean_probabilities
from tamiz.stages.slides.predicting import predict_slide_source

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle

_AT_ONCE: Final = 64  # images of one upload that wait for the network together
_MOST_TOGETHER: Final = 256  # images of several uploads that go through it together
# A pass costs as much for one image as for a whole batch (black ones fill it up): an answer waits
# a little for those that are being decoded, and never where nobody else asks.
_WAIT_S_FOR_EACH: Final = 0.06  # of the others who ask
_LONGEST_WAIT_S: Final = 0.6
_PASSES_WAITED: Final = 8
HIDDEN: Final = "upload"  # what an upload is called on disk: never by its client's name


class Given(NamedTuple):
    """What came in.

    Attributes:
        path: on this machine, named by tamiz.
        name: what its sender calls it; only ever text.
    """

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class _Job:
    """Images that wait for the networks."""

    images: Sequence[Decoded]
    done: Future[tuple[NDArray[np.float64], Verdict | None]]


class Answerer:
    """A bundle, loaded once, that many threads ask; a context manager.

    Images of all who ask at the same moment go through the network together. A row's answer does
    not depend on the rows beside it, so each is, to the bit, that of `tamiz predict`.

    Attributes:
        bundle: the model.
        identity: of its weights.
        guard: 'warn', 'abstain' or 'off'.
        decoders: what reads uploads; None where the model reads slides.
    """

    def __init__(self, bundle: Bundle, guard: str = "warn", limits: Limits | None = None) -> None:
        """Load the networks.

        Args:
            bundle: of `tamiz train`, or a pretrained network.
            guard: as for `predict`.
            limits: of decoding.

        Raises:
            WrongUse: `guard` is another word.
            WrongData: the weights are not the architecture's.
        """
        if guard not in GUARD_WORDS:
            raise WrongUse.of("guard.bad_word", where="--guard", found=guard)
        self.bundle, self.identity = bundle, bundle.identity()
        self.guard = guard if has_guard(bundle) else "off"
        self.reads_slides = MODELS.get(bundle.model).reads == "slides"
        self.decoders: Decoders | None = None
        self._slides = threading.Lock()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._n_asking = 0
        self._counting = threading.Lock()
        self._pass_s = 0.0
        self._parts: list[Part] = []
        self._thread: threading.Thread | None = None
        if not self.reads_slides:
            self._parts = parts_to_ask(bundle, is_guarded=self.guard != "off")
            ways = [Way(one.bundle.policy, one.bundle.steps) for one in self._parts]
            self.decoders = Decoders(ways, limits or Limits())
            self._thread = threading.Thread(target=self._serve, name="answers", daemon=True)
            self._thread.start()

    @classmethod
    def load(
        cls,
        model: Path | str,
        *,
        weights: Path | str | None = None,
        guard: str = "warn",
        limits: Limits | None = None,
    ) -> Self:
        """Return the answerer of a model's folder, a run, or a pretrained network's name.

        Raises:
            WrongUse, WrongData: see `predict`.
        """
        return cls(bundle_or_network(str(model), weights), guard, limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of processes and the network; who still waits is told so."""
        if self.decoders is not None:
            self.decoders.close()
        self._jobs.put(None)
        if self._thread is not None:
            self._thread.join()

    def warm(self) -> None:
        """Start the decoding processes and run the network once, so that no first user waits."""
        if self.decoders is None:
            return
        self.decoders.warm()
        side, channels = self.bundle.size_px, self.bundle.channels
        black = np.zeros((side, side, channels), np.uint8)
        looked = np.zeros((8, 8, 3), np.uint8)
        for part in self._parts:
            view = None if part.watch is None else View(looked, (side, side), Kind.DISPLAY)
            answers_of(part, [(black, view)])

    def answer(
        self,
        given: Given,
        *,
        keep: Callable[[Decoded], None] | None = None,
        picture_px: int = 0,
        check: Callable[[], None] | None = None,
    ) -> Answers:
        """Return the answers about an upload: one image, several frames, an archive, a slide.

        Args:
            given: what came in.
            keep: told each image that was read; None: nobody is.
            picture_px: long side of the pictures that `keep` gets; 0: none.
            check: called at each image, read or not; raises where nobody wants the rest.

        Raises:
            WrongData: nothing in it is an image, or it cannot be read in the time and the memory.
        """
        if self.decoders is None:
            return self._about_slides(given)
        with self._asking():
            found = self._about_images(given, keep, picture_px, check)
        return made_answers(self.bundle, self.identity, found, self.guard)

    def decoded(
        self,
        given: Given,
        *,
        only: str = "",
        picture_px: int = 0,
        window: str = "",
        most_images: int = 0,
        is_all_or_none: bool = False,
    ) -> Generator[Decoded | Unread | Rest, None, None]:
        """Yield what an upload holds as the networks read it, names as its sender has them.

        Args:
            given: what came in.
            only: the name of the one image that is wanted; '': all.
            picture_px: long side of its picture; 0: none.
            window: of DICOM, for the picture alone; '': the model's.
            most_images: further ones are counted, not read; 0: as many as the limits allow.
            is_all_or_none: whether nothing is read where there are more.

        Raises:
            WrongData: see `answer`.
            WrongUse: the model reads slides.

        Whoever does not read it to its end must close it: it holds a process until then.
        """
        if self.decoders is None:
            raise WrongUse.of("serving.reads_slides", where=given.name)
        shown = _Names(given)
        request = Request(
            path=str(given.path),
            language=current_language(),
            most_images=most_images or self.decoders.limits.images,
            is_all_or_none=is_all_or_none,
            only=shown.hidden(only),
            picture_px=picture_px,
            window=window,
        )
        for one in self.decoders.read(request):
            if isinstance(one, Decoded):
                yield Decoded(shown(one.name), one.inputs, one.views, one.picture)
            elif isinstance(one, Unread):
                yield Unread(shown(one.name), one.reason)
            else:
                yield Rest(one.n_images, tuple((shown(name), why) for name, why in one.others))

    def _about_images(
        self,
        given: Given,
        keep: Callable[[Decoded], None] | None,
        picture_px: int,
        check: Callable[[], None] | None,
    ) -> Answered:
        waiting: list[Decoded] = []
        jobs: list[Future[tuple[NDArray[np.float64], Verdict | None]]] = []
        paths: list[str] = []
        problems: list[tuple[str, str]] = []
        others: list[tuple[str, str]] = []
        with closing(self.decoded(given, picture_px=picture_px, is_all_or_none=True)) as found:
            for one in found:
                if check is not None:
                    check()
                if isinstance(one, Decoded):
                    if keep is not None:
                        keep(one)
                    paths.append(one.name)
                    waiting.append(Decoded(one.name, one.inputs, one.views))
                    if len(waiting) == _AT_ONCE:
                        jobs.append(self._asked(waiting))
                        waiting = []
                        jobs[max(0, len(jobs) - 2)].result()  # never far ahead of the network
                elif isinstance(one, Unread):
                    problems.append((one.name, one.reason))
                else:
                    others += one.others
                    self._refuse_too_many(given, one)
        if waiting:
            jobs.append(self._asked(waiting))
        made = [one.result() for one in jobs]
        nothing = np.zeros((0, len(self.bundle.classes)))
        shares = np.concatenate([nothing, *(rows for rows, _ in made)])
        verdicts = [verdict for _, verdict in made if verdict is not None]
        verdict = stacked(verdicts) if self.guard != "off" else None
        return Answered(paths, problems, others, shares, verdict)

    def _refuse_too_many(self, given: Given, rest: Rest) -> None:
        limit = 0 if self.decoders is None else self.decoders.limits.images
        if rest.n_images > limit:
            n = rest.n_images
            raise WrongData.of("serving.too_many", where=given.name, n=n, limit=limit)

    def _asked(self, images: Sequence[Decoded]) -> Future[tuple[NDArray[np.float64], Any]]:
        job = _Job(images, Future())
        self._jobs.put(job)
        return job.done

    def _serve(self) -> None:
        """Take all who wait, ask the networks once for all of them, and give each his rows."""
        is_open = True
        while is_open:
            jobs: list[_Job] = []
            until = 0.0
            while sum(len(one.images) for one in jobs) < _MOST_TOGETHER:
                is_last = self._n_asking <= len(jobs)
                left = 0.0 if is_last else max(0.0, until - time.monotonic())
                try:
                    job = self._jobs.get(timeout=left) if jobs else self._jobs.get()
                except queue.Empty:
                    break
                if job is None:
                    is_open = False
                    break
                if not jobs:
                    until = time.monotonic() + self._patience_s()
                jobs.append(job)
            if jobs:
                began = time.monotonic()
                self._settle(jobs)
                self._pass_s = time.monotonic() - began

    def _patience_s(self) -> float:
        """Return how long the first answer of a pass may wait for others."""
        for_others = _WAIT_S_FOR_EACH * (self._n_asking - 1)
        return max(0.0, min(for_others, _PASSES_WAITED * self._pass_s, _LONGEST_WAIT_S))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Count one who asks."""
        with self._counting:
            self._n_asking += 1
        try:
            yield
        finally:
            with self._counting:
                self._n_asking -= 1

    def _settle(self, jobs: Sequence[_Job]) -> None:
        images = [image for job in jobs for image in job.images]
        try:
            shares, verdict = self._through(images)
        except BaseException as error:  # noqa: BLE001  (whoever waits must be told)
            for job in jobs:
                job.done.set_exception(error)
            return
        start = 0
        for job in jobs:
            end = start + len(job.images)
            part = None if verdict is None else _rows_of(verdict, slice(start, end))
            job.done.set_result((shares[start:end], part))
            start = end

    def _through(self, images: Sequence[Decoded]) -> tuple[NDArray[np.float64], Verdict | None]:
        """Return the probabilities of images, and what the guards say, as `predict` has them."""
        shares = []
        verdicts = []
        for at, part in enumerate(self._parts):
            rows = [
                (one.inputs[at], None if part.watch is None else one.views[at]) for one in images
            ]
            found, verdict = answers_of(part, rows)
            shares.append(found)
            verdicts += [verdict] if verdict is not None else []
        return mean_probabilities(shares), joined_verdicts(verdicts) if verdicts else None

    def _about_slides(self, given: Given) -> Answers:
        shown = _Names(given)
        with self._slides:
            paths, problems, others, shares = predict_slide_source(self.bundle, given.path, ignore)
        found = Answered(
            [shown(one) for one in paths],
            [(shown(name), reason) for name, reason in problems],
            [(shown(name), reason) for name, reason in others],
            shares,
        )
        return made_answers(self.bundle, self.identity, found, "off")


class _Names:
    """Turns the names of an upload on this machine into its sender's, and back."""

    def __init__(self, given: Given) -> None:
        self._on_disk, self._sent = given.path.name, given.name

    def __call__(self, found: str) -> str:
        """Return the sender's name of what the reader calls `found`."""
        rest = found.removeprefix(self._on_disk)
        return found if rest == found else self._sent + rest

    def hidden(self, shown: str) -> str:
        """Return what the reader calls what its sender calls `shown`."""
        rest = shown.removeprefix(self._sent)
        return shown if rest == shown or not self._sent else self._on_disk + rest


def _rows_of(verdict: Verdict, rows: slice) -> Verdict:
    return Verdict(
        verdict.oddness[rows],
        verdict.distance[rows],
        verdict.reasons[rows],
        verdict.facts[rows],
    )
