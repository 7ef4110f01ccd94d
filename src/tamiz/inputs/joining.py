"""Joining the rows of a table to files: by path, by name alone, or by name without suffix."""

from __future__ import annotations

import os
import posixpath
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tamiz.acquisition.remote import bring_some
from tamiz.core.errors import WrongData
from tamiz.core.language import Text, say, text
from tamiz.core.recipe import DataOptions
from tamiz.core.urls import is_mirrored, is_url, name_of, on_disk, plain_url, top_of_urls
from tamiz.formats.files import is_within, locate, to_text
from tamiz.inputs.cells import Cells
from tamiz.inputs.registry import MissingRow
from tamiz.inputs.roles import Roles, fill
from tamiz.inputs.tree import Tree, grow, grow_some

_SHOWN = 20
_WINDOWS_DRIVE = re.compile(r"^[A-Za-z]:[\\/]")


@dataclass(frozen=True, slots=True)
class Joined:
    """What each row names.

    Attributes:
        files: where the files lie.
        names: for each row its file, relative to the top of `files`; None when it is missing.
        missing: the rows without a file.
        notes: how files were found when not by their full path.
    """

    files: Tree
    names: Sequence[str | None]
    missing: tuple[MissingRow, ...]
    notes: tuple[Text, ...] = ()


def join(tree: Tree, table: str, cells: Cells, roles: Roles, options: DataOptions) -> Joined:
    """Return the file of each row.

    Raises:
        WrongData: rows lead out of the root and `allow_outside` is off.
    """
    written = fill(roles.template, cells) if roles.template else cells.columns[roles.path or ""]
    base = posixpath.dirname(table)
    root = on_disk(options.root).expanduser() if options.root else tree.root
    wanted = [_relative(words, root, "" if options.root else base) for words in written]
    if any(map(is_url, wanted)):
        return _joined_by_url(root, wanted, written, cells, tree.path_of(table))
    is_outside = _outside(root, wanted, is_on_disk=bool(options.root) or not tree.prefix)
    _refuse_outside(is_outside, written, cells, tree.path_of(table), options)
    files = _files(tree, wanted, options)
    matcher = _Matcher(files, options)
    names = [matcher.exact(name) for name in wanted]
    notes: list[Text] = []
    if all(name is None for name in names):
        for key, look in (
            ("inputs.matched_by_name", matcher.by_name),
            ("inputs.matched_by_stem", matcher.by_stem),
        ):
            names = [look(name) for name in wanted]
            n = len(names) - names.count(None)
            if n:
                notes.append(text(key, n=n))
                break
    missing = tuple(
        MissingRow(line, words)
        for line, words, name in zip(cells.lines, written, names, strict=True)
        if name is None
    )
    return Joined(files, names, missing, tuple(notes))


def _relative(words: str, root: Path, base: str) -> str:
    """Return a path relative to root, '/' between folders; absolute or '../' when it is outside.

    Of a URL that is not below root, the URL.
    """
    name = to_text(words.strip())
    if is_url(name):
        top = name_of(root).rstrip("/")
        return plain_url(name).removeprefix(f"{top}/") if is_mirrored(root) else plain_url(name)
    if ":/" in name:
        name = str(on_disk(name))  # 'file:///...'
    if "\\" in name and not os.path.lexists(locate(root, name)):
        name = name.replace("\\", "/")
    if not name or _WINDOWS_DRIVE.match(name):
        return name
    if name.startswith("/"):
        resolved = posixpath.normpath(name)
        top = os.path.abspath(root)  # noqa: PTH100  (links must stay as they are)
        return resolved[len(top) + 1 :] if resolved.startswith(f"{top}/") else resolved
    return posixpath.normpath(posixpath.join(base, name))


def _outside(root: Path, wanted: list[str], *, is_on_disk: bool) -> list[bool]:
    """Return for each path whether it leads out of root, by its letters or by links on its way."""
    real_top = os.path.realpath(root)
    is_folder_outside: dict[str, bool] = {}
    is_there: dict[str, bool] = {}

    def leads_out(name: str) -> bool:
        if name.startswith(("/", "../")) or name == ".." or _WINDOWS_DRIVE.match(name):
            return True
        if not is_on_disk or not name:
            return False
        folder = posixpath.dirname(name)
        if folder not in is_folder_outside:
            is_folder_outside[folder] = not is_within(locate(root, folder), real_top)
        if is_folder_outside[folder]:
            return True
        if folder not in is_there:
            is_there[folder] = os.path.lexists(locate(root, folder) if folder else root)
        if not is_there[folder]:
            return False  # nothing is there that could be a link
        place = locate(root, name)
        return os.path.islink(place) and not is_within(place, real_top)  # noqa: PTH114

    return [leads_out(name) for name in wanted]


