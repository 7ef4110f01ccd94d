"""What makes maps of images: the networks of a bundle, the explainers asked for, and how."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.core.language import current_language
from tamiz.data.image import Image
from tamiz.models.ensemble import Ensemble
from tamiz.steps.apply import prepare_image, steps_to_tables

if TYPE_CHECKING:
    from tamiz.engine.explaining.registry import Explainer
    from tamiz.engine.explaining.subject import Subject
    from tamiz.models.bundle import Bundle

_VERSION: Final = 1  # of what is drawn; older pictures are made again
# What a bundle says of itself that changes no answer.
_NOT_OF_ANSWERS: Final = frozenset(
    {"metrics", "sureness", "training", "versions", "licence", "intended_use", "start", "guard"}
)
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ExplainImages:
    """How answers about images are explained.

    Attributes:
        by: names of explainers; empty: 'gradcam', or 'occlusion' where there are no feature maps.
        classes: which classes' maps are made; empty: of what is predicted.
        patch: side of what occlusion hides at a time, as a share of the image's side.
        stride: how far it moves.
        steps: of integrated gradients, at least 32.
        baseline: what stands for nothing: 'mean', the training images' mean colour, or 'black'.
        n_checked: on how many images the maps are checked, evenly taken; 0: on none.
        n_mistakes: how many of the run's most confident mistakes are shown; 0: none.
    """

    by: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    patch: float = 0.2
    stride: float = 0.1
    steps: int = 64
    baseline: str = "mean"
    n_checked: int = 20
    n_mistakes: int = 6


@dataclass(frozen=True, slots=True)
class Maker:
    """What makes maps: the networks of a bundle and the explainers asked for.

    Attributes:
        bundle: the model.
        members: its networks; one, unless it is an ensemble.
        subjects: the same, ready to be asked.
        explainers: by name, in the order asked for.
        left_out: (name, reason) of the default explainer where it does not suit the network.
        how: see `ExplainImages`.
        identity: of the bundle.
    """

    bundle: Bundle
    members: tuple[Bundle, ...]
    subjects: tuple[Subject, ...]
    explainers: dict[str, Explainer]
    left_out: tuple[tuple[str, str], ...]
    how: ExplainImages
    identity: str

    @classmethod
    def of(cls, bundle: Bundle, how: ExplainImages) -> Maker:
        """Return the maker.

        Raises:
            WrongUse: an option is wrong, a class is unknown, or a method does not suit the network.
        """
        from tamiz.engine.explaining.subject import Asking, Subject

        _check(bundle, how)
        members = bundle.members if isinstance(bundle, Ensemble) else (bundle,)
        asking = Asking(how.patch, how.stride, how.steps, how.baseline)  # type: ignore[arg-type]
        subjects = tuple(Subject.of(one, asking) for one in members)
        explainers, left_out = _chosen(how.by, subjects)
        return cls(bundle, members, subjects, explainers, left_out, how, bundle.identity())

    def read(self, image: Image) -> list[Pixels]:
        """Return the image as each of the networks reads it."""
        made: dict[str, Pixels] = {}
        for one in self.members:
            key = json.dumps(steps_to_tables(one.steps), sort_keys=True)
            if key not in made:
                made[key] = prepare_image(image, one.steps)
        keys = [json.dumps(steps_to_tables(one.steps), sort_keys=True) for one in self.members]
        return [made[key] for key in keys]

    def probabilities(self, inputs: Sequence[Pixels]) -> NDArray[np.float64]:
        """Return (classes,), the model's answer."""
        pairs = zip(self.subjects, inputs, strict=True)
        return np.asarray(
            np.mean([subject.probabilities(one[np.newaxis])[0] for subject, one in pairs], axis=0)
        )

    def predicted(self, shares: NDArray[np.float64]) -> tuple[str, ...]:
        """Return the class, or with several labels all that are predicted, perhaps none."""
        classes = self.bundle.classes
        if not self.bundle.is_multilabel:
            return (classes[int(self.bundle.decision.choices(shares[np.newaxis], classes)[0])],)
        reached = shares >= np.array(self.bundle.thresholds)
        return tuple(name for name, is_so in zip(classes, reached, strict=True) if is_so)

    def targets(self, shares: NDArray[np.float64]) -> tuple[str, ...]:
        """Return the classes whose maps are made: those asked for, or what is predicted."""
        return (
            self.how.classes
            or self.predicted(shares)
            or (self.bundle.classes[int(shares.argmax())],)
        )

    def map_of(
        self, method: str, inputs: Sequence[Pixels], target: str
    ) -> tuple[NDArray[np.float64], dict[str, Any]]:
        """Return (height, width), the mean over the networks, and facts: layer, grid, figures."""
        at = self.bundle.classes.index(target)
        explainer = self.explainers[method]
        made = [
            explainer.explain(subject, one, at)
            for subject, one in zip(self.subjects, inputs, strict=True)
        ]
        names = made[0].facts.keys()
        facts = {name: float(np.mean([one.facts[name] for one in made])) for name in names}
        if "completeness_gap" in facts:  # the law holds for the mean, too
            facts["completeness_gap"] = abs(facts["sum"] - facts["score_difference"])
        told = {"layer": made[0].layer, "grid": made[0].grid, "facts": facts}
        return np.mean([one.values for one in made], axis=0), told

    def told(self) -> list[Any]:
        """Return what a map depends on besides image, method and class, JSON-ready."""
        how = replace(self.how, by=(), n_checked=0, n_mistakes=0)
        facts = [
            {name: value for name, value in one.facts().items() if name not in _NOT_OF_ANSWERS}
            for one in (*self.members, self.bundle)
        ]
        return [_VERSION, self.identity, facts, asdict(how), current_language()]


def _check(bundle: Bundle, how: ExplainImages) -> None:
    for name in how.classes:
        if name not in bundle.classes:
            known = ", ".join(bundle.classes)
            raise WrongUse.of("explaining.bad_class", where="--class", name=name, known=known)
    for option, value in (("--check", how.n_checked), ("--gallery", how.n_mistakes)):
        if value < 0:
            raise WrongUse.of("explaining.bad_count", where=option, value=value)
    if how.baseline not in {"mean", "black"}:
        raise WrongUse.of("explaining.bad_baseline", where="--baseline", name=how.baseline)


def _chosen(
    names: tuple[str, ...], subjects: Sequence[Subject]
) -> tuple[dict[str, Explainer], tuple[tuple[str, str], ...]]:
    """Return the explainers by name, and which default was left out and why."""
    from tamiz.engine.explaining.registry import EXPLAINERS

    made: dict[str, Explainer] = {}
    left_out = []
    for name in names or ("gradcam",):
        explainer = EXPLAINERS.get(name)()
        try:
            for subject in subjects:
                explainer.check(subject)
        except WrongUse as error:
            if names:
                raise
            left_out.append((name, str(error).splitlines()[0]))
            explainer = EXPLAINERS.get("occlusion")()
            made["occlusion"] = explainer
            continue
        made[name] = explainer
    return made, tuple(left_out)
