"""Whether maps are true: figures over images, and what may be said of each method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import UnreadableItem
from tamiz.core.events import Event, OnEvent
from tamiz.core.files import read_json, write_json
from tamiz.core.language import Text, text
from tamiz.data.report import Estimate
from tamiz.data.run_folder import Run
from tamiz.formats.reader import Reader
from tamiz.metrics.intervals import MIN_GROUPS
from tamiz.metrics.maps import AgainstLot, against_lot, mean_over_groups
from tamiz.models.registry import MODELS
from tamiz.stages.explaining.images import Shown, map_in, stamp_path
from tamiz.stages.explaining.making import Maker

if TYPE_CHECKING:
    from tamiz.engine.explaining.subject import Subject

_P: Final = 0.05  # over all methods together
_ALIKE: Final = 0.5  # rank correlation with maps of random weights
LEAST_SEPARATION: Final = 0.05  # of probability; less is no answer that rests on a place
_TIMES: Final = 2.0  # a model that learnt separates so many times more than random weights


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of one map found.

    Attributes:
        method: name of the explainer.
        path: of the image.
        target: the explained class.
        group: what the image belongs to.
        deletion: probabilities as patches go, (points,).
        insertion: as they come.
        by_lot: mean over orders by lot as patches go.
        separation: area under insertion less area under deletion.
        separations_by_lot: of orders by lot and of their reverses.
        contrast: probability of the image less that of an image of nothing.
        correlation: mean rank correlation with the maps of random weights.
        random_separations: of each network with random weights, by its own map.
    """

    method: str
    path: str
    target: str
    group: str
    deletion: tuple[float, ...]
    insertion: tuple[float, ...]
    by_lot: tuple[float, ...]
    separation: float
    separations_by_lot: tuple[float, ...]
    contrast: float
    correlation: float
    random_separations: tuple[float, ...]


@dataclass(frozen=True)
class Verdict:
    """What may be said of one method's maps.

    Attributes:
        method: name of the explainer.
        rows: the maps that were checked.
        n_methods: that were checked together: the limit of p is shared among them.
        is_mixed: whether copies with mixed-up columns stand where a network's random weights do.
    """

    method: str
    rows: tuple[Checked, ...]
    n_methods: int
    is_mixed: bool = False

    @cached_property
    def lot(self) -> AgainstLot:
        """Return how the maps do against orders by lot."""
        own = [one.separation for one in self.rows]
        return against_lot(own, [np.array(one.separations_by_lot) for one in self.rows])

    def estimate(self, name: str) -> Estimate:
        """Return the mean of 'separation', 'contrast', 'correlation' or 'beaten' with interval."""
        values = self.lot.beaten if name == "beaten" else [getattr(o, name) for o in self.rows]
        groups = [one.group for one in self.rows]
        return mean_over_groups(values, groups, is_share=name == "beaten")

    @cached_property
    def random_estimate(self) -> Estimate:
        """Return the mean separation of that network with random weights where it is largest."""
        each = np.array([one.random_separations for one in self.rows])
        largest = int(each.mean(axis=0).argmax())
        return mean_over_groups(each[:, largest].tolist(), [one.group for one in self.rows])

    @property
    def random_separation(self) -> float:
        """Return the value of `random_estimate`."""
        return self.random_estimate.value

    @property
    def is_better_than_lot(self) -> bool:
        """Return whether the maps' order beats orders by lot, by test and by interval."""
        low = self.estimate("beaten").low
        return self.lot.p < _P / self.n_methods and (low is None or low > 0.5)

    @property
    def is_learnt(self) -> bool:
        """Return whether the maps separate enough, and clearly more than random weights do."""
        least = max(LEAST_SEPARATION, _TIMES * self.random_separation)
        return self.estimate("separation").value > least

    @property
    def is_changing(self) -> bool:
        """Return whether the maps are others when the weights are random."""
        return self.estimate("correlation").value < _ALIKE

    @property
    def explains(self) -> bool:
        """Return whether the maps passed all three."""
        return self.is_better_than_lot and self.is_learnt and self.is_changing

    def sentences(self) -> list[Text]:
        """Return what is said: one sentence of praise, or one for each test that failed."""
        beaten, correlation = self.estimate("beaten").value, self.estimate("correlation").value
        if self.explains:
            return [
                text(self._key("explains"), method=self.method, p=self.lot.p, beaten=beaten,
                     correlation=correlation)
            ]  # fmt: skip
        made = []
        if not self.is_better_than_lot:
            made.append(
                text("explaining.not_better", method=self.method, p=self.lot.p, beaten=beaten)
            )
        if not self.is_learnt:
            own = self.estimate("separation").value
            made.append(
                text(self._key("not_learnt"), method=self.method, own=own,
                     other=self.random_separation, least=LEAST_SEPARATION)
            )  # fmt: skip
        if not self.is_changing:
            key = self._key("not_changed")
            made.append(text(key, method=self.method, correlation=correlation))
        return made

    def _key(self, name: str) -> str:
        return f"explaining.{name}_mixed" if self.is_mixed else f"explaining.{name}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The check as a whole.

    Attributes:
        verdicts: one for each method.
        n_images: on how many images.
        has_groups: whether patients are known.
    """

    verdicts: tuple[Verdict, ...]
    n_images: int
    has_groups: bool


def checked(
    maker: Maker, model: Path, shown: Sequence[Shown], out: Path, on_event: OnEvent
) -> Evidence:
    """Return the check of the maps of evenly taken images; what is known already is not repeated.

    Args:
        maker: of the maps.
        model: the folder that was asked for, perhaps of a run that knows the images' groups.
        shown: all maps.
        out: where they lie.
        on_event: told about progress.
    """
    paths = list(dict.fromkeys(one.path for one in shown))
    n = min(maker.how.n_checked, len(paths))
    chosen = (
        {paths[at] for at in np.linspace(0, len(paths) - 1, n).round().astype(int)} if n else ()
    )
    groups = _groups_of_run(model)
    randoms: list[Subject] = []
    wanted = [one for one in shown if one.path in chosen]
    rows = []
    for number, one in enumerate(wanted):
        on_event(Event("explain", "progress", text("explaining.checking"), number, len(wanted)))
        root, path, frame = one.place
        group = groups.get((str((Path(root) / path).resolve()), frame))
        try:
            found = _check_of(maker, one, out, randoms)
        except UnreadableItem:  # it was there a moment ago: its map stays, unchecked
            continue
        rows.append(replace(found, group=group or f"image:{one.path}"))
    if wanted:
        on_event(
            Event("explain", "progress", text("explaining.checking"), len(wanted), len(wanted))
        )
    by_method = {name: tuple(r for r in rows if r.method == name) for name in maker.explainers}
    n_methods, is_mixed = len(by_method), is_described(maker)
    verdicts = [Verdict(name, own, n_methods, is_mixed) for name, own in by_method.items() if own]
    has_groups = bool(rows) and not any(one.group.startswith("image:") for one in rows)
    return Evidence(tuple(verdicts), len({one.path for one in rows}), has_groups)


def is_described(maker: Maker) -> bool:
    """Return whether the model answers from descriptors, which have no weights to draw."""
    return MODELS.get(maker.members[0].model).learns == "at once"


def _groups_of_run(model: Path) -> Mapping[tuple[str, int], str]:
    """Return (file, frame) -> group for the images of the run that the model lies in."""
    run = run_of(model)
    if run is None or not run.manifest_path.is_file():
        return {}
    manifest = run.manifest()
    rows = zip(manifest.rows("path", "frame"), manifest.group_keys(), strict=True)
    root = manifest.root.resolve()
    return {(str(root / path), frame): group for (path, frame), group in rows}


def run_of(model: Path) -> Run | None:
    """Return the run that is, or holds, the model's folder; None where there is none."""
    for folder in (model, model.resolve().parent):
        if Run(folder).exists:
            return Run(folder)
    return None


