"""What names a figure: units that a table does not print, codes beside the wrong name, headings that do not differ."""

from __future__ import annotations

from expectations.catalogue.loader import load_catalogue
from expectations.known import know
from expectations.naming import Naming
from expectations.validate import before_suites
from expectations.values import CellVerdict
from layout.values import Table
from ocr.values import TextSource
from tests.expectations.documents import B5, B6, FORM, a_document, a_table

HEADINGS = ("某局2026年部门预算",)


def units(*tables: Table) -> list[set[str]]:
    facts = before_suites(a_document(*tables, headings=HEADINGS)).facts
    return [{f.unit for f in facts if f.cell.table_index == i and f.amount} for i in range(len(tables))]


def test_a_table_without_a_unit_has_that_of_the_others() -> None:
    b5 = a_table(B5, title="一般公共预算支出表", unit="万元")
    assert units(b5, a_table(B6, title="基本支出预算表", unit="")) == [{"万元"}, {"万元"}]


def test_where_the_others_differ_it_has_none() -> None:
    b5, other = (a_table(B5, title=title, unit=u) for title, u in (("一般公共预算支出表", "万元"), ("支出总表", "元")))
    assert units(b5, other, a_table(B6, title="基本支出预算表", unit=""))[2] == {""}


def test_a_form_prints_its_unit_behind_a_label() -> None:
    others = [a_table(B5, title="一般公共预算支出表", unit=u) for u in ("元", "千元")]
    assert "万元" in units(*others, a_table(FORM, title="项目绩效目标表", unit=""))[2]


def test_code_and_unit_of_a_fact_say_how_they_are_known() -> None:
    rows = [(r[0], "教育支出", *r[2:]) if r[0] == "201" else r for r in B5]
    document = a_document(a_table(rows, title="一般公共预算支出表", unit="万元"), headings=HEADINGS)
    known = before_suites(document)
    naming = Naming(document, known.identity)
    said = {f.code: naming.agreement(f) for f in known.facts}
    assert (said["201"], said["2010301"], said[""]) == ("differs", "agrees", "")
    assert all(naming.is_unit_printed(f) for f in known.facts)


def test_two_columns_under_one_heading_are_in_doubt() -> None:
    """A year misread in a header: which of the two is the year before is not known."""
    head = ("项目", "2025年预算数", "2026年预算数")
    rows = (("合计", "5.00", "6.00"), ("公务接待费", "5.00", "6.00"))
    title = "一般公共预算“三公”经费支出表"
    right = a_document(a_table((head, *rows), title=title), headings=HEADINGS)
    wrong = a_document(a_table(((head[0], head[2], head[2]), *rows), title=title), headings=HEADINGS)
    found = [[c.identity for c in know(d, load_catalogue()).structural] for d in (right, wrong)]
    assert found == [[], ["S06"]]


def test_a_long_sum_far_off_within_its_rounding_proves_no_figure_read_once() -> None:
    items = [(f"其他商品{i}", f"{10 + i}.00") for i in range(8)]
    total = sum(10 + i for i in range(8))
    verdicts = []
    for printed in (f"{total}.00", f"{total}.01", f"{total}.03"):
        table = a_table((("项目", "金额"), ("合计", printed), *items), title="资产清单")
        exact = a_table((("项目", "金额"), ("合计", "5.00"), ("甲", "2.00"), ("乙", "3.00")), title="物品")
        known = before_suites(a_document(table, exact, headings=HEADINGS, source=TextSource.OCR))
        verdicts.append({v for ref, v in known.verdicts if ref.table_index == 0})
    assert verdicts[0] == verdicts[1] == {CellVerdict.CONSISTENT}
    assert verdicts[2] == {CellVerdict.SUSPECT}
