"""Data sets of Hugging Face: folders that `save_to_disk` wrote, and Parquet shards of the Hub."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, ClassVar, Final

from tamiz.core.errors import UnreadableItem, WrongData, WrongUse
from tamiz.core.language import say, text
from tamiz.core.parts import part_of_word
from tamiz.core.recipe import DataOptions
from tamiz.data.label_sets import JOINT, join_labels
from tamiz.data.ledger import Entry, Fate
from tamiz.data.report import Finding, Severity
from tamiz.formats.files import INSIDE
from tamiz.formats.refusal import reading
from tamiz.formats.shards import Shard, is_shard
from tamiz.formats.sniff import suffix_of
from tamiz.inputs.hugging_face_features import (
    DICT,
    INFO,
    README,
    STATE,
    Features,
    features_of,
    has_metadata,
    load_json,
)
from tamiz.inputs.names import LABEL_WORDS, guess
from tamiz.inputs.registry import INPUTS, Columns, Found
from tamiz.inputs.samples import HONOURED, Gathered, Samples, columns_of_samples
from tamiz.inputs.tree import Tree

_PARQUET: Final = (".parquet", ".pq")
_MOST_LOOKED_INTO: Final = 8
_NUMBERED: Final = re.compile(r"(.+?)-(\d{5})-of-(\d{5})")
_ORDER: Final = {"train": 0, "val": 1, "test": 2}
_UNKNOWN: Final = -1  # what the Hub's test parts have where labels are kept back


@dataclass(slots=True)
class _Gathered(Gathered):
    """What the shards say, and how many labels each column keeps back."""

    n_unknown: Counter[str] = field(default_factory=Counter)


@INPUTS.add("huggingface")
class HuggingFace:
    """A folder of shards, or one shard: a Parquet or Arrow file with a column of images."""

    name = "huggingface"
    order = 25
    honours: ClassVar[frozenset[str]] = HONOURED

    @staticmethod
    def recognises(tree: Tree, _options: DataOptions) -> bool:
        """Return whether there are shards of `save_to_disk`, or Parquet files that hold images."""
        if tree.prefix:
            return any(PurePosixPath(name).name in {STATE, DICT} for name in tree.names)
        if _saved(tree):
            return True
        shards = [name for name in _asked(tree) if is_shard(tree.head(name))]
        return any(_is_of_this_kind(tree, name) for name in shards[:_MOST_LOOKED_INTO])

    @staticmethod
    def find(tree: Tree, options: DataOptions) -> Found:
        """Return one row per row of the shards; labels by name, splits as the data set has them."""
        shards = _shards(tree)
        said = features_of(tree, next(iter(shards)))
        made = _Gathered()
        for name, split in shards.items():
            _gather(made, tree, name, (split, said), options)
        label = _label_column(said, options)
        samples = Samples(
            made.places,
            made.names,
            made.cells,
            label,
            label in said.sets,
            made.splits,
            tree.path_of(tree.asked or "") or str(tree.root),
        )
        columns, findings = columns_of_samples(samples, tree, options)
        findings += [*_note_unknown(made), *_note_gaps(shards)]
        manifest = columns.manifest(tree)
        return Found("huggingface", manifest, _others(tree), findings=tuple(findings))

    @staticmethod
    def images(tree: Tree) -> Found:
        """Return one row per image; labels are not looked at."""
        columns = Columns()
        for name in _shards(tree):
            with _opening(tree, name) as shard:
                column = _picture_column(shard, Features(), tree.path_of(name), None)
                columns.path += _places(tree.path_of(name), column, shard.n_rows)
        return Found("huggingface", columns.manifest(tree), _others(tree))


def _saved(tree: Tree) -> bool:
    names = set(tree.names)
    folders = {str(PurePosixPath(n).parent) for n in names if PurePosixPath(n).name == STATE}
    return any(
        suffix_of(name) == ".arrow" and str(PurePosixPath(name).parent) in folders for name in names
    )


def _asked(tree: Tree) -> list[str]:
    """Return the files that may be shards, by name; what the user named is looked into."""
    if tree.asked is not None:
        return [tree.asked]
    names = [name for name in tree.names if suffix_of(name) in (*_PARQUET, ".arrow")]
    return [name for name in names if not PurePosixPath(name).name.startswith("cache-")]


def _is_of_this_kind(tree: Tree, name: str) -> bool:
    place = tree.place(name)
    try:
        with reading(name):
            return bool(Shard(place).picture_columns()) or has_metadata(place)
    except UnreadableItem:
        # a damaged shard of the Hub's is one all the same: another kind would pass it over
        return _NUMBERED.fullmatch(place.stem) is not None


def _shards(tree: Tree) -> dict[str, str | None]:
    """Return the split of each shard: train, val, test, the others.

    Raises:
        WrongData: shards lie in an archive, or one that the data set lists is not there.
    """
    if tree.prefix:
        raise WrongData.of("huggingface.in_archive", where=tree.prefix.removesuffix(INSIDE))
    names = _asked(tree)
    listed = _listed(tree)
    lost = sorted(listed - set(tree.names))
    if lost:
        raise WrongData.of("huggingface.shard_missing", where=tree.path_of(lost[0]), n=len(lost))
    splits = {name: _split_of(name) for name in listed or names}
    if not listed and tree.asked is None:
        splits = {name: part for name, part in splits.items() if _is_of_this_kind(tree, name)}
    if tree.asked is not None:
        splits = {tree.asked: None}
    ordered = sorted(splits, key=lambda name: (_ORDER.get(splits[name] or "", 3), name))
    return {name: splits[name] for name in ordered}


def _listed(tree: Tree) -> set[str]:
    """Return the shards that the data set's own lists name."""
    made: set[str] = set()
    for name in tree.names:
        if PurePosixPath(name).name != STATE or tree.asked is not None:
            continue
        said = load_json(tree, name)
        files = said.get("_data_files", []) if isinstance(said, dict) else []
        parent = PurePosixPath(name).parent
        made |= {str(parent / PurePosixPath(str(one.get("filename"))).name) for one in files}
    for name in [one for one in tree.names if PurePosixPath(one).name == DICT]:
        said = load_json(tree, name)
        parent = PurePosixPath(name).parent
        folders = said.get("splits", []) if isinstance(said, dict) else []
        empty = [f for f in folders if not any(n.startswith(f"{parent / str(f)}/") for n in made)]
        made |= {str(parent / str(folder) / STATE) for folder in empty}
    return made


