"""What converted files are called: after folders or classes, never after patients."""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
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
    taken: set[str] = set()
    jobs: list[Job] = []
    for path, fact in facts.items():
        shown = pseudonyms.name("source", path) if pseudonyms else path
        if folders == "class" and fact["label"] is None:
            unplaced.append(Unplaced(shown, "unlabelled", say("convert.no_label")))
            continue
        is_mirror = folders == "mirror" and to == "png" and not found.has_names
        stem = _mirrored(path) if is_mirror else _by_identity(path, fact, folders)
        stem = _free(stem, path, taken)
        numbers = frames[path] if to == "png" else [0]
        many = len(numbers) > 1 or numbers[0] > 0
        targets = tuple((n, f"{stem}_{n:04d}.png" if many else f"{stem}.{to}") for n in numbers)
        if to == "dicom":
            targets = ((0, f"{stem}.dcm"),)
        jobs.append(Job(path, f"{shown} {_stamp(found.manifest.root, path)}", targets))
    return jobs, unplaced


def _mirrored(path: str) -> str:
    """Return the path without an archive's name before it and without a DICOM suffix."""
    name = path.rpartition(INSIDE)[2]
    suffix = next((one for one in SUFFIXES if name.lower().endswith(one)), "")
    return name[: len(name) - len(suffix)] if len(suffix) < len(name) else name


def _by_identity(path: str, fact: dict[str, Any], folders: str) -> str:
    patient = fact["patient"] or "unknown"
    series = fact["series"] or "series"
    instance = fact["instance"] or hashlib.sha256(path.encode()).hexdigest()[:12]
    if folders == "class":
        return f"{_folder(str(fact['label']))}/{patient}_{series}_{instance}"
    return f"{patient}/{series}/{instance}"


def _folder(label: str) -> str:
    made = _UNSAFE.sub("_", label).strip(" .")
    return made if made == label else f"{made}_{hashlib.sha256(label.encode()).hexdigest()[:6]}"


def _free(stem: str, path: str, taken: set[str]) -> str:
    """Return a name that no other file has, on systems that ignore case too."""
    if stem.casefold() in taken:
        stem = f"{stem}_{hashlib.sha256(path.encode()).hexdigest()[:8]}"
    taken.add(stem.casefold())
    return stem


def _stamp(root: Path, path: str) -> str:
    outer, _ = split_path(root, path)
    try:
        facts = os.stat(locate(root, outer))  # noqa: PTH116
    except OSError:
        return "gone"
    return f"{facts.st_size}:{facts.st_mtime_ns}"


def shown_names(jobs: Sequence[Job]) -> dict[str, str]:
    """Return source -> the name that may be shown for it."""
    return {job.source: job.stamp.rpartition(" ")[0] for job in jobs}
