"""Find the images of a source: recognise what it is, and make rows of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path, PurePosixPath

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import say
from tamiz.core.recipe import DataOptions
from tamiz.data.ledger import Entry, Fate
from tamiz.formats.regions import place_of
from tamiz.inputs.folder import note_runs
from tamiz.inputs.labelling import labelled_by_table
from tamiz.inputs.registry import (
    INPUTS,
    OF_LABEL_TABLE,
    SOME_HONOUR,
    TABLE_OPTIONS,
    Found,
    Input,
)
from tamiz.inputs.several_labels import check_ways, with_separated_labels
from tamiz.inputs.table import TableFound, TableOfFiles
from tamiz.inputs.tree import Tree, grow

_FIRST = 8


def find(options: DataOptions) -> Found:
    """Return the rows, the other files and what was guessed, for `options.source`.

    A source that holds a table is read as one when an option speaks of its columns.

    Raises:
        WrongData: nothing is there, nothing is recognised, or the source contradicts itself.
        WrongUse: an option cannot be understood, or means nothing for this kind of source.
    """
    source = Path(options.source).expanduser()
    if not options.source:
        raise WrongData.of("inputs.no_source", where="data.source")
    with grow(source, allow_outside=options.allow_outside) as tree:
        _refuse_empty(tree, source)
        kind = _kind_of(tree, options, source)
        _refuse_ignored(kind, options)
        check_ways(options)
        found = _completed(kind.find(tree, options), tree, source)
        found = labelled_by_table(found, options) if options.label_table else found
        if options.label_separator is not None and not found.manifest.is_multilabel:
            return with_separated_labels(found, options)
        return found


def find_images(source: Path) -> Found:
    """Return every image of a source as a row without label, group or split.

    This is what predicting asks for: neither folders' names nor tables that happen to lie there
    are obeyed. A folder or an archive gives every image file in it, or, when there is none, the
    images of its IDX or NPZ files; a single image file gives one row; an IDX or NPZ file its
    images; a table that `source` names itself gives the files that it names.

    Raises:
        WrongData: nothing is there, nothing is recognised, or a table names files that are
            missing or lie outside its folder.
    """
    source = source.expanduser()
    with grow(source) as tree:
        _refuse_empty(tree, source)
        for name in ("dicom", "folder", "idx", "npz") if tree.asked is None else _ORDER_OF_A_FILE:
            kind = INPUTS.get(name)
            if kind.recognises(tree, DataOptions()):
                return _completed(kind.images(tree), tree, source)
        raise _nothing(source, tree)


def fitting(options: DataOptions, asked: Collection[str]) -> tuple[DataOptions, tuple[str, ...]]:
    """Return options made for one source as they suit another, and those that fell away.

    What this kind of source cannot honour goes back to its default, unless the user asked for it;
    so does a column of the centre that its table lacks.

    Args:
        options: those of the first source, with the second one as `source`.
        asked: names of the options that the user gave for the second source.

    Raises:
        WrongData: the source holds nothing that is recognised.
    """
    source, usual = Path(options.source).expanduser(), DataOptions()
    with grow(source, allow_outside=options.allow_outside) as tree:
        _refuse_empty(tree, source)
        kind = _kind_of(tree, options, source)
        fallen = _ignored(kind, options) - set(asked)
        made = replace(options, **{name: getattr(usual, name) for name in fallen})
        is_table = kind.name == TableOfFiles.name
        if is_table and made.centre is not None and "centre" not in asked:
            table = TableOfFiles.table(tree, replace(made, centre=None))
            if made.centre not in table.cells.columns:
                made, fallen = replace(made, centre=None), fallen | {"centre"}
    return made, tuple(f"data.{name}" for name in sorted(fallen))


def table_of(options: DataOptions) -> TableFound | None:
    """Return the table that the source is read by, cell by cell; None when it is none.

    Raises:
        WrongData: the source or its table cannot be read.
        WrongUse: an option cannot be understood.
    """
    source = Path(options.source).expanduser()
    with grow(source, allow_outside=options.allow_outside) as tree:
        kind = _kind_of(tree, options, source)
        return TableOfFiles.table(tree, options) if kind.name == TableOfFiles.name else None


_ORDER_OF_A_FILE = ("idx", "npz", "dicom", "folder", "table")


def _kind_of(tree: Tree, options: DataOptions, source: Path) -> Input:
    if options.kind != "auto":
        return INPUTS.get(options.kind)
    kinds = sorted(map(INPUTS.get, INPUTS.names()), key=lambda kind: kind.order)
    asked = _given(options) & TABLE_OPTIONS.keys()
    if options.label_table:
        asked -= OF_LABEL_TABLE
    if asked:  # kinds that honour what the user says of columns come first
        kinds.sort(key=lambda kind: not asked <= kind.honours)
    for one in kinds:
        if one.recognises(tree, options):
            return one
    raise _nothing(source, tree)


def _given(options: DataOptions) -> set[str]:
    """Return the options that the user gave, of those that not all kinds honour."""
    usual = DataOptions()
    return {name for name in SOME_HONOUR if getattr(options, name) != getattr(usual, name)}


def _refuse_ignored(kind: Input, options: DataOptions) -> None:
    """Raise when the user gave an option that means nothing for this kind of input.

    Raises:
        WrongUse: always then; nothing that the user asks for is ignored in silence.
    """
    ignored = _ignored(kind, options)
    if not ignored:
        return
    shown = ", ".join(SOME_HONOUR[name] for name in SOME_HONOUR if name in ignored)
    key = "inputs.ignored_by_files" if kind.honours else "inputs.ignored_by_arrays"
    raise WrongUse.of(key, where=options.source, options=shown, kind=kind.name)


def _ignored(kind: Input, options: DataOptions) -> set[str]:
    """Return the options that the user gave and that mean nothing for this kind of input."""
    ignored = _given(options) - kind.honours
    if options.label_table and kind.honours & {"id_from_name"}:
        ignored -= OF_LABEL_TABLE
    if options.id_from_name is not None and not options.label_table:
        ignored |= {"id_from_name"}  # it says which row of that table
    return ignored


def _refuse_empty(tree: Tree, source: Path) -> None:
    if not tree.names and not tree.others and not tree.run_folders:
        raise WrongData.of("inputs.empty", where=source)


def _completed(found: Found, tree: Tree, source: Path) -> Found:
    """Return what an input found with every other file of the tree, and what was passed over.

    Raises:
        WrongData: not one image was found.
    """
    if not len(found.manifest):
        raise _nothing(source, tree)
    findings = (*found.findings, *note_runs(tree))
    return replace(found, others=_once(found, tree), findings=findings)


def _nothing(source: Path, tree: Tree) -> WrongData:
    """Return the error that says what was found instead of images."""
    suffixes = Counter(PurePosixPath(name).suffix.lower() or "-" for name in tree.names)
    what = ", ".join(f"{n} {suffix}" for suffix, n in suffixes.most_common(_FIRST))
    n_files = len(tree.names) + len(tree.others)
    return WrongData.of("inputs.nothing", where=source, n=n_files, what=what or say("inputs.none"))


def _once(found: Found, tree: Tree) -> tuple[Entry, ...]:
    """Return every file that is no row exactly once: what the input says goes first."""
    rows = {place_of(path).file for path in found.manifest.column("path")}
    entries: dict[str, Entry] = {}
    for entry in (*found.others, *tree.others):
        if entry.path not in rows:
            entries.setdefault(entry.path, entry)
    paths = set(map(tree.path_of, tree.names))
    arrays = {path.rpartition("!/")[0] for path in rows - paths}
    for path in paths - rows - arrays:
        entries.setdefault(path, Entry(path, Fate.NOT_AN_IMAGE, say("inputs.unused")))
    return tuple(sorted(entries.values(), key=lambda entry: entry.path))
