"""What a Hugging Face data set says of its columns: which are classes, and what they are called."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from tamiz.inputs.tree import Tree

INFO, STATE, DICT, README = "dataset_info.json", "state.json", "dataset_dict.json", "README.md"
_METADATA: Final = "huggingface"
_COLUMN = re.compile(r"""\s*- name:\s*["']?(.+?)["']?\s*$""")
_CLASS = re.compile(r"""\s+["']?(\d+)["']?:\s*(.+?)\s*$""")


@dataclass(frozen=True, slots=True)
class Features:
    """What is said of the columns.

    Attributes:
        names: of each column of classes, their names in the order of their numbers.
        sets: those of them whose cells are lists: an image can have several.
        images: the columns that are said to hold images.
    """

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sets: frozenset[str] = frozenset()
    images: tuple[str, ...] = ()


def features_of(tree: Tree, shard: str) -> Features:
    """Return what the shard, dataset_info.json or the README says; nothing where none does."""
    for said in (_in_parquet(tree.place(shard)), _in_info(tree, shard)):
        if said:
            return _understood(said)
    return _in_readme(tree, shard)


def has_metadata(path: Path) -> bool:
    """Return whether a Parquet file was written by the library `datasets`."""
    return bool(_in_parquet(path))


def load_json(tree: Tree, name: str) -> Any:
    """Return the JSON beside the shards; None where it is not there, or is none."""
    place = tree.place(name)
    try:
        return json.loads(place.read_bytes())
    except (OSError, ValueError):
        return None


def _in_parquet(path: Path) -> dict[str, Any]:
    import polars as pl

    if path.suffix.lower() not in {".parquet", ".pq"}:
        return {}
    try:
        said = json.loads(pl.read_parquet_metadata(path)[_METADATA])
        return dict(said["info"]["features"])
    except (KeyError, ValueError, TypeError, OSError, pl.exceptions.PolarsError):
        return {}


def _in_info(tree: Tree, shard: str) -> dict[str, Any]:
    for folder in (PurePosixPath(shard).parent, *PurePosixPath(shard).parent.parents):
        said = load_json(tree, str(folder / INFO))
        if isinstance(said, dict) and isinstance(said.get("features"), dict):
            return dict(said["features"])
    return {}


def _understood(said: Mapping[str, Any]) -> Features:
    names: dict[str, tuple[str, ...]] = {}
    sets: set[str] = set()
    images: list[str] = []
    for column, kind in said.items():
        inner = kind
        if isinstance(kind, list) and len(kind) == 1:  # how older versions write a sequence
            inner = kind[0]
        elif isinstance(kind, dict) and kind.get("_type") in {"Sequence", "List", "LargeList"}:
            inner = kind.get("feature")
        if not isinstance(inner, dict):
            continue
        if inner.get("_type") == "ClassLabel" and isinstance(inner.get("names"), list):
            names[column] = tuple(map(str, inner["names"]))
            sets |= {column} if inner is not kind else set()
        elif inner.get("_type") == "Image" and inner is kind:
            images.append(column)
    return Features(names, frozenset(sets), tuple(images))


def _in_readme(tree: Tree, shard: str) -> Features:
    """Return the names of classes in the README's front matter, as the Hub writes it."""
    for folder in (PurePosixPath(shard).parent, *PurePosixPath(shard).parent.parents):
        try:
            lines = tree.place(str(folder / README)).read_text("utf-8", "replace").splitlines()
        except OSError:
            continue
        return Features(_names_in(lines))
    return Features()


def _names_in(lines: list[str]) -> dict[str, tuple[str, ...]]:
    if not lines or lines[0].strip() != "---":
        return {}
    column, is_class = "", False
    made: dict[str, list[str]] = {}
    for line in lines[1:]:
        if line.strip() == "---":
            break
        if found := _COLUMN.fullmatch(line):
            column, is_class = found[1], False
        elif line.strip() == "class_label:":
            is_class = True
        elif is_class and (entry := _CLASS.fullmatch(line)):
            known = made.setdefault(column, [])
            if int(entry[1]) == len(known):  # of several configurations the first
                known.append(entry[2].strip("\"'"))
    return {name: tuple(many) for name, many in made.items()}
