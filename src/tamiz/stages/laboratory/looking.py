"""What the lab's commands on models have in common: one image, one network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tamiz.acquisition.remote import at_hand
from tamiz.core.errors import WrongUse
from tamiz.data.contracts import Policy
from tamiz.data.image import Image
from tamiz.formats.reader import Reader
from tamiz.inputs.find import find_images
from tamiz.models.ensemble import Ensemble
from tamiz.models.registry import MODELS
from tamiz.stages.predict import bundle_or_network

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle


def one_image(source: Path, number: int, policy: Policy) -> tuple[str, Image]:
    """Return the name and the pixels of the image with that number, from 1, of a source.

    Args:
        source: an image file; or a folder, an archive or an array of many.
        number: which of them, in the order in which `predict` answers.
        policy: how files become pixels.

    Raises:
        WrongUse: the source does not exist, or has fewer images.
        WrongData: it holds no images.
        UnreadableItem: the image does not decode.
    """
    if not at_hand(source.expanduser()).exists():
        raise WrongUse.of("errors.not_found", where=source)
    found = find_images(source)
    rows = list(found.manifest.rows("path", "frame"))
    if not 1 <= number <= len(rows):
        raise WrongUse.of("lab_learnt.no_such_image", where="--image", n=number, all=len(rows))
    path, frame = rows[number - 1]
    with Reader(found.manifest.root, policy) as reader:
        image = reader.read(path, frame)
    return (f"{path}#{frame}" if len(rows) > 1 and frame else path), image


def network_asked(model: str, weights: Path | None = None) -> Bundle:
    """Return the model, one that reads images.

    Raises:
        WrongUse: there is none, or it reads slides.
        WrongData: it is damaged, or its weights cannot be had.
    """
    bundle = bundle_or_network(model, weights)
    if MODELS.get(bundle.model).reads == "slides":
        raise WrongUse.of("lab_learnt.reads_slides", where=model, name=bundle.model)
    return bundle


def networks_of(bundle: Bundle) -> tuple[Bundle, ...]:
    """Return the networks of an ensemble; of any other model itself."""
    return bundle.members if isinstance(bundle, Ensemble) else (bundle,)
