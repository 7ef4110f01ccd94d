"""A program of torch.export (.pt2), to be run by torch alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.export import ExportedProgram

from tamiz.core.files import replacing
from tamiz.core.language import Text, text
from tamiz.data.image import Image
from tamiz.engine.exporting.answering import Answering
from tamiz.engine.exporting.facts import answer_facts, bundle_facts, input_facts
from tamiz.engine.exporting.folder import OfPreparedPixels, asked_one
from tamiz.engine.exporting.program import program_of
from tamiz.engine.exporting.registry import EXPORTS, Wanted
from tamiz.models.bundle import Bundle
from tamiz.models.card import card_of

_NAME: Final = "torch-export"


@dataclass(frozen=True, slots=True)
class TorchProgram:
    """A program, as it was read back from its file.

    Attributes:
        bundle: of which it was made.
        program: (n, height, width, channels) uint8 prepared pixels to (n, classes) probabilities.
        ask: the same, ready to be called.
        facts: for the report.
        notes: for the user.
    """

    bundle: Bundle
    program: ExportedProgram
    ask: Callable[[Tensor], Tensor]
    facts: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[Text] = ()

    def probabilities(self, image: Image) -> NDArray[np.float64]:
        """Return (classes,) probabilities of a decoded image."""
        return asked_one(self._ask, image, self.bundle)

    def write(self, place: Path, facts: Mapping[str, Any]) -> None:
        """Write the program with classes, card and the gate's figures as extra files."""
        extra = {
            "classes.json": json.dumps(list(self.bundle.classes), ensure_ascii=False),
            "input.json": json.dumps(input_facts(self.bundle), ensure_ascii=False),
            "answer.json": json.dumps(answer_facts(self.bundle), ensure_ascii=False),
            "export.json": json.dumps(dict(facts), ensure_ascii=False),
            "card.md": card_of(bundle_facts(self.bundle)),
        }
        with replacing(place) as part, part.open("wb") as file:
            torch.export.save(self.program, file, extra_files=extra)

    def _ask(self, pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
        made: NDArray[np.float64] = self.ask(torch.from_numpy(pixels.copy())).numpy()
        return made


@EXPORTS.add(_NAME)
class TorchExport(OfPreparedPixels):
    """One file: network, normalisation, calibration and softmax; needs torch, and no tamiz."""

    name: ClassVar[str] = _NAME
    suffix: ClassVar[str] = ".pt2"

    def make(self, wanted: Wanted) -> TorchProgram:
        """Return the program, saved and read back.

        Raises:
            WrongUse: the network does what is no operator of torch.
        """
        bundle = wanted.bundle
        module = Answering(
            bundle.module(), bundle.calibration, is_multilabel=bundle.is_multilabel
        ).eval()
        sizes = (bundle.size_px, bundle.size_px, bundle.channels)
        made = program_of(module, sizes, f"--format {_NAME}")
        place = wanted.scratch / "model.pt2"
        torch.export.save(made, place)
        operators = sorted({str(n.target) for n in made.graph.nodes if n.op == "call_function"})
        note = text("forms.prepared_pixels", size=bundle.size_px, channels=bundle.channels)
        read = torch.export.load(place)
        return TorchProgram(bundle, read, read.module(), {"operators": len(operators)}, (note,))
