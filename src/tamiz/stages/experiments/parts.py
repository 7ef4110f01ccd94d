"""Fresh divisions of a run's training and validation rows; the test part is in none of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tamiz.core.errors import WrongData
from tamiz.core.recipe import Recipe
from tamiz.core.seeds import derive_seed, position_of
from tamiz.data.manifest import Manifest
from tamiz.data.run_folder import Run
from tamiz.splits.folds import carve_validation, make_folds
from tamiz.stages.assigning import tied_groups
from tamiz.stages.kinship import kin_of
from tamiz.stages.training_rows import training_rows

HELD: Final = "held"
LEFT_OUT: Final = "left out"
N_FOLDS: Final = 5
_MOST_DEALS: Final = 50


@dataclass(frozen=True, slots=True)
class Material:
    """The rows that experiments work on.

    Attributes:
        rows: train rows, then val rows, of the run.
        unions: what each must stay together with (its group, identical and near-identical ones).
        seed: of all divisions.
        val_fraction: share of the groups on which the epoch is chosen.
    """

    rows: Manifest
    unions: tuple[str, ...]
    seed: int
    val_fraction: float

    @property
    def labels(self) -> list[tuple[str, ...]]:
        """Return the labels of each row, as the splits want them."""
        return [found or () for found in self.rows.label_sets()]

    @property
    def n_unions(self) -> int:
        """Return how many groups there are."""
        return len(set(self.unions))


def material_of(run: Run, recipe: Recipe) -> Material:
    """Return the train and val rows of a run with what ties them; test rows are left aside."""
    rows, _ = training_rows(run.manifest())
    unions = tied_groups(rows, kin_of(run, rows, recipe.clean))
    return Material(rows, tuple(unions), recipe.split.seed, recipe.split.val_fraction)


def safe_parts(material: Material, number: int) -> list[str]:
    """Return 'train', 'val' or 'held' for each row; a group is on one side.

    Numbers 1 to 5 hold out one fifth of the groups each, another one every time; 6 to 10 deal
    the fifths anew, and so on.

    Raises:
        WrongData: there are too few groups to hold some out.
    """
    return _divided(material, material.unions, number)


def naive_parts(material: Material, number: int) -> list[str]:
    """Return the parts of a division that knows nothing of groups: each row on its own.

    Raises:
        WrongData: see `safe_parts`.
    """
    return _divided(material, material.rows.column("item"), number)


def _divided(material: Material, groups: Sequence[str], number: int) -> list[str]:
    turn, fold = divmod(number - 1, N_FOLDS)
    seed = derive_seed(material.seed, "sanity", turn)
    labels = material.labels
    n_folds = max(2, min(N_FOLDS, len(set(groups))))
    dealt = make_folds(groups, labels, n_folds, seed).fold
    at = [place for place, one in enumerate(dealt) if one != fold % n_folds + 1]
    chosen = carve_validation(
        [groups[place] for place in at],
        [labels[place] for place in at],
        material.val_fraction,
        derive_seed(seed, "val", fold),
    )
    parts = [HELD] * len(groups)
    for place, is_val in zip(at, chosen, strict=True):
        parts[place] = "val" if is_val else "train"
    return parts


def shuffled_labels(material: Material, parts: Sequence[str], number: int) -> list[str]:
    """Return a label for each row that says nothing about its image.

    Within each part, each group takes the labels of another group drawn at random: of a group
    with one label that label, so that a patient keeps one; of a group with several, theirs in
    random order, repeated or cut to the number of its own rows. What is exchanged are groups, so
    that many images of a patient count as one fact, and the classes stay as frequent as they are.

    Raises:
        WrongData: no class would be left to learn in 50 deals.
    """
    wanted = set(_labels_of(material, parts, "train"))
    for deal in range(_MOST_DEALS):
        rng = np.random.default_rng(derive_seed(material.seed, "shuffled", number, deal))
        made: list[str] = [str(label) for label in material.rows.column("label")]
        for part in dict.fromkeys(parts):
            _deal(material, [at for at, one in enumerate(parts) if one == part], made, rng)
        if {made[at] for at, part in enumerate(parts) if part == "train"} == wanted:
            return made
    raise WrongData.of("sanity.cannot_shuffle", where=material.rows.root, n=len(wanted))


def _deal(material: Material, at: Sequence[int], made: list[str], rng: np.random.Generator) -> None:
    """Give each group among the rows `at` the labels of another; `made` is changed."""
    members: dict[str, list[int]] = defaultdict(list)
    for place in at:
        members[material.unions[place]].append(place)
    names = sorted(members)
    given = {name: [made[place] for place in members[name]] for name in names}
    for name, donor in zip(names, rng.permutation(len(names)), strict=True):
        labels = [given[names[donor]][one] for one in rng.permutation(len(given[names[donor]]))]
        for turn, place in enumerate(members[name]):
            made[place] = labels[turn % len(labels)]


def _labels_of(material: Material, parts: Sequence[str], part: str) -> list[str]:
    labels = material.rows.column("label")
    return [str(labels[at]) for at, one in enumerate(parts) if one == part]


def some_of(material: Material, parts: Sequence[str], share: float) -> list[str]:
    """Return the parts with only a share of the training groups; the others are 'left out'.

    Of each class the same share of its groups, at least one, so that every class is learnt. The
    groups of a smaller share are among those of a larger one.
    """
    members: dict[str, list[str]] = defaultdict(list)
    labels = material.labels
    train = [at for at, part in enumerate(parts) if part == "train"]
    kinds = {
        (label, material.unions[at]): position_of(material.unions[at], material.seed)
        for at in train
        for label in labels[at]
    }
    for label, union in sorted(kinds, key=lambda pair: (kinds[pair], pair)):
        members[label].append(union)
    chosen: set[str] = set()
    for unions in members.values():
        chosen.update(unions[: max(1, round(share * len(unions)))])
    made = list(parts)
    for at in train:
        if material.unions[at] not in chosen:
            made[at] = LEFT_OUT
    return made


def without_centre(material: Material, centre: str, number: int) -> list[str]:
    """Return the parts of a division that holds out one centre.

    Rows of other centres that belong to a group of this one are left out.

    Raises:
        WrongData: too few groups are left to choose the epoch on.
    """
    is_there = [one is not None and str(one) == centre for one in material.rows.column("centre")]
    there = {union for union, inside in zip(material.unions, is_there, strict=True) if inside}
    parts = [HELD if inside else LEFT_OUT for inside in is_there]
    at = [place for place, union in enumerate(material.unions) if union not in there]
    labels = material.labels
    chosen = carve_validation(
        [material.unions[place] for place in at],
        [labels[place] for place in at],
        material.val_fraction,
        derive_seed(material.seed, "sanity centre", number),
    )
    for place, is_val in zip(at, chosen, strict=True):
        parts[place] = "val" if is_val else "train"
    return parts


def divided_rows(
    material: Material, parts: Sequence[str], labels: Sequence[str] | None = None
) -> Manifest:
    """Return the rows with these parts, and with these labels where there are any."""
    columns: dict[str, Sequence[str]] = {"split": list(parts)}
    if labels is not None:
        columns["label"] = list(labels)
    return material.rows.with_columns(columns)