def _refuse_outside(
    is_outside: list[bool],
    written: Sequence[str],
    cells: Cells,
    where: str,
    options: DataOptions,
) -> None:
    """Raise when some paths lead out of the root and the user did not allow it.

    Raises:
        WrongData: the first 20 are named with their lines.
    """
    outside = [row for row, is_out in enumerate(is_outside) if is_out]
    if outside and not options.allow_outside:
        details = [
            say("inputs.missing_line", line=cells.lines[row], path=written[row])
            for row in outside[:_SHOWN]
        ]
        raise WrongData.of(
            "inputs.outside",
            where=f"{where}:{cells.lines[outside[0]]}",
            details=tuple(details),
            n=len(outside),
            first=written[outside[0]],
        )


def _files(tree: Tree, wanted: list[str], options: DataOptions) -> Tree:
    """Return the files to look among: of the root, or of the folders that the rows name."""
    if options.root is not None:
        return grow(Path(options.root).expanduser(), allow_outside=options.allow_outside)
    if tree.asked is None:
        return tree
    if is_mirrored(tree.root):
        return Tree(tree.root, names=sorted(bring_some(tree.root, list(filter(None, wanted)))))
    folders = sorted({posixpath.dirname(name) for name in wanted if name[:1] not in {"", "/", "."}})
    present = [f for f in folders if Path(locate(tree.root, f) if f else tree.root).is_dir()]
    some = grow_some(tree.root, present, allow_outside=options.allow_outside)
    if set(some.names) & set(wanted):
        return some
    return grow(tree.root, allow_outside=options.allow_outside)


def _joined_by_url(
    root: Path, wanted: list[str], written: Sequence[str], cells: Cells, where: str
) -> Joined:
    """Return the files of rows that name URLs of several places; they are brought here.

    Raises:
        WrongData: another row names a file of this machine.
    """
    top = top_of_urls()
    urls = []
    for name, words, line in zip(wanted, written, cells.lines, strict=True):
        url = name if is_url(name) or not name else f"{name_of(root)}/{name}"
        if url and not is_url(url):
            raise WrongData.of("remote.mixed_rows", where=f"{where}:{line}", line=line, path=words)
        urls.append(url)
    files = Tree(top, names=sorted(bring_some(top, list(filter(None, urls)))))
    there = set(files.names)
    names = [url if url in there else None for url in urls]
    missing = tuple(
        MissingRow(line, words)
        for line, words, name in zip(cells.lines, written, names, strict=True)
        if name is None
    )
    return Joined(files, names, missing)


class _Matcher:
    """Looks a written path up among the files."""

    def __init__(self, files: Tree, options: DataOptions) -> None:
        self._files, self._allow_outside = files, options.allow_outside
        self._known = set(files.names)
        self._by_form = {unicodedata.normalize("NFC", name): name for name in files.names}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        for name in files.names:
            file_name = posixpath.basename(name)
            self._by_name[unicodedata.normalize("NFC", file_name)].append(name)
            self._by_stem[unicodedata.normalize("NFC", PurePosixPath(name).stem)].append(name)

    def exact(self, name: str) -> str | None:
        """Return the file of this very path; accents may be written either way."""
        if name in self._known:
            return name
        if name in self._files.aliases:
            return self._files.aliases[name]
        if name.startswith(("/", "../")) and self._allow_outside:
            is_file = Path(locate(self._files.root, name)).is_file()
            return name if is_file and not self._files.prefix else None
        return self._by_form.get(unicodedata.normalize("NFC", name))

    def by_name(self, name: str) -> str | None:
        """Return the one file of this name, in whatever folder."""
        return _only(self._by_name.get(unicodedata.normalize("NFC", posixpath.basename(name))))

    def by_stem(self, name: str) -> str | None:
        """Return the one file whose name without suffix is this."""
        return _only(self._by_stem.get(unicodedata.normalize("NFC", posixpath.basename(name))))


def _only(names: list[str] | None) -> str | None:
    return names[0] if names is not None and len(names) == 1 else None
