"""Hand-built documents for the tests of the suites: a clean budget, and the same with one thing changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from expectations.values import (
    CellRef,
    CellVerdict,
    Check,
    CheckVerdict,
    DocumentIdentity,
    DocumentTables,
    Fact,
    SuiteInput,
    Term,
)
from layout.values import Blankness, Cell, Doubt, Role, Table
from ocr.values import PageFacts
from tests.builders import table

B5_ROWS = (
    ("科目编码", "科目名称", "总计", "基本支出", "项目支出"),
    ("合计", "<", "30.00", "20.00", "10.00"),
    ("201", "一般公共服务支出", "30.00", "20.00", "10.00"),
    ("20103", "政府办公厅（室）及相关机构事务", "30.00", "20.00", "10.00"),
    ("2010301", "行政运行", "20.00", "20.00", ""),
    ("2010302", "一般行政管理事务", "10.00", "-", "10.00"),
)
FORM_ROWS = (
    ("项目名称", "<", "电子政务", "<"),
    ("预算执行率权重（%）：", "<", "10", "<"),
    ("绩效指标", "三级指标", "指标值", "权重(%)"),
    ("^", "线路条数", "50", "40"),
    ("^", "满意度", "95", "50"),
)


def b5(rows: Sequence[Sequence[str]] = B5_ROWS) -> Table:
    made = table(rows, n_header_rows=1, title="一般公共预算财政拨款支出预算表", unit="万元")
    cells = tuple(replace(c, role=Role.COLUMN_HEADER) if c.span.row == 0 else c for c in made.cells)
    return replace(made, cells=cells)


def form(rows: Sequence[Sequence[str]] = FORM_ROWS) -> Table:
    return table(rows, title="项目绩效目标表")


def change_cell(made: Table, row: int, col: int, **changes: object) -> Table:
    """The same table with the cell at (row, col) replaced in some fields."""
    cells = tuple(
        replace(c, **changes) if (c.span.row, c.span.col) == (row, col) else c  # type: ignore[arg-type]
        for c in made.cells
    )
    return replace(made, cells=cells)


def doubted(made: Table, row: int, col: int, *doubts: Doubt) -> Table:
    return change_cell(made, row, col, doubts=doubts)


def facts_of(made: Table, kind: str, table_index: int = 0, first_col: int = 2) -> tuple[Fact, ...]:
    """A fact for each body cell from ``first_col`` on."""
    body = [c for c in made.cells if c.span.row >= made.n_header_rows and c.span.col >= first_col]
    return tuple(_fact(made, c, kind, table_index) for c in body)


def _fact(made: Table, cell: Cell, kind: str, table_index: int) -> Fact:
    texts = {(c.span.row, c.span.col): c.text for c in made.cells}
    kinds = {"": Blankness.BLANK, "-": Blankness.DASH}
    amount = Decimal(cell.text) if cell.text.replace(".", "").isdigit() else None
    default = Blankness.TEXT if amount is None else Blankness.NUMBER
    code = texts.get((cell.span.row, 0), "")
    return Fact(
        cell=CellRef(table_index, cell.span.row, cell.span.col),
        table_kind=kind,
        code_system="functional" if code.isdigit() and len(code) in (3, 5, 7) else "",
        code=code if code.isdigit() else "",
        name=texts.get((cell.span.row, 1), code),
        level=0,
        measure=texts.get((0, cell.span.col), ""),
        measure_key="",
        amount=amount,
        blankness=kinds.get(cell.text, default),
        decimals=2,
        unit=made.unit,
        amount_yuan=amount and amount * 10000,
        page_number=cell.page_number,
        bbox_pt=cell.bbox_pt,
    )


def check(identity: str, verdict: CheckVerdict, *cells: tuple[int, int, int]) -> Check:
    terms = tuple(Term(CellRef(*ref), 1, Decimal(1)) for ref in cells)
    return Check(identity, f"{identity} of {cells}", verdict, terms, Decimal(0), Decimal("0.01"))


WHOSE = DocumentIdentity("budget", "某县人民政府办公室", 2026)


def holding(table_index: int = 0) -> tuple[Check, ...]:
    """What holds on a clean B5 that is table ``table_index``."""
    i = table_index
    return (
        check("I01", CheckVerdict.HOLDS, (i, 1, 2), (i, 1, 3), (i, 1, 4)),
        check("I02", CheckVerdict.HOLDS, (i, 3, 2), (i, 4, 2), (i, 5, 2)),
        check("I03", CheckVerdict.HOLDS, (i, 1, 2), (i, 2, 2)),
    )


HOLDING = holding()


def suite_input(
    *tables: Table,
    kinds: tuple[str, ...] = ("B5",),
    facts: tuple[Fact, ...] | None = None,
    checks: tuple[Check, ...] = HOLDING,
    verdicts: dict[tuple[int, int, int], CellVerdict] | None = None,
    pages: tuple[PageFacts, ...] = (PageFacts(1, 595.0, 842.0),),
    identity: DocumentIdentity = WHOSE,
) -> SuiteInput:
    """A document of ``tables`` (one clean B5 by default), every number of which is proven unless said otherwise."""
    tables = tables or (b5(),)
    if facts is None:
        facts = tuple(
            f
            for i, (made, kind) in enumerate(zip(tables, kinds, strict=True))
            for f in facts_of(made, kind, i)
            if kind not in ("B12", "B13")
        )
    known = {f.cell: CellVerdict.PROVEN for f in facts if f.amount is not None}
    known |= {CellRef(*ref): verdict for ref, verdict in (verdicts or {}).items()}
    document = DocumentTables("ab" * 32, "预算公开.pdf", pages, tables, ())
    return SuiteInput(document, identity, kinds, facts, checks, tuple(known.items()))
