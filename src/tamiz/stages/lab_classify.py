"""`lab classify`: photos answered by pretrained networks with the classes that they came with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import TamizError, WrongData, WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.language import text
from tamiz.data.image import Image
from tamiz.data.report import Report
from tamiz.models.registry import MODELS
from tamiz.models.weights import network_at_hand
from tamiz.stages.lab import Photo, photo_at
from tamiz.stages.laboratory.classify_report import Answer, Asked, Gathered, report_of
from tamiz.steps.apply import prepare_image

if TYPE_CHECKING:
    from tamiz.models.bare import BareNetwork

_MOST_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class AskNetworks:
    """What is asked of photos.

    Attributes:
        networks: names of timm's or torchvision's networks; empty: those that the weights tell.
        weights: a safetensors file for each network, or 'auto', the public ones; empty: all public.
        top: how many classes to show.
    """

    networks: tuple[str, ...]
    weights: tuple[str, ...] = ()
    top: int = 5


def lab_classify(
    photos: Sequence[Path],
    how: AskNetworks,
    out: Path | None = None,
    on_event: OnEvent = ignore,
) -> Report:
    """Show the most probable classes of photos by one or several pretrained networks.

    Each network gets the photo as it was tested itself: its own size, crop and normalisation. A
    network whose weights cannot be had is left out and told, as long as another one answers.

    Args:
        photos: image files.
        how: see `AskNetworks`.
        out: folder for a picture of each photo with its answers, and report.html.
        on_event: told about progress.

    Raises:
        WrongUse: there is no such file or network, or what is asked contradicts itself.
        WrongData: no network's weights can be had, or they are damaged or another network's.
        UnreadableItem: a photo does not decode.
    """
    if not 1 <= how.top <= _MOST_SHOWN:
        raise WrongUse.of("lab_classify.bad_top", where="--top", n=how.top, most=_MOST_SHOWN)
    asked = _networks_asked(how)
    shown, seen = _as_seen(photos, asked)
    gathered = Gathered()
    for number, one in enumerate(asked):
        told = text("lab_classify.network")
        on_event(Event("lab", "progress", told, number, len(asked)))
        _ask(one, seen[one.name], gathered)
    if not gathered.answers:
        raise _nothing_answers(gathered.left_out)
    on_event(Event("lab", "progress", text("lab_classify.network"), len(asked), len(asked)))
    return report_of(shown, gathered, how.top, out)


def _networks_asked(how: AskNetworks) -> list[Asked]:
    """Return the networks; no weights are loaded but to tell an unnamed one.

    Raises:
        WrongUse: a name is unknown or stands twice, or the weights are not one for each network.
        WrongData: a file of weights is damaged.
    """
    from tamiz.models.backbone import canonical_name
    from tamiz.models.bare import steps_for

    names = how.networks or tuple(map(_network_told, how.weights))
    if not names:
        raise WrongUse.of("lab_classify.no_network", where="--network")
    weights = how.weights or ("auto",) * len(names)
    if len(weights) != len(names):
        raise WrongUse.of(
            "lab_classify.not_paired",
            where="--weights",
            n_networks=len(names),
            n_weights=len(weights),
        )
    made: dict[str, Asked] = {}
    for name, file in zip(names, weights, strict=True):
        spec = MODELS.get(name)
        if spec.preferred is None:
            raise WrongUse.of("networks.not_a_network", where=name)
        plain = canonical_name(name)
        if plain in made:
            raise WrongUse.of("lab_classify.twice", where="--network", name=plain)
        made[plain] = Asked(plain, file, spec.preferred, steps_for(spec.preferred))
    return list(made.values())


def _network_told(weights: str) -> str:
    """Return the network that a file of weights belongs to.

    Raises:
        WrongUse: there is no such file, or it does not tell.
        WrongData: it is damaged.
    """
    if weights == "auto":
        raise WrongUse.of("lab_classify.no_network", where="--network")
    found = network_at_hand(weights)
    if found is None:
        raise WrongUse.of("lab_classify.not_told", where=weights)
    return found


def _as_seen(
    photos: Sequence[Path], asked: Sequence[Asked]
) -> tuple[list[Photo], dict[str, NDArray[np.uint8]]]:
    """Return the photos, and by network (photos, side, side, 3) as it gets them."""
    shown: list[Photo] = []
    seen: dict[str, list[NDArray[np.uint8]]] = {one.name: [] for one in asked}
    for path in photos:
        photo = photo_at(path)
        image = Image(photo.pixels)
        for one in asked:
            seen[one.name].append(prepare_image(image, one.steps))
        shown.append(photo)
    return shown, {name: np.stack(many) for name, many in seen.items()}


def _nothing_answers(left_out: Sequence[tuple[str, TamizError]]) -> TamizError:
    """Return the error that names every network whose weights cannot be had."""
    if len(left_out) == 1:
        return left_out[0][1]
    return WrongData.of(
        "lab_classify.nothing_answers",
        where=", ".join(name for name, _ in left_out),
        n=len(left_out),
        details=tuple(f"{name}: {error.what}" for name, error in left_out),
    )


def _ask(asked: Asked, seen: NDArray[np.uint8], gathered: Gathered) -> None:
    """Add a network's answer, or why there is none.

    Raises:
        WrongUse: there is no such file of weights.
        WrongData: the file of weights is damaged, or another network's.
    """
    from tamiz.models.bare import bare_network

    try:
        bundle = bare_network(asked.name, asked.weights)
    except WrongData as error:
        if asked.weights != "auto":
            raise
        gathered.left_out.append((asked.name, error))
        return
    gathered.answers.append(_answer_of(bundle, asked, seen))


def _answer_of(bundle: BareNetwork, asked: Asked, seen: NDArray[np.uint8]) -> Answer:
    from tamiz.engine.infer import predict_scores
    from tamiz.engine.prepared import InMemory

    module = bundle.module()
    pixels = np.require(seen, requirements=["C", "W"])
    shares = bundle.probabilities_of(predict_scores(module, InMemory(pixels)))
    n_parameters = sum(one.numel() for one in module.parameters())
    source = str((bundle.start or {}).get("source", ""))
    return Answer(asked, shares, seen, bundle.classes, n_parameters, source)
