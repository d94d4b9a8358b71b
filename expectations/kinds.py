"""Which kind a table is, and whose document it stands in. By words only: never by number or position.

Three witnesses are added up: the words of the title (the organisation's name taken off, so that 采购中心 or 财政局
says nothing), the words expected in the header, and those expected among the row names. A kind is given when the
witnesses are strong enough together and no other kind is as well supported.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from expectations.catalogue.loader import Catalogue, KindRule, load_catalogue
from expectations.values import DocumentIdentity, DocumentTables
from expectations.words import holds_word, normalise, without_year
from layout.headers import header_paths
from layout.values import Table

_TITLE_POINTS, _HEADER_POINTS, _ROW_POINTS = 3.0, 2.0, 1.5
_ENOUGH, _MARGIN = 1.6, 0.2


@dataclass(frozen=True, slots=True)
class _Seen:
    """The words of one table, normalised. title: without the organisation and the year."""

    title: str
    headers: tuple[str, ...]
    labels: tuple[str, ...]
    n_halves: int
    has_header: bool


def recognise_kinds(document: DocumentTables, catalogue: Catalogue | None = None) -> tuple[str, ...]:
    """One kind per table, '' when unknown."""
    catalogue = catalogue or load_catalogue()
    identity = identify_document(document, catalogue)
    prefix = _common_prefix([normalise(t.title) for t in document.tables if t.title])
    return tuple(_kind(_see(t, identity.organisation, prefix), t, identity.kind, catalogue) for t in document.tables)


def identify_document(document: DocumentTables, catalogue: Catalogue | None = None) -> DocumentIdentity:
    """Kind, organisation and fiscal year as the first headings and the captions say; empty where they do not."""
    catalogue = catalogue or load_catalogue()
    headings = _headings(document)
    captions = [normalise(t.title) for t in document.tables if t.title]
    return DocumentIdentity(
        _document_kind(headings, captions, catalogue),
        _organisation(headings, captions, document, catalogue),
        _fiscal_year(headings, captions, document, catalogue),
    )


def _headings(document: DocumentTables) -> list[str]:
    """Short texts of the first page that has any, in reading order; two that stand together also as one."""
    if not document.text:
        return []
    first = min(block.page_number for block in document.text)
    short = [normalise(b.text) for b in document.text if b.page_number == first]
    short = [t for t in short[:12] if 2 <= len(t) <= 60]
    pairs = [a + b for a, b in pairwise(short) if not a[-1:].isdigit()]
    return [t for two in zip(pairs + [""] * len(short), short, strict=False) for t in two if t]


def _document_kind(headings: list[str], captions: list[str], catalogue: Catalogue) -> str:
    for texts in (headings, captions):
        votes = {
            d["kind"]: sum(any(normalise(w) in t for w in d["words"]) for t in texts)
            for d in catalogue.disclosure["document"]
        }
        best = max(votes, key=lambda k: votes[k])
        if votes[best]:
            return str(best)
    joined = "".join(captions)
    return "final_accounts" if "决算" in joined else "budget" if "预算" in joined else ""


def _organisation(headings: list[str], captions: list[str], document: DocumentTables, catalogue: Catalogue) -> str:
    rules = catalogue.disclosure["identity"]
    patterns = [re.compile(p) for p in rules["organisation"]]
    for text in (*headings, *captions):
        for pattern in patterns:
            if (match := pattern.match(text)) and not re.match(r"附?表|\d", match[1]):
                return str(match[1])
    ends = tuple(rules["organisation_ends"])
    if plain := [h for h in headings if h.endswith(ends) and "。" not in h]:
        return min(plain, key=len)
    prefix = _common_prefix(captions)
    return prefix if prefix.endswith(ends) and len(prefix) > 3 else ""


def _fiscal_year(
    headings: list[str], captions: list[str], document: DocumentTables, catalogue: Catalogue
) -> int | None:
    """The year most headings name; of a header that names two, the later."""
    pattern = re.compile(catalogue.disclosure["identity"]["year"])
    heads = [normalise(h) for t in document.tables for p in header_paths(t) for h in p]
    for texts in (headings, captions, [h for h in heads if "年" in h]):
        years = [int(m) for t in texts for m in pattern.findall(t)]
        if years:
            return max(set(years), key=lambda y: (years.count(y), y))
    return None


def _common_prefix(titles: list[str]) -> str:
    """What most titles begin with, when it is an organisation's name and not their common words."""
    plain = [without_year(t) for t in titles]
    for length in range(max(map(len, plain), default=0), 3, -1):
        prefix, n = _commonest([t[:length] for t in plain if len(t) > length])
        if n >= 2 and n * 2 >= len(plain):
            return "" if re.search(r"预算|决算|财政拨款|收支|支出|绩效", prefix) else prefix
    return ""


