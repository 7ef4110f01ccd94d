"""Sources by URL: brought to the user's cache, kept up to date, and read from there.

What lies at a URL is listed; what is new or changed there is downloaded, what is gone there is
removed here. A file's time here is the stamp of its version there, so that no list of what was
done is needed: a killed call leaves whole files, and the next one goes on.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tamiz.acquisition.patterns import files_of, lost_files
from tamiz.acquisition.remote_fetching import Job, bring, is_current, parts_folder
from tamiz.acquisition.remote_listing import Listed, Remote, listed, understood, why_not_a_path
from tamiz.acquisition.remote_notes import keep_note, note_newest, note_of
from tamiz.acquisition.remote_opening import (
    FileSystem,
    ServerTrouble,
    asking,
    in_words,
    is_absent,
    opened,
)
from tamiz.core.braces import before_braces, is_pattern
from tamiz.core.errors import MachineTrouble, WrongData, WrongUse
from tamiz.core.events import Event, OnEvent, ignore, track
from tamiz.core.files import check_room, make_folder
from tamiz.core.language import text
from tamiz.core.remote_files import FETCHERS
from tamiz.core.urls import (
    is_mirrored,
    is_url,
    name_of,
    on_disk,
    plain_url,
    top_of_urls,
    with_strokes,
)

AT_ONCE: Final = 16
_AHEAD: Final = 4 * AT_ONCE
_OLD_PART_S: Final = 7 * 24 * 3600
_MANY_IN_A_FOLDER: Final = 8  # from here on one list is cheaper than a question for each

# What this command has brought up to date already; None: no command asked to be steady.
_brought: ContextVar[set[str] | None] = ContextVar("brought", default=None)


def at_hand(source: Path | str, on_event: OnEvent = ignore) -> Path:
    """Return where a source lies on this machine; a URL is brought here, or brought up to date.

    Raises:
        WrongUse: nothing is at the URL, it may not be read, or it cannot be understood.
        WrongData: nothing but an empty folder is there, or an object vanished or came damaged.
        MachineTrouble: the server does not answer, or the disk has no room.
    """
    source = with_strokes(source)
    if not is_url(source):
        return on_disk(source)
    url = _whole(source)
    place = on_disk(url)
    if _is_new(url):
        if is_pattern(url):
            _bring_pattern(url, on_event)
        else:
            _bring_source(url, place, on_event)
        _remember(url)
    return place


@contextmanager
def steady(*sources: Path | str | None, on_event: OnEvent = ignore) -> Iterator[None]:
    """Bring the sources up to date; inside, every source is taken as it was when first asked for.

    So one command sees one state of its source, and asks the server once.
    """
    with _one_state():
        for one in sources:
            if one and is_url(one):
                at_hand(one, on_event)
        yield


@contextmanager
def steady_or_old(*sources: Path | str | None, on_event: OnEvent = ignore) -> Iterator[None]:
    """Like `steady`; of a source that does not answer, what was brought before is taken.

    The listener is told so, and from when it is.
    """
    with _one_state():
        for one in sources:
            if one and is_url(one):
                _bring_or_keep(_whole(one), on_event)
        yield


def _bring_or_keep(url: str, on_event: OnEvent) -> None:
    try:
        at_hand(url, on_event)
    except (MachineTrouble, WrongUse) as error:
        note = note_of(url)
        if "utc" not in note:
            raise
        told = text("remote.old_copy", url=url, utc=note["utc"], reason=error.what)
        on_event(Event("fetch", "warning", told))
        _remember(url)


@contextmanager
def _one_state() -> Iterator[None]:
    before = _brought.set(set(_brought.get() or ()))
    try:
        yield
    finally:
        _brought.reset(before)


def _is_new(what: str) -> bool:
    known = _brought.get()
    return known is None or what not in known


def _remember(what: str) -> None:
    known = _brought.get()
    if known is not None:
        known.add(what)


def bring_some(
    root: Path, names: Sequence[str], on_event: OnEvent = ignore, *, may_be_old: bool = False
) -> set[str]:
    """Bring the named files; return the names of those that are there.

    Args:
        root: the place of a URL, or the folder of all URLs.
        names: relative to it, or URLs.
        on_event: told about progress.
        may_be_old: whether files that are here will do where the server does not answer.

    Raises:
        TamizError: see `at_hand`.
    """
    key = f"{root} {hashlib.sha256(repr(names).encode('utf-8', 'replace')).hexdigest()}"
    if not _is_new(key):
        return {one for one in names if os.path.lexists(f"{root}/{one}")}
    try:
        found = _brought_some(root, names, on_event)
    except (MachineTrouble, WrongUse):
        found = {one for one in names if os.path.lexists(f"{root}/{one}")}
        if not may_be_old or len(found) < len(set(names)):
            raise
    _remember(key)
    return found


def _brought_some(root: Path, names: Sequence[str], on_event: OnEvent) -> set[str]:
    names_by_folder: dict[str, dict[str, str]] = defaultdict(dict)
    for name in dict.fromkeys(names):
        url = plain_url(name) if is_url(name) else f"{name_of(root)}/{name}"
        if _is_sound(url):
            folder, _, last = url.rpartition("/")
            names_by_folder[folder][last] = name
    found: set[str] = set()
    jobs: list[tuple[FileSystem, Job]] = []
    newest_s = 0
    for folder, wanted in names_by_folder.items():
        system, path = opened(folder)
        for last, remote in _facts_of(system, path, folder, wanted):
            found.add(wanted[last])
            newest_s = max(newest_s, _time_of(remote))
            job = Job(
                remote, f"{path.rstrip('/')}/{last}", f"{folder}/{last}", on_disk(folder) / last
            )
            if not is_current(job.place, remote):
                jobs.append((system, job))
    _bring_all(jobs, on_event)
    note_newest(name_of(root).rstrip("/"), newest_s)
    return found


def bring_beside(folder: Path, on_event: OnEvent = ignore) -> None:
    """Bring the files that lie directly in the folder of a URL, as a source on disk has them."""
    url = name_of(folder)
    if _is_new(url):
        _bring_folder(url, folder, on_event, goes_deeper=False)


def names_aside(place: Path) -> list[tuple[str, str]]:
    """Return the objects of a URL that cannot be files here, each with the key of the reason."""
    if not is_mirrored(place):
        return []
    return [(name, why) for name, why in note_of(name_of(place).rstrip("/")).get("aside", [])]


@FETCHERS.add("url")
def fetch_missing(place: str, newest_s: int | None = None) -> bool:
    """Bring the one file whose place this is; return whether it is here now.

    Raises:
        WrongData: it is newer than `newest_s` says: changed since its source was listed.
        TamizError: the server does not answer, or refuses.
    """
    url = name_of(place)
    if not _is_sound(url):
        return False
    system, path = opened(url)
    try:
        with asking():
            facts = system.info(path)
    except ServerTrouble as error:
        if is_absent(error):
            return False
        raise in_words(error, url) from None
    if facts.get("type") == "directory":
        return False
    remote = understood(url, facts)
    if newest_s is not None and _time_of(remote) > newest_s:
        raise WrongData.of("remote.changed", where=url)
    bring(system, Job(remote, path, url, Path(place)))
    return True


def _bring_pattern(url: str, on_event: OnEvent) -> None:
    files = files_of(url)
    found = bring_some(on_disk(before_braces(url)), files, on_event)
    lost = [one for one in files if one not in found]
    if lost:
        raise lost_files(url, lost, len(files))
    keep_note(url, [], len(files), 0)


def _bring_source(url: str, place: Path, on_event: OnEvent) -> None:
    if not _is_sound(url):
        raise WrongUse.of("remote.bad_url", where=url)
    system, path = opened(url)
    try:
        with asking():
            facts = system.info(path)
    except ServerTrouble as error:
        raise in_words(error, url) from None
    if facts.get("type") == "directory":
        _bring_folder(url, place, on_event)
        return
    remote = understood(place.name, facts)
    if not is_current(place, remote):
        _bring_all([(system, Job(remote, path, url, place))], on_event)
    keep_note(url, [], 1, _time_of(remote))
    note_newest(url.rpartition("/")[0], _time_of(remote))  # the root of its rows


def _bring_folder(url: str, place: Path, on_event: OnEvent, *, goes_deeper: bool = True) -> None:
    system, top = opened(url)
    jobs: list[tuple[FileSystem, Job]] = []
    aside: list[tuple[str, str]] = []
    n = newest_s = 0
    looked = track(
        listed(system, top, url, goes_deeper=goes_deeper),
        on_event,
        stage="fetch",
        text=text("remote.listing", url=url),
    )
    gone: list[Path] = []
    for one in looked:
        aside += one.aside
        n += len(one.files)
        for remote in one.files:
            newest_s = max(newest_s, _time_of(remote))
            target = place / remote.name
            if not is_current(target, remote):
                jobs.append((system, Job(remote, f"{top.rstrip('/')}/{remote.name}",
                                         f"{url}/{remote.name}", target)))  # fmt: skip
        gone += _gone(place, one) if goes_deeper else ()
    if not n and goes_deeper:
        raise WrongData.of("remote.empty", where=url)
    for path in gone:
        _remove(path)
    _bring_all(jobs, on_event)
    if goes_deeper:
        keep_note(url, aside, n, newest_s)


def _bring_all(jobs: Sequence[tuple[FileSystem, Job]], on_event: OnEvent) -> None:
    """Bring all, several at once; the first fault stops the rest, and what is here stays.

    Raises:
        TamizError: the fault of the first object that could not be brought.
    """
    if not jobs:
        return
    folder = top_of_urls()
    make_folder(folder)
    check_room(folder, sum(job.remote.size or 0 for _, job in jobs))
    _remove_old_parts(parts_folder(folder / "x"))
    pool = ThreadPoolExecutor(min(AT_ONCE, len(jobs)), thread_name_prefix="tamiz-fetch")
    try:
        done = _in_turn(pool, jobs)
        for _ in track(
            done, on_event, stage="fetch", text=text("remote.fetching"), total=len(jobs)
        ):
            pass
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _in_turn(pool: ThreadPoolExecutor, jobs: Iterable[tuple[FileSystem, Job]]) -> Iterator[None]:
    """Yield once per object brought; no more than a few are waiting at a time."""
    waiting: set[Future[None]] = set()
    for system, job in jobs:
        waiting.add(pool.submit(bring, system, job))
        if len(waiting) >= _AHEAD:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        yield from (one.result() for one in done)


def _facts_of(
    system: FileSystem, path: str, url: str, wanted: dict[str, str]
) -> Iterator[tuple[str, Remote]]:
    """Yield what the server says of those of these files of a folder that are there."""
    if len(wanted) >= _MANY_IN_A_FOLDER:
        try:
            one = next(listed(system, path, url, goes_deeper=False))
        except WrongUse as error:
            if error.what != in_words(FileNotFoundError(), url).what:
                raise
            return
        yield from ((file.name, file) for file in one.files if file.name in wanted)
        return
    for last in wanted:
        try:
            with asking():
                facts = system.info(f"{path.rstrip('/')}/{last}")
        except ServerTrouble as error:
            if not is_absent(error):
                raise in_words(error, f"{url}/{last}") from None
            continue
        if facts.get("type") != "directory":
            yield last, understood(last, facts)


def _gone(place: Path, one: Listed) -> Iterator[Path]:
    """Yield what lies here in a folder and no longer there."""
    known = {name.rpartition("/")[2] for name in (*(f.name for f in one.files), *one.folders)}
    try:
        with os.scandir(place / one.folder if one.folder else place) as entries:
            yield from (Path(entry.path) for entry in entries if entry.name not in known)
    except (FileNotFoundError, NotADirectoryError):
        return


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _remove_old_parts(folder: Path) -> None:
    """Remove what killed downloads left a week ago, or sooner where nothing of it can be used."""
    now = datetime.now(UTC).timestamp()
    try:
        with os.scandir(folder) as entries:
            old = [one.path for one in entries if now - one.stat().st_mtime > _OLD_PART_S]
    except FileNotFoundError:
        return
    for path in old:
        Path(path).unlink(missing_ok=True)


def _whole(source: Path | str) -> str:
    """Return a source's URL as it is known by: without secrets, without a stroke at its end."""
    scheme, _, rest = plain_url(source).partition("://")
    return f"{scheme}://{rest.rstrip('/')}"


def _time_of(remote: Remote) -> int:
    """Return when the server says that an object was written, in s; 0: it does not say."""
    return 0 if remote.stamp_ns is None else remote.stamp_ns // 1_000_000_000


def _is_sound(url: str) -> bool:
    """Return whether a URL's place lies below the folder of its scheme."""
    return is_url(url) and why_not_a_path(url.partition("://")[2].strip("/")) is None
