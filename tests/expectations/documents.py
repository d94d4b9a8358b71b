"""Small documents for the tests of kinds, facts and identities: tables from rows of texts, headers found as in a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from expectations.values import CellRef, DocumentTables
from layout.headers import label_headers
from layout.values import Doubt, Table, TextBlock
from ocr.geometry import BBox
from ocr.values import PageFacts, Reading, TextSource
from tests import builders


def a_table(rows: Sequence[Sequence[str]], *, title: str = "", unit: str = "万元") -> Table:
    return label_headers(builders.table(rows, title=title, unit=unit))


def a_document(
    *tables: Table, headings: Sequence[str] = (), source: TextSource = TextSource.TEXT_LAYER
) -> DocumentTables:
    """All tables on page 1, the headings above them; TEXT_LAYER: read beyond doubt, OCR: read once."""
    boxes = [BBox(50.0, 20.0 * i, 500.0, 20.0 * i + 15.0) for i in range(len(headings))]
    text = tuple(TextBlock(1, box, box, t) for box, t in zip(boxes, headings, strict=True))
    return DocumentTables("0" * 64, "a.pdf", (PageFacts(1, 595.0, 842.0, text_source=source),), tables, text)


def with_text(document: DocumentTables, ref: CellRef, text: str, doubts: tuple[Doubt, ...] = ()) -> DocumentTables:
    """The document with one cell read otherwise."""
    table = document.tables[ref.table_index]
    old = table.slot_cells()[ref.row, ref.col]
    new = replace(old, text=text, ocr_text=text, doubts=doubts)
    return _with_table(document, ref.table_index, tuple(new if c is old else c for c in table.cells))


def read_twice(document: DocumentTables) -> DocumentTables:
    """Every cell with two sources that agree."""
    tables = []
    for table in document.tables:
        cells = tuple(
            replace(c, readings=(Reading(c.text, 0.99, "page"), Reading(c.text, 0.99, "crop"))) for c in table.cells
        )
        tables.append(replace(table, cells=cells))
    return replace(document, tables=tuple(tables))


def _with_table(document: DocumentTables, index: int, cells: tuple[object, ...]) -> DocumentTables:
    tables = list(document.tables)
    tables[index] = replace(tables[index], cells=cells)
    return replace(document, tables=tuple(tables))


B5 = (
    ("功能分类科目", "<", "2026年预算数", "<", "<"),
    ("科目编码", "科目名称", "总计", "基本支出", "项目支出"),
    ("合计", "<", "36.56", "26.56", "10.00"),
    ("201", "一般公共服务支出", "30.00", "20.00", "10.00"),
    ("20103", "政府办公厅（室）及相关机构事务", "30.00", "20.00", "10.00"),
    ("2010301", "行政运行", "20.00", "20.00", ""),
    ("2010302", "一般行政管理事务", "10.00", "-", "10.00"),
    ("205", "教育支出", "6.56", "6.56", ""),
    ("2050803", "培训支出", "6.56", "6.56", ""),
)
B6 = (
    ("经济分类科目", "<", "2026年基本支出", "<", "<"),
    ("科目编码", "科目名称", "总计", "人员经费", "日常公用经费"),
    ("合计", "<", "26.56", "20.00", "6.56"),
    ("301", "工资福利支出", "20.00", "20.00", ""),
    ("30101", "基本工资", "12.00", "12.00", ""),
    ("30103", "奖金", "8.00", "8.00", ""),
    ("3010301", "基础绩效奖", "5.00", "5.00", ""),
    ("3010302", "年度考核奖", "3.00", "3.00", ""),
    ("302", "商品和服务支出", "6.56", "", "6.56"),
    ("30216", "培训费", "6.56", "", "6.56"),
)
B4 = (
    ("收入", "<", "支出", "<", "<", "<"),
    ("项目", "预算数", "项目", "合计", "一般公共预算", "政府性基金预算"),
    ("一、本年收入", "36.56", "一、本年支出", "36.56", "36.56", ""),
    ("一般公共预算资金", "36.56", "一般公共服务支出", "30.00", "30.00", ""),
    ("政府性基金预算资金", "", "教育支出", "6.56", "6.56", ""),
    ("二、上年结转", "", "二、结转下年", "", "", ""),
    ("收入合计", "36.56", "支出合计", "36.56", "36.56", ""),
)
B1 = (
    ("收入", "<", "支出", "<"),
    ("项目", "预算数", "项目", "预算数"),
    ("一、一般公共预算拨款收入", "36.56", "一、一般公共服务支出", "32.00"),
    ("二、事业收入", "2.00", "二、教育支出", "6.56"),
    ("其中：专户资金", "1.00", "", ""),
    ("本年收入合计", "38.56", "本年支出合计", "38.56"),
    ("上年结转结余", "1.44", "结转下年", "1.44"),
    ("收入总计", "40.00", "支出总计", "40.00"),
)
FORM = (
    ("项目名称", "<", "电子政务", "<", "<"),
    ("预算执行率权重（%）：", "<", "10", "<", "<"),
    ("资金情况（万元）", "年度资金总额：", "25.80", "<", "<"),
    ("^", "其中：财政拨款", "20.80", "<", "<"),
    ("^", "其他资金", "5.00", "<", "<"),
    ("绩效指标", "一级指标", "三级指标", "指标值", "权重(%)"),
    ("^", "产出指标", "线路条数", "50", "40"),
    ("^", "满意度指标", "满意度", "95", "50"),
)
