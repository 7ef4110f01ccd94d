"""Which trainings the sanity experiments need, and which experiments a run allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe
from tamiz.data.evidence import Evidence, Pairs
from tamiz.models.registry import MODELS
from tamiz.probes.centres import MIN_GROUPS, centres_of
from tamiz.stages.experiments.curve import FEWEST, SHARES, recipe_for
from tamiz.stages.experiments.kinds import CONTROL
from tamiz.stages.experiments.parts import (
    Material,
    divided_rows,
    naive_parts,
    safe_parts,
    shuffled_labels,
    some_of,
    without_centre,
)
from tamiz.stages.experiments.training import Job, trainable
from tamiz.stages.gathering import rows_of_table

EXPERIMENTS: Final = (
    "shuffled-labels", "naive-split", "centre-only", "background-only", "learning-curve",
    "leave-one-centre-out",
)  # fmt: skip
ANY_KIND: Final = ("centre-only",)  # works for slides and for several labels, too
_NEED_CONTROL: Final = ("naive-split", "background-only", "learning-curve", "leave-one-centre-out")
_MOST_CENTRES: Final = 12
_FEWEST_GROUPS: Final = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be trained.

    Attributes:
        material: the rows.
        recipe: of the run.
        names: of the experiments.
        n_seeds: repeats.
        jobs: all trainings, repeat by repeat.
        curve_names: names of the ways with a part of the training groups, the smallest first.
        centres: centre -> name of the way without it.
    """

    material: Material
    recipe: Recipe
    names: tuple[str, ...]
    n_seeds: int
    jobs: tuple[Job, ...]
    curve_names: tuple[str, ...]
    centres: Mapping[str, str]


def why_not(name: str, material: Material, recipe: Recipe) -> Text | None:
    """Return why an experiment does not apply to these rows; None where it does."""
    reason = None if name in ANY_KIND else _no_network(material, recipe)
    if reason is not None:
        return reason
    if name == "naive-split" and material.n_unions == len(material.rows):
        return text("sanity.no_groups")
    if name == "learning-curve":
        n = len({one for one, part in _with_parts(material) if part == "train"})
        return text("sanity.few_groups", n=n, needed=FEWEST) if n < FEWEST else None
    return _no_centre(material) if name == "leave-one-centre-out" else None


def _no_network(material: Material, recipe: Recipe) -> Text | None:
    """Return why the run's network cannot be trained on other divisions."""
    able = ", ".join(ANY_KIND)
    if MODELS.get(recipe.model.name).reads == "slides":
        return text("sanity.slides", able=able)
    if material.rows.is_multilabel:
        return text("sanity.several_labels", able=able)
    if material.n_unions < _FEWEST_GROUPS:
        return text("sanity.few_groups", n=material.n_unions, needed=_FEWEST_GROUPS)
    return None


def _with_parts(material: Material) -> list[tuple[str, str]]:
    return list(zip(material.unions, safe_parts(material, 1), strict=True))


def _no_centre(material: Material) -> Text | None:
    names = material.rows.column_names
    known = set(material.rows.column("centre")) if "centre" in names else set()
    if len(known - {None}) < 2:
        return text("sanity.no_centre")
    return None if _ready(material) else text("sanity.no_ready_centre", least=MIN_GROUPS)


def _ready(material: Material) -> tuple[str, ...]:
    """Return the centres that can be left out, the largest first."""
    rows = material.rows
    looks = rows_of_table(rows).sketches
    nothing = np.zeros(len(rows), dtype=np.bool_)
    found = centres_of(Evidence(rows, looks, Pairs.none(), nothing))
    return found.ready[:_MOST_CENTRES] if found is not None else ()


def plan_jobs(material: Material, recipe: Recipe, names: Sequence[str], n_seeds: int) -> Plan:
    """Return all trainings that these experiments need.

    Raises:
        WrongData: there are too few groups to hold some out.
    """
    is_curved = "learning-curve" in names
    curve = tuple(f"learning-curve-{100 * share:g}" for share in SHARES[:-1]) if is_curved else ()
    ready = _ready(material) if "leave-one-centre-out" in names else ()
    centres = {name: f"leave-one-centre-out-{at}" for at, name in enumerate(ready, start=1)}
    plan = Plan(material, recipe, tuple(names), n_seeds, (), curve, centres)
    jobs = [job for number in range(1, n_seeds + 1) for job in _jobs_of(plan, number)]
    return replace(plan, jobs=tuple(jobs))


def _jobs_of(plan: Plan, number: int) -> list[Job]:
    """Return the trainings of one repeat."""
    material, names = plan.material, plan.names
    recipe = trainable(plan.recipe, number)
    made: list[Job] = []

    def add(
        way: str, parts: Sequence[str], labels: Sequence[str] | None = None, own: Recipe = recipe
    ) -> None:
        rows = divided_rows(material, parts, labels)
        made.append(Job(way, number, own, rows, material.unions))

    needs_network = any(name not in ANY_KIND for name in names)
    safe = safe_parts(material, number) if needs_network else []
    if any(name in names for name in _NEED_CONTROL):
        add(CONTROL, safe)
    if "shuffled-labels" in names:
        add("shuffled-labels", safe, shuffled_labels(material, safe, number))
    if "naive-split" in names:
        add("naive-split", naive_parts(material, number))
    if "background-only" in names:
        add("background-only", safe, own=_blacked_out(recipe))
    for way, share in zip(plan.curve_names, SHARES, strict=False):
        parts = some_of(material, safe, share)
        kept = parts.count("train") / max(1, safe.count("train"))
        add(way, parts, own=recipe_for(recipe, kept))
    for centre, way in plan.centres.items():
        add(way, without_centre(material, centre, number))
    return made


def _blacked_out(recipe: Recipe) -> Recipe:
    steps: list[dict[str, object]] = [*recipe.prepare.steps, {"name": "black_out"}]
    return replace(recipe, prepare=replace(recipe.prepare, steps=steps))


def learnt_groups(plan: Plan) -> list[float]:
    """Return how many groups each point of the curve learnt from, the mean over repeats."""
    return [
        float(np.mean([_n_learnt(job) for job in plan.jobs if job.name == way]))
        for way in (*plan.curve_names, CONTROL)
    ]


def _n_learnt(job: Job) -> int:
    parts = job.rows.column("split")
    return len({union for union, part in zip(job.unions, parts, strict=True) if part == "train"})


def centre_of_groups(material: Material) -> dict[str, str]:
    """Return the centre of each group whose rows are all from one."""
    found: dict[str, set[str]] = {}
    for union, centre in zip(material.unions, material.rows.column("centre"), strict=True):
        found.setdefault(union, set()).add("" if centre is None else str(centre))
    return {union: next(iter(some)) for union, some in found.items() if len(some) == 1}
