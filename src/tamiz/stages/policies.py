"""Which augmentations suit which kind of image: those that never change what an image shows.

A policy is a proposal with its reason. The plan chooses one from what is known of the images;
`tamiz augment --policy` shows one, and `tamiz ablate-augmentation` measures its parts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from tamiz.core.language import Text, text
from tamiz.data.manifest import Manifest
from tamiz.stages.symmetry import MirrorFacts

AugmentTable = dict[str, Any]
Mirroring = Literal["never", "measured", "always"]

_PROJECTIONS: Final = frozenset({"CR", "DX", "DR", "RG", "MG", "IO", "PX", "XA", "RF"})
_VOLUMES: Final = frozenset({"CT", "MR", "PT", "NM"})
_SLIDES: Final = frozenset({"SM"})
_SLIDE_FILES: Final = frozenset(
    {"svs", "tif", "tiff", "ndpi", "mrxs", "scn", "bif", "vms", "vmu", "dcm"}
)
_RADIOGRAPH_WORDS: Final = re.compile(
    r"x[-_ ]?ray|radiogra[pf]|(?<![a-z])(cxr(?![a-z])|chest(?!nut)|thora[xc]|t[oó]rax)"
)
_MOST_NAMES: Final = 2000


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be done to images of one kind.

    Attributes:
        name: 'digits', 'natural', ...
        tables: augmentations that keep the class, ready for `[[train.augment]]`; each is worth a
            try, and few are worth having at once.
        mirroring: 'never' unless told, 'measured' (when the images themselves show that it is
            harmless), or 'always'.
        reason: why.
    """

    name: str
    tables: tuple[Mapping[str, Any], ...]
    mirroring: Mirroring
    reason: Text


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What is known of the images' kind.

    Attributes:
        modalities: what DICOM headers say, upper case; empty where there are none.
        is_tiles: whether rows are parts of slides.
        is_grey: whether all are grey.
        named_radiographs: whether the names of the source say that these are radiographs.
        mirror: whether mirroring was measured, and how it came out.
    """

    modalities: frozenset[str] = frozenset()
    is_tiles: bool = False
    is_grey: bool = False
    named_radiographs: bool = False
    mirror: MirrorFacts | None = None

    @property
    def kind(self) -> str:
        """Return the name of the policy that suits."""
        if self.modalities & _SLIDES or (self.is_tiles and not self.is_grey):
            return "histology"
        if self.modalities & _VOLUMES:
            return "tomography"
        if self.modalities & _PROJECTIONS or self.named_radiographs:
            return "radiograph"
        if self.mirror is None:
            return "none"
        if not self.mirror.is_harmless:
            return "digits"
        return "clothes" if self.is_grey else "natural"


_SHIFT: Final = {"name": "shift", "fraction": 0.07}
_FLIP: Final = {"name": "flip"}
_TURNS: Final = {"name": "rotate", "angles": [0, 90, 180, 270]}
_LIGHT: Final = ({"name": "brightness"}, {"name": "contrast"})
_COLOUR: Final = {"name": "colour"}
_LITTLE_TURN: Final = {"name": "rotate", "degrees": 10.0}
_ZOOM: Final = {"name": "zoom", "fraction": 0.1}

_TABLES: Final[Mapping[str, tuple[Mapping[str, Any], ...]]] = {
    "digits": (_SHIFT, _LITTLE_TURN, _ZOOM, {"name": "elastic"}, {"name": "erase"}),
    "natural": (
        _SHIFT, _FLIP, {"name": "crop"}, _LITTLE_TURN, *_LIGHT, _COLOUR, {"name": "erase"},
    ),
    "clothes": (_SHIFT, _FLIP, _ZOOM, _LITTLE_TURN, *_LIGHT, {"name": "erase"}),
    "radiograph": (_SHIFT, {"name": "rotate", "degrees": 5.0}, _ZOOM, *_LIGHT, {"name": "noise"}),
    "tomography": (_SHIFT, {"name": "rotate", "degrees": 5.0}, _ZOOM, {"name": "noise"}),
    "histology": (_FLIP, _TURNS, {"name": "stain"}, {"name": "blur"}, *_LIGHT),
    "none": (_SHIFT, _ZOOM, *_LIGHT),
}  # fmt: skip
_MIRRORING: Final[Mapping[str, Mirroring]] = {
    "digits": "never",
    "natural": "measured",
    "clothes": "measured",
    "radiograph": "never",
    "tomography": "never",
    "histology": "always",
    "none": "never",
}
POLICIES: Final = tuple(_TABLES)


def policy_for(kind: str) -> Policy:
    """Return the policy of that name, one of `POLICIES`."""
    return Policy(kind, _TABLES[kind], _MIRRORING[kind], text(f"augment.policy_{kind}"))


def kind_facts(
    train: Manifest, source: str, mirror: MirrorFacts | None, *, is_grey: bool
) -> KindFacts:
    """Return what tells the kind of the training images.

    Args:
        train: the training rows.
        source: what the user named; its last two folders count as names.
        mirror: from `measure_mirroring`.
        is_grey: whether all images are grey.
    """
    found = train.column("modality") if "modality" in train.column_names else []
    modalities = frozenset(str(one).strip().upper() for one in found if one)
    paths = train.column("path")
    places = zip(paths, train.column("x"), strict=True)
    is_tiles = len(train) > 0 and all(_is_of_slide(path, x is not None) for path, x in places)
    folders = {str(Path(path).parent) for path in paths[:_MOST_NAMES]}
    names = [*Path(source).parts[-2:], *folders]
    return KindFacts(modalities, is_tiles, is_grey, _name_radiographs(names), mirror)


def augmentation_for(
    facts: KindFacts, suggested: Sequence[Mapping[str, Any]], *, has_few_epochs: bool
) -> tuple[list[AugmentTable], Text]:
    """Return the augmentations to train with, as recipe tables, and why.

    Args:
        facts: of the images.
        suggested: what the network's authors measured to suit it.
        has_few_epochs: one kind of augmentation is enough then.
    """
    kind = facts.kind
    if kind == "histology":
        others = [dict(one) for one in suggested if one["name"] not in {"flip", "shift"}]
        return [dict(_FLIP), dict(_TURNS), *others], text("augment.why_histology")
    may_mirror = policy_for(kind).mirroring == "measured" and facts.mirror is not None
    if may_mirror and has_few_epochs and any(one["name"] == "flip" for one in suggested):
        kept = [dict(one) for one in suggested if one["name"] == "flip"]
    else:
        kept = [dict(one) for one in suggested if may_mirror or one["name"] != "flip"]
    return kept, _why(kind, facts)


def _why(kind: str, facts: KindFacts) -> Text:
    if kind == "radiograph" and not facts.modalities & _PROJECTIONS:
        return text("augment.why_radiograph_by_name")
    if kind in {"radiograph", "tomography"}:
        return text(f"augment.why_{kind}", modality=", ".join(sorted(facts.modalities)))
    mirror = facts.mirror
    if mirror is None:
        return text("plan.mirror_unknown")
    key = "augment.why_mirrored" if mirror.is_harmless else "augment.why_not_mirrored"
    same, mixed = 100 * mirror.agreement, 100 * mirror.agreement_with_mirrored
    return text(key, same=f"{same:.1f}", mixed=f"{mixed:.1f}", n=mirror.n)


def candidates_for(
    kind: str, own: Iterable[Mapping[str, Any]], *, is_grey: bool
) -> list[AugmentTable]:
    """Return what is worth measuring: the recipe's own augmentations and the policy's others."""
    tables = [dict(one) for one in own]
    known = {shown(one) for one in tables} | {one["name"] for one in tables}
    for one in policy_for(kind).tables:
        is_idle = is_grey and one["name"] in {"colour", "stain"}
        if not is_idle and one["name"] not in known:
            tables.append(dict(one))
    return tables


def shown(table: Mapping[str, Any]) -> str:
    """Return 'flip axis=vertical' for a table."""
    return " ".join([str(table["name"]), *(f"{k}={v}" for k, v in table.items() if k != "name")])


def _is_of_slide(path: str, has_region: bool) -> bool:  # noqa: FBT001
    file, mark, _ = path.partition("#xywh=")
    return (has_region or bool(mark)) and Path(file).suffix.lower().lstrip(".") in _SLIDE_FILES


def _name_radiographs(names: Collection[str]) -> bool:
    return any(_RADIOGRAPH_WORDS.search(name.lower()) for name in names)
