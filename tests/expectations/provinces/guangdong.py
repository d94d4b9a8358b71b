"""Guangdong: 万元, two decimals, 0.00 for nothing; code and name in one column or glued; 三公 as rows; the unit in a table row."""

from __future__ import annotations

from expectations.values import DocumentTables
from ocr.values import TextSource
from tests.expectations.books import Books, added, printer, under
from tests.expectations.documents import a_table
from tests.expectations.provinces.rows import Rows, an_office, class_rows, coded, side_by_side, total_of


def guangdong(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    show = printer(2, grouped=False, zero="0.00")
    total = show(sum(books.whole.values()))
    general, gov, state, own = (sum(x.values()) for x in (books.general, books.gov, books.state, books.own))
    income: Rows = [
        ("一、财政拨款", show(general + gov + state)),
        ("一般公共预算拨款", show(general)),
        ("政府性基金预算拨款", show(gov)),
        ("国有资本经营预算拨款", show(state)),
        ("二、财政专户拨款", show(0)),
        ("三、其他资金", show(own)),
    ]
    basic_all, project_all = added(books.basic), added(books.project, books.gov, books.state, books.own)
    b1 = [
        ("单位：万元", "<", "<", "<"),
        ("收入", "<", "支出", "<"),
        ("项目", "2025年预算", "项目", "2025年预算"),
        *side_by_side(income, [("一、基本支出", show(sum(basic_all.values()))), ("二、项目支出", show(sum(project_all.values()))), ("三、事业单位经营支出", show(0))]),
        ("本年收入合计", total, "本年支出合计", total),
        ("四、上级补助收入", show(0), "四、对附属单位补助支出", show(0)),
        ("五、附属单位上缴收入", show(0), "五、上缴上级支出", show(0)),
        ("六、用事业基金弥补收支总额", show(0), "六、结转下年", show(0)),
        ("收入总计", total, "支出总计", total),
    ]  # fmt: skip
    b2 = [
        ("项目", "2025年预算"),
        ("一、预算拨款", show(general + gov + state)),
        ("一般公共预算拨款", show(general)),
        ("政府性基金预算拨款", show(gov)),
        ("国有资本经营预算拨款", show(state)),
        ("二、财政专户拨款", show(0)),
        ("三、其他资金", show(own)),
        ("本年收入合计", total),
        ("四、上级补助收入", show(0)),
        ("收入总计", total),
    ]
    b3 = [
        ("支出项目类别（资金使用单位）", "2025年预算"),
        ("一、基本支出", show(sum(basic_all.values()))),
        ("工资福利支出", show(under(books.economic, "301"))),
        ("商品和服务支出", show(under(books.economic, "302"))),
        ("对个人和家庭的补助", show(under(books.economic, "303"))),
        ("资本性支出", show(under(books.economic, "310"))),
        ("二、项目支出", show(sum(project_all.values()))),
        ("三、事业单位经营支出", show(0)),
        ("本年支出合计", total),
        ("结转下年", show(0)),
        ("支出总计", total),
    ]
    b4 = [
        ("收入", "<", "支出", "<", "<", "<", "<"),
        ("项目", "2025年预算", "项目", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"),
        *side_by_side(
            [("一、一般公共预算", show(general)), ("二、政府性基金预算", show(gov)), ("三、国有资本经营预算", show(state))],
            [(f"{name}", *(show(under(f, code)) for f in (books.fiscal, books.general, books.gov, books.state)))
             for code, (name, _) in zip(sorted({c[:3] for c in books.fiscal}), class_rows(books.fiscal, show), strict=True)],
        ),
        ("本年收入合计", show(general + gov + state), "本年支出合计", show(general + gov + state), show(general), show(gov), show(state)),
    ]  # fmt: skip
    columns = [books.general, books.basic, books.project]
    b5 = [
        ("功能科目名称", "总计", "基本支出", "项目支出"),
        total_of(columns, show, "合计"),
        *coded(columns, show, glued=True),
    ]
    b6 = [
        ("支出经济分类（部门）科目", "2025年预算数"),
        total_of([books.economic], show, "合计"),
        *coded([books.economic], show, glued=True),
    ]
    running, reception = books.economic["30231"], books.economic["30217"]
    b7 = [
        ("项目", "2024年预算数", "2025年预算数"),
        ("行政经费", show(880000), show(870000)),
        ("“三公”经费", show(running + 1200), show(running + reception)),
        ("其中：（一）因公出国（境）支出", show(0), show(0)),
        ("（二）公务用车购置及运行维护支出", show(running), show(running)),
        ("1.公务用车购置", show(0), show(0)),
        ("2.公务用车运行维护费", show(running), show(running)),
        ("（三）公务接待费支出", show(1200), show(reception)),
    ]
    b8 = [
        ("功能科目名称", "总计", "基本支出", "项目支出"),
        total_of([books.gov, {}, books.gov], show, "合计"),
        *coded([books.gov, {}, books.gov], show, glued=True),
    ]
    return an_office(
        2025,
        a_table(b1, title="收支总体情况表", unit=""),
        a_table(b2, title="收入总体情况表"),
        a_table(b3, title="支出总体情况表"),
        a_table(b4, title="财政拨款收支总体情况表"),
        a_table(b5, title="一般公共预算支出情况表（按功能分类科目）"),
        a_table(b6, title="一般公共预算基本支出情况表（按支出经济分类科目）"),
        a_table(b7, title="一般公共预算安排的行政经费及“三公”经费预算表"),
        a_table(b8, title="政府性基金预算支出情况表"),
        source=source,
    )
