"""`predict` where the model reads slides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tamiz.acquisition.remote import at_hand
from tamiz.core.errors import UnreadableItem, WrongUse
from tamiz.core.events import Event, OnEvent
from tamiz.core.language import text
from tamiz.inputs.find import find_images
from tamiz.stages.embedding import bag_of
from tamiz.stages.slides.training import embedding_of, slide_options

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle

Answered = tuple[list[str], list[tuple[str, str]], list[tuple[str, str]], NDArray[np.float64]]


def predict_slide_source(bundle: Bundle, source: Path, on_event: OnEvent) -> Answered:
    """Return the slides' paths, what cannot be read, what is no image, and (n, classes).

    A slide without tissue is named among the problems: its answer would be the classes' shares.

    Raises:
        WrongUse: the source does not exist.
        WrongData: it holds no images, or the bundle is of another version.
    """
    from tamiz.engine.bags import Bags
    from tamiz.engine.mil import predict_mil

    if not at_hand(source, on_event).exists():
        raise WrongUse.of("errors.not_found", where=source)
    how, options = embedding_of(bundle), slide_options(bundle.model, bundle.options)
    found = find_images(source)
    paths: list[str] = []
    problems: list[tuple[str, str]] = []
    bags: list[NDArray[np.float32]] = []
    names = sorted(set(found.manifest.column("path")))
    for number, path in enumerate(names):
        on_event(Event("predict", "progress", text("predict.progress"), number, len(names)))
        try:
            bag = bag_of(found.manifest.root, path, how)
        except UnreadableItem as error:
            problems.append((path, error.reason))
            continue
        if not len(bag.values):
            problems.append((path, str(text("mil.without_tissue"))))
            continue
        paths.append(path)
        bags.append(bag.values)
    on_event(Event("predict", "progress", text("predict.progress"), len(names), len(names)))
    made = np.zeros((0, len(bundle.classes)))
    if bags:
        made, _ = predict_mil(bundle.weights, options, Bags.stacked(bags), len(bundle.classes))
    others = [(entry.path, entry.reason) for entry in found.others]
    return paths, problems, others, made
