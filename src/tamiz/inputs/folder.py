"""A folder of pictures: class folders, given splits above them, or the class in the name."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass

from tamiz.core.language import say, text
from tamiz.core.recipe import DataOptions
from tamiz.data.ledger import Entry, Fate
from tamiz.data.report import Finding, Severity
from tamiz.formats.registry import FORMATS
from tamiz.formats.sniff import IMAGE_SUFFIXES, describe, suffix_of
from tamiz.inputs.names import compiled, part_of_name, split_of_word
from tamiz.inputs.registry import INPUTS, Columns, Found
from tamiz.inputs.tree import Tree, folders_of

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Layout:
    """How the folders of a source are to be read.

    Attributes:
        top: the folder that holds everything, '' or 'photos/'.
        has_splits: whether the folders below it are train, val, test.
    """

    top: str
    has_splits: bool

    def split_and_label(self, name: str) -> tuple[str | None, str | None]:
        """Return the given split and the class of a file, as its folders say."""
        folders = name.removeprefix(self.top).split("/")[:-1]
        split = split_of_word(folders[0]) if self.has_splits and folders else None
        if split is not None:
            folders = folders[1:]
        return split, folders[0] if folders else None


@INPUTS.add("folder")
class Folder:
    """Pictures in folders, or all in one."""

    name = "folder"
    order = 90

    @staticmethod
    def recognises(tree: Tree, _options: DataOptions) -> bool:
        """Return whether there is any picture at all."""
        return any(_has_image_suffix(name) or _is_image(tree, name) for name in tree.names)

    @staticmethod
    def find(tree: Tree, options: DataOptions) -> Found:
        """Return one row per picture."""
        label_pattern = compiled(options.label_from_name, "label_from_name")
        group_pattern = compiled(options.group_from_name, "group_from_name")
        images, others = sort_out(tree, tree.names)
        if tree.asked is not None:
            images = [name for name in images if name == tree.asked]
        layout = layout_of(images, is_archive=bool(tree.prefix))
        columns = Columns()
        for name in images:
            split, label = layout.split_and_label(name)
            if label_pattern is not None:
                label = part_of_name(label_pattern, name)
            columns.path.append(tree.path_of(name))
            columns.label.append(label)
            columns.given_split.append(split)
            columns.group.append(part_of_name(group_pattern, name) if group_pattern else None)
        findings = [
            *_note_layout(layout),
            *_note_patterns(columns, options),
            *_note_empty_folders(tree, layout),
            *note_case_twins(columns.path),
        ]
        return Found("folder", columns.manifest(tree), tuple(others), findings=tuple(findings))


def sort_out(tree: Tree, names: list[str]) -> tuple[list[str], list[Entry]]:
    """Return the pictures, and the other files with the reason.

    A file named like a picture is taken for one (the check decodes it); any other is looked into.
    """
    images: list[str] = []
    others: list[Entry] = []
    for name in names:
        if _has_image_suffix(name):
            images.append(name)
            continue
        head = tree.head(name)
        if any(FORMATS.get(one).recognises(head) for one in ("photo", "tiff")):
            images.append(name)
            continue
        kind = describe(head)
        reason = say("inputs.not_an_image_but", kind=kind) if kind else say("inputs.not_an_image")
        others.append(Entry(tree.path_of(name), Fate.NOT_AN_IMAGE, reason))
    return images, others


def layout_of(images: list[str], *, is_archive: bool) -> Layout:
    """Return how the folders of these pictures are to be read.

    A single folder around everything is passed through when splits stand below it, and, in an
    archive (which nearly always has one), also when class folders do.
    """
    if _are_splits(images):
        return Layout("", has_splits=True)
    tops = {name.partition("/")[0] if "/" in name else "" for name in images}
    if len(tops) == 1 and (top := next(iter(tops))):
        inner = [name.partition("/")[2] for name in images]
        deeper = sum("/" in name for name in inner)
        if _are_splits(inner):
            return Layout(f"{top}/", has_splits=True)
        if is_archive and deeper == len(inner):
            return Layout(f"{top}/", has_splits=False)
    return Layout("", has_splits=False)


def class_folders(names: list[str]) -> int:
    """Return how many class folders the pictures of these names lie in."""
    images = [name for name in names if _has_image_suffix(name)]
    layout = layout_of(images, is_archive=False)
    return len({layout.split_and_label(name)[1] for name in images} - {None})


def note_case_twins(paths: list[str]) -> list[Finding]:
    """Return a warning about names that some systems cannot tell apart."""
    paths_by_folded: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        paths_by_folded[unicodedata.normalize("NFC", path).casefold()].append(path)
    twins = [" = ".join(many) for many in paths_by_folded.values() if len(set(many)) > 1]
    if not twins:
        return []
    what = text("inputs.case_twins", n=len(twins))
    advice = text("inputs.case_twins_advice")
    return [Finding(Severity.WARNING, what, advice, items=tuple(twins[:_SHOWN]))]


def _are_splits(images: list[str]) -> bool:
    tops = Counter(folders_of(images, 0))
    return bool(tops) and all(split_of_word(top) for top in tops) and tops.total() == len(images)


def _has_image_suffix(name: str) -> bool:
    return suffix_of(name) in IMAGE_SUFFIXES


def _is_image(tree: Tree, name: str) -> bool:
    head = tree.head(name)
    return any(FORMATS.get(one).recognises(head) for one in ("photo", "tiff"))


def _note_layout(layout: Layout) -> list[Finding]:
    if not layout.top:
        return []
    return [Finding(Severity.NOTE, text("inputs.passed_through", folder=layout.top))]


def _note_patterns(columns: Columns, options: DataOptions) -> list[Finding]:
    """Return notes on names in which a regular expression found nothing."""
    made: list[Finding] = []
    asked = (
        ("label_from_name", options.label_from_name, columns.label),
        ("group_from_name", options.group_from_name, columns.group),
    )
    for option, pattern, values in asked:
        without = [p for p, v in zip(columns.path, values, strict=True) if v is None]
        if pattern is not None and without:
            key = f"inputs.no_match_{option.partition('_')[0]}"
            what = text(key, n=len(without), total=len(values), pattern=pattern)
            made.append(Finding(Severity.WARNING, what, items=tuple(without[:_SHOWN])))
    return made


def _note_empty_folders(tree: Tree, layout: Layout) -> list[Finding]:
    """Return a note on folders that would be classes, had they a picture in them."""
    depth = layout.top.count("/") + (1 if layout.has_splits else 0) + 1
    folders = tuple(f for f in tree.empty_folders if f.count("/") < depth)
    if not folders:
        return []
    what = text("inputs.empty_folders", n=len(folders), first=folders[0])
    return [Finding(Severity.NOTE, what, items=folders[:_SHOWN])]