def _commonest(texts: list[str]) -> tuple[str, int]:
    return Counter(texts).most_common(1)[0] if texts else ("", 0)


def _see(table: Table, organisation: str, prefix: str) -> _Seen:
    title = without_year(table.title)
    for name in (organisation, prefix):
        title = title.replace(name, "") if len(name) >= 4 else title
    paths = header_paths(table)
    headers = tuple(dict.fromkeys(without_year(h) for p in paths for h in p))
    labels = tuple(
        dict.fromkeys(
            _bare(normalise(c.text))
            for c in table.cells
            if c.span.row >= table.n_header_rows and 2 <= len(normalise(c.text)) <= 30
        )
    )
    leaves = [normalise(p[-1]) for p in paths if p]
    n_halves = max(1, sum(leaf in ("项目", "收入", "支出", "收入项目", "支出项目", "科目") for leaf in leaves))
    return _Seen(title, headers, labels, n_halves, table.n_header_rows > 0)


def _bare(label: str) -> str:
    return re.sub(r"^(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十\d]+\)|\d{1,2}[、.]|其中:?)", "", label)


def _kind(seen: _Seen, table: Table, document_kind: str, catalogue: Catalogue) -> str:
    final = "决算" in seen.title or (document_kind == "final_accounts" and "预算" not in seen.title)
    wanted = "final_accounts" if final else "budget"
    scored = [(_score(seen, rule), rule) for rule in catalogue.kinds if rule.document in ("", wanted)]
    scored.sort(key=lambda pair: -pair[0])
    best, second = scored[0], scored[1] if len(scored) > 1 else (0.0, None)
    return best[1].id if best[0] >= _ENOUGH and best[0] - second[0] >= _MARGIN else ""


def _score(seen: _Seen, rule: KindRule) -> float:
    title = _title_score(seen.title, rule)
    headers = _share(seen.headers, rule.headers)
    rows = _share(seen.labels, rule.rows)
    if rule.header_or_rows:
        headers = rows = max(headers, rows)
    # A table without data has no row names to show.
    weight = _ROW_POINTS + (_HEADER_POINTS if rule.is_form and not seen.has_header else 0.0)
    points = _TITLE_POINTS * title + _HEADER_POINTS * headers + weight * min(1.0, 1.5 * rows)
    if rule.halves and seen.has_header and (rule.halves == 2) != (seen.n_halves >= 2):
        points -= 1.5
    if rule.is_form and seen.has_header and rows < 0.4:
        points -= 1.0
    if any(holds_word(seen.title, w) for w in rule.without):
        points -= 2.5
    return points


def _title_score(title: str, rule: KindRule) -> float:
    """1 when all words of an alternative stand in the title; a little more for more of the title explained."""
    best = 0.0
    for words in rule.titles:
        if all(holds_word(title, w) for w in words):
            explained = sum(len(w) for w in words) / max(len(title), 1)
            best = max(best, 0.85 + 0.3 * min(explained, 1.0))
    return best


def _share(seen: tuple[str, ...], expected: tuple[str, ...]) -> float:
    """Which part of the expected words is there, fully when the cell says just that, by half when it says more."""
    if not expected:
        return 0.0
    found = sum(1.0 if w in seen else 0.8 if any(holds_word(s, w) for s in seen) else 0.0 for w in expected)
    return found / len(expected)
