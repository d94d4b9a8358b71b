"""What the pages of the Data Docs are put together from: their words in two languages, and the smallest pieces.

Every word that comes from a document passes `shown`, which escapes markup and makes control and direction characters
visible. The frame of a page holds its style and a Content-Security-Policy that loads nothing.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from expectations.suite_files import Bilingual
from expectations.values import CheckVerdict

LONGEST_TEXT = 200
FIGURES = {
    "proven": Bilingual("proven", "已证实"),
    "consistent": Bilingual("consistent", "勾稽一致"),
    "corrected": Bilingual("corrected", "已更正"),
    "source_inconsistent": Bilingual("inconsistent in print", "原件不一致"),
    "read": Bilingual("read, unchecked", "仅识别"),
    "suspect": Bilingual("suspect", "存疑"),
}
MEANING = {
    "proven": Bilingual(
        "Two independent sums confirm it, or one sum and two readings that agree.",
        "两项独立的勾稽关系，或一项勾稽关系加两次一致的识别，证实了该数字。",
    ),
    "consistent": Bilingual("One sum confirms it.", "一项勾稽关系与之相符。"),
    "read": Bilingual("It was read, and no sum speaks of it.", "仅经识别，没有勾稽关系可以佐证。"),
    "corrected": Bilingual("Its reading was put right, with the proof below.", "识别结果已更正，依据见下。"),
    "source_inconsistent": Bilingual(
        "It stands on the page as shown; the page does not add up.", "原件即如此印刷，但原件自身不相符。"
    ),
    "suspect": Bilingual("It may be misread: compare it with the picture.", "可能识别有误，请对照图像。"),
}
DISPOSITIONS = {
    "rejected": Bilingual("Rejected", "未采用"),
    "needs_review": Bilingual("Needs review", "待复核"),
    "accepted": Bilingual("Accepted", "已采用"),
}
SUMS = {
    CheckVerdict.EXTRACTION_SUSPECT: Bilingual("does not close: a figure may be misread", "不相符：可能识别有误"),
    CheckVerdict.SOURCE_INCONSISTENT: Bilingual("does not close in print either", "不相符：原件如此"),
    CheckVerdict.WITHIN_ROUNDING: Bilingual("closes but for rounding", "四舍五入差异"),
    CheckVerdict.HOLDS: Bilingual("closes", "相符"),
    CheckVerdict.NOT_EVALUATED: Bilingual("could not be tried", "未能验证"),
}
DOUBTS = {
    "low_confidence": Bilingual("read with little confidence", "识别置信度低"),
    "crossed_ruling": Bilingual("text ran over a ruling", "文字跨越表格线"),
    "under_seal": Bilingual("under a seal", "被印章遮盖"),
    "ink_without_text": Bilingual("ink, but nothing read", "有墨迹而未识别出文字"),
    "text_without_ink": Bilingual("text read where there is no ink", "无墨迹却识别出文字"),
    "off_type": Bilingual("unlike the rest of its column", "与所在列类型不符"),
    "readings_differ": Bilingual("two readings differ", "两次识别结果不一致"),
}
OUTCOMES = {
    "passed": ("✓", Bilingual("passed", "通过")),
    "nothing": ("–", Bilingual("nothing to check", "无可检查内容")),
    "critical": ("✗", Bilingual("failed", "未通过")),
    "warning": ("!", Bilingual("warning", "提示")),
}


def shown(text: str) -> str:
    """``text`` escaped for HTML, cut to LONGEST_TEXT, its control, format and surrogate characters as \\uXXXX."""
    cut = text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"
    visible = (
        f"\\u{ord(c):04x}" if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") else c for c in cut
    )
    return html.escape("".join(visible))


def both(words: Bilingual) -> str:
    return f'<span lang="zh">{shown(words.zh)}</span> <span lang="en">{shown(words.en)}</span>'


def say(en: str, zh: str) -> str:
    return both(Bilingual(en, zh))


def heads_of(words: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<th>{say(en, zh)}</th>" for en, zh in words)


def badge(disposition: str) -> str:
    words = DISPOSITIONS.get(disposition, Bilingual(disposition, disposition))
    return f'<span class="badge {shown(disposition)}">{both(words)}</span>'


def bar(verdicts: Mapping[str, int]) -> str:
    parts = "".join(
        f'<i class="{name}" style="flex-grow:{verdicts[name]}" title="{shown(words.en)}: {verdicts[name]}"></i>'
        for name, words in FIGURES.items()
        if verdicts.get(name)
    )
    return f"<div class=bar>{parts}</div>"


def legend(verdicts: Mapping[str, int]) -> str:
    items = "".join(
        f'<li class="{name}" title="{shown(MEANING[name].zh)} {shown(MEANING[name].en)}">'
        f'<i class="{name}"></i><b>{verdicts.get(name, 0)}</b> {both(words)}</li>'
        for name, words in FIGURES.items()
    )
    return f"<ul class=legend>{items}</ul>"


def meanings(verdicts: Mapping[str, int]) -> str:
    """What each verdict that occurs says, for whoever asks."""
    items = "".join(
        f"<dt>{both(words)}</dt><dd>{both(MEANING[name])}</dd>" for name, words in FIGURES.items() if verdicts.get(name)
    )
    return f"<details class=meanings><summary>{say('What these words mean', '各项含义')}</summary><dl>{items}</dl></details>"


@cache
def _style() -> str:
    return (Path(__file__).parent / "docs_style.css").read_text(encoding="utf-8")


def page_frame(title: str, body: str, foot: str) -> str:
    return "".join(page_parts(title, (body,), foot))


def page_parts(title: str, body: Iterable[str], foot: str) -> Iterator[str]:
    """A page piece by piece: that of a long document never lies here whole."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    yield (
        f'<!doctype html>\n<html lang="zh"><head><meta charset="utf-8"><title>{shown(title)} · scanledger</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_style()}</style></head>'
        f"<body><main>"
    )
    yield from body
    yield f"</main><footer>{foot}</footer></body></html>\n"
