"""Whether the input is the one of last time: names, sizes and times, nothing is read."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from tamiz.acquisition.remote import at_hand, bring_some
from tamiz.core.errors import TamizError
from tamiz.core.recipe import DataOptions
from tamiz.core.urls import is_mirrored, name_of, on_disk
from tamiz.data.decisions import read_decisions
from tamiz.data.looks_ledger import ENDING
from tamiz.data.run_folder import Run
from tamiz.formats.regions import place_of
from tamiz.inputs.tree import is_run


def fingerprint(options: DataOptions) -> str:
    """Return a hash over the files below the source and the root; run folders are passed over."""
    made = hashlib.sha256()
    starts = sorted({options.source, options.root or options.source})
    for start in (str(on_disk(one)) for one in starts):
        for folder, folders, names in os.walk(start):
            if folder != start and is_run({*names, *folders}):
                folders.clear()
                continue
            folders.sort()
            for name in sorted(names):
                if name.endswith(ENDING):  # a look at the data does not change them
                    continue
                made.update(_stamp(os.path.join(folder, name)))  # noqa: PTH118 - half a million
        made.update(_stamp(start))
    return made.hexdigest()


def fingerprint_of_rows(options: DataOptions, run: Run) -> str:
    """Return a hash over the files that the manifest names, where the source is a single file.

    A table without a root names files that `fingerprint` does not see.
    """
    if on_disk(options.source).is_dir() or not run.manifest_path.is_file():
        return ""
    manifest = run.manifest()
    made = hashlib.sha256()
    paths = sorted({_file_of(path) for path in manifest.column("path")})
    if is_mirrored(manifest.root) and options.root is None:
        bring_some(manifest.root, paths, may_be_old=True)
    for path in paths:
        made.update(_stamp(os.path.join(manifest.root, path)))  # noqa: PTH118
    return made.hexdigest()


def _file_of(path: str) -> str:
    return place_of(path.partition("!/")[0]).file


def fingerprint_of_decisions(options: DataOptions) -> bytes:
    """Return a hash over what is decided; a file that cannot be read is told by who applies it."""
    if options.decisions is None:
        return b""
    try:
        decisions = read_decisions(at_hand(Path(options.decisions).expanduser()))
    except TamizError:
        return b"unreadable"
    plain = sorted((place, one.is_out, one.label) for place, one in decisions.items())
    return hashlib.sha256(repr(plain).encode("utf-8", "surrogatepass")).digest()


def _stamp(path: str) -> bytes:
    try:
        facts = os.stat(path)  # noqa: PTH116
    except OSError:
        return b"gone"
    name = name_of(path).encode("utf-8", "surrogateescape")
    # a folder's own time changes with whatever is put beside the images
    time = 0 if os.path.isdir(path) else facts.st_mtime_ns  # noqa: PTH112
    size = 0 if os.path.isdir(path) else facts.st_size  # noqa: PTH112
    return name + b"%d %d" % (size, time)
