"""Labels and images as a person decided: applied to the manifest, and undone by leaving it away."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tamiz.acquisition.remote import at_hand
from tamiz.core.errors import WrongData
from tamiz.core.recipe import DataOptions
from tamiz.data.decisions import Decision, Place, read_decisions
from tamiz.data.label_sets import JOINT, join_labels
from tamiz.data.manifest import Manifest

GIVEN_LABEL: Final = "label_given"


def decisions_for(manifest: Manifest, options: DataOptions) -> dict[Place, Decision]:
    """Return the decisions that the recipe names, each about an image of this manifest.

    Raises:
        WrongData: the file cannot be understood, or names images that are not here.
    """
    if options.decisions is None:
        return {}
    path = at_hand(Path(options.decisions).expanduser())
    made = read_decisions(path)
    strange = sorted(made.keys() - set(manifest.rows("path", "frame")))
    if strange:
        names = tuple(f"{name}#{frame}" if frame else name for name, frame in strange)
        raise WrongData.of(
            "decisions.unknown", where=path, details=names, n=len(names), first=names[0]
        )
    return made


def with_own_labels(manifest: Manifest) -> Manifest:
    """Return the manifest with the labels that the source gave."""
    if GIVEN_LABEL not in manifest.column_names:
        return manifest
    return manifest.with_columns({"label": manifest.column(GIVEN_LABEL)})


def relabelled(manifest: Manifest, decisions: Mapping[Place, Decision]) -> Manifest:
    """Return the manifest with the labels as decided; `label_given` keeps the others."""
    new = {place: one.label for place, one in decisions.items() if one.label is not None}
    if not new:
        return manifest
    given = manifest.column("label")
    places = manifest.rows("path", "frame")
    if manifest.is_multilabel:  # a person may write 'hand | finger'; taking all away leaves none
        parts = {place: map(str.strip, words.split(JOINT)) for place, words in new.items()}
        new = {place: join_labels(filter(None, some)) for place, some in parts.items()}
    labels = [new.get(place, old) or None for place, old in zip(places, given, strict=True)]
    return manifest.with_columns({"label": labels, GIVEN_LABEL: given})
