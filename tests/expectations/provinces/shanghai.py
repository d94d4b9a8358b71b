"""Shanghai: 元 without decimals; 类 款 项; 合计 last; the income half as an outline."""

from __future__ import annotations

from expectations.values import DocumentTables
from ocr.values import TextSource
from tests.expectations.books import NAMES, Books, added, printer, tree, under
from tests.expectations.documents import a_table
from tests.expectations.provinces.rows import Rows, an_office, class_rows, coded, side_by_side, total_of


def shanghai(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    show = printer(0)
    total = sum(books.whole.values())
    general, gov, state, own = (sum(x.values()) for x in (books.general, books.gov, books.state, books.own))
    income: Rows = [
        ("一、财政拨款收入", show(general + gov + state)),
        ("1、一般公共预算资金", show(general)),
        ("2、政府性基金", show(gov)),
        ("3、国有资本经营预算", show(state)),
        ("二、事业收入", show(own)),
        ("三、事业单位经营收入", ""),
        ("四、其他收入", ""),
    ]
    b1 = [
        *side_by_side(income, class_rows(books.whole, show)),
        ("收入总计", show(total), "支出总计", show(total)),
    ]
    head = ("功能分类科目编码", "<", "<", "功能分类科目名称")
    parts = ("类", "款", "项", "^")
    sources = [books.whole, books.fiscal, books.own, {}, {}]
    b2 = [
        ("项目", "<", "<", "<", "收入预算", "<", "<", "<", "<"),
        (*head, "合计", "财政拨款收入", "事业收入", "事业单位经营收入", "其他收入"),
        (*parts, "^", "^", "^", "^", "^"),
        *coded(sources, show, split=True),
        total_of(sources, show, "合计", "<", "<", "<"),
    ]
    basic = added(books.basic)
    project = added(books.project, books.gov, books.state, books.own)
    b3 = [
        ("项目", "<", "<", "<", "支出预算", "<", "<"),
        (*head, "合计", "基本支出", "项目支出"),
        (*parts, "^", "^", "^"),
        *coded([books.whole, basic, project], show, split=True),
        total_of([books.whole, basic, project], show, "合计", "<", "<", "<"),
    ]
    funds = [books.fiscal, books.general, books.gov, books.state]
    right = [
        (name, *(show(under(f, code)) for f in funds))
        for code, (name, _) in zip(sorted({c[:3] for c in books.fiscal}), class_rows(books.fiscal, show), strict=True)
    ]
    left: Rows = [
        ("一、一般公共预算资金", show(general)),
        ("二、政府性基金", show(gov)),
        ("三、国有资本经营预算", show(state)),
    ]
    fiscal = show(general + gov + state)
    b4 = [
        ("财政拨款收入", "<", "财政拨款支出", "<", "<", "<", "<"),
        ("项目", "预算数", "项目", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"),
        *side_by_side(left, right),
        ("收入总计", fiscal, "支出总计", *(show(sum(f.values())) for f in funds)),
    ]
    b5 = [
        ("项目", "<", "<", "<", "一般公共预算支出", "<", "<"),
        (*head, "合计", "基本支出", "项目支出"),
        (*parts, "^", "^", "^"),
        *coded([books.general, books.basic, books.project], show, split=True),
        total_of([books.general, books.basic, books.project], show, "合计", "<", "<", "<"),
    ]
    personnel = {c: v for c, v in books.economic.items() if c[:3] in ("301", "303")}
    public = {c: v for c, v in books.economic.items() if c not in personnel}
    economic_rows = []
    for code in tree(books.economic):
        figures = tuple(show(under(x, code)) for x in (books.economic, personnel, public))
        economic_rows.append((code[:3], code[3:5], NAMES[code], *figures))
    b6 = [
        ("项目", "<", "<", "一般公共预算基本支出", "<", "<"),
        ("经济分类科目编码", "<", "经济分类科目名称", "合计", "人员经费", "公用经费"),
        ("类", "款", "^", "^", "^", "^"),
        *economic_rows,
        total_of([books.economic, personnel, public], show, "合计", "<", "<"),
    ]
    running, reception = books.economic["30231"], books.economic["30217"]
    b7 = [
        ("“三公”经费预算数", "<", "<", "<", "<", "<", "机关运行经费预算数"),
        ("合计", "因公出国(境)费", "公务接待费", "公务用车购置及运行费", "<", "<", "^"),
        ("^", "^", "^", "小计", "购置费", "运行费", "^"),
        (
            show(running + reception + 70000),
            show(70000),
            show(reception),
            show(running),
            "",
            show(running),
            show(990000),
        ),
    ]
    b8 = [
        ("项目", "<", "<", "<", "政府性基金预算支出", "<", "<"),
        (*head, "合计", "基本支出", "项目支出"),
        (*parts, "^", "^", "^"),
        *coded([books.gov, {}, books.gov], show, split=True),
        total_of([books.gov, {}, books.gov], show, "合计", "<", "<", "<"),
    ]
    return an_office(
        2025,
        a_table([("本年收入", "<", "本年支出", "<"), ("项目", "预算数", "项目", "预算数"), *b1], title="2025年部门收支预算总表", unit="元"),
        a_table(b2, title="2025年部门收入预算总表", unit="元"),
        a_table(b3, title="2025年部门支出预算总表", unit="元"),
        a_table(b4, title="2025年部门财政拨款收支预算总表", unit="元"),
        a_table(b5, title="2025年部门一般公共预算支出功能分类预算表", unit="元"),
        a_table(b8, title="2025年部门政府性基金预算支出功能分类预算表", unit="元"),
        a_table(b6, title="2025年部门一般公共预算基本支出部门预算经济分类预算表", unit="元"),
        a_table(b7, title="2025年部门“三公”经费和机关运行经费预算表", unit="万元"),
        source=source,
    )  # fmt: skip
