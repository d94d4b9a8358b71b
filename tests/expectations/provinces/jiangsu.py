"""Jiangsu: 万元 and two decimals; income by unit; a table of 三公, meetings and training; dashes for nothing."""

from __future__ import annotations

from expectations.values import DocumentTables
from ocr.values import TextSource
from tests.expectations.books import Books, added, printer
from tests.expectations.documents import a_table
from tests.expectations.provinces.rows import an_office, coded, total_of


def jiangsu(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    show = printer(2, zero="-")
    total = sum(books.whole.values())
    general, gov, state, own = (sum(x.values()) for x in (books.general, books.gov, books.state, books.own))
    a, b = total * 2 // 3, total - total * 2 // 3
    parts = [(g * 2 // 3) for g in (general, gov, state)]
    one = [a, a, *parts, a - sum(parts)]
    two = [b, b, *(x - y for x, y in zip((general, gov, state), parts, strict=True)), own - (a - sum(parts))]
    b2 = [
        ("部门编码", "部门名称", "合计", "本年收入", "<", "<", "<", "<", "上年结转结余"),
        ("^", "^", "^", "小计", "一般公共预算", "政府性基金预算", "国有资本经营预算", "事业收入", "^"),
        ("合计", "<", show(total), show(total), show(general), show(gov), show(state), show(own), "-"),
        ("101", "某市发展研究中心", *map(show, (total, total, general, gov, state, own)), "-"),
        ("101001", "某市发展研究中心（本级）", *map(show, one), "-"),
        ("101002", "某市信息中心", *map(show, two), "-"),
    ]
    basic, project = added(books.basic), added(books.project, books.gov, books.state, books.own)
    columns = [books.whole, basic, project, {}, {}, {}]
    b3 = [
        ("科目编码", "科目名称", "合计", "基本支出", "项目支出", "事业单位经营支出", "上缴上级支出", "对附属单位补助支出"),
        total_of(columns, show, "合计", "<"),
        *coded(columns, show),
    ]  # fmt: skip
    fiscal = added(books.fiscal)
    f_project = added(books.project, books.gov, books.state)
    b5a = [
        ("科目编码", "科目名称", "合计", "基本支出", "<", "<", "项目支出"),
        ("^", "^", "^", "小计", "人员经费", "公用经费", "^"),
    ]
    people = {code: value * 3 // 4 for code, value in books.basic.items()}
    office = {code: value - people[code] for code, value in books.basic.items()}
    t_fiscal = [*b5a, total_of([fiscal, basic, people, office, f_project], show, "合计", "<"),
                *coded([fiscal, basic, people, office, f_project], show)]  # fmt: skip
    t_general = [*b5a, total_of([books.general, basic, people, office, books.project], show, "合计", "<"),
                 *coded([books.general, basic, people, office, books.project], show)]  # fmt: skip
    personnel = {c: v for c, v in books.economic.items() if c[:3] in ("301", "303")}
    public = {c: v for c, v in books.economic.items() if c not in personnel}
    b6 = [
        ("部门预算支出经济分类科目", "<", "本年一般公共预算基本支出", "<", "<"),
        ("科目编码", "科目名称", "合计", "人员经费", "公用经费"),
        total_of([books.economic, personnel, public], show, "合计", "<"),
        *coded([books.economic, personnel, public], show),
    ]
    running, reception = books.economic["30231"], books.economic["30217"]
    b7 = [
        ("“三公”经费", "<", "<", "<", "<", "<", "会议费", "培训费"),
        ("三公经费合计", "因公出国（境）费", "公务用车购置及运行维护费", "<", "<", "公务接待费", "^", "^"),
        ("^", "^", "小计", "公务用车购置费", "公务用车运行维护费", "^", "^", "^"),
        (show(running + reception), "-", show(running), "-", show(running), show(reception), show(4500), show(8100)),
    ]
    return an_office(
        2025,
        a_table(b2, title="收入总表"),
        a_table(b3, title="支出总表"),
        a_table(t_fiscal, title="财政拨款支出表（功能科目）"),
        a_table(t_general, title="一般公共预算支出表"),
        a_table(b6, title="一般公共预算基本支出表"),
        a_table(b7, title="一般公共预算“三公”经费、会议费、培训费支出预算表"),
        source=source,
    )
