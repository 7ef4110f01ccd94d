"""What converted files are called: after folders or classes, never after patients."""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final

from tamiz.core.language import say
from tamiz.core.pseudonyms import Pseudonyms
from tamiz.formats.dicom import SUFFIXES
from tamiz.formats.files import INSIDE, locate, split_path
from tamiz.inputs.registry import Found
from tamiz.stages.conversion_files import Unplaced
from tamiz.stages.converting import Job

_UNSAFE: Final = re.compile(r"[^\w .+\-]+")


def jobs_of(
    found: Found, *, to: str, folders: str, key: Path | None
) -> tuple[list[Job], list[Unplaced]]:
    """Return a job for each file, and the files that have no place because they have no label.

    Args:
        found: the rows, one for each frame.
        to: 'png' or 'dicom'.
        folders: 'mirror' or 'class'.
        key: of the pseudonyms that stand for the names of sources where these name patients.
    """
    frames: dict[str, list[int]] = defaultdict(list)
    facts: dict[str, dict[str, Any]] = {}
    names = ("path", "frame", "label", "patient", "series", "instance")
    for path, frame, *rest in found.manifest.rows(*names):
        frames[path].append(frame)
        facts[path] = dict(zip(names[2:], rest, strict=True))
    pseudonyms = Pseudonyms.load(key) if found.has_names else None
    unplaced: list[Unplaced] = []
    names_taken = _Taken()
    jobs: list[Job] = []
    for path, fact in facts.items():
        shown = pseudonyms.name("source", path) if pseudonyms else path
        if folders == "class" and fact["label"] is None:
            unplaced.append(Unplaced(shown, "unlabelled", say("convert.no_label")))
            continue
        is_mirror = folders == "mirror" and to == "png" and not found.has_names
        stem = _mirrored(path) if is_mirror else _by_identity(_short(shown), fact, folders)
        targets = _targets(stem, frames[path], to)
        if not names_taken.add(targets):
            flat = stem.replace("/", "_")  # its folder may have the name of another's picture
            stem = f"{flat}_{_short(shown)}"
            targets = _targets(stem, frames[path], to)
            names_taken.add(targets)
        jobs.append(Job(path, f"{shown} {stamp_of(found.manifest.root, path)}", targets))
    return jobs, unplaced


def _mirrored(path: str) -> str:
    """Return the path without an archive's name before it and without a DICOM suffix."""
    name = path.rpartition(INSIDE)[2]
    suffix = next((one for one in SUFFIXES if name.lower().endswith(one)), "")
    return name[: len(name) - len(suffix)] if len(suffix) < len(name) else name


def _short(shown: str) -> str:
    """Return a short name for a source, made of what may be shown of it."""
    return hashlib.sha256(shown.encode()).hexdigest()[:12]


def _by_identity(own: str, fact: dict[str, Any], folders: str) -> str:
    patient = fact["patient"] or "unknown"
    series = fact["series"] or "series"
    instance = fact["instance"] or own
    if folders == "class":
        return f"{_folder(str(fact['label']))}/{patient}_{series}_{instance}"
    return f"{patient}/{series}/{instance}"


def _folder(label: str) -> str:
    made = _UNSAFE.sub("_", label).strip(" .")
    return made if made == label else f"{made}_{hashlib.sha256(label.encode()).hexdigest()[:6]}"


def _targets(stem: str, frames: Sequence[int], to: str) -> tuple[tuple[int, str], ...]:
    """Return (frame, file) of each picture that a source becomes."""
    if to == "dicom":
        return ((0, f"{stem}.dcm"),)
    if len(frames) == 1 and frames[0] == 0:
        return ((0, f"{stem}.png"),)
    return tuple((number, f"{stem}_{number:04d}.png") for number in frames)


class _Taken:
    """Names of files and folders in use, for systems that ignore case too."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def add(self, targets: Sequence[tuple[int, str]]) -> bool:
        """Take these names; return whether all were free (none is taken otherwise)."""
        files = {name.casefold() for _, name in targets}
        folders = {str(one) for name in files for one in PurePosixPath(name).parents}
        if files & (self._files | self._folders) or folders & self._files:
            return False
        self._files |= files
        self._folders |= folders
        return True


def stamp_of(root: Path, path: str) -> str:
    """Return what tells whether a source changed: its size and time."""
    outer, _ = split_path(root, path)
    try:
        facts = os.stat(locate(root, outer))  # noqa: PTH116
    except OSError:
        return "gone"
    return f"{facts.st_size}:{facts.st_mtime_ns}"
