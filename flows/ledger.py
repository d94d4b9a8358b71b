"""The one truth about a watched folder: what was offered, and what became of it. Only importer of sqlite3.

    documents   one row for each content (SHA-256): waiting -> working -> accepted | needs_review | quarantined
    offerings   one row for each file that was taken from the inbox; the second of the same content is a duplicate
    blocked     what lies in the inbox and cannot be taken now, and why (no file of ours yet, so not offered)

An offering that is no duplicate is in the state of its document, so

    offered = waiting + working + accepted + needs_review + quarantined + duplicate

holds at any moment by the shape of the tables. SQLite in WAL mode with synchronous=FULL: what a commit said stays true
after a power cut. Times are seconds since 1970; they never decide anything but what `status` shows.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from flows.codec import decode, encode
from flows.results import Reason
from flows.store import OutputFolder
from ocr.errors import StorageError


class State(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    ACCEPTED = "accepted"
    NEEDS_REVIEW = "needs_review"
    QUARANTINED = "quarantined"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Identity:
    """How a file of the inbox is known again. path: its bytes, relative to the inbox."""

    path: bytes
    inode: int
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document to be worked on, under the name it was first offered with."""

    sha256: str
    source_name: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of a document."""

    state: State
    reasons: tuple[Reason, ...]
    n_pages: int
    pipeline_version: str


@dataclass(frozen=True, slots=True)
class Row:
    """A document as it stands. names: all names it was offered under."""

    sha256: str
    state: State
    reasons: tuple[Reason, ...]
    n_pages: int
    pipeline_version: str
    revision: int
    attempts: int
    claimed_at: float
    finished_at: float | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blocked:
    """An entry of the inbox that cannot be taken now. since: when that was first seen."""

    path: bytes
    name: str
    code: str
    message: str
    since: float


MIGRATIONS = (
    """
    CREATE TABLE documents (
        sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
        state TEXT NOT NULL CHECK (state IN ('waiting', 'working', 'accepted', 'needs_review', 'quarantined')),
        reasons TEXT NOT NULL DEFAULT '[]',
        n_pages INTEGER NOT NULL DEFAULT 0,
        pipeline_version TEXT NOT NULL DEFAULT '',
        revision INTEGER NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0,
        claimed_at REAL NOT NULL,
        finished_at REAL
    ) STRICT;
    CREATE TABLE offerings (
        id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL REFERENCES documents (sha256),
        is_duplicate INTEGER NOT NULL CHECK (is_duplicate IN (0, 1)),
        name TEXT NOT NULL,
        batch TEXT NOT NULL,
        path BLOB NOT NULL,
        inode INTEGER NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        offered_at REAL NOT NULL,
        moved_at REAL
    ) STRICT;
    CREATE INDEX offerings_by_path ON offerings (path);
    CREATE INDEX offerings_by_content ON offerings (sha256);
    CREATE UNIQUE INDEX first_offerings ON offerings (sha256) WHERE is_duplicate = 0;
    CREATE INDEX documents_by_state ON documents (state, attempts, claimed_at);
    CREATE TABLE blocked (
        path BLOB PRIMARY KEY, name TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, since REAL NOT NULL
    ) STRICT;
    """,
)
_BUSY_SECONDS = 30.0


def ledger_path(out: OutputFolder) -> Path:
    return out.root / ".scanledger" / "ledger.sqlite"


class Ledger:
    """An open ledger. Belongs to one thread. Every method is one transaction; raises StorageError."""

    def __init__(self, path: Path) -> None:
        self._where = str(path)
        with self._storage():
            self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA foreign_keys=ON")
            self._migrate()

    def _migrate(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            remedy = "Use the version of scanledger that wrote it, or a later one."
            raise StorageError(
                f"the ledger has version {version}, later than this program", where=self._where, remedy=remedy
            )
        for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
            self._db.executescript(f"BEGIN; {script}; PRAGMA user_version = {number}; COMMIT;")

    @contextmanager
    def _storage(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StorageError(f"the ledger cannot be used: {error}", where=self._where) from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._storage():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    def close(self) -> None:
        with self._storage():
            self._db.close()

    # --- intake ---

    def knows(self, identity: Identity) -> bool:
        """Whether this very file was taken before, and is not one that was moved away since."""
        with self._storage():
            found = self._db.execute(
                "SELECT 1 FROM offerings WHERE path = ? AND inode = ? AND size = ? AND mtime_ns = ? AND moved_at IS NULL",
                (identity.path, identity.inode, identity.size, identity.mtime_ns),
            ).fetchone()
        return found is not None

    def offer(self, identity: Identity, name: str, sha256: str, now: float) -> State:
        """Takes note of a file whose bytes are in the store; gives the state it is in.

        A file that was only touched, or written again with the same bytes, is the same offering.
        """
        batch = os.fsdecode(os.path.dirname(identity.path)).encode("utf-8", "backslashreplace").decode()  # noqa: PTH120 - bytes
        with self._transaction() as db:
            known = db.execute("SELECT state FROM documents WHERE sha256 = ?", (sha256,)).fetchone()
            same = "path = ? AND sha256 = ? AND moved_at IS NULL"
            seen = (identity.inode, identity.size, identity.mtime_ns)
            if db.execute(
                f"UPDATE offerings SET inode = ?, size = ?, mtime_ns = ? WHERE {same}", (*seen, identity.path, sha256)
            ).rowcount:
                return State(known[0])
            if known is None:
                db.execute("INSERT INTO documents (sha256, state, claimed_at) VALUES (?, 'waiting', ?)", (sha256, now))
            db.execute(
                "INSERT INTO offerings (sha256, is_duplicate, name, batch, path, inode, size, mtime_ns, offered_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (sha256, int(known is not None), name, batch, identity.path, *seen, now),
            )
        return State.WAITING if known is None else State.DUPLICATE

    def moved(self, identity: Identity, now: float) -> None:
        """The file was moved out of the inbox: whatever comes under its name is another offering."""
        with self._transaction() as db:
            db.execute(
                "UPDATE offerings SET moved_at = ? WHERE path = ? AND inode = ? AND moved_at IS NULL",
                (now, identity.path, identity.inode),
            )

    def set_blocked(self, blocked: Iterable[Blocked]) -> None:
        """What cannot be taken now, in place of what could not before; what stays keeps its time."""
        rows = [(b.path, b.name, b.code, b.message, b.since) for b in blocked]
        with self._transaction() as db:
            since = dict(db.execute("SELECT path, since FROM blocked").fetchall())
            db.execute("DELETE FROM blocked")
            db.executemany(
                "INSERT INTO blocked VALUES (?, ?, ?, ?, ?)", [(*row[:4], since.get(row[0], row[4])) for row in rows]
            )

    # --- work ---

    def recover(self) -> int:
        """What a killed run was working on waits again; gives how many those are."""
        with self._transaction() as db:
            return db.execute("UPDATE documents SET state = 'waiting' WHERE state = 'working'").rowcount

    def next_waiting(self) -> Waiting | None:
        """The document to work on: what was tried least, then what waits longest, so that none can block the others."""
        with self._storage():
            row = self._db.execute(
                "SELECT d.sha256, o.name, d.attempts FROM documents d JOIN offerings o ON o.sha256 = d.sha256"
                " WHERE d.state = 'waiting' AND o.is_duplicate = 0 ORDER BY d.attempts, d.claimed_at, o.id LIMIT 1"
            ).fetchone()
        return None if row is None else Waiting(*row)

    def start(self, sha256: str) -> None:
        with self._transaction() as db:
            db.execute("UPDATE documents SET state = 'working', attempts = attempts + 1 WHERE sha256 = ?", (sha256,))

    def put_back(self, sha256: str) -> None:
        """It waits again, through no fault of its own."""
        with self._transaction() as db:
            db.execute(
                "UPDATE documents SET state = 'waiting', attempts = max(0, attempts - 1)"
                " WHERE sha256 = ? AND state = 'working'",
                (sha256,),
            )

    def finish(self, sha256: str, finished: Finished, now: float) -> None:
        """A document is done. Its revision rises when another pipeline than before published it."""
        reasons = json.dumps(encode(finished.reasons))
        with self._transaction() as db:
            db.execute(
                "UPDATE documents SET state = ?, reasons = ?, n_pages = ?, attempts = 0, finished_at = ?,"
                " revision = revision + (pipeline_version != ?), pipeline_version = ? WHERE sha256 = ?",
                (
                    finished.state.value, reasons, finished.n_pages, now, finished.pipeline_version,
                    finished.pipeline_version, sha256,
                ),
            )  # fmt: skip

    def wait_again(self, sha256s: Iterable[str] | None = None, other_version: str = "") -> int:
        """Finished documents that shall be worked on once more: these, or all of another pipeline version."""
        again = "UPDATE documents SET state = 'waiting', attempts = 0 WHERE state NOT IN ('waiting', 'working')"
        with self._transaction() as db:
            if sha256s is None:
                return db.execute(f"{again} AND pipeline_version != ?", (other_version,)).rowcount
            return sum(db.execute(f"{again} AND sha256 = ?", (sha256,)).rowcount for sha256 in sha256s)

    # --- to look at ---

    def counts(self) -> Mapping[State, int]:
        """Offerings by state; all states, also those without any."""
        with self._storage():
            rows = self._db.execute(
                "SELECT CASE o.is_duplicate WHEN 1 THEN 'duplicate' ELSE d.state END AS s, count(*)"
                " FROM offerings o LEFT JOIN documents d ON d.sha256 = o.sha256 GROUP BY s"
            ).fetchall()
        found = dict(rows)
        return {state: found.get(state.value, 0) for state in State}

    def n_offered(self) -> int:
        with self._storage():
            return int(self._db.execute("SELECT count(*) FROM offerings").fetchone()[0])

    def n_finished_since(self, when: float) -> int:
        with self._storage():
            row = self._db.execute("SELECT count(*) FROM documents WHERE finished_at >= ?", (when,)).fetchone()
        return int(row[0])

    def oldest_waiting(self) -> tuple[str, float] | None:
        """(name, when it was taken) of the document that waits longest."""
        with self._storage():
            row = self._db.execute(
                "SELECT o.name, d.claimed_at FROM documents d JOIN offerings o ON o.sha256 = d.sha256"
                " WHERE d.state IN ('waiting', 'working') AND o.is_duplicate = 0 ORDER BY d.claimed_at LIMIT 1"
            ).fetchone()
        return None if row is None else (str(row[0]), float(row[1]))

    def documents(self, state: State | None = None) -> tuple[Row, ...]:
        where, values = ("", ()) if state is None else (" WHERE state = ?", (state.value,))
        with self._storage():
            rows = self._db.execute(
                "SELECT sha256, state, reasons, n_pages, pipeline_version, revision, attempts, claimed_at, finished_at"
                f" FROM documents{where} ORDER BY claimed_at, sha256",
                values,
            ).fetchall()
            names: dict[str, list[str]] = {}
            for sha256, name in self._db.execute("SELECT sha256, name FROM offerings ORDER BY id"):
                names.setdefault(sha256, []).append(name)
        return tuple(_row(row, tuple(names.get(row[0], ()))) for row in rows)

    def blocked(self) -> tuple[Blocked, ...]:
        with self._storage():
            return tuple(Blocked(*row) for row in self._db.execute("SELECT * FROM blocked ORDER BY since, path"))

    def faults(self) -> tuple[str, ...]:
        """What SQLite itself finds wrong with the file."""
        with self._storage():
            found = [str(row[0]) for row in self._db.execute("PRAGMA integrity_check")]
            found += [
                f"row {row[1]} of {row[0]} refers to nothing" for row in self._db.execute("PRAGMA foreign_key_check")
            ]
        return tuple(line for line in found if line != "ok")


def _row(row: tuple[Any, ...], names: tuple[str, ...]) -> Row:
    sha256, state, reasons, n_pages, version, revision, attempts, claimed_at, finished_at = row
    told = decode(tuple[Reason, ...], json.loads(reasons))
    return Row(sha256, State(state), told, n_pages, version, revision, attempts, claimed_at, finished_at, names)
