"""Before 2018: as before 2018: 公共财政预算, 三公 with the year before and the change, codes of 款 only, no decimals in 元."""

from __future__ import annotations

from expectations.values import DocumentTables
from ocr.values import TextSource
from tests.expectations.books import NAMES, Books, added, printer, tree, under
from tests.expectations.documents import a_table
from tests.expectations.provinces.rows import an_office, class_rows, side_by_side


def old(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    show = printer(0, grouped=True, zero="0")
    general = sum(books.general.values())
    own = sum(books.own.values())
    whole = added(books.general, books.own)
    b1 = [
        ("收入", "<", "支出", "<"),
        ("项目", "预算数", "项目", "预算数"),
        *side_by_side(
            [("一、公共财政预算拨款收入", show(general)), ("二、事业收入", show(own)), ("三、其他收入", show(0))],
            class_rows(whole, show),
        ),
        ("收入合计", show(general + own), "支出合计", show(general + own)),
    ]
    columns = [books.general, books.basic, books.project]
    b5 = [
        ("科目编码", "科目名称", "2016年执行数", "2017年预算数", "<", "<", "2017年预算数比2016年执行数", "<"),
        ("^", "^", "^", "小计", "基本支出", "项目支出", "增减额", "增减%"),
        ("合计", "<", show(sum(books.basic.values())), *(show(sum(c.values())) for c in columns),
         show(sum(books.project.values())), "3.2%"),
        *((code, NAMES[code], show(under(books.basic, code)), *(show(under(c, code)) for c in columns),
           show(under(books.project, code)), "3.2%") for code in tree(books.general)),
    ]  # fmt: skip
    b6 = [
        ("科目编码", "科目名称", "基本支出"),
        *((code, NAMES[code], show(under(books.economic, code))) for code in tree(books.economic)),
        ("合计", "<", show(sum(books.economic.values()))),
    ]
    running, reception = books.economic["30231"], books.economic["30217"]
    now, then = running + reception, running + reception + 1234
    b7 = [
        ("项目", "2016年预算数", "2017年预算数", "增减额", "增减率（%）"),
        ("合计", show(then), show(now), show(-1234), "-1.5"),
        ("1、因公出国（境）费用", "0", "0", "0", ""),
        ("2、公务接待费", show(reception + 1234), show(reception), show(-1234), "-2.5"),
        ("3、公务用车费", show(running), show(running), "0", "0"),
        ("其中：（1）公务用车运行维护费", show(running), show(running), "0", "0"),
        ("（2）公务用车购置", "0", "0", "0", ""),
    ]
    return an_office(
        2017,
        a_table(b1, title="2017年部门收支总表", unit="元"),
        a_table(b5, title="一般公共预算支出表", unit="元"),
        a_table(b6, title="一般公共预算基本支出表", unit="元"),
        a_table(b7, title="一般公共预算“三公”经费支出表", unit="元"),
        source=source,
    )
