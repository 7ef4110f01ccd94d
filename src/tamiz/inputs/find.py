"""Find the images of a source: recognise what it is, and make rows of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path, PurePosixPath

from tamiz.core.errors import WrongData
from tamiz.core.language import say
from tamiz.core.recipe import DataOptions
from tamiz.data.ledger import Entry, Fate
from tamiz.inputs.registry import INPUTS, Found, Input
from tamiz.inputs.tree import Tree, grow

_FIRST = 8


def find(options: DataOptions) -> Found:
    """Return the rows, the other files and what was guessed, for `options.source`.

    Raises:
        WrongData: nothing is there, nothing is recognised, or the source contradicts itself.
        WrongUse: an option cannot be understood.
    """
    source = Path(options.source).expanduser()
    if not options.source:
        raise WrongData.of("inputs.no_source", where="data.source")
    tree = grow(source, allow_outside=options.allow_outside)
    if not tree.names and not tree.others:
        raise WrongData.of("inputs.empty", where=source)
    found = _kind_of(tree, options, source).find(tree, options)
    if not len(found.manifest):
        raise _nothing(source, tree)
    return replace(found, others=_once(found, tree))


def _kind_of(tree: Tree, options: DataOptions, source: Path) -> Input:
    if options.kind != "auto":
        return INPUTS.get(options.kind)
    for one in sorted(map(INPUTS.get, INPUTS.names()), key=lambda kind: kind.order):
        if one.recognises(tree, options):
            return one
    raise _nothing(source, tree)


def _nothing(source: Path, tree: Tree) -> WrongData:
    """Return the error that says what was found instead of images."""
    suffixes = Counter(PurePosixPath(name).suffix.lower() or "-" for name in tree.names)
    what = ", ".join(f"{n} {suffix}" for suffix, n in suffixes.most_common(_FIRST))
    n_files = len(tree.names) + len(tree.others)
    return WrongData.of("inputs.nothing", where=source, n=n_files, what=what or say("inputs.none"))


def _once(found: Found, tree: Tree) -> tuple[Entry, ...]:
    """Return every file that is no row exactly once: what the input says goes first."""
    rows = set(found.manifest.column("path"))
    entries: dict[str, Entry] = {}
    for entry in (*found.others, *tree.others):
        if entry.path not in rows:
            entries.setdefault(entry.path, entry)
    arrays = {path.rpartition("!/")[0] for path in rows}
    for name in tree.names:
        path = tree.path_of(name)
        if path not in rows and path not in arrays:
            entries.setdefault(path, Entry(path, Fate.NOT_AN_IMAGE, say("inputs.unused")))
    return tuple(sorted(entries.values(), key=lambda entry: entry.path))