def _check_of(maker: Maker, one: Shown, out: Path, randoms: list[Subject]) -> Checked:
    root, path, frame = one.place
    values = map_in(out, one)
    told: list[Any] = [*maker.told(), "check", one.path, one.method, one.target, _digest(values)]
    kept = stamp_path(out, told)
    if kept.is_file():
        facts: dict[str, Any] = read_json(kept)
        for name, value in facts.items():
            facts[name] = tuple(value) if isinstance(value, list) else value
        return Checked(**facts)
    with Reader(Path(root), maker.bundle.policy) as reader:
        inputs = maker.read(reader.read(path, frame))
    made = _compared(maker, one, values, inputs, randoms)
    write_json(kept, asdict(made))
    return made


def _compared(
    maker: Maker,
    one: Shown,
    values: NDArray[np.float64],
    inputs: list[NDArray[np.uint8]],
    randoms: list[Subject],
) -> Checked:
    from tamiz.engine.explaining.faithfulness import (
        against_random_weights,
        curves_of,
        random_subjects,
    )

    target = maker.bundle.classes.index(one.target)
    subjects = list(zip(maker.subjects, inputs, strict=True))
    curves = curves_of(subjects, values, target, key=f"{one.path} {one.target}")
    if not randoms:
        randoms += random_subjects(maker.members[0], maker.subjects[0])
    explainer = maker.explainers[one.method]
    random = against_random_weights(explainer, randoms, inputs[0], values, target)
    return Checked(
        method=one.method,
        path=one.path,
        target=one.target,
        group="",
        deletion=tuple(curves.deletion.tolist()),
        insertion=tuple(curves.insertion.tolist()),
        by_lot=tuple(curves.random.mean(axis=(0, 1)).tolist()),
        separation=curves.separation,
        separations_by_lot=tuple(curves.random_separations.tolist()),
        contrast=curves.contrast,
        correlation=random.correlation,
        random_separations=random.separations,
    )


def _digest(values: NDArray[np.float64]) -> str:
    import hashlib

    return hashlib.sha256(values.tobytes()).hexdigest()


def shows_little(evidence: Evidence) -> Text | None:
    """Return what is to be said where too few images were checked; None where there are enough."""
    if not 0 < evidence.n_images < MIN_GROUPS:
        return None
    if evidence.n_images == 1:
        return text("explaining.one_image", least=MIN_GROUPS)
    return text("explaining.few_images", n=evidence.n_images, least=MIN_GROUPS)
