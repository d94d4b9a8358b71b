"""Zhejiang: money carried over, in and out, in every table; 功能分类科目编码; 万元 beside 元; 三公 by year with the change."""

from __future__ import annotations

from expectations.values import DocumentTables
from ocr.values import TextSource
from tests.expectations.books import NAMES, Books, added, printer, tree, under
from tests.expectations.documents import a_table
from tests.expectations.provinces.rows import Rows, an_office, class_rows, coded, side_by_side, total_of


def zhejiang(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    show = printer(2)
    carried = {code: amount // 4 for code, amount in books.project.items()}
    fund_left = {code: amount // 5 for code, amount in books.gov.items()}
    general, gov, state, own = (sum(x.values()) for x in (books.general, books.gov, books.state, books.own))
    before, fund_before = sum(carried.values()), sum(fund_left.values())
    total = general + gov + state + own
    income: Rows = [
        ("一、一般公共预算拨款收入", show(general - before)),
        ("二、政府性基金预算拨款收入", show(gov - fund_before)),
        ("三、国有资本经营预算拨款收入", show(state)),
        ("四、财政专户管理资金收入", ""),
        ("五、事业收入", show(own)),
        ("六、上级补助收入", ""),
    ]
    b1 = [
        ("收入", "<", "支出", "<"),
        ("项目", "2025年预算数", "项目（按功能分类）", "2025年预算数"),
        *side_by_side(income, class_rows(books.whole, show)),
        ("本年收入合计", show(total - before - fund_before), "本年支出合计", show(total)),
        ("上年结转结余", show(before + fund_before), "结转下年支出", ""),
        ("收入总计", show(total), "支出总计", show(total)),
    ]
    now = added(books.general, {c: -v for c, v in carried.items()})
    fund_now = added(books.gov, {c: -v for c, v in fund_left.items()})
    left = added(carried, fund_left)
    b2_columns = [
        books.whole,
        added(now, fund_now, books.state, books.own),
        now,
        fund_now,
        books.state,
        books.own,
        left,
    ]
    b2 = [
        ("功能分类科目", "<", "合计", "本年收入", "<", "<", "<", "<", "上年结转"),
        ("科目编码", "科目名称", "^", "小计", "一般公共预算", "政府性基金预算", "国有资本经营预算", "事业收入", "^"),
        total_of(b2_columns, show, "合计", "<"),
        *coded(b2_columns, show, leaves=sorted(books.whole)),
    ]
    basic, project = added(books.basic), added(books.project, books.gov, books.state, books.own)
    b3 = [
        ("功能分类科目编码", "功能分类科目名称", "小计", "基本支出", "项目支出", "结转下年"),
        total_of([books.whole, basic, project, {}], show, "合计", "<"),
        *coded([books.whole, basic, project, {}], show),
    ]
    funds = [books.fiscal, books.general, books.gov, books.state]
    right = [
        (name, *(show(under(f, code)) for f in funds))
        for code, (name, _) in zip(sorted({c[:3] for c in books.fiscal}), class_rows(books.fiscal, show), strict=True)
    ]
    fiscal_left: Rows = [
        ("一、本年收入", show(general + gov + state - before - fund_before)),
        ("（一）一般公共预算拨款", show(general - before)),
        ("（二）政府性基金预算拨款", show(gov - fund_before)),
        ("（三）国有资本经营预算拨款", show(state)),
        ("二、上年结转", show(before + fund_before)),
        ("（一）一般公共预算拨款", show(before)),
        ("（二）政府性基金预算拨款", show(fund_before)),
        ("（三）国有资本经营预算拨款", ""),
    ]
    sums = [show(sum(f.values())) for f in funds]
    b4 = [
        ("收入", "<", "支出", "<", "<", "<", "<"),
        ("项目", "预算数", "项目", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"),
        *side_by_side(fiscal_left, [("一、本年支出", *sums), *((f"（{n[0]}）{n[2:]}", *f) for n, *f in right),
                                    ("二、结转下年", "", "", "", "")]),
        ("收入总计", sums[0], "支出总计", *sums),
    ]  # fmt: skip
    b5 = [
        ("功能分类科目", "<", "2025年预算数", "<", "<"),
        ("科目编码", "科目名称", "小计", "基本支出", "项目支出"),
        total_of([books.general, books.basic, books.project], show, "合计", "<"),
        *coded([books.general, books.basic, books.project], show),
    ]
    b6 = [
        ("部门预算支出经济分类科目", "<", "2025年基本支出", "<", "<"),
        ("科目编码", "科目名称", "小计", "人员经费", "公用经费"),
        *_economic(books, show),
    ]
    running, reception = books.economic["30231"], books.economic["30217"]
    yuan = printer(2, zero="0.00")
    rows = [("因公出国（境）费用", 0, 300), ("公务接待费", reception + 500, reception),
            ("公务用车购置及运行维护费", running, running), ("其中：公务用车购置费", 0, 0),
            ("公务用车运行维护费", running, running)]  # fmt: skip
    sums_of_years = (running + reception + 500, running + reception + 300)
    b7 = [
        ("项目", "上年预算数", "本年预算数", "增减额"),
        ("合计", *(yuan(10000 * x) for x in (*sums_of_years, sums_of_years[1] - sums_of_years[0]))),
        *((name, *(yuan(10000 * x) for x in (then, this, this - then))) for name, then, this in rows),
    ]
    b8 = [
        ("功能分类科目编码", "功能分类科目名称", "小计", "基本支出", "项目支出"),
        total_of([books.gov, {}, books.gov], show, "合计", "<"),
        *coded([books.gov, {}, books.gov], show),
    ]
    b9 = [
        ("功能分类科目编码", "功能分类科目名称", "小计", "基本支出", "项目支出"),
        total_of([books.state, {}, books.state], show, "合计", "<"),
        *coded([books.state, {}, books.state], show),
    ]
    return an_office(
        2025,
        a_table(b1, title="2025年部门收支预算总表"),
        a_table(b2, title="2025年部门收入预算总表"),
        a_table(b3, title="2025年部门支出预算总表"),
        a_table(b4, title="2025年财政拨款收支预算总表"),
        a_table(b5, title="2025年一般公共预算支出表"),
        a_table(b6, title="2025年一般公共预算基本支出表"),
        a_table(b7, title="2025年一般公共预算“三公”经费支出表", unit="元"),
        a_table(b8, title="2025年政府性基金预算支出表"),
        a_table(b9, title="2025年国有资本经营预算支出表"),
        source=source,
    )


def _economic(books: Books, show: object) -> Rows:
    personnel = {c: v for c, v in books.economic.items() if c[:3] in ("301", "303")}
    public = {c: v for c, v in books.economic.items() if c not in personnel}
    columns = [books.economic, personnel, public]
    assert callable(show)
    rows = [(code, NAMES[code], *(show(under(c, code)) for c in columns)) for code in tree(books.economic)]
    return [total_of(columns, show, "合计", "<"), *rows]
