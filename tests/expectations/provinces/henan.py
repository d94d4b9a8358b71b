"""Henan: one wide table by function and by nature (人员, 公用 and kinds of projects); 上年结转 among the sources of each row;
类 款 项 with the unit's code; 万元 and one decimal; 合计 first."""

from __future__ import annotations

from expectations.values import DocumentTables
from ocr.values import TextSource
from tests.expectations.books import NAMES, Books, added, printer, under
from tests.expectations.documents import a_table
from tests.expectations.provinces.rows import Rows, an_office, class_rows, side_by_side


def henan(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    show = printer(1)
    general, gov, state, own = (sum(x.values()) for x in (books.general, books.gov, books.state, books.own))
    total = general + gov + state + own
    before = {code: amount // 6 for code, amount in books.own.items()}
    left = sum(before.values())
    income: Rows = [
        ("一、财政拨款", show(general + gov + state)),
        ("其中：一般公共预算", show(general)),
        ("政府性基金", show(gov)),
        ("国有资本经营预算", show(state)),
        ("二、专户管理的教育收费", ""),
        ("三、事业收入", show(own - left)),
        ("四、其他收入", ""),
    ]
    b1 = [
        ("收入", "<", "支出", "<", "<", "<", "<"),
        ("项目", "金额", "项目", "合计", "一般公共预算", "政府性基金", "其他资金"),
        *side_by_side(income, _spent(books, show)),
        ("本年收入合计", show(total - left), "本年支出合计", *map(show, (total, general, gov, state + own))),
        ("上年结转结余", show(left), "结转下年", "", "", "", ""),
        ("收入总计", show(total), "支出总计", *map(show, (total, general, gov, state + own))),
    ]
    head = ("科目编码", "<", "<", "单位代码", "单位（科目名称）", "总计")
    split = ("类", "款", "项", "^", "^", "^")

    def rows(columns: list[dict[str, int]], leaves: list[str]) -> Rows:
        return [
            ("", "", "", "", "合计", *(show(sum(c.values())) for c in columns)),
            ("", "", "", "101001", "某市发展研究中心", *(show(sum(c.values())) for c in columns)),
            *((c[:3], c[3:5], c[5:7], "101001", NAMES[c], *(show(under(x, c)) for x in columns)) for c in leaves),
        ]

    fiscal = books.fiscal
    rest = added(books.own, {c: -v for c, v in before.items()})
    b2 = [
        (*head, "财政拨款", "<", "<", "事业收入", "上年结转"),
        (*split, "一般公共预算", "政府性基金", "国有资本经营预算", "^", "^"),
        *rows([books.whole, books.general, books.gov, books.state, rest, before], sorted(books.whole)),
    ]
    people = {code: value * 3 // 4 for code, value in books.basic.items()}
    office = {code: value - people[code] for code, value in books.basic.items()}
    project = added(books.project, books.gov, books.state, books.own)
    usual = {code: value // 3 for code, value in project.items()}
    special = {code: value - usual[code] for code, value in project.items()}
    b3 = [
        (*head, "基本支出", "<", "<", "项目支出", "<", "<"),
        (*split, "小计", "人员经费", "公用经费", "小计", "其他运转类", "特定目标类"),
        *rows([books.whole, books.basic, people, office, project, usual, special], sorted(books.whole)),
    ]
    b5 = [
        (*head, "基本支出", "<", "<", "项目支出"),
        (*split, "小计", "人员经费", "公用经费", "^"),
        *rows([books.general, books.basic, people, office, books.project], sorted(books.general)),
    ]
    assert sum(fiscal.values()) == general + gov + state
    return an_office(
        2025,
        a_table(b1, title="2025年部门收支总体情况表"),
        a_table(b2, title="2025年部门收入总体情况表"),
        a_table(b3, title="2025年部门支出总体情况表"),
        a_table(b5, title="2025年一般公共预算支出情况表"),
        source=source,
    )


def _spent(books: Books, show: object) -> Rows:
    assert callable(show)
    columns = [books.whole, books.general, books.gov, added(books.state, books.own)]
    return [
        (name, *(show(under(column, code)) for column in columns))
        for code, (name, _) in zip(sorted({c[:3] for c in books.whole}), class_rows(books.whole, show), strict=True)
    ]
