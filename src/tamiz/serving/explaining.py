"""What one answer rests on: a map over the picture, as a layer that a page can fade in and out."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.core.language import say
from tamiz.models.registry import MODELS
from tamiz.serving.decoders import Decoded
from tamiz.slides.lettering import colour_table
from tamiz.stages.explaining.drawing import heat_over
from tamiz.stages.explaining.making import ExplainImages, Maker

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle

_SHARE_SHOWN: Final = 0.995  # single pixels beyond take the colour of the end
_COLOURS: Final = "inferno"


@dataclass(frozen=True, slots=True)
class Explained:
    """A map of one answer.

    Attributes:
        layer_png: RGBA, as large as the picture: colours where the map has values, the more
            opaque the more it says.
        method: name of the explainer.
        target: the class that it is about.
        words: what the colours mean, in the reader's language.
    """

    layer_png: bytes
    method: str
    target: str
    words: str


class Explanations:
    """Makes maps for a bundle; one at a time, thread-safe."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._lock = threading.Lock()
        self._makers: dict[str, Maker] = {}

    @property
    def are_possible(self) -> bool:
        """Return whether maps of this model's answers can be made on a page."""
        model = MODELS.get(self._bundle.model)
        return model.reads != "slides" and model.learns != "at once"

    def of(self, decoded: Decoded, *, method: str = "", target: str = "") -> Explained:
        """Return the map of an answer.

        Args:
            decoded: with its picture.
            method: name of an explainer; '': the usual one for the network.
            target: a class; '': the answer.

        Raises:
            WrongUse: the method or class is unknown, or does not suit the network; or there is
                no picture.
        """
        if not self.are_possible:
            raise WrongUse.of("serving.no_maps", where=self._bundle.model)
        if decoded.picture is None:
            raise ValueError("an image without its picture")
        with self._lock:
            maker = self._maker(method)
            inputs = self._inputs(maker, decoded)
            shares = maker.probabilities(inputs)
            wanted = target or maker.targets(shares)[0]
            if wanted not in self._bundle.classes:
                known = ", ".join(self._bundle.classes)
                raise WrongUse.of("explaining.bad_class", where="class", name=wanted, known=known)
            name = next(iter(maker.explainers))
            values, _ = maker.map_of(name, inputs, wanted)
        layer = _layer(values, decoded.picture.box, decoded.picture.size_px)
        words = say("serving.map_words", name=name, target=wanted)
        return Explained(layer, name, wanted, words)

    def methods(self) -> tuple[str, ...]:
        """Return the names of the explainers that suit the network, the usual one first."""
        from tamiz.engine.explaining.registry import EXPLAINERS

        if not self.are_possible:
            return ()
        with self._lock:
            usual = self._maker("")
            first = next(iter(usual.explainers))
            others = [name for name in EXPLAINERS.names() if name != first]
            return (first, *(name for name in others if _suits(name, usual)))

    def _maker(self, method: str) -> Maker:
        """Return what makes maps by a method; the networks are built once for all of them."""
        from tamiz.engine.explaining.registry import EXPLAINERS

        if "" not in self._makers:
            self._makers[""] = Maker.of(self._bundle, ExplainImages(n_checked=0, n_mistakes=0))
        usual = self._makers[""]
        if method not in self._makers:
            explainer = EXPLAINERS.get(method)()
            for subject in usual.subjects:
                explainer.check(subject)
            self._makers[method] = replace(usual, explainers={method: explainer})
        return self._makers[method]

    def _inputs(self, maker: Maker, decoded: Decoded) -> list[NDArray[np.uint8]]:
        """Return the image as each member of the bundle reads it."""
        if len(decoded.inputs) == len(maker.members):
            return list(decoded.inputs)
        return [decoded.inputs[0]] * len(maker.members)  # members that read alike


def _suits(name: str, maker: Maker) -> bool:
    from tamiz.engine.explaining.registry import EXPLAINERS

    explainer = EXPLAINERS.get(name)()
    try:
        for subject in maker.subjects:
            explainer.check(subject)
    except WrongUse:
        return False
    return True


def _layer(
    values: NDArray[np.float64], box: tuple[float, float, float, float], size: tuple[int, int]
) -> bytes:
    import PIL.Image

    strength = np.maximum(values, 0.0)  # what speaks against the class is left dark
    most = float(np.quantile(strength, _SHARE_SHOWN)) or float(strength.max()) or 1.0
    heat = heat_over(np.clip(strength / most, 0.0, 1.0), box, size)
    share = np.nan_to_num(heat, nan=0.0)
    made = np.empty((*share.shape, 4), dtype=np.uint8)
    made[..., :3] = colour_table(_COLOURS)[np.rint(255 * share).astype(np.uint8)]
    made[..., 3] = np.rint(255 * share).astype(np.uint8)
    with io.BytesIO() as file:
        PIL.Image.fromarray(made, mode="RGBA").save(file, format="PNG")
        return file.getvalue()


def composed(picture_png: bytes, layer_png: bytes, share: float = 0.7) -> bytes:
    """Return a picture with a layer over it, as PNG without any text in it.

    Args:
        picture_png: the picture.
        layer_png: RGBA, of the same size.
        share: how much of the layer shows, 0..1.
    """
    import PIL.Image

    with (
        PIL.Image.open(io.BytesIO(picture_png)) as below,
        PIL.Image.open(io.BytesIO(layer_png)) as above,
    ):
        layer = np.asarray(above).copy()
        layer[..., 3] = np.rint(share * layer[..., 3])
        made = PIL.Image.alpha_composite(below.convert("RGBA"), PIL.Image.fromarray(layer))
    with io.BytesIO() as file:
        made.convert("RGB").save(file, format="PNG")
        return file.getvalue()
