"""What the service says: answers as `tamiz predict` has them, maps, facts about the model."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tamiz.core.errors import TamizError, WrongData
from tamiz.core.language import current_language, say
from tamiz.service.intake import Received
from tamiz.service.refusals import Left, Refusal
from tamiz.serving.answering import Answerer, Given
from tamiz.serving.decoders import Decoded, Unread
from tamiz.serving.explaining import Explanations, composed
from tamiz.serving.telling import model_facts

_LISTS: Final = ("answers", "problems", "others")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of an explanation.

    Attributes:
        image: the name of the one that is meant, as an answer's `path`; '': the first.
        method: name of an explainer; '': the usual one.
        target: a class; '': the answer.
        picture_px: long side of the picture.
        is_picture: whether one PNG is wanted in place of JSON.
    """

    image: str
    method: str
    target: str
    picture_px: int
    is_picture: bool


class Speaker:
    """Puts a model's answers into bytes; thread-safe.

    Args:
        answerer: ready to answer.
        card: of the model, as Markdown; '': it is not shown.
    """

    def __init__(self, answerer: Answerer, card: str = "") -> None:
        self.answerer = answerer
        self._explanations = Explanations(answerer.bundle)
        self._card = card

    def predicted(
        self, files: Sequence[Received], top: int, request_id: str, is_abandoned: threading.Event
    ) -> tuple[bytes, int, int]:
        """Return the answers about files in order, as JSON; how many, and how many problems.

        What each answer holds is what `Answers.told` makes of it; nothing is left out here.

        Raises:
            TamizError: there is one file only, and nothing in it can be answered.
            Left: nobody waits any more.
        """
        made: dict[str, list[dict[str, Any]]] = {name: [] for name in _LISTS}
        for number, one in enumerate(files):
            try:
                found = self._told(one, top, is_abandoned)
            except WrongData as error:
                if len(files) == 1:
                    raise
                found = {"problems": [{"path": one.name, "reason": _words_of(error)}]}
            for name, rows in found.items():
                made[name] += [{"file": number, **row} for row in rows]
        body = {
            "request_id": request_id,
            "model": self._identity(),
            "language": current_language(),
            **made,
            "notice": say("service.notice"),
        }
        return _json(body), len(made["answers"]), len(made["problems"])

    def explained(
        self, files: Sequence[Received], asked: Asked, request_id: str, gone: threading.Event
    ) -> bytes:
        """Return a picture and the map of its answer: as JSON, or as one PNG.

        Raises:
            Refusal: 400, there is not exactly one file.
            TamizError: it cannot be read, or there can be no such map.
            Left: nobody waits any more.
        """
        if len(files) != 1:
            raise Refusal.of("service.one_file", 400, n=len(files))
        decoded = self._decoded(_given(files[0]), asked)
        if gone.is_set():
            raise Left
        made = self._explanations.of(decoded, method=asked.method, target=asked.target)
        if decoded.picture is None:
            raise ValueError("an image without its picture")
        if asked.is_picture:
            return composed(decoded.picture.png, made.layer_png)
        return _json(
            {
                "request_id": request_id,
                "model": self._identity(),
                "language": current_language(),
                "path": decoded.name,
                "class": made.target,
                "method": made.method,
                "words": made.words,
                "size_px": list(decoded.picture.size_px),
                "picture_png": base64.b64encode(decoded.picture.png).decode(),
                "layer_png": base64.b64encode(made.layer_png).decode(),
                "notice": say("service.notice"),
            }
        )

    def model(self) -> bytes:
        """Return what is to be known about the model, as JSON."""
        facts = model_facts(self.answerer.bundle, self.answerer.identity, self.answerer.guard)
        facts["explains"] = self._explanations.are_possible
        facts["card"] = self._card or None
        return _json({**facts, "notice": say("service.notice")})

    def _identity(self) -> dict[str, str]:
        return {"name": self.answerer.bundle.model, "identity": self.answerer.identity}

    def _told(
        self, one: Received, top: int, is_abandoned: threading.Event
    ) -> dict[str, list[dict[str, Any]]]:
        def check() -> None:
            if is_abandoned.is_set():
                raise Left

        check()
        return self.answerer.answer(_given(one), check=check).told(top)

    def _decoded(self, given: Given, asked: Asked) -> Decoded:
        found = self.answerer.decoded(
            given, only=asked.image, picture_px=asked.picture_px, most_images=1
        )
        for one in list(found):  # to its end, so that the process that decodes is free again
            if isinstance(one, Unread):
                raise WrongData.of("service.unread", where=one.name, reason=one.reason)
            if isinstance(one, Decoded):
                return one
        raise WrongData.of("service.no_such_image", where=asked.image or given.name)


def _given(one: Received) -> Given:
    if one.error is not None:
        raise one.error
    if one.given is None:
        raise ValueError("neither a file nor an error")
    return one.given


def _words_of(error: TamizError) -> str:
    return f"{error.what.rstrip('.')}. {error.fix}".strip()


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
