"""The files of a source, whether they lie in a folder or in an archive: one list, each once."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tamiz.acquisition.patterns import files_below
from tamiz.acquisition.remote import at_hand, bring_beside, names_aside
from tamiz.core.braces import is_pattern
from tamiz.core.errors import UnreadableItem, WrongData
from tamiz.core.language import say
from tamiz.core.urls import is_mirrored
from tamiz.data.ledger import Entry, Fate
from tamiz.formats.archive import Archive, open_archive
from tamiz.formats.files import (
    INSIDE,
    MAX_FILE_BYTES,
    is_within,
    kind_of_mode,
    locate,
    read_head,
    read_regular,
    to_text,
)
from tamiz.formats.refusal import reading, refuse
from tamiz.formats.sniff import HEAD_BYTES, is_npz

IGNORED_NAMES: Final = frozenset({"thumbs.db", "desktop.ini", "__macosx", "icon\r", "ehthumbs.db"})
_BESIDE_RUN_JSON: Final = frozenset({"manifest.parquet", "recipe.toml", "events.jsonl"})
_MAX_HEADS: Final = 4096  # kept in memory: 16 MiB


@dataclass(slots=True)
class Tree:
    """The regular files of a source; a context manager, for its archive is held open.

    Attributes:
        root: the folder that the manifest's paths are relative to.
        prefix: what a path has before its place in the tree: '' or 'photos.zip!/'.
        names: the usable files, relative to the tree's top, sorted, '/' between folders.
        others: files with a fate already (links, FIFOs, ignored ones), with full paths.
        empty_folders: folders without any file below, relative to the tree's top.
        run_folders: folders below the top that are runs of tamiz: nothing in them is listed.
        aliases: links whose file is among `names` under the name given here.
        asked: the file (a table, an IDX file) that the user named; `names` then has it alone.
        archive: the archive that `names` lie in; None when they lie in a folder.
    """

    root: Path
    prefix: str = ""
    names: list[str] = field(default_factory=list)
    others: list[Entry] = field(default_factory=list)
    empty_folders: list[str] = field(default_factory=list)
    run_folders: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    asked: str | None = None
    archive: Archive | None = None
    _heads: dict[str, bytes] = field(default_factory=dict, init=False, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the archive."""
        if self.archive is not None:
            self.archive.close()
            self.archive = None

    def path_of(self, name: str) -> str:
        """Return the manifest's path of a file of the tree."""
        return self.prefix + name

    def read(self, name: str) -> bytes:
        """Return a file's bytes.

        Raises:
            WrongData: it cannot be read; the reason is said.
        """
        try:
            with reading(self.path_of(name)):
                if self.archive is not None:
                    return self.archive.read(name)
                content = read_regular(self.place(name))
                if content is None:
                    raise refuse("file_too_large", limit_mib=MAX_FILE_BYTES >> 20)
                return content
        except UnreadableItem as error:
            raise WrongData.of(
                "inputs.unreadable", where=self.path_of(name), reason=error.reason
            ) from error

    def head(self, name: str) -> bytes:
        """Return a file's first bytes; none when it cannot be read."""
        return next(self.heads([name]))[1]

    def heads(self, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield each name with its file's first bytes, in the order that reads fastest.

        In a compressed archive that is the order of its members: it is unpacked once for all of
        them, not once for each. What cannot be read has no bytes.
        """
        ordered = names
        if self.archive is not None and len(names) > 1:
            wanted = set(names)
            ordered = [name for name in self.archive.contents.size_by_name if name in wanted]
        for name in ordered:
            if name not in self._heads:
                head = self._read_head(name)
                if len(self._heads) >= _MAX_HEADS:
                    self._heads.clear()
                self._heads[name] = head
            yield name, self._heads[name]

    def place(self, name: str) -> Path:
        """Return where a file lies on disk (of a tree that is no archive)."""
        return Path(locate(self.root, self.path_of(name)))

    def _read_head(self, name: str) -> bytes:
        try:
            with reading(self.path_of(name)):
                if self.archive is not None:
                    return self.archive.head(name, HEAD_BYTES)
                return read_head(self.place(name), HEAD_BYTES)
        except UnreadableItem:
            return b""


def grow(source: Path, *, allow_outside: bool = False) -> Tree:
    """Return the tree of a folder, of an archive, or of a single file; close it after use.

    What lies at a URL is brought here first. Braces ('{000..015}.tar') name several files.

    Raises:
        WrongData: there is nothing at `source`, or it cannot be read.
    """
    source = at_hand(source)
    if is_pattern(source):
        root, names = files_below(source)
        return Tree(root, names=sorted(map(to_text, names)))
    try:
        mode = source.stat().st_mode
    except OSError as error:
        raise _no_source(source, error) from error
    if stat.S_ISDIR(mode):
        tree = _Walk(source, allow_outside=allow_outside).tree()
        tree.others += [Entry(name, Fate.EXCLUDED, say(why)) for name, why in names_aside(source)]
        return tree
    if not stat.S_ISREG(mode):
        reason = say("formats.not_regular", kind=kind_of_mode(mode))
        raise WrongData.of("inputs.unreadable", where=source, reason=reason)
    try:
        with reading(str(source)):
            is_array = is_npz(read_head(source, HEAD_BYTES))
            archive = None if is_array else open_archive(source)
    except UnreadableItem as error:
        raise WrongData.of("inputs.unreadable", where=source, reason=error.reason) from error
    if archive is None:
        return Tree(source.parent, names=[to_text(source.name)], asked=to_text(source.name))
    prefix = to_text(source.name) + INSIDE
    refused = archive.contents.refused.items()
    tree = Tree(source.parent, prefix, archive=archive)
    tree.others = [Entry(prefix + name, Fate.EXCLUDED, why) for name, why in refused]
    for name in sorted(archive.contents.size_by_name):
        reason = ignored_reason(name)
        if reason:
            tree.others.append(Entry(prefix + name, Fate.NOT_AN_IMAGE, reason))
        else:
            tree.names.append(name)
    return tree


def grow_some(root: Path, folders: Sequence[str], *, allow_outside: bool = False) -> Tree:
    """Return the tree of the files that lie directly in these folders of `root` ('' is root)."""
    if is_mirrored(root):
        for folder in folders:
            bring_beside(root / folder)
    return _Walk(root, allow_outside=allow_outside).tree_of(folders)


def ignored_reason(name: str) -> str:
    """Return why a file of this name is never looked at, or ''."""
    for part in name.split("/"):
        if part.lower() in IGNORED_NAMES:
            return say("inputs.system_file")
        if part.startswith("."):
            return say("inputs.hidden")
    return ""


class _Walk:
    """One visit of a folder: each file and folder once, links after what they may point to."""

    def __init__(self, top: Path, *, allow_outside: bool) -> None:
        self._top, self._allow_outside = top, allow_outside
        self._real_top = os.path.realpath(top)
        self._made = Tree(top)
        self._links: list[tuple[str, str]] = []
        self._name_by_inode: dict[tuple[int, int], str] = {}
        self._goes_deeper = True

    def tree(self) -> Tree:
        self._enter(str(self._top), "")
        return self._finished()

    def tree_of(self, folders: Sequence[str]) -> Tree:
        self._goes_deeper = False
        for folder in folders:
            place = locate(self._top, folder) if folder else str(self._top)
            if self._allow_outside or is_within(place, self._real_top):
                self._enter(place, f"{folder}/" if folder else "")
            else:
                self._set_aside(folder, "inputs.link_outside", Fate.EXCLUDED)
        return self._finished()

    def _finished(self) -> Tree:
        for place, name in self._links:
            self._follow(place, name)
        self._made.names.sort()
        self._made.others.sort(key=lambda entry: entry.path)
        return self._made

    def _enter(self, folder: str, above: str) -> int:
        """Visit a folder; return how many files lie in it and below."""
        try:
            status = os.stat(folder)  # noqa: PTH116  (os functions: twice as fast on many files)
            inode = (status.st_dev, status.st_ino)
            if inode in self._name_by_inode:
                return self._set_aside(above, "inputs.link_again", Fate.EXCLUDED)
            self._name_by_inode[inode] = above
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            key = "inputs.folder_closed"
            return self._set_aside(above or ".", key, Fate.UNREADABLE, reason=error.strerror)
        if above and self._goes_deeper and is_run({entry.name for entry in entries}):
            self._made.run_folders.append(above)
            return 1
        n_files = 0
        for entry in entries:
            n_files += self._visit(entry, above + to_text(entry.name), status.st_dev)
        if not n_files and above:
            self._made.empty_folders.append(above.rstrip("/"))
        return n_files

    def _visit(self, entry: os.DirEntry[str], name: str, device: int) -> int:
        reason = ignored_reason(to_text(entry.name))
        is_folder = entry.is_dir(follow_symlinks=False)
        if is_folder and not self._goes_deeper:
            return 0
        if reason:
            shown = name + "/" if is_folder else name
            self._made.others.append(Entry(shown, Fate.NOT_AN_IMAGE, reason))
            return 0
        if is_folder:
            return self._enter(entry.path, name + "/")
        if entry.is_symlink():
            self._links.append((entry.path, name))
            return 1
        if not entry.is_file(follow_symlinks=False):
            kind = kind_of_mode(entry.stat(follow_symlinks=False).st_mode)
            return self._set_aside(name, "formats.not_regular", Fate.NOT_AN_IMAGE, kind=kind)
        self._name_by_inode[(device, entry.inode())] = name
        self._made.names.append(name)
        return 1

    def _follow(self, place: str, name: str) -> None:
        try:
            status = os.stat(place)  # noqa: PTH116
        except OSError as error:
            is_loop = "inputs.link_loop" if error.errno == errno.ELOOP else "inputs.link_dangling"
            self._set_aside(name, is_loop, Fate.EXCLUDED)
            return
        if not self._allow_outside and not is_within(place, self._real_top):
            self._set_aside(name, "inputs.link_outside", Fate.EXCLUDED)
        elif stat.S_ISDIR(status.st_mode):
            self._enter(place, name + "/")
        elif not stat.S_ISREG(status.st_mode):
            kind = kind_of_mode(status.st_mode)
            self._set_aside(name, "formats.not_regular", Fate.NOT_AN_IMAGE, kind=kind)
        elif (known := self._name_by_inode.get((status.st_dev, status.st_ino))) is not None:
            self._made.aliases[name] = known
            self._set_aside(name, "inputs.link_to_known", Fate.DUPLICATE, other=known)
        else:
            self._name_by_inode[(status.st_dev, status.st_ino)] = name
            self._made.names.append(name)

    def _set_aside(self, name: str, key: str, fate: Fate, **values: object) -> int:
        self._made.others.append(Entry(name, fate, say(key, **values)))
        return 1


def is_run(names: Set[str]) -> bool:
    """Return whether a folder with these entries is a run of tamiz, finished or just begun."""
    return "run.json" in names and not names.isdisjoint(_BESIDE_RUN_JSON)


def _no_source(source: Path, error: OSError) -> WrongData:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return WrongData.of("errors.not_found", where=source)
    return WrongData.of("inputs.unreadable", where=source, reason=error.strerror or str(error))
