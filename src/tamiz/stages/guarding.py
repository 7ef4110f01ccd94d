"""The guard in the stages: fitted at the end of a training, asked when images are predicted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.language import text
from tamiz.data.manifest import Manifest
from tamiz.data.report import Estimate
from tamiz.formats.reader import Reader
from tamiz.metrics.intervals import MIN_GROUPS
from tamiz.models.ensemble import Ensemble
from tamiz.models.guard import Guard, Verdict, joined_verdicts
from tamiz.models.guard_fitting import Seen, fit_guard
from tamiz.models.input_facts import Floats, View, facts_of, view_of
from tamiz.models.registry import MODELS
from tamiz.steps.apply import prepare_image

if TYPE_CHECKING:
    from torch import nn

    from tamiz.engine.feed import Rows
    from tamiz.engine.prepared import PreparedImages
    from tamiz.models.bundle import Bundle

_MOST_IMAGES: Final = 5_000  # of a part, through the network
_MOST_THROUGH_LARGE: Final = 1_000  # likewise through a network of timm or torchvision
_MOST_DECODED: Final = {"train": 600, "val": 1_000}
_CHUNK: Final = 64


def guarded(bundle: Bundle, rows: Manifest, task: Rows, on_event: OnEvent = ignore) -> Bundle:
    """Return the bundle with a guard fitted to its training and validation rows.

    Args:
        bundle: just trained; its weights and identity stay.
        rows: the manifest's rows.
        task: the same rows as they were trained on.
        on_event: told about progress, and where there are too few validation images.
    """
    from tamiz.engine.guard import taps_of

    on_event(Event("train", "note", text("guard.fitting")))
    module = bundle.module()
    taps = taps_of(module)
    train, val = (_seen(bundle, (module, taps), rows, task, part) for part in ("train", "val"))
    guard = fit_guard(taps, train, val)
    if guard is None:
        on_event(Event("train", "note", text("guard.too_few", n=len(val.group))))
    return replace(bundle, guard=guard)


def _seen(
    bundle: Bundle,
    network: tuple[nn.Module, tuple[str, ...]],
    rows: Manifest,
    task: Rows,
    part: str,
) -> Seen:
    from tamiz.engine.guard import scores_and_features

    is_large = MODELS.get(bundle.model).preferred is not None
    most = _MOST_THROUGH_LARGE if is_large else _MOST_IMAGES
    at = even_sample(task.train if part == "train" else task.val, most)
    module, taps = network
    _, features = scores_and_features(module, [taps], task.images, at)
    looked = even_sample(np.arange(len(at), dtype=np.int64), _MOST_DECODED[part])
    chosen = rows.take(at.tolist())
    return Seen(
        features=features[0],
        classes=None if task.is_multilabel else task.targets[at].astype(np.int64),
        group=np.array(chosen.group_keys(), dtype=np.str_),
        looked=looked,
        facts=facts_of(_views(bundle, chosen.take(looked.tolist()))),
    )


def even_sample(positions: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return at most so many of the positions, evenly chosen, in order."""
    if len(positions) <= most:
        return positions
    places = np.linspace(0, len(positions) - 1, most).round().astype(np.int64)
    chosen: NDArray[np.int64] = positions[places]
    return chosen


def _views(bundle: Bundle, rows: Manifest) -> list[View]:
    return [view for _, view in decoded(bundle, rows)]


def decoded(bundle: Bundle, rows: Manifest) -> list[tuple[NDArray[np.uint8], View]]:
    """Return of each row what the network reads, and its view; in the rows' order.

    Raises:
        UnreadableItem: an image does not decode.
    """

    def look(place: tuple[str, int]) -> tuple[NDArray[np.uint8], View]:
        image = reader.read(*place)
        pixels = prepare_image(image, bundle.steps)
        return pixels, view_of(image, pixels)

    with Reader(rows.root, bundle.policy) as reader, ThreadPoolExecutor() as pool:
        return list(pool.map(look, rows.rows("path", "frame")))


