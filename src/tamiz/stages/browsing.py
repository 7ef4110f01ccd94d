"""The images of a run a page at a time, by class, fate and suspicion; nothing is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tamiz.core.language import text
from tamiz.core.recipe import DataOptions
from tamiz.data.decisions import Place, proposals_in
from tamiz.data.manifest import Manifest
from tamiz.data.report import Words
from tamiz.data.run_folder import Run
from tamiz.formats.reader import Reader, policy_from
from tamiz.stages.index import fate_key
from tamiz.stages.showing import picture_at

IN_PLAY: Final = "in play"  # no fate yet: the split decides
NO_LABEL: Final = "\0none"  # no class may be called so


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which images are asked for; '' asks for all.

    Attributes:
        label: a class, or `NO_LABEL`.
        fate: a fate's word, or `IN_PLAY`.
        problem: the name of a check that suspects them.
    """

    label: str = ""
    fate: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One image: where it is, what is known of it."""

    path: str
    frame: int
    label: str | None
    fate: str
    reason: str
    problems: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return its name; with its number where a file holds many."""
        return f"{self.path}#{self.frame}" if self.frame else self.path


class Browser:
    """The images of a run, filtered.

    Raises:
        WrongData: the manifest or decisions.csv is missing or damaged.
    """

    def __init__(self, run: Run, options: DataOptions) -> None:
        manifest = run.manifest()
        self._root, self._policy = manifest.root, policy_from(options)
        self._sets = manifest.label_sets()
        self.classes = manifest.classes()
        self.images = _images(manifest, run.folder / "decisions.csv")

    @property
    def fates(self) -> list[str]:
        """Return the fates that there are, the most frequent first."""
        return [fate for fate, _ in Counter(one.fate for one in self.images).most_common()]

    @property
    def problems(self) -> Mapping[str, int]:
        """Return how many images each check suspects."""
        return Counter(name for one in self.images for name in one.problems)

    @property
    def has_unlabelled(self) -> bool:
        """Return whether some image has no label."""
        return any(labels is None for labels in self._sets)

    def found(self, wanted: Wanted) -> list[Shown]:
        """Return the images that are asked for, in the manifest's order."""
        return [
            one
            for one, labels in zip(self.images, self._sets, strict=True)
            if (not wanted.label or _has_label(labels, wanted.label))
            and wanted.fate in {"", one.fate}
            and (not wanted.problem or wanted.problem in one.problems)
        ]

    def pictures(self, places: Iterable[Place]) -> list[bytes | None]:
        """Return small PNGs; None where a file cannot be read any more."""
        with Reader(self._root, self._policy) as reader:
            made = [picture_at(reader, path, frame, caption="") for path, frame in places]
        return [one.png if one else None for one in made]


def fate_words(fate: str) -> Words:
    """Return a fate's name in the reader's language."""
    return text("workbench.in_play") if fate == IN_PLAY else text(fate_key(fate))


def _has_label(labels: Sequence[str] | None, wanted: str) -> bool:
    return labels is None if wanted == NO_LABEL else wanted in (labels or ())


def _images(manifest: Manifest, proposed: Path) -> list[Shown]:
    suspected: dict[Place, list[str]] = {}
    for one in proposals_in(proposed) if proposed.is_file() else ():
        suspected.setdefault((one.path, one.frame), []).append(one.finding)
    made = []
    for path, frame, label, fate, why in manifest.rows("path", "frame", "label", "fate", "reason"):
        names = tuple(dict.fromkeys(suspected.get((path, frame), ())))
        made.append(Shown(path, frame, label, fate or IN_PLAY, why or "", names))
    return made
