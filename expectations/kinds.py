"""Which kind a table is, and whose document it stands in. By words only: never by number or position.

Three witnesses are added up: the words of the title (the organisation's name taken off, so that an office named
after its task says nothing), the words expected in the header, and those expected among the row names. A kind is given when the
witnesses are strong enough together and no other kind is as well supported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from expectations.catalogue.loader import Catalogue, KindRule, catalogue_names, load_catalogue
from expectations.figures import strip_numbering
from expectations.values import DocumentIdentity, DocumentTables
from expectations.words import holds_word, misread_allowance, normalise, without_year
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


def catalogue_of(document: DocumentTables) -> Catalogue:
    """The disclosure that fits the document best: by the words of its tables and headings; else the default one."""
    catalogues = [load_catalogue(name) for name in catalogue_names()]
    catalogues.sort(key=lambda c: not c.disclosure.get("default", False))
    fits = [_fit(document, c) for c in catalogues]
    return catalogues[fits.index(max(fits))]


def recognise_kinds(
    document: DocumentTables, catalogue: Catalogue | None = None, identity: DocumentIdentity | None = None
) -> tuple[str, ...]:
    """One kind per table, '' when unknown. identity: whose document it is, where that is known already."""
    catalogue = catalogue or catalogue_of(document)
    identity = identity or identify_document(document, catalogue)
    return tuple(_kind(scored) for scored in _scores(document, identity, catalogue))


def _fit(document: DocumentTables, catalogue: Catalogue) -> float:
    """How well a disclosure's words fit: the best score of every table that is scored above chance."""
    scored = _scores(document, identify_document(document, catalogue), catalogue)
    best = [points[0][0] for points in scored if points and points[0][0] >= _ENOUGH]
    votes = max(_votes(_headings(document), catalogue).values(), default=0)
    return sum(best) + votes


def identify_document(document: DocumentTables, catalogue: Catalogue | None = None) -> DocumentIdentity:
    """Kind, organisation and fiscal year as the first headings and the captions say; empty where they do not."""
    catalogue = catalogue or catalogue_of(document)
    headings = _headings(document)
    captions = [normalise(t.title) for t in document.tables if t.title]
    return DocumentIdentity(
        _document_kind(headings, captions, catalogue),
        _organisation(headings, captions, document, catalogue),
        _fiscal_year(headings, captions, document, catalogue),
        catalogue.name,
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
        votes = _votes(texts, catalogue)
        best = max(votes, key=lambda k: votes[k])
        if votes[best]:
            return str(best)
    return _marked("".join(captions), catalogue)


def _votes(texts: list[str], catalogue: Catalogue) -> dict[str, int]:
    return {
        d["kind"]: sum(any(normalise(w) in t for w in d["words"]) for t in texts)
        for d in catalogue.disclosure["document"]
    }


def _marked(text: str, catalogue: Catalogue) -> str:
    """The first kind of document one of whose marks stands in a text; '' when none does."""
    found = (d["kind"] for d in catalogue.disclosure["document"] if any(m in text for m in d.get("marks", ())))
    return str(next(found, ""))


def _organisation(headings: list[str], captions: list[str], document: DocumentTables, catalogue: Catalogue) -> str:
    rules = catalogue.disclosure["identity"]
    patterns = [re.compile(p) for p in rules["organisation"]]
    for text in (*headings, *captions):
        for pattern in patterns:
            if (match := pattern.match(text)) and not re.match(rules["not_organisation"], match[1]):
                return str(match[1])
    ends = tuple(rules["organisation_ends"])
    if plain := [h for h in headings if h.endswith(ends) and "。" not in h]:
        return min(plain, key=len)
    prefix = _common_prefix(captions, catalogue)
    return prefix if prefix.endswith(ends) and len(prefix) > 3 else ""


def _fiscal_year(
    headings: list[str], captions: list[str], document: DocumentTables, catalogue: Catalogue
) -> int | None:
    """The year most headings name; of a header that names two, the later."""
    pattern = re.compile(catalogue.disclosure["identity"]["year"])
    heads = (normalise(h) for t in document.tables for p in header_paths(t) for h in p)
    sources: tuple[Iterable[str], ...] = (headings, captions, heads)
    for texts in sources:
        years = Counter(int(m) for t in texts for m in pattern.findall(t))
        if years:
            return max(years, key=lambda y: (years[y], y))
    return None


def _common_prefix(titles: list[str], catalogue: Catalogue) -> str:
    """What most titles begin with, when it is an organisation's name and not their common words."""
    plain = [without_year(t) for t in titles]
    for length in range(max(map(len, plain), default=0), 3, -1):
        prefix, n = _commonest([t[:length] for t in plain if len(t) > length])
        if n >= 2 and n * 2 >= len(plain):
            return "" if re.search(catalogue.disclosure["identity"]["not_in_names"], prefix) else prefix
    return ""


def _commonest(texts: list[str]) -> tuple[str, int]:
    return Counter(texts).most_common(1)[0] if texts else ("", 0)


def _scores(
    document: DocumentTables, identity: DocumentIdentity, catalogue: Catalogue
) -> Iterator[list[tuple[float, KindRule]]]:
    """For each table the kinds that may stand in such a document, best first."""
    prefix = _common_prefix([normalise(t.title) for t in document.tables if t.title], catalogue)
    for table in document.tables:
        yield _scored(_see(table, identity.organisation, prefix, catalogue), identity.kind, catalogue)


def _see(table: Table, organisation: str, prefix: str, catalogue: Catalogue) -> _Seen:
    title = without_year(table.title)
    for name in (organisation, prefix):
        title = title.replace(name, "") if len(name) >= 4 else title
    paths = header_paths(table)
    headers = tuple(dict.fromkeys(without_year(h) for p in paths for h in p))
    labels = tuple(
        dict.fromkeys(
            strip_numbering(strip_numbering(c.text, catalogue)[1], catalogue)[1]
            for c in table.cells
            if c.span.row >= table.n_header_rows and 2 <= len(normalise(c.text)) <= 30
        )
    )
    leaves = [normalise(p[-1]) for p in paths if p]
    n_halves = max(1, sum(leaf in catalogue.words["half_words"] for leaf in leaves))
    return _Seen(title, headers, labels, n_halves, table.n_header_rows > 0)


def _scored(seen: _Seen, document_kind: str, catalogue: Catalogue) -> list[tuple[float, KindRule]]:
    last = catalogue.disclosure["document"][-1]["kind"]
    wanted = _marked(seen.title, catalogue) or document_kind or last
    scored = [(_score(seen, rule), rule) for rule in catalogue.kinds if rule.document in ("", wanted)]
    return sorted(scored, key=lambda pair: -pair[0])


def _kind(scored: list[tuple[float, KindRule]]) -> str:
    best, second = scored[0], scored[1] if len(scored) > 1 else (0.0, None)
    return best[1].id if best[0] >= _ENOUGH and best[0] - second[0] >= _MARGIN else ""


def _score(seen: _Seen, rule: KindRule) -> float:
    title = _title_score(seen.title, rule)
    if rule.needs_title and not title:
        return 0.0
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
    together = "\n".join(seen)
    found = sum(1.0 if w in seen else 0.8 if w in together or _is_misread_in(seen, w) else 0.0 for w in expected)
    return found / len(expected)


def _is_misread_in(seen: tuple[str, ...], word: str) -> bool:
    return misread_allowance(word) > 0 and any(len(s) >= len(word) and holds_word(s, word) for s in seen)
