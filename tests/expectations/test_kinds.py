"""Kinds by words: titles as places print them, tables without a title, names that mislead, misread characters."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from expectations.kinds import identify_document, recognise_kinds
from layout.values import Table
from tests.expectations.documents import B1, B4, B5, B6, FORM, a_document, a_table
from tests.expectations.truth import TRUTH, read_truth, truth_folders

CODES = ("科目编码", "科目名称")
BLANK = (*CODES, "总计", "基本支出", "项目支出"), ("", "", "", "", "")
THREE = (
    ("2026年预算数", "<", "<", "<"),
    ("合计", "因公出国（境）费", "公务用车购置及运行费", "公务接待费"),
    ("1.00", "", "0.50", "0.50"),
)
J1 = (
    ("收入", "<", "<", "支出", "<", "<"),
    ("项目", "行次", "金额", "项目", "行次", "金额"),
    ("一、一般公共预算财政拨款收入", "1", "5.00", "一、一般公共服务支出", "32", "5.00"),
    ("本年收入合计", "27", "5.00", "本年支出合计", "58", "5.00"),
    ("使用非财政拨款结余", "28", "", "结余分配", "59", ""),
    ("年初结转和结余", "29", "1.00", "年末结转和结余", "60", "1.00"),
    ("总计", "31", "6.00", "总计", "62", "6.00"),
)


def kinds_of(*tables: Table, headings: tuple[str, ...] = ()) -> tuple[str, ...]:
    return recognise_kinds(a_document(*tables, headings=headings))


@pytest.mark.parametrize("folder", truth_folders(), ids=lambda p: p.name)
def test_every_table_of_the_real_documents(folder: object) -> None:
    document = read_truth(folder)  # type: ignore[arg-type]
    expected = json.loads((TRUTH / "kinds.json").read_text(encoding="utf-8"))[folder.name]  # type: ignore[attr-defined]
    assert recognise_kinds(document) == tuple(expected.values())


@pytest.mark.parametrize("folder", [p for p in truth_folders() if p.name != "002"], ids=lambda p: p.name)
def test_most_tables_are_known_without_their_titles(folder: object) -> None:
    document = read_truth(folder)  # type: ignore[arg-type]
    bare = replace(document, tables=tuple(replace(t, title="") for t in document.tables))
    known, found = recognise_kinds(document), recognise_kinds(bare)
    assert all(b in (a, "") for a, b in zip(known, found, strict=True))
    assert sum(bool(k) for k in found) >= 0.8 * len(found)


@pytest.mark.parametrize(
    ("title", "rows", "kind"),
    [
        ("部门收支总体情况表", B1, "B1"),
        ("2026年部门预算收支总表", B1, "B1"),
        ("财政拨款收支总体情况表", B4, "B4"),
        ("《一般公共预算支出情况表》", B5, "B5"),
        ("一般公共预算财政拨款支出预算表", B5, "B5"),
        ("部门支出总体情况表", B5, "B3"),
        ("部门支出预算总表", B5, "B3"),
        ("一般公共预算基本支出情况表", B6, "B6"),
        ("一般公共预算财政拨款基本支出预算明细表", B6, "B6"),
        ("一般公共预算“三公”经费支出情况表", THREE, "B7"),
        ("政府性基金预算支出情况表", BLANK, "B8"),
        ("国有资本经营预算支出表", BLANK, "B9"),
        ("项目支出预算表", (("项目名称", "合计", "一般公共预算"), ("合计", "5.00", "5.00")), "B10"),
        ("部门项目绩效目标表", FORM, "B13"),
    ],
)
def test_titles_as_places_print_them(title: str, rows: tuple[tuple[str, ...], ...], kind: str) -> None:
    assert kinds_of(a_table(rows, title=title), headings=("某某局2026年部门预算",)) == (kind,)


@pytest.mark.parametrize(
    "office", ["某市财政局", "某县政府采购中心", "某市国有资产监督管理委员会", "某区项目支出评审中心"]
)
def test_an_organisation_with_budget_words_in_its_name_does_not_mislead(office: str) -> None:
    tables = [a_table(B1, title=f"{office}收支总表"), a_table(B5, title=f"{office}支出总表")]
    assert kinds_of(*tables, headings=(f"{office}2026年部门预算公开",)) == ("B1", "B3")


def test_letter_spaced_and_misread_titles() -> None:
    title = "一 般 公 共 预 算 财 政 拔 款 基 本 支 出 预 算 表"
    assert kinds_of(a_table(B6, title=title)) == ("B6",)


def test_final_accounts_have_their_own_kinds() -> None:
    headings = ("某某局2024年度部门决算",)
    assert kinds_of(a_table(J1, title="收入支出决算总表"), a_table(B6, title="一般公共预算财政拨款基本支出决算表"),
                    headings=headings) == ("J1", "J6")  # fmt: skip
    assert kinds_of(a_table(J1), headings=headings) == ("J1",)


def test_a_table_of_something_else_is_unknown() -> None:
    rows = (("姓名", "电话", "职务"), ("张三", "123", "主任"), ("李四", "456", "科长"))
    assert kinds_of(a_table(rows, title="联系人名单"), headings=("某局2026年部门预算",)) == ("",)


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (("垫江县人民政府办公室 2026 年部门 预算情况说明",), ("budget", "垫江县人民政府办公室", 2026)),
        (("某市教育局", "2025年部门预算公开"), ("budget", "某市教育局", 2025)),
        (("某县水务局2023年度部门决算",), ("final_accounts", "某县水务局", 2023)),
        (("2024年度", "某区卫生健康委员会部门决算公开"), ("final_accounts", "某区卫生健康委员会", 2024)),
    ],
)
def test_whose_document_it_is(headings: tuple[str, ...], expected: tuple[str, str, int]) -> None:
    found = identify_document(a_document(headings=headings))
    assert (found.kind, found.organisation, found.fiscal_year) == expected


def test_captions_say_it_where_no_heading_does() -> None:
    found = identify_document(a_document(a_table(B5, title="某市档案局2026年部门预算支出总表")))
    assert (found.kind, found.organisation, found.fiscal_year) == ("budget", "某市档案局", 2026)


def test_nothing_is_invented() -> None:
    found = identify_document(a_document())
    assert (found.kind, found.organisation, found.fiscal_year) == ("", "", None)
