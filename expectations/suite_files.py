"""Suite files: JSON that anybody may edit -> what is asked for, checked before Great Expectations sees it.

Great Expectations drops what it does not understand in a suite without a word. So each file is read here first, every
field is required, and `gx` compares what was loaded with what stands in the file. A file is a Great Expectations suite
(name, meta, expectations with type, kwargs, severity, meta); the ``meta`` of each expectation holds

id        unique in its file; findings and Data Docs name the expectation by it
frame     which rows it looks at (`frames`)
identity  or "" : the identity or rule of the catalogue behind it
expect    {"en": ..., "zh": ...}: what is expected, one sentence
action    {"en": ..., "zh": ...}: what a person should do when it fails

`table.json` runs on every table, `B1.json` ... on tables of that kind, `unknown.json` on tables without a suite of
their own, `document.json` on the whole document.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.frames import DOCUMENT_FRAMES, TABLE_FRAMES
from expectations.values import Severity
from ocr.errors import SuiteError

SUITE_FOLDER = Path(__file__).parent / "suites"
DOCUMENT, EVERY_TABLE, UNKNOWN = "document", "table", "unknown"


@dataclass(frozen=True, slots=True)
class Bilingual:
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class ExpectationEntry:
    """One expectation as it stands in its file. config: what Great Expectations is given."""

    id: str
    frame: str
    identity: str
    severity: Severity
    expect: Bilingual
    action: Bilingual
    config: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SuiteFile:
    name: str
    title: Bilingual
    entries: tuple[ExpectationEntry, ...]

    def entry(self, entry_id: str) -> ExpectationEntry | None:
        return next((entry for entry in self.entries if entry.id == entry_id), None)


def suite_names(kind: str) -> tuple[str, ...]:
    """The suites that run on a table of ``kind``: the common one, then its own or, without one, unknown."""
    own = (
        kind if kind and kind not in (DOCUMENT, EVERY_TABLE) and (SUITE_FOLDER / f"{kind}.json").is_file() else UNKNOWN
    )
    return EVERY_TABLE, own


@functools.cache
def read_suite(name: str, folder: Path = SUITE_FOLDER) -> SuiteFile:
    """The suite of that name, read once in a process. SuiteError names the file and what is wrong in it."""
    return parse_suite((folder / f"{name}.json"), DOCUMENT_FRAMES if name == DOCUMENT else TABLE_FRAMES)


def parse_suite(path: Path, frames: tuple[str, ...]) -> SuiteFile:
    """The suite in ``path``, each expectation of which names one of ``frames``; SuiteError otherwise."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        suite = SuiteFile(
            content["name"],
            Bilingual(**content["meta"]["title"]),
            tuple(_entry(config) for config in content["expectations"]),
        )
    except OSError as error:
        raise SuiteError(f"cannot read the suite: {error.strerror}", where=str(path)) from error
    except KeyError as error:
        raise SuiteError(f"the field {error} is missing", where=str(path)) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise SuiteError(f"not a suite: {error}", where=str(path)) from error
    _require_sound(suite, path, frames)
    return suite


def _entry(config: dict[str, Any]) -> ExpectationEntry:
    meta = config["meta"]
    return ExpectationEntry(
        id=meta["id"],
        frame=meta["frame"],
        identity=meta["identity"],
        severity=Severity(config["severity"]),
        expect=Bilingual(**meta["expect"]),
        action=Bilingual(**meta["action"]),
        config={"type": config["type"], "kwargs": config["kwargs"], "severity": config["severity"], "meta": meta},
    )


def _require_sound(suite: SuiteFile, path: Path, frames: tuple[str, ...]) -> None:
    ids = [entry.id for entry in suite.entries]
    doubled = sorted({entry_id for entry_id in ids if ids.count(entry_id) > 1})
    astray = sorted({entry.id for entry in suite.entries if entry.frame not in frames})
    if suite.name != path.stem:
        raise SuiteError(f"the suite calls itself {suite.name!r}, its file {path.stem!r}", where=str(path))
    if not ids:
        raise SuiteError("the suite expects nothing", where=str(path))
    if doubled:
        raise SuiteError(f"these ids stand twice: {', '.join(doubled)}", where=str(path))
    if astray:
        raise SuiteError(f"no such frame ({', '.join(frames)}) in: {', '.join(astray)}", where=str(path))
