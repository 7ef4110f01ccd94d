"""A folder of pictures: class folders, given splits above them, or the class in the name."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from tamiz.core.language import say, text
from tamiz.core.recipe import DataOptions
from tamiz.data.ledger import Entry, Fate
from tamiz.data.report import Finding, Severity
from tamiz.formats.refusal import content_in_words
from tamiz.formats.registry import FORMATS
from tamiz.formats.sniff import IMAGE_SUFFIXES, suffix_of
from tamiz.inputs.layout import Layout, count_classes, layout_of
from tamiz.inputs.names import compiled, part_of_name
from tamiz.inputs.registry import INPUTS, Columns, Found
from tamiz.inputs.tree import Tree

_SHOWN = 20
_NAMED = 3
_MANY = 10_000  # names from which a dictionary of all of them takes too much memory
_OF_ARRAYS: Final = frozenset({"cifar", "idx", "npz"})  # many images each: inputs of their own


@INPUTS.add("folder")
class Folder:
    """Pictures in folders, or all in one."""

    name = "folder"
    order = 90
    honours = frozenset(
        {"label_from_name", "group_from_name", "id_from_name", "key", "label_separator"}
    )

    @staticmethod
    def recognises(tree: Tree, _options: DataOptions) -> bool:
        """Return whether there is any picture at all."""
        if any(map(_has_image_suffix, tree.names)):
            return True
        return any(_is_image(head) for _, head in tree.heads(tree.names))

    @staticmethod
    def find(tree: Tree, options: DataOptions) -> Found:
        """Return one row per picture; pictures beside given splits are left out, and told."""
        label_pattern = compiled(options.label_from_name, "label_from_name")
        group_pattern = compiled(options.group_from_name, "group_from_name")
        images, others = sort_out(tree, tree.names)
        if tree.asked is not None:
            images = [name for name in images if name == tree.asked]
        layout = layout_of(images, is_archive=bool(tree.prefix))
        strays = [name for name in images if not layout.covers(name)]
        columns = Columns()
        for name in filter(layout.covers, images):
            split, label = layout.split_and_label(name)
            if label_pattern is not None:
                label = part_of_name(label_pattern, name)
            columns.path.append(tree.path_of(name))
            columns.label.append(label)
            columns.given_split.append(split)
            columns.group.append(part_of_name(group_pattern, name) if group_pattern else None)
        reason = say("inputs.beside_splits", folders=", ".join(layout.splits))
        others += [Entry(tree.path_of(name), Fate.EXCLUDED, reason) for name in strays]
        findings = [
            *_note_layout(layout),
            *_note_strays(strays, layout),
            *_note_patterns(columns, options),
            *_note_empty_folders(tree, layout),
            *note_case_twins(columns.path),
        ]
        return Found("folder", columns.manifest(tree), tuple(others), findings=tuple(findings))

    @staticmethod
    def images(tree: Tree) -> Found:
        """Return every picture, whatever folder it lies in."""
        images, others = sort_out(tree, tree.names)
        columns = Columns(path=[tree.path_of(name) for name in images])
        return Found("folder", columns.manifest(tree), tuple(others))


def sort_out(tree: Tree, names: list[str]) -> tuple[list[str], list[Entry]]:
    """Return the pictures, and the other files with the reason.

    A file named like a picture is taken for one (the check decodes it); any other is looked into.
    """
    images = [name for name in names if _has_image_suffix(name)]
    others: list[Entry] = []
    for name, head in tree.heads([name for name in names if not _has_image_suffix(name)]):
        if _is_image(head):
            images.append(name)
            continue
        kind = content_in_words(head)
        reason = say("inputs.not_an_image_but", kind=kind) if kind else say("inputs.not_an_image")
        others.append(Entry(tree.path_of(name), Fate.NOT_AN_IMAGE, reason))
    return sorted(images), others


def class_folders(names: list[str]) -> int:
    """Return how many class folders the pictures of these names lie in."""
    return count_classes([name for name in names if _has_image_suffix(name)])


def note_case_twins(paths: list[str]) -> list[Finding]:
    """Return a warning about names that some systems cannot tell apart."""
    paths_by_folded: dict[str, list[str]] = defaultdict(list)
    for path in _folded_alike(paths):
        paths_by_folded[_folded(path)].append(path)
    twins = [" = ".join(many) for many in paths_by_folded.values() if len(set(many)) > 1]
    if not twins:
        return []
    what = text("inputs.case_twins", n=len(twins))
    advice = text("inputs.case_twins_advice")
    return [Finding(Severity.WARNING, what, advice, items=tuple(twins[:_SHOWN]))]


def _folded_alike(paths: Sequence[str]) -> Sequence[str]:
    """Return the names among which twins can be: of many, those alone whose folded hash repeats."""
    if len(paths) < _MANY:
        return paths
    hashes = np.fromiter((hash(_folded(path)) for path in paths), np.int64, len(paths))
    ordered = np.sort(hashes)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    return [paths[at] for at in np.flatnonzero(np.isin(hashes, repeated)).tolist()]


def _folded(path: str) -> str:
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def note_runs(tree: Tree) -> list[Finding]:
    """Return a note on folders that are not looked into because they are runs of tamiz."""
    if not tree.run_folders:
        return []
    what = text("inputs.run_folders", n=len(tree.run_folders), first=tree.run_folders[0])
    return [Finding(Severity.NOTE, what, items=tuple(tree.run_folders[:_SHOWN]))]


def _has_image_suffix(name: str) -> bool:
    return suffix_of(name) in IMAGE_SUFFIXES


def _is_image(head: bytes) -> bool:
    return any(FORMATS.get(n).recognises(head) for n in FORMATS.names() if n not in _OF_ARRAYS)


def _note_layout(layout: Layout) -> list[Finding]:
    if not layout.top:
        return []
    return [Finding(Severity.NOTE, text("inputs.passed_through", folder=layout.top))]


def _note_strays(strays: list[str], layout: Layout) -> list[Finding]:
    """Return a warning about pictures that lie beside the folders of the given split."""
    if not strays:
        return []
    names = ", ".join(strays[:_NAMED]) + (", ..." if len(strays) > _NAMED else "")
    folders = ", ".join(layout.splits)
    what = text("inputs.strays", n=len(strays), names=names, folders=folders)
    advice = text("inputs.strays_advice")
    return [Finding(Severity.WARNING, what, advice, items=tuple(strays[:_SHOWN]))]


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
    depth = layout.top.count("/") + bool(layout.splits) + 1
    folders = tuple(f for f in tree.empty_folders if f.count("/") < depth)
    if not folders:
        return []
    what = text("inputs.empty_folders", n=len(folders), first=folders[0])
    return [Finding(Severity.NOTE, what, items=folders[:_SHOWN])]
