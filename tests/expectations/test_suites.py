"""The suite files themselves, and what happens to one that somebody spoilt."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from expectations.frames import COLUMNS, TABLE_FRAMES
from expectations.gx import load_expectations
from expectations.suite_files import SUITE_FOLDER, parse_suite, read_suite, suite_names
from expectations.values import Severity
from ocr.errors import SuiteError

KINDS = [f"B{number}" for number in range(1, 14)]
ACCOUNTS = [f"J{number}" for number in range(1, 10)]
STATEMENTS = ["F1", "F2", "F3"]
NAMES = sorted(path.stem for path in SUITE_FOLDER.glob("*.json"))


def test_every_kind_has_its_suite() -> None:
    assert set(NAMES) == {*KINDS, *ACCOUNTS, *STATEMENTS, "table", "unknown", "document"}


@pytest.mark.parametrize("name", NAMES)
def test_every_suite_loads_whole(name: str) -> None:
    suite = read_suite(name)
    loaded = load_expectations(name, list(suite.entries), name)
    assert len(loaded.expectations) == len(suite.entries) > 0


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_is_there_in_both_languages(name: str) -> None:
    for entry in read_suite(name).entries:
        for words in (entry.expect, entry.action):
            assert re.search("[\u4e00-\u9fff]", words.zh), entry.id
            assert re.fullmatch(r".*[A-Za-z].*\.", words.en), entry.id


@pytest.mark.parametrize("name", NAMES)
def test_columns_named_in_kwargs_exist_in_the_frame(name: str) -> None:
    for entry in read_suite(name).entries:
        kwargs = entry.config["kwargs"]
        named = {kwargs[key] for key in ("column", "when") if kwargs.get(key)}
        assert named <= set(COLUMNS[entry.frame].split()), entry.id


@pytest.mark.parametrize("name", NAMES)
def test_patterns_are_regular_expressions(name: str) -> None:
    for entry in read_suite(name).entries:
        for key in ("pattern", "identity", "heading", "beside", "words", "regex"):
            re.compile(entry.config["kwargs"].get(key, ""))


def test_each_identity_of_a_table_is_judged_by_exactly_one_expectation() -> None:
    """So that no identity goes unjudged, whatever the catalogue adds, and none counts twice; the text only warns."""
    for suite, names in (
        ("table", ["I01", "I02", "I03", "I08", "I12", "X12"]),
        ("document", ["X01", "X05", "X06", "X12", "X99"]),
    ):
        judges = [
            (entry.config["kwargs"]["identity"], entry.severity)
            for entry in read_suite(suite).entries
            if "extraction_suspect" in entry.config["kwargs"].get("verdicts", ())
        ]
        for name in names:
            severities = [severity for pattern, severity in judges if re.fullmatch(pattern, name)]
            assert severities == [Severity.WARNING if name == "X12" else Severity.CRITICAL], name


def test_a_kind_without_a_suite_is_treated_as_unknown() -> None:
    assert suite_names("B5") == ("table", "B5")
    assert (
        suite_names("") == suite_names("R1") == suite_names("document") == suite_names("table") == ("table", "unknown")
    )


def _spoilt(tmp_path: Path, change: str) -> Path:
    content = json.loads((SUITE_FOLDER / "B1.json").read_text(encoding="utf-8"))
    first = content["expectations"][0]
    match change:
        case "no action":
            del first["meta"]["action"]
        case "bad severity":
            first["severity"] = "fatal"
        case "doubled":
            content["expectations"].append(first)
        case "no such frame":
            first["meta"]["frame"] = "pages"
        case "empty":
            content["expectations"] = []
        case "other name":
            content["name"] = "B2"
        case "one language":
            del first["meta"]["expect"]["zh"]
        case "a list":
            content = [content]
    path = tmp_path / "B1.json"
    path.write_text("{" if change == "not JSON" else json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("no action", "'action' is missing"),
        ("bad severity", "'fatal' is not a valid Severity"),
        ("doubled", "these ids stand twice: total_row"),
        ("no such frame", "no such frame"),
        ("empty", "expects nothing"),
        ("other name", "calls itself 'B2'"),
        ("one language", "zh"),
        ("a list", "not a suite"),
        ("not JSON", "not a suite"),
    ],
)
def test_a_spoilt_suite_is_refused_by_name(tmp_path: Path, change: str, said: str) -> None:
    path = _spoilt(tmp_path, change)
    with pytest.raises(SuiteError, match=re.escape(said)) as caught:
        parse_suite(path, TABLE_FRAMES)
    assert caught.value.where == str(path)


def test_a_missing_suite_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="cannot read the suite"):
        parse_suite(tmp_path / "B1.json", TABLE_FRAMES)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "expect_nothing_known"}, "does not know: total_row (expect_nothing_known)"),
        ({"kwargs": {"patern": "x"}}, "cannot be used"),
    ],
)
def test_what_great_expectations_drops_in_silence_is_refused(change: dict[str, object], said: str) -> None:
    from dataclasses import replace

    suite = read_suite("B1")
    first = replace(suite.entries[0], config={**suite.entries[0].config, **change})
    with pytest.raises(SuiteError, match=re.escape(said)) as caught:
        load_expectations("B1", [first, *suite.entries[1:]], "B1.json")
    assert caught.value.where == "B1.json"
