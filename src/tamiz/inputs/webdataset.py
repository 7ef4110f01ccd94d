"""WebDataset: tar files in which what belongs together has one name: key.jpg, key.cls, key.json.

Source: https://github.com/webdataset/webdataset (the key goes to the first dot of the file's name,
folders included; what follows says what the member is).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, ClassVar, Final

from tamiz.core.errors import UnreadableItem, WrongData, WrongUse
from tamiz.core.language import say, text
from tamiz.core.parts import part_of_word
from tamiz.core.recipe import DataOptions
from tamiz.data.ledger import Entry, Fate
from tamiz.data.report import Finding, Severity
from tamiz.formats.archive import Archive, open_archive
from tamiz.formats.files import INSIDE
from tamiz.formats.refusal import reading, refuse
from tamiz.formats.sniff import IMAGE_SUFFIXES, archive_kind, suffix_of
from tamiz.inputs.registry import INPUTS, Columns, Found
from tamiz.inputs.samples import HONOURED, Gathered, Samples, columns_of_samples
from tamiz.inputs.tree import Tree, ignored_reason

LABEL: Final = "cls"
_TEXTS: Final = ("cls", "cls2", "index", "inx", "id", "txt", "text")
_TABLES: Final = ("json", "jsn")
_PARTNERS: Final = frozenset((*_TEXTS, *_TABLES))
_SUFFIXES: Final = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
_MOST_BYTES: Final = 2**20  # of a member that says something about its image
_SHOWN: Final = 20
_NUMBER: Final = re.compile(r"[-_.]?\d+(-of-\d+)?$")


@dataclass(slots=True)
class _Gathered(Gathered):
    """What the shards hold, gathered sample by sample."""

    others: list[Entry] = field(default_factory=list)
    no_label: list[str] = field(default_factory=list)
    no_image: list[str] = field(default_factory=list)
    several: list[str] = field(default_factory=list)
    no_end: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)

    def add(self, place: str, split: str | None, said: dict[str, str]) -> None:
        """Add one sample."""
        self.add_cells({name: [cell] for name, cell in said.items()}, 1)
        self.places.append(place)
        self.names.append(place.rpartition(INSIDE)[2])
        self.splits.append(split)


@INPUTS.add("webdataset")
class WebDataset:
    """One shard, or a folder of shards."""

    name = "webdataset"
    order = 28
    honours: ClassVar[frozenset[str]] = HONOURED

    @staticmethod
    def recognises(tree: Tree, _options: DataOptions) -> bool:
        """Return whether the first shard has an image and what is said of it under one key."""
        if tree.archive is not None:
            return tree.prefix.count(INSIDE) == 1 and _is_shard(tree.names)
        shards = _shards(tree)
        if not shards or any(suffix_of(name) in IMAGE_SUFFIXES for name in tree.names):
            return False
        shards = [name for name in shards if not _is_empty(tree, name)] or shards
        try:
            with _opening(tree, shards[0]) as archive:
                return _is_shard(archive.contents.size_by_name)
        except WrongData:  # the damage is told by `find`
            return all(_is_tar(tree, name) or not tree.head(name) for name in shards)

    @staticmethod
    def find(tree: Tree, options: DataOptions) -> Found:
        """Return one row per key; `key.cls` is the label, fields of `key.json` are columns."""
        made = _Gathered()
        for prefix, archive, split in _each(tree):
            _gather(made, (prefix, split), archive, options.path)
            if prefix and not archive.contents.has_end:
                made.no_end.append(prefix.removesuffix(INSIDE))
        made.empty += [name for name in _shards(tree) if _is_empty(tree, name)]
        is_other = options.label_columns or options.label_from_name is not None
        if options.label in {None, LABEL} and not is_other:
            cells = zip(made.places, made.cells.get(LABEL, ()), strict=False)
            made.no_label = [place for place, label in cells if not label]
        if options.path is not None and not made.places:
            raise WrongUse.of("webdataset.no_such_image", where=_where(tree), name=options.path)
        is_labelled = LABEL in made.cells
        samples = Samples(
            made.places,
            made.names,
            made.cells,
            LABEL if is_labelled else None,
            has_sets=False,
            splits=made.splits,
            where=_where(tree),
        )
        columns, findings = columns_of_samples(samples, tree, options)
        findings += [*_notes(made), *_note_packed(tree)]
        others = tuple(_with_prefix(entry, tree.prefix) for entry in made.others)
        return Found("webdataset", columns.manifest(tree), others, findings=tuple(findings))

    @staticmethod
    def images(tree: Tree) -> Found:
        """Return one row per image; labels are not looked at."""
        columns = Columns()
        for prefix, archive, _ in _each(tree):
            names = sorted(n for n in archive.contents.size_by_name if _is_image(n))
            columns.path += [tree.path_of(prefix + name) for name in names]
        return Found("webdataset", columns.manifest(tree))


def _where(tree: Tree) -> str:
    return tree.prefix.removesuffix(INSIDE) or str(tree.root)


def _shards(tree: Tree) -> list[str]:
    if tree.asked is not None:
        return []
    return [name for name in tree.names if name.lower().endswith(_SUFFIXES)]


def _is_tar(tree: Tree, name: str) -> bool:
    return archive_kind(tree.head(name)) in {"tar", "gz", "bz2", "xz"}


def _is_empty(tree: Tree, name: str) -> bool:
    """Return whether a shard holds nothing, as one of many writers leaves it: the end mark only."""
    head = tree.head(name)
    return bool(head) and not head.strip(b"\0")


def _is_image(name: str) -> bool:
    return suffix_of(name) in IMAGE_SUFFIXES and not ignored_reason(name)


def _key_of(name: str) -> tuple[str, str]:
    """Return the key of a member, folders included, and what comes after its first dot."""
    folder, slash, last = name.rpartition("/")
    stem, _, rest = last.partition(".")
    return folder + slash + stem, rest.lower()


def _is_shard(names: Any) -> bool:
    keys: dict[str, set[str]] = {}
    for name in names:
        key, what = _key_of(name)
        keys.setdefault(key, set()).add("image" if _is_image(name) else what)
    return any("image" in found and found & _PARTNERS for found in keys.values())


def _each(tree: Tree) -> Iterator[tuple[str, Archive, str | None]]:
    """Yield of each shard what its members' names begin with, the archive and its split.

    Raises:
        WrongData: a shard is damaged.
    """
    if tree.archive is not None:
        yield "", tree.archive, None
        return
    shards = _shards(tree)
    splits = {name: _split_of(name) for name in shards}
    for name in sorted(shards, key=lambda one: (splits[one] == "test", splits[one] or "", one)):
        if _is_empty(tree, name):
            continue
        with _opening(tree, name) as archive:
            yield name + INSIDE, archive, splits[name]


def _split_of(name: str) -> str | None:
    """Return the part that 'train-000012.tar' or 'test/000012.tar' says."""
    place = PurePosixPath(name)
    stem = _NUMBER.sub("", place.name.partition(".")[0])
    words = (stem, stem.rpartition("-")[2], *reversed(place.parts[:-1]))
    return next((part for word in words if (part := part_of_word(word))), None)


@contextmanager
def _opening(tree: Tree, name: str) -> Iterator[Archive]:
    try:
        with reading(name):
            archive = open_archive(tree.place(name))
            if archive is None:
                raise refuse("no_archive")
    except UnreadableItem as error:
        where = tree.path_of(name)
        raise WrongData.of("webdataset.damaged", where=where, reason=error.reason) from error
    try:
        yield archive
    finally:
        archive.close()


def _gather(
    made: _Gathered, of_shard: tuple[str, str | None], archive: Archive, asked: str | None
) -> None:
    """Add the samples of one shard."""
    prefix, split = of_shard
    for name, reason in archive.contents.refused.items():
        made.others.append(Entry(prefix + name, Fate.EXCLUDED, reason))
    members: dict[str, dict[str, str]] = {}
    for name in archive.contents.size_by_name:
        if ignored_reason(name):
            continue
        key, what = _key_of(name)
        members.setdefault(key, {})[what] = name
    for key, by_what in members.items():
        images = {what: name for what, name in by_what.items() if _is_image(name)}
        if asked is not None:
            chosen = by_what.get(asked.lower().lstrip("."))
            images = {asked: chosen} if chosen is not None else {}
        used = {name for what, name in by_what.items() if what in _PARTNERS}
        if len(images) == 1:
            place = next(iter(images.values()))
            cells = _cells(archive, by_what, prefix)
            made.add(prefix + place, split, cells)
            used.add(place)
        else:
            _set_aside(made, prefix, key, by_what)
            used = set(by_what.values())
        if not prefix:  # in a folder of shards members are no files of their own
            made.others += [
                Entry(name, Fate.NOT_AN_IMAGE, say("webdataset.says"))
                for what, name in by_what.items()
                if what in _PARTNERS and name in used
            ]
        made.others += [
            Entry(prefix + name, Fate.NOT_AN_IMAGE, say("webdataset.unused"))
            for name in sorted(set(by_what.values()) - used)
        ]


def _set_aside(made: _Gathered, prefix: str, key: str, by_what: dict[str, str]) -> None:
    """Give the members of a key without one image their fate."""
    n_images = sum(_is_image(name) for name in by_what.values())
    (made.several if n_images > 1 else made.no_image).append(prefix + key)
    reason = say("webdataset.reason_several" if n_images > 1 else "webdataset.reason_no_image")
    for name in by_what.values():
        fate = Fate.EXCLUDED if _is_image(name) else Fate.NOT_AN_IMAGE
        made.others.append(Entry(prefix + name, fate, reason))


def _cells(archive: Archive, by_what: dict[str, str], prefix: str) -> dict[str, str]:
    """Return what is said of an image: texts by what they are called, fields of JSON by name.

    Raises:
        WrongData: a member is damaged, no text, or no JSON object.
    """
    made: dict[str, str] = {}
    for what in _TABLES:
        if what in by_what:
            where = prefix + by_what[what]
            try:
                said = json.loads(_small(archive, by_what[what], where))
            except ValueError as error:
                raise WrongData.of("webdataset.bad_json", where=where, reason=error) from error
            if isinstance(said, dict):
                made |= {str(name): _plain(value) for name, value in said.items()}
    for what in _TEXTS:
        if what in by_what:
            where = prefix + by_what[what]
            try:
                made[what] = _small(archive, by_what[what], where).decode("utf-8-sig").strip()
            except UnicodeDecodeError as error:
                raise WrongData.of("webdataset.bad_text", where=where) from error
    return made


def _small(archive: Archive, name: str, where: str) -> bytes:
    try:
        with reading(where):
            if archive.contents.size_by_name[name] > _MOST_BYTES:
                raise refuse("member_large", limit_mib=_MOST_BYTES >> 20)
            return archive.read(name)
    except UnreadableItem as error:
        raise WrongData.of("webdataset.damaged", where=where, reason=error.reason) from error


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _notes(made: _Gathered) -> list[Finding]:
    """Return warnings about keys that lack something, or have too much."""
    found = []
    for key, names in (
        ("webdataset.several", made.several),
        ("webdataset.no_image", made.no_image),
        ("webdataset.no_label", made.no_label),
        ("webdataset.no_end", made.no_end),
        ("webdataset.empty", made.empty),
    ):
        if names:
            what = text(key, n=len(names), first=names[0])
            found.append(Finding(Severity.WARNING, what, items=tuple(names[:_SHOWN])))
    twice = [key for key, n in Counter(made.names).items() if n > 1]
    if twice:
        what = text("webdataset.twice", n=len(twice), first=twice[0])
        found.append(Finding(Severity.NOTE, what, items=tuple(twice[:_SHOWN])))
    return found


def _note_packed(tree: Tree) -> list[Finding]:
    names = [tree.prefix.removesuffix(INSIDE)] if tree.prefix else _shards(tree)
    packed = [name for name in names if not name.lower().endswith(".tar")]
    if not packed:
        return []
    return [Finding(Severity.NOTE, text("webdataset.packed", n=len(packed), first=packed[0]))]


def _with_prefix(entry: Entry, prefix: str) -> Entry:
    return Entry(prefix + entry.path, entry.fate, entry.reason)
