"""The journal of a node: what was received, answered and sent, on the disk before it is told.

One SQLite file in write-ahead mode, each change synced. UIDs stand in it as hashes alone: it names
nobody.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from tamiz.core.errors import MachineTrouble, TamizError, WrongData, WrongUse

JOURNAL: Final = "journal.sqlite"
_VERSION: Final = 1
_FULL: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
_TABLES: Final = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS instance(
  id TEXT PRIMARY KEY, study TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL,
  pixels TEXT NOT NULL, syntax TEXT NOT NULL, bytes INTEGER NOT NULL, aside TEXT NOT NULL,
  utc REAL NOT NULL, part INTEGER);
CREATE INDEX IF NOT EXISTS instance_study ON instance(study, part);
CREATE INDEX IF NOT EXISTS instance_waiting ON instance(study) WHERE part IS NULL;
CREATE TABLE IF NOT EXISTS sending(study TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS part(
  study TEXT NOT NULL, number INTEGER NOT NULL, content TEXT NOT NULL, state TEXT NOT NULL,
  completed REAL NOT NULL, answered REAL, sent REAL, images INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(study, number));
CREATE INDEX IF NOT EXISTS part_state ON part(state);
CREATE TABLE IF NOT EXISTS object(
  id TEXT PRIMARY KEY, study TEXT NOT NULL, number INTEGER NOT NULL, file TEXT NOT NULL,
  sha256 TEXT NOT NULL, sent REAL);
CREATE TABLE IF NOT EXISTS event(
  at INTEGER PRIMARY KEY AUTOINCREMENT, utc REAL NOT NULL, what TEXT NOT NULL,
  study TEXT NOT NULL, detail TEXT NOT NULL);
PRAGMA user_version=1;
COMMIT;
"""


class Instance(NamedTuple):
    """One instance that lies whole on the disk.

    Attributes:
        id: hash of its UID.
        study: hash of its study's UID.
        file: relative to the state's folder.
        sha256: of the data set as it came.
        pixels: SHA-256 of its pixels as they came; '' without any.
        syntax: UID of the transfer syntax.
        bytes: of the file.
        aside: why it gets no answer ('no-pixels', 'localiser', ...); '' where it gets one.
    """

    id: str
    study: str
    file: str
    sha256: str
    pixels: str
    syntax: str
    bytes: int
    aside: str


class Part(NamedTuple):
    """Images of a study that are answered together.

    Attributes:
        study: hash of its UID.
        number: from 1; a later one holds what came after the earlier ones were complete.
        content: hash of what is in it.
        completed: seconds since 1970.
    """

    study: str
    number: int
    content: str
    completed: float


class Made(NamedTuple):
    """An object made as an answer.

    Attributes:
        id: hash of its UID.
        file: relative to the state's folder.
        sha256: of the file.
    """

    id: str
    file: str
    sha256: str


