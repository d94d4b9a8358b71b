"""Amounts of the text as facts: role, unit, year, and change against a year; and the figures of the year before that a
figure and its change imply (7.91 more than 2025, so 2025 was that much less), to be compared with that year's document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from expectations.catalogue.loader import Catalogue, load_catalogue
from expectations.facts import amount_in_yuan
from expectations.kinds import catalogue_of, identify_document
from expectations.narrative import NarrativeFigure, read_narrative
from expectations.values import DocumentTables
from layout.values import Amount, Blankness
from ocr.geometry import BBox


@dataclass(frozen=True, slots=True)
class NarrativeFact:
    """One amount of the text. role: section and role of the catalogue, 'three_public.reception'; label: words before it.

    year: whose amount it is. against_year: of a change, the year it is counted from, else None; then amount is negative
    for a decrease. is_implied: not printed, but figure less change. page_number, bbox_pt: where its block stands,
    confidence: how surely that was read.
    """

    role: str
    label: str
    amount: Decimal
    unit: str
    amount_yuan: Decimal | None
    year: int | None
    against_year: int | None
    is_implied: bool
    page_number: int
    bbox_pt: BBox
    confidence: float = 1.0


def narrative_facts(document: DocumentTables, catalogue: Catalogue | None = None) -> tuple[NarrativeFact, ...]:
    """The amounts of the text in its order, then what they imply of the year before."""
    catalogue = catalogue or catalogue_of(document)
    year = identify_document(document, catalogue).fiscal_year
    found = tuple(_fact(figure, year, catalogue) for figure in read_narrative(document, catalogue))
    return (*found, *_implied(found, catalogue))


def narrative_facts_of(document: DocumentTables, disclosure: str) -> tuple[NarrativeFact, ...]:
    """The same by the name of the disclosure."""
    return narrative_facts(document, load_catalogue(disclosure))


def _fact(figure: NarrativeFigure, year: int | None, catalogue: Catalogue) -> NarrativeFact:
    printed = re.findall(catalogue.disclosure["identity"]["year"], figure.label)
    named = int(printed[-1]) if printed else None
    against = (named or (year - 1 if year else None)) if figure.is_change else None
    role = f"{figure.section}.{figure.role}"
    return _made(role, figure, figure.value, year if figure.is_change or not named else named, against, catalogue)


def _made(
    role: str, figure: NarrativeFigure, amount: Decimal, year: int | None, against: int | None, catalogue: Catalogue
) -> NarrativeFact:
    exponent = amount.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    yuan = amount_in_yuan(Amount(Blankness.NUMBER, amount, decimals), catalogue.units.get(figure.unit))
    block = figure.block
    return NarrativeFact(
        role,
        figure.label,
        amount,
        figure.unit,
        yuan,
        year,
        against,
        False,
        block.page_number,
        block.bbox_pt,
        block.confidence,
    )


def _implied(facts: tuple[NarrativeFact, ...], catalogue: Catalogue) -> Iterator[NarrativeFact]:
    """For each change the catalogue ties to a figure: that figure less the change, in the year it is counted from."""
    by_role = {fact.role: fact for fact in reversed(facts)}
    for section in catalogue.narrative.get("section", ()):
        for rule in section.get("figure", ()):
            for of, change in rule.get("after", {}).items():
                now = by_role.get(f"{section['id']}.{of}")
                grown = by_role.get(f"{section['id']}.{change}")
                if now is None or grown is None or now.unit != grown.unit or grown.against_year is None:
                    continue
                before = now.amount - grown.amount
                known = now.amount_yuan is not None and grown.amount_yuan is not None
                yuan = now.amount_yuan - grown.amount_yuan if known else None  # type: ignore[operator]
                yield NarrativeFact(
                    now.role, grown.label, before, now.unit, yuan, grown.against_year, None, True, grown.page_number,
                    grown.bbox_pt, min(now.confidence, grown.confidence),
                )  # fmt: skip
