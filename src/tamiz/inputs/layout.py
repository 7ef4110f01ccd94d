"""What the folders of a source mean: classes, or given splits with classes below them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tamiz.core.parts import part_of_word


@dataclass(frozen=True, slots=True)
class Layout:
    """How the folders of a source are to be read.

    Attributes:
        top: the folder that holds everything, '' or 'photos/'.
        splits: the folders below it that are given splits ('train', 'Testing'); none: all the
            folders below it are classes.
    """

    top: str
    splits: tuple[str, ...] = ()

    def covers(self, name: str) -> bool:
        """Return whether a file lies where classes are: beside given splits nothing counts."""
        if not name.startswith(self.top):
            return False
        folder, slash, _ = name.removeprefix(self.top).partition("/")
        return not self.splits or (bool(slash) and folder in self.splits)

    def split_and_label(self, name: str) -> tuple[str | None, str | None]:
        """Return the given split and the class of a file, as its folders say."""
        folders = name.removeprefix(self.top).split("/")[:-1]
        split = part_of_word(folders[0]) if folders and folders[0] in self.splits else None
        if split is not None:
            folders = folders[1:]
        return split, folders[0] if folders else None


def layout_of(images: list[str], *, is_archive: bool) -> Layout:
    """Return how the folders of these pictures are to be read.

    Folders are given splits when one says train and another says val or test, whatever else lies
    beside them; or when all of them say so and nothing lies beside them. A single folder around
    everything is passed through when splits stand below it, and, in an archive (which nearly
    always has one), also when class folders do.
    """
    splits = _splits_among(images)
    if splits:
        return Layout("", splits)
    tops = {name.partition("/")[0] for name in images if "/" in name}
    if len(tops) != 1:
        return Layout("")
    top = f"{next(iter(tops))}/"
    inner = [name.removeprefix(top) for name in images if name.startswith(top)]
    splits = _splits_among(inner)
    has_strays = len(inner) < len(images)
    if splits and (not has_strays or _has_train_and_other(splits)):
        return Layout(top, splits)
    if is_archive and not has_strays and all("/" in name for name in inner):
        return Layout(top)
    return Layout("")


def count_classes(images: list[str]) -> int:
    """Return how many class folders these pictures lie in."""
    layout = layout_of(images, is_archive=False)
    labels = {layout.split_and_label(name)[1] for name in images if layout.covers(name)}
    return len(labels - {None})


def _splits_among(images: list[str]) -> tuple[str, ...]:
    """Return the top folders that are given splits; none when the top folders are classes."""
    n_by_top = Counter(name.partition("/")[0] for name in images if "/" in name)
    splits = tuple(sorted(top for top in n_by_top if part_of_word(top)))
    is_all = bool(splits) and len(splits) == len(n_by_top) and n_by_top.total() == len(images)
    return splits if is_all or _has_train_and_other(splits) else ()


def _has_train_and_other(splits: tuple[str, ...]) -> bool:
    parts = {part_of_word(split) for split in splits}
    return "train" in parts and len(parts) > 1
