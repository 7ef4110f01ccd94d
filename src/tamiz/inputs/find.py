"""Find the images of a source: recognise what it is, and make rows of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import polars as pl

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import say, text
from tamiz.core.recipe import DataOptions
from tamiz.core.urls import name_of, on_disk
from tamiz.data.ledger import Entry, Fate
from tamiz.data.manifest import Manifest
from tamiz.data.report import Finding, Severity
from tamiz.formats.files import INSIDE
from tamiz.formats.refusal import content_in_words
from tamiz.formats.regions import MARK, place_of
from tamiz.formats.sniff import FOREIGN_SUFFIXES, PICKLE, WORKBOOK_SUFFIXES, describe, suffix_of
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
from tamiz.inputs.run_folders import refuse_run
from tamiz.inputs.several_labels import check_ways, with_separated_labels
from tamiz.inputs.table import SUFFIXES as TABLE_SUFFIXES
from tamiz.inputs.table import TableFound, TableOfFiles
from tamiz.inputs.tree import Tree, grow

_FIRST = 8
_HEADS_LOOKED_AT = 64


def find(options: DataOptions) -> Found:
    """Return the rows, the other files and what was guessed, for `options.source`.

    A source that holds a table is read as one when an option speaks of its columns.

    Raises:
        WrongData: nothing is there, nothing is recognised, or the source contradicts itself.
        WrongUse: an option cannot be understood, or means nothing for this kind of source, or the
            source is the folder of a run on other images.
    """
    source = Path(options.source).expanduser()
    if not options.source:
        raise WrongData.of("inputs.no_source", where="data.source")
    refuse_run(source)
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


def find_images(source: Path, *, obeys_tables: bool = True) -> Found:
    """Return every image of a source as a row without label, group or split.

    This is what predicting asks for: neither folders' names nor tables that happen to lie there
    are obeyed. A folder or an archive gives every image file in it, or, when there is none, the
    images of its arrays (IDX, NPZ, CIFAR) or of its shards (Hugging Face, WebDataset); a single
    image file gives one row; an array file or a shard its images; a table that `source` names
    itself gives the files that it names.

    Args:
        source: a file, a folder or an archive.
        obeys_tables: whether a table may name the files; what a stranger sends may not.

    Raises:
        WrongData: nothing is there, nothing is recognised, or a table names files that are
            missing or lie outside its folder.
        WrongUse: the source is the folder of a run on other images.
    """
    source = source.expanduser()
    if obeys_tables:
        refuse_run(source)
    with grow(source) as tree:
        _refuse_empty(tree, source)
        for name in _ORDER_OF_A_FOLDER if tree.asked is None else _ORDER_OF_A_FILE:
            kind = INPUTS.get(name)
            if name == TableOfFiles.name and not obeys_tables:
                continue
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


_ORDER_OF_A_FOLDER = ("dicom", "folder", "idx", "npz", "cifar", "huggingface", "webdataset")
_ORDER_OF_A_FILE = ("idx", "npz", "cifar", "dicom", "folder", "huggingface", "table")


def _kind_of(tree: Tree, options: DataOptions, source: Path) -> Input:
    if tree.archive is not None and suffix_of(source.name) in WORKBOOK_SUFFIXES:
        raise WrongData.of("inputs.workbook", where=source)  # a zip, with pictures in it or none
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
        raise _nothing(source, tree, found.others)
    notes = (*note_runs(tree), *_note_cut(tree), *_note_closed(tree), *_note_foreign(found))
    findings = (*found.findings, *notes)
    return replace(found, others=_once(found, tree), findings=findings)


def _note_cut(tree: Tree) -> list[Finding]:
    if tree.archive is None or tree.archive.contents.has_end:
        return []
    name = tree.prefix.removesuffix(INSIDE)
    return [Finding(Severity.WARNING, text("webdataset.no_end", n=1, first=name))]


def _note_closed(tree: Tree) -> list[Finding]:
    """Return a warning about folders that may not be entered: a whole class may lie in one."""
    closed = [entry.path for entry in tree.others if entry.fate is Fate.UNREADABLE]
    if not closed:
        return []
    what = text("inputs.folders_closed", n=len(closed), first=closed[0])
    advice = text("inputs.folders_closed_advice")
    return [Finding(Severity.WARNING, what, advice, items=tuple(closed[:_FIRST]))]


def _note_foreign(found: Found) -> list[Finding]:
    """Return a warning about photos of a kind that is not read, told by their names."""
    paths = [one.path for one in found.others if one.fate is Fate.NOT_AN_IMAGE]
    foreign = [path for path in paths if suffix_of(path) in FOREIGN_SUFFIXES]
    if not foreign:
        return []
    kinds = ", ".join(sorted({suffix_of(path) for path in foreign}))
    what = text("inputs.foreign", n=len(foreign), kinds=kinds)
    advice = text("inputs.foreign_advice")
    return [Finding(Severity.WARNING, what, advice, items=tuple(foreign[:_FIRST]))]


def _nothing(source: Path, tree: Tree, others: Sequence[Entry] = ()) -> WrongData:
    """Return the error that says what was found instead of images."""
    if suffix_of(source.name) in WORKBOOK_SUFFIXES:
        return WrongData.of("inputs.workbook", where=source)
    if tree.asked is not None and suffix_of(tree.asked) in TABLE_SUFFIXES:
        return WrongData.of("inputs.empty_table", where=source)
    heads = list(tree.heads(tree.names[:_HEADS_LOOKED_AT]))
    pickles = sorted(name for name, head in heads if describe(head) == PICKLE)
    if pickles:
        n, total, first = len(pickles), len(tree.names), pickles[0]
        return WrongData.of("cifar.pickles", where=source, n=n, total=total, first=first)
    if len(tree.names) == 1 and on_disk(source).is_file():
        reason = next((content_in_words(head) for _, head in heads), None)
        if reason:  # a DICOM file knows better what it lacks
            reason = next((str(one.reason) for one in others if one.reason), reason)
        elif not PurePosixPath(tree.names[0]).suffix:
            reason = say("inputs.unknown_kind")
        if reason:
            return WrongData.of("inputs.no_image", where=source, reason=reason)
    suffixes = Counter(PurePosixPath(name).suffix.lower() or "-" for name in tree.names)
    what = ", ".join(f"{n} {suffix}" for suffix, n in suffixes.most_common(_FIRST))
    n_files = len(tree.names) + len(tree.others)
    return WrongData.of("inputs.nothing", where=source, n=n_files, what=what or say("inputs.none"))


def _once(found: Found, tree: Tree) -> tuple[Entry, ...]:
    """Return every file that is no row exactly once: what the input says goes first."""
    files = set(map(tree.path_of, tree.names))
    told = {entry.path for entry in (*found.others, *tree.others)}
    rows, arrays = _used(found.manifest, files, told)
    entries: dict[str, Entry] = {}
    for entry in (*found.others, *tree.others):
        if entry.path not in rows:
            entries.setdefault(entry.path, entry)
    root = f"{name_of(Path(tree.root))}/"  # a table that lies apart from its images is told whole
    apart = {path.removeprefix(root) for path in told if path.startswith(root)}
    for path in files - rows - arrays - apart:
        entries.setdefault(path, Entry(path, Fate.NOT_AN_IMAGE, say("inputs.unused")))
    return tuple(sorted(entries.values(), key=lambda entry: entry.path))


def _used(manifest: Manifest, files: set[str], told: set[str]) -> tuple[set[str], set[str]]:
    """Return which of the files are rows, and which hold rows inside."""
    paths = manifest.series("path").unique()
    is_part = paths.str.contains(MARK, literal=True)
    rows = {place_of(path).file for path in paths.filter(is_part).to_list()}
    rows |= _among(paths.filter(~is_part), files | told)
    inside = paths.filter(paths.str.contains(INSIDE, literal=True)).to_list()
    wholes = {place_of(path).file for path in inside}
    return rows, {path.rpartition(INSIDE)[0] for path in wholes - files}


def _among(paths: pl.Series, files: set[str]) -> set[str]:
    """Return which of the paths are files; of millions of paths no set is made."""
    if len(paths) <= len(files):
        return files.intersection(paths.to_list())
    plain = [name for name in files if _is_text(name)]
    return set(paths.filter(paths.is_in(pl.Series(plain, dtype=pl.String).implode())).to_list())


def _is_text(name: str) -> bool:
    return name.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in name)