def _split_of(name: str) -> str | None:
    """Return the part that a shard's name or folder says; its own word where that is no part."""
    place = PurePosixPath(name)
    numbered = _NUMBERED.fullmatch(place.stem)
    if numbered and numbered[1] != "data":
        return part_of_word(numbered[1].rpartition(".")[2]) or numbered[1]
    return part_of_word(place.stem) or next(
        (part for folder in reversed(place.parts[:-1]) if (part := part_of_word(folder))), None
    )


class _opening:  # noqa: N801 - used as a function
    """A shard, opened; what is wrong with it is told as an error of the source."""

    def __init__(self, tree: Tree, name: str) -> None:
        self._where, self._place = tree.path_of(name), tree.place(name)

    def __enter__(self) -> Shard:
        try:
            with reading(self._where):
                self._shard = Shard(self._place)
        except UnreadableItem as error:
            raise WrongData.of(
                "inputs.unreadable", where=self._where, reason=error.reason
            ) from error
        return self._shard

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._shard.close()


def _gather(
    made: _Gathered,
    tree: Tree,
    name: str,
    said: tuple[str | None, Features],
    options: DataOptions,
) -> None:
    split, features = said
    where = tree.path_of(name)
    with _opening(tree, name) as shard:
        column = _picture_column(shard, features, where, options.path)
        try:
            with reading(where):
                table = shard.columns([one for one in shard.schema if _is_told(shard, one, column)])
        except UnreadableItem as error:
            raise WrongData.of("inputs.unreadable", where=where, reason=error.reason) from error
        cells = {
            one: _words(table[one].to_list(), features.names.get(one), (where, one), made)
            for one in table.columns
            if one != column
        }
        paths = table[column].to_list() if column in table.columns else [None] * shard.n_rows
        made.add_cells(cells, shard.n_rows)
        places = _places(where, column, shard.n_rows)
        made.names += [path or place for path, place in zip(paths, places, strict=True)]
        made.splits += [split] * shard.n_rows
        made.places += _places(name, column, shard.n_rows)