@dataclass(frozen=True, slots=True)
class Watch:
    """A network together with the guards of its members.

    Attributes:
        module: gives scores.
        guards: of each member of an ensemble, or of the one network; None where it has none.
    """

    module: nn.Module
    guards: tuple[Guard | None, ...]

    @property
    def taps(self) -> tuple[tuple[str, ...], ...]:
        """Return what each member's guard looks at."""
        return tuple(
            one.distance.taps if one is not None and one.distance is not None else ()
            for one in self.guards
        )

    def look(
        self, images: PreparedImages, facts: Floats | None
    ) -> tuple[NDArray[np.float64], Verdict]:
        """Return raw scores, to the bit those without a guard, and what most guards say.

        Raises:
            WrongData: a guard is not one of this network.
        """
        from tamiz.engine.guard import scores_and_features

        try:
            scores, features = scores_and_features(self.module, self.taps, images)
            verdicts = [
                guard.judge(found, facts)
                for guard, found in zip(self.guards, features, strict=True)
                if guard is not None
            ]
        except (AttributeError, IndexError) as error:
            reason = " ".join(str(error).split())[:120]
            raise WrongData.of("guard.misfit", where="guard.safetensors", reason=reason) from error
        return scores, joined_verdicts(verdicts)

    def alone(self, member: int) -> Watch:
        """Return the same network watched by one member's guard only."""
        kept = (one if at == member else None for at, one in enumerate(self.guards))
        return Watch(self.module, tuple(kept))


def watch_of(bundle: Bundle, module: nn.Module) -> Watch | None:
    """Return the bundle's network with its guards; None where it has none."""
    guards = tuple(one.guard for one in members_of(bundle))
    return Watch(module, guards) if any(guards) else None


def members_of(bundle: Bundle) -> tuple[Bundle, ...]:
    """Return the members of an ensemble, or the one network."""
    return bundle.members if isinstance(bundle, Ensemble) else (bundle,)


def has_guard(bundle: Bundle) -> bool:
    """Return whether the bundle, or a member of it, can tell odd images."""
    return any(one.guard is not None for one in members_of(bundle))


def expected_rates(bundle: Bundle) -> dict[str, Estimate]:
    """Return of each kind of alarm the share of validation images taken for odd.

    Of an ensemble it is the mean over its members, which have validation images in common: no
    interval then.
    """
    found: dict[str, list[Mapping[str, float]]] = {}
    for one in members_of(bundle):
        if one.guard is not None:
            for kind, rate in one.guard.false_alarms.items():
                found.setdefault(kind, []).append(rate)
    return {kind: _mean_rate(rates) for kind, rates in found.items()}


def _mean_rate(rates: Sequence[Mapping[str, float]]) -> Estimate:
    one, n, n_groups = rates[0], int(rates[0]["n"]), int(rates[0]["n_groups"])
    if len(rates) > 1:
        value, note = float(np.mean([r["value"] for r in rates])), text("guard.mean", n=len(rates))
        return Estimate(value, n=n, n_groups=n_groups, note=note)
    if "low" not in one:
        note = text("metrics.few_groups", n=n_groups, needed=MIN_GROUPS)
        return Estimate(one["value"], n=n, n_groups=n_groups, note=note)
    return Estimate(one["value"], one["low"], one["high"], n, n_groups, "wilson")


def judged(
    bundle: Bundle, watch: Watch, rows: Manifest, on_event: OnEvent = ignore
) -> tuple[NDArray[np.float64], Verdict]:
    """Return scores and verdict of rows whose images are read again, a few at a time.

    Raises:
        UnreadableItem: an image does not decode.
    """
    from tamiz.engine.prepared import InMemory

    scores: list[Any] = []
    verdicts: list[Verdict] = []
    for start in range(0, len(rows), _CHUNK):
        at = range(start, min(start + _CHUNK, len(rows)))
        found = decoded(bundle, rows.take(at))
        pixels = np.stack([one for one, _ in found])
        made = watch.look(InMemory(pixels), facts_of([view for _, view in found]))
        scores.append(made[0])
        verdicts.append(made[1])
        on_event(Event("evaluate", "progress", text("guard.looking"), at.stop, len(rows)))
    return np.concatenate(scores), stacked(verdicts)


def stacked(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdicts on some images, then on others, as one."""
    return Verdict(
        np.concatenate([np.zeros(0), *(one.oddness for one in verdicts)]),
        np.concatenate([np.zeros(0), *(one.distance for one in verdicts)]),
        tuple(reason for one in verdicts for reason in one.reasons),
        tuple(name for one in verdicts for name in one.facts),
    )
