"""One catalogue in two languages; every code has a sentence and a remedy, and the documentation shows them all."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from flows.messages import Language, _messages, choose_language, reason_text, reasons, reasons_page, say

ROOT = Path(__file__).parents[2]
KEYS = sorted(f"{group}.{name}" for group, names in _messages().items() for name in names)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", KEYS)
def test_both_languages_say_the_same_values(key: str) -> None:
    group, name = key.split(".")
    entry = _messages()[group][name]
    assert set(entry) == {"en", "zh"}
    assert fields(entry["en"]) == fields(entry["zh"])
    assert say(key, Language.CHINESE, **dict.fromkeys(fields(entry["zh"]), 1))


def test_every_code_in_the_sources_has_its_reason_and_no_reason_is_left_over() -> None:
    packages = ("ocr", "layout", "expectations", "flows")
    sources = [p.read_text("utf-8") for package in packages for p in (ROOT / package).rglob("*.py")]
    used = {code for text in sources for code in re.findall(r'"(E_[A-Z_]+)"', text)}
    assert len(used) > 15
    assert used == set(reasons())


def test_every_reason_is_whole() -> None:
    for code, entry in reasons().items():
        assert set(entry) == {"en", "zh", "remedy_en", "remedy_zh"}, code
        assert all(entry.values()), code
        assert re.search("[\u4e00-\u9fff]", entry["zh"] + entry["remedy_zh"]), code
    assert reason_text("E_NOTHING", Language.ENGLISH) is None


def test_the_documentation_is_up_to_date() -> None:
    assert (ROOT / "docs" / "reasons.md").read_text(encoding="utf-8") == reasons_page()


@pytest.mark.parametrize(
    ("setting", "environment", "expected"),
    [
        ("zh", {"LANG": "C"}, "zh"),
        ("en", {"LANG": "zh_CN.UTF-8"}, "en"),
        ("", {"LANG": "zh_CN.UTF-8"}, "zh"),
        ("", {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ("", {"LC_ALL": "", "LANG": "zh_CN"}, "zh"),
        ("", {}, "en"),
    ],
    ids=["setting", "setting-en", "lang", "lc_all", "empty", "none"],
)
def test_the_language_is_that_of_the_setting_or_the_environment(
    setting: str, environment: dict[str, str], expected: str
) -> None:
    assert choose_language(setting, environment).value == expected
