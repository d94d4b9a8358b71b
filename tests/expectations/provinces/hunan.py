"""Hunan: per unit and code in one tree; 分类汇总表 by economic classes as columns; one decimal in 元 and 万元 in one file."""

from __future__ import annotations

from expectations.values import DocumentTables
from ocr.values import TextSource
from tests.expectations.books import Books, added, printer
from tests.expectations.documents import a_table
from tests.expectations.provinces.rows import an_office, coded, total_of


def hunan(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    show = printer(2, zero="0")
    basic, project = added(books.basic), added(books.project, books.gov, books.state, books.own)
    columns = [books.whole, basic, project]
    b3 = [
        ("单位代码", "单位名称（科目）", "合计", "基本支出", "项目支出"),
        ("", "合计", *(show(sum(c.values())) for c in columns)),
        ("205", "某市发展研究中心", *(show(sum(c.values())) for c in columns)),
        ("205001", "某市发展研究中心本级", *(show(sum(c.values())) for c in columns)),
        *coded(columns, show),
    ]
    shares = [{code: v * (i + 1) // 10 for code, v in books.basic.items()} for i in range(3)]
    rest = {code: v - sum(s[code] for s in shares) for code, v in books.basic.items()}
    r5 = [
        ("科目编码", "科目名称", "总计", "工资福利支出", "商品和服务支出", "对个人和家庭的补助", "资本性支出"),
        total_of([books.basic, *shares, rest], show, "合计", "<"),
        *coded([books.basic, *shares, rest], show),
    ]
    yuan = printer(2)
    running, reception = books.economic["30231"], books.economic["30217"]
    b7 = [
        ("单位编码", "单位名称", "“三公”经费合计", "因公出国（境）费", "公务用车购置及运行费", "<", "<", "公务接待费"),
        ("^", "^", "^", "^", "小计", "公务用车购置费", "公务用车运行费", "^"),
        ("205", "某市发展研究中心", yuan(10000 * (running + reception)), "", yuan(10000 * running), "", yuan(10000 * running), yuan(10000 * reception)),
    ]  # fmt: skip
    general = [books.general, books.basic, books.project]
    b5 = [
        ("类", "款", "项", "科目名称", "合计", "基本支出", "项目支出"),
        total_of(general, show, "合计", "<", "<", "<"),
        *coded(general, show, split=True),
    ]
    return an_office(
        2025,
        a_table(b3, title="部门支出总表"),
        a_table(r5, title="支出预算分类汇总表（按部门预算经济分类）"),
        a_table(b5, title="一般公共预算支出表"),
        a_table(b7, title="一般公共预算“三公”经费支出表", unit="元"),
        source=source,
    )