def hash_of(*words: str) -> str:
    """Return 32 hexadecimal digits that stand for a UID, or for several."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]


class Journal:
    """What a node knows, on the disk; thread-safe; a context manager."""

    def __init__(self, folder: Path, *, is_read_only: bool = False) -> None:
        """Open a folder's journal, or begin one.

        Raises:
            WrongUse: there is none to read, or it cannot be opened.
            WrongData: it is damaged, or of another version.
            MachineTrouble: the disk is full.
        """
        self.path = folder / JOURNAL
        self._lock = threading.RLock()
        if is_read_only and not self.path.is_file():
            raise WrongUse.of("node.no_state", where=folder)
        with self._explained():
            self._open = sqlite3.connect(
                self.path, timeout=30.0, isolation_level=None, check_same_thread=False
            )
            self._open.execute("PRAGMA synchronous=FULL")
            found = self._open.execute("PRAGMA user_version").fetchone()[0]
            if found not in {0, _VERSION} or (is_read_only and found == 0):
                self._open.close()
                raise WrongData.of("node.bad_journal", where=self.path)
            if not is_read_only:
                self._open.execute("PRAGMA journal_mode=WAL")
                self._open.executescript(_TABLES)
            else:
                self._open.execute("PRAGMA query_only=1")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._open.close()

    # what arrives

    def instance(self, id_: str) -> Instance | None:
        """Return the instance whose UID has this hash, answered or not."""
        row = self._one(
            "SELECT id, study, file, sha256, pixels, syntax, bytes, aside FROM instance WHERE id=?",
            id_,
        )
        return Instance(*row) if row else None

    def add(self, one: Instance) -> None:
        """Note an instance that lies whole on the disk; its sender may send more."""
        with self._writing() as write:
            write.execute(
                "INSERT INTO instance(id, study, file, sha256, pixels, syntax, bytes, aside, utc)"
                " VALUES(?,?,?,?,?,?,?,?,?)",
                (*one, time.time()),
            )
            write.execute("INSERT OR IGNORE INTO sending(study) VALUES(?)", (one.study,))
            self._tell(write, "received", one.study, one.id)

    def hung_up(self, studies: Iterable[str]) -> None:
        """Note that the sender of studies said that it is done."""
        with self._writing() as write:
            write.executemany("DELETE FROM sending WHERE study=?", [(one,) for one in studies])

    def being_sent(self) -> set[str]:
        """Return the studies whose sender did not say that it is done, also before a restart."""
        return {str(study) for (study,) in self._all("SELECT study FROM sending")}

    def tell(self, what: str, study: str = "", detail: str = "") -> None:
        """Note something that happened and changes nothing."""
        with self._writing() as write:
            self._tell(write, what, study, detail)

    def bytes_of(self, study: str) -> int:
        """Return how much of a study was received, in all."""
        row = self._one("SELECT COALESCE(SUM(bytes), 0) FROM instance WHERE study=?", study)
        return int(row[0]) if row else 0

    def is_ours(self, id_: str) -> bool:
        """Return whether an instance is an answer of this node."""
        return self._one("SELECT 1 FROM object WHERE id=?", id_) is not None

    # from study to answer

    def waiting(self) -> dict[str, tuple[int, int]]:
        """Return, of each study with something in no part yet: images in it at all, and waiting."""
        rows = self._all(
            "SELECT study, SUM(aside=''), SUM(aside='' AND part IS NULL) FROM instance WHERE study"
            " IN (SELECT DISTINCT study FROM instance WHERE part IS NULL) GROUP BY study ORDER BY 1"
        )
        return {study: (int(n), int(left)) for study, n, left in rows}

    def complete(self, study: str) -> None:
        """Make a part of what waits in a study."""
        with self._writing() as write:
            rows = write.execute(
                "SELECT id, sha256, aside FROM instance WHERE study=? AND part IS NULL ORDER BY id",
                (study,),
            ).fetchall()
            if not rows:
                return
            last = write.execute(
                "SELECT COALESCE(MAX(number), 0) FROM part WHERE study=?", (study,)
            ).fetchone()[0]
            content = hash_of(*(f"{id_} {sha}" for id_, sha, aside in rows if not aside))
            n = sum(not aside for _, _, aside in rows)
            write.execute(
                "INSERT INTO part(study, number, content, state, completed, images, skipped)"
                " VALUES(?,?,?,?,?,?,?)",
                (study, last + 1, content, "complete" if n else "nothing", time.time(), n,
                 len(rows) - n),
            )  # fmt: skip
            write.execute(
                "UPDATE instance SET part=? WHERE study=? AND part IS NULL", (last + 1, study)
            )
            write.execute("DELETE FROM sending WHERE study=?", (study,))
            self._tell(write, "complete" if n else "nothing", study, f"{last + 1}")

    def parts(self, state: str) -> list[Part]:
        """Return the parts in a state, the oldest first."""
        rows = self._all(
            "SELECT study, number, content, completed FROM part WHERE state=? ORDER BY completed,"
            " study, number",
            state,
        )
        return [Part(*row) for row in rows]

    def instances(self, part: Part) -> list[Instance]:
        """Return what is in a part, in a fixed order."""
        rows = self._all(
            "SELECT id, study, file, sha256, pixels, syntax, bytes, aside FROM instance"
            " WHERE study=? AND part=? ORDER BY id",
            part.study, part.number,
        )  # fmt: skip
        return [Instance(*row) for row in rows]

    def answered(self, part: Part, made: Sequence[Made], n_unread: int) -> None:
        """Note the objects that answer a part; from now on they are sent as they are."""
        with self._writing() as write:
            write.executemany(
                "INSERT OR IGNORE INTO object(id, study, number, file, sha256) VALUES(?,?,?,?,?)",
                [(one.id, part.study, part.number, one.file, one.sha256) for one in made],
            )
            write.execute(
                "UPDATE part SET state='answered', answered=?, unread=? WHERE study=? AND number=?",
                (time.time(), n_unread, part.study, part.number),
            )
            self._tell(write, "answered", part.study, f"{part.number}")

    def failed(self, part: Part, reason: str) -> None:
        """Note that no answer can be made; tried again when the node starts next."""
        self._move(part, "failed", reason)

    def retry_failed(self) -> int:
        """Let parts be tried again whose answers could not be made; return how many."""
        failed = self.parts("failed")
        for one in failed:
            self._move(one, "complete", "again")
        return len(failed)

    def remake(self, part: Part) -> None:
        """Let a part be answered again whose answer is gone from the disk: it is the same one."""
        self._move(part, "complete", "remade")

    # from answer to archive

    def unsent(self, part: Part) -> list[Made]:
        """Return the objects of a part that were not sent yet."""
        rows = self._all(
            "SELECT id, file, sha256 FROM object WHERE study=? AND number=? AND sent IS NULL"
            " ORDER BY file",
            part.study, part.number,
        )  # fmt: skip
        return [Made(*row) for row in rows]

    def objects(self, part: Part) -> list[Made]:
        """Return all objects of a part."""
        rows = self._all(
            "SELECT id, file, sha256 FROM object WHERE study=? AND number=? ORDER BY file",
            part.study, part.number,
        )  # fmt: skip
        return [Made(*row) for row in rows]

    def sent(self, one: Made) -> None:
        """Note that the archive said that it has an object."""
        with self._writing() as write:
            write.execute("UPDATE object SET sent=? WHERE id=?", (time.time(), one.id))

    def all_sent(self, part: Part) -> None:
        """Note that the archive has all objects of a part."""
        with self._writing() as write:
            write.execute(
                "UPDATE part SET state='sent', sent=? WHERE study=? AND number=?",
                (time.time(), part.study, part.number),
            )
            self._tell(write, "sent", part.study, f"{part.number}")

    def tidied(self, part: Part, state: str) -> None:
        """Note that a part's files are gone: 'sent' becomes 'done', 'nothing' 'skipped'."""
        self._move(part, state, "", is_told=False)

    # what is told

    def counts(self) -> dict[str, int]:
        """Return how many parts are in each state, and how many instances there are."""
        made = {str(state): int(n) for state, n in self._all(
            "SELECT state, COUNT(*) FROM part GROUP BY state"
        )}  # fmt: skip
        sums = self._one("SELECT COUNT(*), COALESCE(SUM(aside=''), 0), COUNT(DISTINCT study)"
                         " FROM instance")  # fmt: skip
        unread = self._one("SELECT COALESCE(SUM(unread), 0) FROM part")
        names = ("instances", "images", "studies")
        made |= {name: int(n) for name, n in zip(names, sums or (0, 0, 0), strict=True)}
        made["unread"] = int(unread[0]) if unread else 0
        made["receiving"] = len(self.waiting())
        return made

    def events(self) -> dict[str, int]:
        """Return how often each kind of thing happened."""
        return {
            str(what): int(n)
            for what, n in self._all("SELECT what, COUNT(*) FROM event GROUP BY what ORDER BY what")
        }

    def last(self, what: str) -> str:
        """Return the detail of the last event of a kind; '' without any."""
        row = self._one("SELECT detail FROM event WHERE what=? ORDER BY at DESC LIMIT 1", what)
        return str(row[0]) if row else ""

    def _move(self, part: Part, state: str, detail: str, *, is_told: bool = True) -> None:
        with self._writing() as write:
            write.execute(
                "UPDATE part SET state=? WHERE study=? AND number=?",
                (state, part.study, part.number),
            )
            if is_told:
                self._tell(write, state, part.study, detail)

    def _one(self, asked: str, *values: object) -> tuple[Any, ...] | None:
        rows = self._all(asked, *values)
        return rows[0] if rows else None

    def _all(self, asked: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, self._explained():
            return self._open.execute(asked, values).fetchall()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection in a transaction that is on the disk afterwards, or never was."""
        with self._lock, self._explained():
            self._open.execute("BEGIN IMMEDIATE")
            try:
                yield self._open
                self._open.execute("COMMIT")
            except BaseException:
                if self._open.in_transaction:
                    self._open.execute("ROLLBACK")
                raise

    @staticmethod
    def _tell(write: sqlite3.Connection, what: str, study: str, detail: str) -> None:
        write.execute(
            "INSERT INTO event(utc, what, study, detail) VALUES(?,?,?,?)",
            (time.time(), what, study, detail),
        )

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._in_words(error) from error

    def _in_words(self, error: sqlite3.Error) -> TamizError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _FULL:
            return MachineTrouble.of("node.journal_full", where=self.path)
        if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}:
            return WrongUse.of("node.journal_closed", where=self.path)
        return WrongData.of("node.bad_journal", where=self.path)
