"""Amounts of the running text: read with their role and unit, summed among themselves, compared with the tables.

The text is taken as one string, so that it does not matter where lines and pages break it. Everything about wording is
data (narrative.toml); here is only the reading of amounts and the making of relations.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from expectations.between import figure_at
from expectations.catalogue.loader import Catalogue
from expectations.figures import TableFigures, row_key, strip_numbering
from expectations.relations import Operand, Relation, operand, quantum_of
from expectations.values import DocumentTables
from expectations.words import normalise
from layout.amounts import MOST_DIGITS
from layout.values import TextBlock
from ocr.values import TextSource

Entry = Mapping[str, Any]
#: A text block as sure as that is as good as read twice: whoever reads blocks again raises theirs where looks agree.
_SURE_TEXT = 0.99


@dataclass(frozen=True, slots=True)
class NarrativeFigure:
    """One amount of the text. label: the words before it; value: as printed, negative for a decrease; unit as printed.

    is_change: against the year before. block: where it begins.
    """

    section: str
    role: str
    label: str
    value: Decimal
    unit: str
    is_change: bool
    block: TextBlock


def read_narrative(document: DocumentTables, catalogue: Catalogue) -> tuple[NarrativeFigure, ...]:
    """The amounts of all sections the catalogue knows, in the order of the text."""
    rules = catalogue.narrative
    if not rules or not document.text:
        return ()
    texts = [normalise(block.text) for block in document.text]
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text))
    whole = "".join(texts)
    return tuple(
        figure
        for section, begin, stop in _sections(whole, rules)
        for figure in _figures(section, whole, begin, stop, rules, document.text, starts)
    )


def narrative_relations(
    document: DocumentTables, tables: Sequence[TableFigures], catalogue: Catalogue, year: int | None
) -> Iterator[Relation]:
    """X12: the sums that the text claims, and its figures against those of the tables."""
    figures = read_narrative(document, catalogue)
    layered = {p.page_number for p in document.pages if p.text_source is TextSource.TEXT_LAYER}
    for section in catalogue.narrative.get("section", ()):
        mine = [f for f in figures if f.section == section["id"]]
        makers = _Makers(catalogue, section, tables, year, layered)
        yield from makers.sums(mine)
        yield from makers.comparisons(mine)
    for rule in catalogue.narrative.get("equal", ()):
        sides = [next((f for f in figures if [f.section, f.role] == rule[side]), None) for side in ("left", "right")]
        if sides[0] is not None and sides[1] is not None and catalogue.narrative["section"]:
            makers = _Makers(catalogue, catalogue.narrative["section"][0], tables, year, layered)
            yield makers.same(sides[0], sides[1], rule.get("soft", False))


def _sections(whole: str, rules: Entry) -> Iterator[tuple[Entry, int, int]]:
    found = [(m.start(), s) for s in rules["section"] for m in re.finditer(s["start"], whole)]
    found.sort(key=lambda pair: pair[0])
    seen: set[str] = set()
    for i, (begin, section) in enumerate(found):
        stop = min(found[i + 1][0] if i + 1 < len(found) else len(whole), begin + rules["reach"])
        # The first place that speaks of a section counts: later ones repeat or explain it.
        if section["id"] not in seen and "figure" in section and re.search(rules["amount"], whole[begin:stop]):
            seen.add(section["id"])
            yield section, begin, stop


def _figures(
    section: Entry, whole: str, begin: int, stop: int, rules: Entry, blocks: Sequence[TextBlock], starts: list[int]
) -> Iterator[NarrativeFigure]:
    at, last_role = begin, ""
    for match in re.finditer(rules["amount"], whole[begin:stop]):
        label = re.split(r"[;。]", whole[at : begin + match.start()])[-1]
        at = begin + match.end()
        sign = -1 if re.search(rules["decrease"], label) else 1
        is_change = sign < 0 or bool(re.search(rules["increase"], label))
        rule = _rule(section, label, is_change)
        if rule is None:
            continue
        role = rule.get("after", {}).get(last_role, "") if "after" in rule else rule["role"]
        last_role = role if not is_change else ""
        digits = match["value"].replace(",", "")
        if len(digits) > MOST_DIGITS:
            continue
        value = Decimal(digits) * sign + 0  # and so no negative zero
        block = blocks[min(bisect_right(starts, begin + match.start()) - 1, len(blocks) - 1)]
        yield NarrativeFigure(section["id"], role, label, value, match["unit"], is_change, block)


def _rule(section: Entry, label: str, is_change: bool) -> Entry | None:
    words = re.split(r"[,:、](?!.*[,:、])", label)[-1]
    for rule in section["figure"]:
        if rule.get("change", False) == is_change and (
            re.search(rule["label"], label) or re.search(rule["label"], words)
        ):
            return dict(rule)
    return None


@dataclass(frozen=True, slots=True)
class _Makers:
    catalogue: Catalogue
    section: Entry
    tables: Sequence[TableFigures]
    year: int | None
    layered: set[int]

    def sums(self, figures: Sequence[NarrativeFigure]) -> Iterator[Relation]:
        """The sums among the figures of one section; up to the first change where the section says so."""
        for rule in self.section.get("sum", ()):
            total = next((f for f in figures if f.role == rule["total"]), None)
            until = next((i for i, f in enumerate(figures) if f.role == rule.get("until")), len(figures))
            parts = [f for f in figures[:until] if f.role in rule["parts"]]
            if total is None or not parts or any(f.unit != total.unit for f in parts):
                continue
            operands = [self._operand(f, total.unit) for f in (total, *parts)]
            statement = f"text: {_words(total)} = {' + '.join(_words(f) for f in parts)}"
            yield self._relation(statement, operands[0], operands[1:], soft=rule.get("soft", False))

    def same(self, a: NarrativeFigure, b: NarrativeFigure, soft: bool) -> Relation:
        """One figure that the text gives twice."""
        statement = f"text: {_words(a)} = {_words(b)}"
        return self._relation(statement, self._operand(a, a.unit), [self._operand(b, a.unit)], soft=soft)

    def comparisons(self, figures: Sequence[NarrativeFigure]) -> Iterator[Relation]:
        """Each figure that a table repeats, and each change that two columns of a table give."""
        seen: set[str] = set()
        for figure in figures:
            rule = next((r for r in self.section["figure"] if r["role"] == figure.role), None)
            if figure.is_change:
                yield from self._change(figure)
            elif rule is not None and (figure.role not in seen or "class_equals" in rule):
                seen.add(figure.role)
                yield from self._equal(figure, rule)

    def _equal(self, figure: NarrativeFigure, rule: Entry) -> Iterator[Relation]:
        selectors = rule.get("equals", ())
        if "class_equals" in rule and (code := self._class_of(figure)):
            selectors = [{**s, "rows": [f"class:{code}"]} for s in rule["class_equals"]]
        for selector in selectors:
            if (found := self._find(selector)) is not None:
                table, cell = found
                factor = self.catalogue.units[figure.unit]
                statement = f"text: {_words(figure)} = table {table.table_index + 1} {_place(cell)}"
                yield self._relation(statement, self._operand(figure, figure.unit), [operand(cell, factor)], table)
                return

    def _change(self, figure: NarrativeFigure) -> Iterator[Relation]:
        rule = next((r for r in self.section["figure"] if r.get("change") and "grows" in r), None)
        if rule is None or figure.role not in rule["grows"] or self.year is None:
            return
        for table in (t for t in self.tables if t.kind in rule["grows_kinds"] and t.halves):
            selector = {"measure": rule["grows"][figure.role]} | (
                {"row": rule["grows_row"]} if "grows_row" in rule else {}
            )
            now, before = (figure_at(table, selector, y) for y in (self.year, self.year - 1))
            if now is None or before is None or now.column.period == before.column.period:
                continue
            factor = self.catalogue.units[figure.unit]
            statement = f"text: {_words(figure)} = table {table.table_index + 1} {_place(now)} - {_place(before)}"
            parts = [operand(now, factor), operand(before, factor)]
            yield self._relation(statement, self._operand(figure, figure.unit), parts, table, (1, -1))
            return

    def _find(self, selector: Entry) -> tuple[TableFigures, Any] | None:
        rows = selector.get("rows") or ([selector["side_row"], "total"] if "side_row" in selector else None)
        for kind in selector["kinds"]:
            for table in (t for t in self.tables if t.kind == kind and t.halves):
                wanted = {k: v for k, v in selector.items() if k in ("measure", "side")}
                wanted = {k: v for k, v in wanted.items() if k != "side" or any(h.side for h in table.halves)}
                wanted |= {"rows": self._rows(selector, rows)} if rows else {}
                if (found := figure_at(table, wanted, self.year)) is not None:
                    return table, found
        return None

    def _rows(self, selector: Entry, rows: Sequence[str]) -> Sequence[str]:
        named = selector.get("side_row", "")
        return [named] if named in ("goods", "works", "services") else rows

    def _class_of(self, figure: NarrativeFigure) -> str:
        word = re.split(r"[,:、]", figure.label)[-1]
        key = row_key(strip_numbering(word, self.catalogue)[1], self.catalogue)
        return key.removeprefix("class:") if key.startswith("class:") else ""

    def _operand(self, figure: NarrativeFigure, unit: str) -> Operand:
        ratio = self.catalogue.units[figure.unit] / self.catalogue.units[unit]
        is_sure = figure.block.page_number in self.layered or figure.block.confidence >= _SURE_TEXT
        return Operand(None, figure.value * ratio, False, is_sure)

    def _relation(
        self,
        statement: str,
        total: Operand,
        parts: Sequence[Operand],
        table: TableFigures | None = None,
        signs: tuple[int, ...] = (),
        soft: bool = False,
    ) -> Relation:
        # The text drops trailing zeros, so its own decimals say nothing of its precision.
        tables = [table] if table is not None else [t for t in self.tables if t.halves]
        quantum = quantum_of(*tables) if tables else Decimal("0.01")
        identity = self.catalogue.narrative["identity"]
        return Relation(identity, statement, total, tuple(parts), quantum, signs, soft=soft)


def _words(figure: NarrativeFigure) -> str:
    return f"{re.split(r'[,:]', figure.label)[-1][-16:]}{abs(figure.value)}{figure.unit}"


def _place(figure: Any) -> str:
    return f"{figure.line.code or figure.line.name} {figure.column.path[-1] if figure.column.path else ''}".strip()
