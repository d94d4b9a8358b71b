"""What a line near a table says: its label (表二), its unit (单位：万元), a remark, a title. By words alone, no geometry."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CN = "一二三四五六七八九十百"
_NUMBER = rf"(?:\d{{1,3}}|[{_CN}]{{1,4}})(?:\s*[-－—–.．之]\s*(?:\d{{1,3}}|[{_CN}]{{1,3}}))*"
_LABEL_WORDS = [
    rf"(?:附|公开|预算|决算|部门公开)?表\s?{_NUMBER}(?:\s?表)?",
    r"(?:财[预决])?(?:部门)?(?:公开|预算|决算|附)\s?\d{1,3}(?:-\d{1,2})?\s?表",
    rf"附件\s?{_NUMBER}",
    r"(?i:table|tab\.)\s?\d{1,3}(?:[.-]\d{1,3})*",
]
_LABEL = re.compile(rf"[（(【]?(?P<label>{'|'.join(_LABEL_WORDS)})[)）】]?[:：、.．]?")
_MONEY = r"(?:人\s?民\s?币\s?)?(?P<money>(?:十|百|千|万|百\s?万|千\s?万|亿)?\s?元)"
_UNIT_HEAD = r"[（(]?\s?(?:金\s?额|计\s?量|货\s?币)?\s?单\s?位\s?[:：;；]?\s?"
_MONEY_UNIT = re.compile(rf"{_UNIT_HEAD}{_MONEY}(?![\u4e00-\u9fff])\s?[)）]?")
_OTHER_UNIT = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:{_UNIT_HEAD.replace('[:：;；]?', '[:：]')}|(?i:[(]?units?\s?:\s?))"
    r"(?P<other>[^\s)）,，;；:：]{1,12}(?: (?i:yuan|rmb|usd|eur))?)\s?[)）]?$"
)
_CONTINUED = re.compile(
    r"[（(]\s?(?:续\s?表?[一二三\d]?|(?i:continued|cont\.))\s?[)）]|^续\s?表\s?[一二三\d]{0,2}(?=\s|$)|(?<=表)续$"
)
_NOTE = re.compile(r"[（(【]?\s?(?:备\s?注|附\s?注|注\s?释|说\s?明|注|(?i:notes?|remarks?|source))\s?\d{0,2}\s?[:：]")
_NOTE_ITEM = re.compile(r"[（(]?(?:\d{1,2}|[①-⑳])[)）.、．]?\s?\D")
_NUMBERING = re.compile(
    rf"第[{_CN}\d]+[部章节]|[{_CN}]{{1,3}}\s?[、.．]|[（(][{_CN}]{{1,3}}[)）]|\d{{1,2}}\s?[、.．](?!\d)"
)
_ENDS_AS_TABLE = re.compile(r"表\s?[》”\"]?\s?(?:[（(][^（()）]{0,14}[)）])?$")
_POINTS_ELSEWHERE = re.compile(r"(?:[如见]|以|详见).{0,6}表$|[下上附]表$")
_BRACKETED = re.compile(r"[（(].{1,24}[)）]$")
_FILLED_IN = re.compile(
    r"(?:填报|编制|公开|预算|填表|主管|部门|制表|单位|批复|报送)?\s?(?:单位|部门|日期|时间|名称|人)\s?(?:[（(]章[)）])?\s?[:：]"
)
_SENTENCE = re.compile(r"[。；！？;!?]|[，,、：:]$")


@dataclass(frozen=True, slots=True)
class CaptionWords:
    """What a line says, each part taken out of ``rest``; empty where it says nothing of the kind."""

    label: str = ""
    unit: str = ""
    continued: bool = False
    rest: str = ""


def read_caption(text: str) -> CaptionWords:
    """Label, unit and continuation mark of one line; engines glue them into one box, so each is taken out by pattern."""
    rest, unit = _take_unit(text.strip())
    continued = _CONTINUED.search(rest) is not None
    rest = _CONTINUED.sub("", rest).strip()
    rest, label = _take_label(rest)
    return CaptionWords(label, unit, continued, rest)


def unit_of(text: str) -> str:
    """The unit that a text states (单位：万元 -> 万元), else empty."""
    return _take_unit(text)[1]


def is_note(text: str) -> bool:
    """备注：… (备注：…) 注：… 说明：…"""
    return _NOTE.match(text.strip()) is not None


def is_note_item(text: str) -> bool:
    """A numbered line that goes on a remark: 1. … (2) … ③…"""
    return _NOTE_ITEM.match(text.strip()) is not None


def is_open_bracket(text: str) -> bool:
    """Whether a bracket opened in the text is not closed in it."""
    return sum(map(text.count, "（(")) > sum(map(text.count, "）)"))


def is_filled_in(text: str) -> bool:
    """编制单位：某某局, a line about who filled in the table: neither title nor remark."""
    return _FILLED_IN.match(text.strip()) is not None


def is_bracketed(text: str) -> bool:
    """(2026年度): a line that belongs to the title above it."""
    return _BRACKETED.match(text.strip()) is not None


def names_a_table(text: str) -> bool:
    """Whether a text ends as the title of a table does (…收支总表, …明细表(续))."""
    plain = text.strip()
    return _ENDS_AS_TABLE.search(plain) is not None and _POINTS_ELSEWHERE.search(plain) is None


def may_be_title(text: str) -> bool:
    """Whether a text may be a title by its words: short, no sentence, not a numbered heading unless it names a table."""
    plain = text.strip()
    if not 1 < len(plain) <= 60 or _SENTENCE.search(plain) or is_note(plain) or is_filled_in(plain):
        return False
    if _POINTS_ELSEWHERE.search(plain) or not any(c.isalpha() for c in plain):
        return False
    return names_a_table(plain) or _NUMBERING.match(plain) is None


def _take_unit(text: str) -> tuple[str, str]:
    match = _MONEY_UNIT.search(text) or _OTHER_UNIT.search(text)
    if match is None:
        return text, ""
    unit = match.group(match.lastgroup or 0)
    return (text[: match.start()] + " " + text[match.end() :]).strip(), re.sub(r"(?<=[\u4e00-\u9fff])\s", "", unit)


def _take_label(text: str) -> tuple[str, str]:
    """A label leads the line, or (公开01表) is all of it, or ends it after white space."""
    match = _LABEL.match(text)
    if match is None:
        match = next((m for m in _LABEL.finditer(text) if m.end() == len(text) and text[m.start() - 1].isspace()), None)
    if match is None:
        return text, ""
    rest = (text[: match.start()] + text[match.end() :]).strip()
    return rest, re.sub(r"\s", "", match["label"]) if match["label"][0].isascii() is False else match["label"]
