"""What can be said of a finished run, gathered from its folder: for words, cards and checklists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import WrongData
from tamiz.core.files import read_json
from tamiz.core.recipe import Recipe
from tamiz.data.label_sets import count_labels
from tamiz.data.manifest import Manifest
from tamiz.data.run_folder import Run

_STAGES: Final = ("index", "check", "explore", "clean", "audit", "split", "plan", "train")
_PATIENTS: Final = re.compile(r"patient|person|pacient|subject|sujeto|case|caso", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PartFacts:
    """How many images of how many groups a part has, and how many of each class."""

    items: int
    groups: int
    classes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run in figures; what it has not done is empty, never guessed.

    Attributes:
        recipe: as it is in force.
        source: name of what it was made of, without its folders.
        parts: 'train', 'val' and 'test', those that there are.
        fates: how many files met which fate.
        has_groups: whether it is known which images belong together.
        are_patients: whether those groups are named after patients.
        is_given_split: whether the split that came with the data was used.
        n_centres: how many hospitals or sites the images name; 0: none is named.
        bundle: content of the model's bundle.json, of an ensemble its first member's facts too.
        metrics: content of metrics.json.
        values: what each stage's report says for scripts.
        external: figures on named external sets, by name.
        looks: how often the test part was looked at.
        models_tried: how many models were measured on it, in all runs that are known.
        leaks: whether a group lies on two sides and this was allowed.
        explained: how many pictures were explained in this run's folder.
        sanity: what sanity experiments found, by name.
    """

    recipe: Recipe
    source: str
    parts: Mapping[str, PartFacts] = field(default_factory=dict)
    fates: Mapping[str, int] = field(default_factory=dict)
    has_groups: bool = False
    are_patients: bool = False
    is_given_split: bool = False
    n_centres: int = 0
    bundle: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    external: Mapping[str, Any] = field(default_factory=dict)
    looks: int = 0
    models_tried: int = 1
    leaks: bool = False
    explained: int = 0
    sanity: Mapping[str, Any] = field(default_factory=dict)

    @property
    def part(self) -> str:
        """Return where the result is from: 'test', 'oof' (out of fold), '' where there is none."""
        return next((name for name in ("oof", "test") if name in self.metrics), "")

    @property
    def figures(self) -> Mapping[str, Any]:
        """Return the figures of the result by metric."""
        found: Mapping[str, Any] = self.metrics.get(self.part, {})
        return found

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the class names in the model's order; of the training part before."""
        named = self.bundle.get("classes") or self.parts.get("train", PartFacts(0, 0, {})).classes
        return tuple(named)

    @property
    def is_multilabel(self) -> bool:
        """Return whether an image can have several labels."""
        return bool(self.values.get("index", {}).get("is_multilabel"))

    @property
    def n_items(self) -> int:
        """Return how many images are in use."""
        return sum(part.items for part in self.parts.values())

    @property
    def n_groups(self) -> int:
        """Return how many groups are in use; a leaking split counts some of them twice."""
        return sum(part.groups for part in self.parts.values())


def gather_facts(recipe: Recipe, run: Run) -> RunFacts:
    """Return the facts of the run in its folder.

    Raises:
        WrongData: one of its files is damaged.
    """
    state, manifest = run.state(), run.manifest()
    named = (recipe.data.group, recipe.data.group_from_name, recipe.data.id_from_name)
    kind = _values_of(run, "index").get("kind", "")
    has_groups = any(group is not None for group in manifest.column("group"))
    named_centres = manifest.column("centre") if "centre" in manifest.column_names else []
    centres = {centre for centre in named_centres if centre is not None}
    bundle, metrics = _bundle(run.model_folder), _content(run.folder / "metrics.json")
    told = _content(run.report_folder / "stages" / "evaluate" / "report.json").get("values", {})
    looks = told.get("looks", {})
    return RunFacts(
        recipe=recipe,
        source=Path(recipe.data.source).name,
        parts=_parts(manifest),
        fates={fate: n for fate, n in run.ledger().counts().items() if n},
        has_groups=has_groups,
        are_patients=has_groups
        and (kind == "dicom" or any(_PATIENTS.search(one) for one in named if one)),
        is_given_split=_is_given(recipe, manifest),
        n_centres=len(centres),
        bundle=bundle,
        metrics=metrics,
        values={stage: _values_of(run, stage) for stage in _STAGES},
        external=_external(run, bundle),
        looks=int(looks.get("looks", len(state.get("test_looks", [])))),
        models_tried=int(looks.get("models", 1)),
        leaks=bool(state.get("leak")),
        explained=_n_explained(run),
        sanity=_content(run.folder / "sanity" / "sanity.json").get("experiments", {}),
    )


def _is_given(recipe: Recipe, manifest: Manifest) -> bool:
    """Return whether every image in use lies where its source put it."""
    if recipe.split.given == "ignore":
        return False
    used = [row for row in manifest.rows("split", "given_split") if row[0] is not None]
    return bool(used) and all(
        given is not None and (split == given or {split, given} == {"val", "train"})
        for split, given in used
    )


def _parts(manifest: Manifest) -> dict[str, PartFacts]:
    made = {}
    for name in ("train", "val", "test"):
        rows = manifest.where(split=name)
        if len(rows):
            counts = dict(sorted(count_labels(rows.label_sets()).items()))
            made[name] = PartFacts(len(rows), len(set(rows.group_keys())), counts)
    return made


def _bundle(folder: Path) -> dict[str, Any]:
    facts = _content(folder / "bundle.json")
    members = facts.get("members", [])
    if not members:
        return facts
    first = _content(folder / str(members[0]["folder"]) / "bundle.json")
    return {**first, **facts}


def _values_of(run: Run, stage: str) -> Mapping[str, Any]:
    """Return what a stage's report says for scripts; empty where the stage left none."""
    report = _content(run.report_folder / "stages" / stage / "report.json")
    values: Mapping[str, Any] = report.get("values", {})
    found: Mapping[str, Any] = values if stage == "plan" else values.get(stage) or {}
    return found


def _external(run: Run, bundle: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of the present model on external sets, by the name the user gave them."""
    wanted = bundle.get("weights", {}).get("sha256")
    found = {}
    for place in sorted((run.folder / "external").glob("*/metrics.json")):
        content = _content(place)
        if wanted is None or content.get("bundle") == wanted:
            found[str(content.get("name", place.parent.name))] = content
    return found


def _n_explained(run: Run) -> int:
    folder = run.folder / "explain"
    return len(list(folder.rglob("*.png"))) if folder.is_dir() else 0


def _content(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    content = read_json(path)
    if not isinstance(content, dict):
        raise WrongData.of("errors.broken_file", where=path, reason=type(content).__name__)
    return content
