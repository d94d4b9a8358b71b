"""Two tables that each add up and contradict each other: the pages', unless a fault of reading could do the same."""

from __future__ import annotations

from collections.abc import Sequence

from expectations.catalogue.loader import load_catalogue
from expectations.known import know
from expectations.proof import prove_figures
from expectations.values import CheckVerdict
from expectations.verdicts import FAILING
from ocr.values import TextSource
from tests.expectations.documents import a_document, a_table

Rows = Sequence[Sequence[str]]
HEAD = ("科目编码", "科目名称", "总计", "基本支出", "项目支出")
B3 = (
    HEAD,
    ("合计", "<", "36.56", "26.56", "10.00"),
    ("201", "一般公共服务支出", "30.00", "20.00", "10.00"),
    ("2010301", "行政运行", "17.50", "13.00", "4.50"),
    ("2010302", "一般行政管理事务", "12.50", "7.00", "5.50"),
    ("205", "教育支出", "6.56", "6.56", ""),
    ("2050803", "培训支出", "6.56", "6.56", ""),
)
PROJECTS = (
    ("项目名称", "项目单位", "合计", "一般公共预算", "单位资金"),
    ("合计", "<", "9.00", "6.00", "3.00"),
    ("课题研究", "某局", "4.00", "2.50", "1.50"),
    ("设备更新", "某局", "5.00", "3.50", "1.50"),
)


def failing(b3: Rows, projects: Rows, unit: str = "万元") -> set[tuple[str, CheckVerdict]]:
    tables = a_table(b3, title="支出总表"), a_table(projects, title="项目支出表", unit=unit)
    document = a_document(*tables, headings=("某局2026年部门预算",), source=TextSource.OCR)
    checks = prove_figures(know(document, load_catalogue())).known.checks
    return {(c.identity, c.verdict) for c in checks if c.verdict in FAILING}


def test_two_tables_that_add_up_are_printed_so() -> None:
    assert failing(B3, PROJECTS) == {("X11", CheckVerdict.SOURCE_INCONSISTENT)}


def test_a_figure_that_its_own_table_does_not_prove_stays_suspect() -> None:
    alone = tuple(row[:3] for row in PROJECTS)
    assert failing(B3, alone) == {("X11", CheckVerdict.EXTRACTION_SUSPECT)}


def test_a_unit_that_may_be_misread_stays_suspect() -> None:
    projects = (
        PROJECTS[0],
        ("合计", "<", "10.00", "7.00", "3.00"),
        ("课题研究", "某局", "5.00", "3.50", "1.50"),
        ("设备更新", "某局", "5.00", "3.50", "1.50"),
    )
    assert failing(B3, projects) == set()
    verdicts = {verdict for _, verdict in failing(B3, projects, unit="元")}
    assert verdicts == {CheckVerdict.EXTRACTION_SUSPECT}
