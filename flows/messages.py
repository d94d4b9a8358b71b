"""What is said to people, in their language: one catalogue for messages, one for reasons.

Messages are in `messages.toml`; reasons, which every code has one of, in `reasons.toml`: sentence and remedy. The
language is the setting `language`, else that of the environment (LC_ALL, LC_MESSAGES, LANG), else English.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


class Language(StrEnum):
    ENGLISH = "en"
    CHINESE = "zh"


@dataclass(frozen=True, slots=True)
class ReasonText:
    """A reason code in one language."""

    sentence: str
    remedy: str


def choose_language(setting: str, environment: Mapping[str, str] = os.environ) -> Language:
    """The setting, else what the environment asks for."""
    if setting:
        return Language(setting)
    asked = next((v for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := environment.get(name))), "")
    return Language.CHINESE if asked.lower().startswith("zh") else Language.ENGLISH


def say(key: str, language: Language, **values: object) -> str:
    """The message with its values. KeyError for one that is not in the catalogue."""
    group, name = key.split(".")
    return str(_messages()[group][name][language.value]).format(**values)


def reason_text(code: str, language: Language) -> ReasonText | None:
    """Sentence and remedy of a code; None for one without an entry."""
    entry = reasons().get(code)
    return None if entry is None else ReasonText(entry[language.value], entry[f"remedy_{language.value}"])


@cache
def reasons() -> Mapping[str, Mapping[str, str]]:
    """code -> en, zh, remedy_en, remedy_zh."""
    return _load("reasons.toml")


@cache
def _messages() -> Mapping[str, Any]:
    return _load("messages.toml")


def _load(name: str) -> Mapping[str, Any]:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))


def reasons_page() -> str:
    """docs/reasons.md: every code in both languages."""
    lines = [
        "# Reason codes",
        "",
        "Made from `flows/reasons.toml` by `python -m flows.messages`; a test holds that it is up to date.",
        "",
        "| code | what happened | what to do |",
        "|---|---|---|",
    ]
    for code, entry in sorted(reasons().items()):
        lines.append(f"| `{code}` | {entry['en']}<br>{entry['zh']} | {entry['remedy_en']}<br>{entry['remedy_zh']} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (_HERE.parent / "docs" / "reasons.md").write_text(reasons_page(), encoding="utf-8")
