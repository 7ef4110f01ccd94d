"""The ledger of looks at a sealed part: who looked, when, with which model, at which figure.

It lies beside the data, not in a run: every run on the same images adds to the same file. Each
line carries the hash of the one before it, so that a line that was changed or taken out is seen.
"""

from __future__ import annotations

import fcntl
import getpass
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tamiz.core.files import explain_os_error, explain_read_error
from tamiz.core.urls import is_url, plain_url

VARIABLE: Final = "TAMIZ_LOOKS"
ENDING: Final = ".looks.jsonl"
_FIRST: Final = "0" * 16


@dataclass(frozen=True, slots=True)
class LookRecord:
    """One look at a sealed part.

    Attributes:
        when: ISO 8601, UTC.
        who: the account that ran the command.
        run: name of the run's folder.
        bundle: the model's identity, first 16 hex digits.
        part: `part_key` of the images looked at.
        n: how many images.
        metric: the metric that came first.
        value: what it was; None while it is being measured, or where that was interrupted.
        low: lower end of its interval.
        high: upper end.
    """

    when: str
    who: str
    run: str
    bundle: str
    part: str
    n: int
    metric: str
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class LooksLedger:
    """The file that holds the looks at the parts of one source.

    Attributes:
        place: the file; it need not be there yet.
        is_beside: whether it lies beside the data, as it should.
    """

    place: Path
    is_beside: bool

    @classmethod
    def of(cls, source: Path | str) -> LooksLedger:
        """Return the ledger of a source: '<source>.looks.jsonl' beside it.

        Where $TAMIZ_LOOKS names a folder it lies there; where the folder of the source cannot be
        written to, in the user's own state folder ($XDG_STATE_HOME or ~/.local/state); likewise
        for a source at a URL.
        """
        if is_url(source):
            return cls._of_url(plain_url(source))
        whole = Path(os.path.abspath(Path(source).expanduser()))  # noqa: PTH100 - links stay
        beside = whole.with_name(whole.name + ENDING) if whole.name else whole / f"root{ENDING}"
        named = f"{whole.name}-{hashlib.sha256(str(whole).encode()).hexdigest()[:12]}{ENDING}"
        chosen = os.environ.get(VARIABLE)
        if chosen:
            return cls(Path(chosen).expanduser() / named, is_beside=False)
        can_write = os.access(beside if beside.exists() else beside.parent, os.W_OK)
        if can_write:
            return cls(beside, is_beside=True)
        return cls(_own_folder() / named, is_beside=False)

    @classmethod
    def _of_url(cls, url: str) -> LooksLedger:
        """Return the ledger of a source at a URL: here, for nothing is written there."""
        hashed = hashlib.sha256(url.rstrip("/").encode()).hexdigest()[:12]
        named = f"{Path(url).name}-{hashed}{ENDING}"
        chosen = os.environ.get(VARIABLE)
        return cls(
            (Path(chosen).expanduser() if chosen else _own_folder()) / named, is_beside=False
        )

    def append(self, record: LookRecord) -> None:
        """Add a line, after those of other processes that look at the same time.

        Raises:
            MachineTrouble: the disk is full.
            WrongUse: the file cannot be written.
        """
        try:
            self.place.parent.mkdir(parents=True, exist_ok=True)
            with self.place.open("a+b") as opened:
                fcntl.flock(opened, fcntl.LOCK_EX)
                opened.seek(0)
                lines = opened.read().split(b"\n")
                if lines[-1]:  # a line cut short by a fault stays, and is seen as broken
                    opened.write(b"\n")
                before = _stamp(([line for line in lines if line] or [b""])[-1])
                content = {**asdict(record), "after": before}
                opened.write(json.dumps(content, sort_keys=True).encode() + b"\n")
                opened.flush()
                os.fsync(opened.fileno())
        except OSError as error:
            raise explain_os_error(error, self.place) from error

    def read(self) -> tuple[list[LookRecord], bool]:
        """Return the records, and whether the file is as it was written: no line changed or gone.

        Lines cut from the end are not seen: the file alone cannot tell that they were there.

        A line without figures is left out where a later one of the same look has them.

        Raises:
            WrongUse: the file may not be read.
        """
        try:
            content = self.place.read_bytes()
        except FileNotFoundError:
            return [], True
        except OSError as error:
            raise explain_read_error(error, self.place) from error
        made: list[LookRecord] = []
        before, is_whole = _FIRST, True
        for line in content.split(b"\n"):
            if not line:
                continue
            record, after = _understood(line)
            is_whole = is_whole and record is not None and after == before
            before = _stamp(line)
            if record is not None:
                made = [one for one in made if not _is_start_of(one, record)]
                made.append(record)
        return made, is_whole


def _own_folder() -> Path:
    state = os.environ.get("XDG_STATE_HOME")
    home = Path(state) if state else Path.home() / ".local" / "state"
    return home / "tamiz" / "looks"


def part_key(contents: Sequence[str]) -> str:
    """Return 16 hex digits that are equal for the same set of images, in whatever order."""
    joined = "\n".join(sorted(contents))
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def now_and_who() -> tuple[str, str]:
    """Return the time as ISO 8601 and the name of the account, '?' where it has none."""
    try:
        who = getpass.getuser()
    except (KeyError, OSError, ImportError):
        who = "?"
    return datetime.now(UTC).isoformat(timespec="microseconds"), who


def _stamp(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()[:16] if line else _FIRST


def _understood(line: bytes) -> tuple[LookRecord | None, str]:
    try:
        found: dict[str, Any] = json.loads(line)
        names = {one.name for one in fields(LookRecord)}
        record = LookRecord(**{name: found[name] for name in names})
        return (record if _is_sound(record) else None), str(found.get("after"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, ""


def _is_sound(record: LookRecord) -> bool:
    """Return whether every field is of its kind: a file that was changed by hand may hold all."""
    words: tuple[object, ...] = (
        record.when,
        record.who,
        record.run,
        record.bundle,
        record.part,
        record.metric,
    )
    count: object = record.n
    numbers: tuple[object, ...] = (record.value, record.low, record.high)
    return (
        all(isinstance(one, str) for one in words)
        and isinstance(count, int)
        and all(one is None or isinstance(one, (int, float)) for one in numbers)
    )


def _is_start_of(early: LookRecord, late: LookRecord) -> bool:
    same = (early.when, early.run, early.bundle, early.part)
    is_same = same == (late.when, late.run, late.bundle, late.part)
    return early.value is None and is_same
