"""What is claimed of a document, and how it came out. Frozen; never a validator's own type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from layout.values import Blankness, Table, TextBlock
from ocr.geometry import BBox
from ocr.shelf import Shelf
from ocr.values import PageFacts


@dataclass(frozen=True, slots=True)
class DocumentTables:
    """A whole document as read: what validation looks at. sha256 is that of the source file's bytes.

    notes, embedded_files: what the file is and carries besides its pages, as in ocr.source.SourceFacts.
    shelf: where all that is found out about it waits until it is asked for, cells too.
    """

    sha256: str
    source_name: str
    pages: tuple[PageFacts, ...]
    tables: tuple[Table, ...]
    text: Sequence[TextBlock]
    notes: tuple[str, ...] = ()
    embedded_files: tuple[str, ...] = ()
    shelf: Shelf = field(default_factory=Shelf, repr=False, compare=False)


class Severity(StrEnum):
    CRITICAL = "critical"
    WARNING = "warning"


class CheckVerdict(StrEnum):
    """How an identity came out."""

    HOLDS = "holds"
    WITHIN_ROUNDING = "within_rounding"
    EXTRACTION_SUSPECT = "extraction_suspect"
    SOURCE_INCONSISTENT = "source_inconsistent"
    NOT_EVALUATED = "not_evaluated"


class CellVerdict(StrEnum):
    """How far a figure may be trusted.

    proven: two independent identities, or one and two agreeing readings. consistent: one identity.
    read: under no identity. suspect: doubt that nothing settles.
    """

    PROVEN = "proven"
    CONSISTENT = "consistent"
    READ = "read"
    CORRECTED = "corrected"
    SOURCE_INCONSISTENT = "source_inconsistent"
    SUSPECT = "suspect"


@dataclass(frozen=True, slots=True, order=True)
class CellRef:
    """(table_index, row, col) of a cell's first slot."""

    table_index: int
    row: int
    col: int


@dataclass(frozen=True, slots=True)
class Term:
    """coefficient x the value of a cell, in the unit of the identity. cell is None for a figure of the narrative."""

    cell: CellRef | None
    coefficient: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Check:
    """One identity on one set of cells: the sum of its terms should be 0.

    identity: I01, X05 ... ; statement: the relation in words, with its cells named.
    residual, tolerance: in the printed unit; None when not evaluated, and then reason says why.
    """

    identity: str
    statement: str
    verdict: CheckVerdict
    terms: tuple[Term, ...]
    residual: Decimal | None = None
    tolerance: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """How one expectation of a suite came out. n_evaluated counts rows or cells it looked at; 0 is not a pass."""

    suite: str
    expectation: str
    severity: Severity
    success: bool
    n_evaluated: int
    message: str
    cells: tuple[CellRef, ...] = ()
    table_index: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure with all that names it. amount as printed in `unit`; amount_yuan in 元; both None when blank or dash.

    measure: header path joined by ' / '; measure_key: its standard key where the catalogue knows it, else ''.
    period: whose year a column is, as its header says: '2025', 'previous' (上年, 年初), or '' for the year of the document.
    """

    cell: CellRef
    table_kind: str
    code_system: str
    code: str
    name: str
    level: int
    measure: str
    measure_key: str
    amount: Decimal | None
    blankness: Blankness
    decimals: int
    unit: str
    amount_yuan: Decimal | None
    page_number: int
    bbox_pt: BBox
    period: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorRecord:
    """One indicator of a form, with the head of its form. cell: that of the indicator's name.

    sign: ≥ ≤ > < = ≠, a word for one that is not measured, or as printed; target as printed; weight None when blank.
    total: the form's money in the unit printed in it.
    """

    cell: CellRef
    table_kind: str
    project: str
    department: str
    unit_name: str
    total: Decimal | None
    goal: str
    level1: str
    level2: str
    name: str
    sign: str
    target: str
    unit: str
    weight: Decimal | None
    page_number: int
    bbox_pt: BBox


@dataclass(frozen=True, slots=True)
class DocumentIdentity:
    """Whose document this is; empty strings and None where it does not say. disclosure: the catalogue that fits."""

    kind: str
    organisation: str
    fiscal_year: int | None
    disclosure: str = "budget_cn"


class RepairKind(StrEnum):
    """What may have gone wrong: single figures misread, a row read twice or not at all, a row's figures moved along."""

    FIGURES = "figures"
    ROW_DOUBLED = "row_doubled"
    ROW_LOST = "row_lost"
    COLUMNS_SHIFTED = "columns_shifted"


@dataclass(frozen=True, slots=True)
class Change:
    """One cell read otherwise: the text as it was, as it would be, and what speaks for it."""

    cell: CellRef
    read: str
    proposed: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A set of changes that makes identities close; applied as a correction, or shown to a reviewer.

    closes: the statements of the identities that hold with the changes and not without. likelihood: in (0, 1], against
    the other suggestions for the same cells. reason: why it was not applied; '' for a correction.
    """

    kind: RepairKind
    changes: tuple[Change, ...]
    closes: tuple[str, ...]
    likelihood: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """All that validation says. table_kinds: one per table, '' when unknown. verdicts: one per numeric cell.

    corrections: changes that were made, each with its proof. suggestions: for the reviewer, likeliest first.
    """

    identity: DocumentIdentity
    table_kinds: tuple[str, ...]
    facts: Sequence[Fact]
    checks: Sequence[Check]
    findings: Sequence[Finding]
    verdicts: Sequence[tuple[CellRef, CellVerdict]]
    corrections: tuple[Suggestion, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def critical_failures(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.CRITICAL and not f.success)


@dataclass(frozen=True, slots=True)
class SuiteInput:
    """What the suites run over: everything known before them. kinds: one per table; verdicts: one per numeric cell."""

    document: DocumentTables
    identity: DocumentIdentity
    kinds: tuple[str, ...]
    facts: Sequence[Fact]
    checks: Sequence[Check]
    verdicts: Sequence[tuple[CellRef, CellVerdict]]