def _places(name: str, column: str, n: int) -> list[str]:
    return [f"{name}{INSIDE}{column}/{row}" for row in range(n)]


def _is_told(shard: Shard, column: str, pictures: str) -> bool:
    """Return whether a column says something that can stand in a cell."""
    kind = shard.schema[column]
    if column in shard.picture_columns():
        return column == pictures
    inner = getattr(kind, "inner", None)  # of a list
    return not kind.is_nested() or (inner is not None and bool(inner.is_integer()))


def _picture_column(shard: Shard, said: Features, where: str, asked: str | None) -> str:
    """Return the column of images.

    Raises:
        WrongUse: the one that the user names holds none.
        WrongData: there is none, or several could be meant.
    """
    found = shard.picture_columns()
    if asked is not None:
        if asked not in found:
            columns = ", ".join(shard.schema)
            raise WrongUse.of("huggingface.no_such_image", where=where, name=asked, columns=columns)
        return asked
    if not found:
        raise WrongData.of("huggingface.no_image", where=where, columns=", ".join(shard.schema))
    declared = [name for name in found if name in said.images]
    chosen = declared or found
    if len(chosen) > 1:
        raise WrongData.of("huggingface.several_images", where=where, names=", ".join(chosen))
    return chosen[0]


def _label_column(said: Features, options: DataOptions) -> str | None:
    """Return the column that the data set itself calls classes; None where several could be."""
    if options.label in said.names:
        return options.label
    known = list(said.names)
    return known[0] if len(known) == 1 else guess(known, LABEL_WORDS)


def _words(
    values: Sequence[Any], names: tuple[str, ...] | None, where: tuple[str, str], made: _Gathered
) -> list[str]:
    """Return cells as text; numbers of classes as their names, lists of them joined."""
    if names is None:
        return ["" if value is None else _plain(value) for value in values]
    place, column = where
    values = [int(one) if isinstance(one, float) and one.is_integer() else one for one in values]
    barred = next((name for name in names if JOINT in name), None)
    if barred is not None and any(isinstance(value, list) for value in values):
        raise WrongData.of("multilabel.bar", where=place, label=barred)
    for row, value in enumerate(values):
        for number in value if isinstance(value, list) else (value,):
            if number is None or number == _UNKNOWN:
                made.n_unknown[column] += 1
            elif not isinstance(number, int) or not 0 <= number < len(names):
                raise WrongData.of(
                    "huggingface.unknown_class",
                    where=f"{place}:{row + 1}",
                    column=column,
                    number=number,
                    n=len(names),
                )

    def word(value: Any) -> str:
        if isinstance(value, list):
            return join_labels(names[n] for n in value if n not in {None, _UNKNOWN})
        return "" if value is None or value == _UNKNOWN else names[value]

    return [word(value) for value in values]


def _plain(value: Any) -> str:
    return join_labels(map(str, value)) if isinstance(value, list) else str(value)


def _note_unknown(made: _Gathered) -> list[Finding]:
    return [
        Finding(Severity.WARNING, text("huggingface.unlabelled", n=n, column=column))
        for column, n in made.n_unknown.items()
    ]


def _note_gaps(shards: dict[str, str | None]) -> list[Finding]:
    """Return a warning where shards are numbered and some of the numbers are not there."""
    seen: dict[tuple[str, int], set[int]] = defaultdict(set)
    for name in shards:
        place = PurePosixPath(name)
        if found := _NUMBERED.fullmatch(place.stem):
            seen[str(place.with_name(found[1])), int(found[3])].add(int(found[2]))
    made = []
    for (stem, total), numbers in seen.items():
        if len(numbers) < total:
            what = text("huggingface.gaps", stem=stem, n=total - len(numbers), total=total)
            made.append(Finding(Severity.WARNING, what))
    return made


def _others(tree: Tree) -> tuple[Entry, ...]:
    about = {INFO, STATE, DICT, README}
    return tuple(
        Entry(tree.path_of(name), Fate.NOT_AN_IMAGE, say("huggingface.about"))
        for name in tree.names
        if PurePosixPath(name).name in about
    )
