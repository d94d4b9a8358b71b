"""Forms as records: levels, sign, target, unit and weight of each indicator."""

from __future__ import annotations

from decimal import Decimal

import pytest

from expectations.indicators import indicators_of, read_indicators
from expectations.kinds import recognise_kinds
from expectations.values import IndicatorRecord
from tests.expectations.documents import a_document, a_table
from tests.expectations.truth import TRUTH, read_truth

HEAD = ("绩效指标", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "权重（%）")
PROJECT = (
    ("项目名称", "<", "电子政务", "<", "主管部门", "<", "103-某局", "<"),
    ("资金情况（万元）", "<", "年度资金总额：", "<", "25.80", "<", "<", "<"),
    ("总体目标", "<", "保证平稳", "<", "<", "<", "<", "<"),
    HEAD,
    ("^", "产出指标", "数量指标", "线路条数", "≧", "50", "条", "40"),
    ("^", "^", "^", "覆盖人数", ">", "1,000", "人", "20"),
    ("^", "效益指标", "社会效益指标", "提升效率", "定性", "有效", "", "30"),
)


def of(*rows: tuple[str, ...], kind: str = "B13") -> tuple[IndicatorRecord, ...]:
    return read_indicators(a_document(a_table(rows)), (kind,))


def test_levels_run_down_their_merged_cells() -> None:
    found = of(*PROJECT)
    assert [(r.level1, r.level2, r.name) for r in found] == [
        ("产出指标", "数量指标", "线路条数"), ("产出指标", "数量指标", "覆盖人数"), ("效益指标", "社会效益指标", "提升效率")]  # fmt: skip
    assert [(r.sign, r.target, r.unit, r.weight) for r in found] == [
        ("≥", "50", "条", Decimal(40)), (">", "1,000", "人", Decimal(20)), ("定性", "有效", "", Decimal(30))]  # fmt: skip


def test_each_record_carries_the_head_of_its_form() -> None:
    first = of(*PROJECT)[0]
    assert (first.project, first.department, first.total, first.goal) == (
        "电子政务", "103-某局", Decimal("25.80"), "保证平稳")  # fmt: skip


def test_columns_in_another_order_than_their_heads_are_told_by_their_cells() -> None:
    rows = (
        ("部门名称", "103-某局", "部门支出预算数", "<", "3,037.04", "<"),
        ("绩效指标", "指标名称", "指标权重", "计量单位", "指标性质", "指标值"),
        ("^", "督查督办实效", "≥", "50", "次", "60"),
        ("^", "按时公开率", "＝", "100", "%", "40"),
    )
    assert [(r.sign, r.target, r.unit, r.weight) for r in of(*rows, kind="B12")] == [
        ("≥", "50", "次", Decimal(60)), ("=", "100", "%", Decimal(40))]  # fmt: skip


def test_no_indicators_outside_forms_or_without_a_list() -> None:
    assert of(*PROJECT, kind="B5") == ()
    assert of(*PROJECT[:3]) == ()


@pytest.mark.parametrize(("name", "n"), [("000", 49), ("001", 30), ("003", 29)])
def test_the_forms_of_the_real_documents(name: str, n: int) -> None:
    document = read_truth(TRUTH / name)
    found = indicators_of(document, recognise_kinds(document), "budget_cn")
    assert len(found) == n
    signs = {"≥", "≤", ">", "<", "=", "≠", "—", "定性"}
    assert all(r.name and r.target and r.sign in signs for r in found)
    assert sum(r.weight is None for r in found) <= 2  # blank in print
    assert all(r.department and r.total for r in found)
    assert all(r.level1 and r.level2 and r.project for r in found if r.table_kind == "B13")
