"""What lies at a URL: names, sizes and marks of versions, folder by folder."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from tamiz.acquisition.remote_opening import FileSystem, ServerTrouble, asking, in_words

_AT_ONCE: Final = 8
_LONGEST_NAME_BYTES: Final = 255
_LONGEST_PATH_BYTES: Final = 3000
_TIMES: Final = ("LastModified", "mtime", "last_modified", "updated", "timeModified", "created")
_TAGS: Final = ("ETag", "etag", "md5Hash", "content_md5", "Content-MD5", "generation", "sha256")
_MD5_HEX: Final = re.compile(r"[0-9a-f]{32}")
_MD5_BYTES: Final = 16
_LATEST_S: Final = 2**33  # what file systems can hold


@dataclass(frozen=True, slots=True)
class Remote:
    """One object.

    Attributes:
        name: relative to what was listed, '/' between folders.
        size: in bytes; None where the server does not say.
        stamp_ns: the time that its copy here bears: the source's, to the second, with microseconds
            that follow from its version; None where nothing tells one version from another.
        md5: of the content, in hex digits, where the server says something that looks like it.
        has_ranges: whether a part of it can be asked for.
    """

    name: str
    size: int | None
    stamp_ns: int | None
    md5: str | None
    has_ranges: bool = True


@dataclass(frozen=True, slots=True)
class Listed:
    """One folder: its files and folders, and names that cannot be files here, with a reason key."""

    folder: str
    files: tuple[Remote, ...]
    folders: tuple[str, ...]
    aside: tuple[tuple[str, str], ...]


def listed(system: FileSystem, top: str, url: str, *, goes_deeper: bool = True) -> Iterator[Listed]:
    """Yield every folder at and below `top`, several asked for at once.

    Raises:
        TamizError: it cannot be listed.
    """
    waiting = [""]
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="tamiz-list") as pool:
        while waiting:
            some, waiting = waiting[:_AT_ONCE], waiting[_AT_ONCE:]
            for one in pool.map(lambda folder: _one_folder(system, top, folder, url), some):
                yield one
                waiting += one.folders if goes_deeper else ()


def understood(name: str, facts: Mapping[str, Any]) -> Remote:
    """Return what a server says of an object."""
    size = facts.get("size")
    tag = next((str(facts[key]).strip('"') for key in _TAGS if facts.get(key)), None)
    time = next((facts[key] for key in _TIMES if facts.get(key)), None)
    return Remote(
        name,
        size if isinstance(size, int) else None,
        _stamp(tag, _seconds(time), size),
        _md5(facts),
        has_ranges=facts.get("partial") is not False,
    )


def why_not_a_name(name: str) -> str | None:
    """Return why an object's name (one part of it) cannot be a file's, as a key; None if it can."""
    if name in {"", ".", ".."} or "/" in name:
        return "remote.name_leads_out"
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in name):
        return "remote.name_of_control"
    if len(name.encode("utf-8")) > _LONGEST_NAME_BYTES:
        return "remote.name_too_long"
    return None


def why_not_a_path(path: str) -> str | None:
    """Return why a whole name cannot be a path; None if it can."""
    if len(path.encode("utf-8", "replace")) > _LONGEST_PATH_BYTES:
        return "remote.name_too_long"
    return next((why for part in path.split("/") if (why := why_not_a_name(part))), None)


def stamp_of_content(content_md5: str) -> int:
    """Return a time that follows from the content alone, for objects without a version."""
    return int(content_md5[:8], 16) % 1_000_000_000 * 1_000_000_000


def _one_folder(system: FileSystem, top: str, folder: str, url: str) -> Listed:
    path = f"{top}/{folder}".rstrip("/") if folder else top
    try:
        with asking():
            found = system.ls(path, detail=True)
    except ServerTrouble as error:
        raise in_words(error, f"{url}/{folder}" if folder else url) from None
    before = path.rstrip("/") + "/"
    folders: dict[str, None] = {}
    facts_by_name: dict[str, Mapping[str, Any]] = {}
    aside: list[tuple[str, str]] = []
    for facts in found:
        whole, is_folder = str(facts["name"]), facts.get("type") == "directory"
        if whole.rstrip("/") == path.rstrip("/") and not (is_folder and whole.endswith("//")):
            if is_folder and whole.endswith("/"):
                aside.append((f"{folder}/" if folder else "/", "remote.name_leads_out"))
            continue  # the mark that some tools leave for an empty folder
        name = whole.removeprefix(before)
        name = name.removesuffix("/") if is_folder else name
        place = f"{folder}/{name}" if folder else name
        why = why_not_a_name(name) or why_not_a_path(place)
        if why is not None:
            aside.append((place, why))
        elif is_folder:
            folders[name] = None
        elif not name.endswith("/"):
            facts_by_name[name] = facts
    for name in folders.keys() & facts_by_name.keys():
        del facts_by_name[name]  # a file and a folder of one name: the folder holds more
        aside.append((f"{folder}/{name}" if folder else name, "remote.name_of_folder"))
    inside = f"{folder}/" if folder else ""
    return Listed(
        folder,
        tuple(understood(inside + name, facts) for name, facts in sorted(facts_by_name.items())),
        tuple(inside + name for name in sorted(folders)),
        tuple(sorted(aside)),
    )


def _seconds(time: object) -> float | None:
    if isinstance(time, datetime):
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
    if isinstance(time, (int, float)):
        return float(time)
    if isinstance(time, str):
        try:
            return _seconds(datetime.fromisoformat(time))
        except ValueError:
            return None
    return None


def _stamp(tag: str | None, time: float | None, size: object) -> int | None:
    if tag is None and time is None:
        return None
    made = hashlib.sha256(f"{tag if tag is not None else time!r}|{size}".encode()).digest()
    seconds = min(max(int(time or 0), 0), _LATEST_S)
    return (seconds * 1_000_000 + int.from_bytes(made[:4], "big") % 1_000_000) * 1_000


def _md5(facts: Mapping[str, Any]) -> str | None:
    tag = str(facts.get("ETag", "")).strip('"').lower()
    if "StorageClass" in facts and _MD5_HEX.fullmatch(tag):
        return tag
    for key in ("md5Hash", "content_md5"):
        value = facts.get(key)
        try:
            plain = base64.b64decode(value) if isinstance(value, str) else bytes(value or b"")
        except (binascii.Error, TypeError, ValueError):
            continue
        if len(plain) == _MD5_BYTES:
            return plain.hex()
    return None
