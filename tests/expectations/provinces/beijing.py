"""Beijing: six decimals; 基本支出 split into 人员 and 公用; the projects by name; 合计 first in one table, last in another."""

from __future__ import annotations

from expectations.values import DocumentTables
from ocr.values import TextSource
from tests.expectations.books import Books, added, printer
from tests.expectations.documents import a_table
from tests.expectations.provinces.rows import an_office, class_rows, coded, side_by_side, total_of


def beijing(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    show = printer(6)
    total = show(sum(books.whole.values()))
    general, gov, state, own = (sum(x.values()) for x in (books.general, books.gov, books.state, books.own))
    b1 = [
        ("收入", "<", "支出", "<"),
        ("项目", "预算数", "项目", "预算数"),
        *side_by_side(
            [("一、一般公共预算拨款收入", show(general)), ("二、政府性基金预算拨款收入", show(gov)),
             ("三、国有资本经营预算拨款收入", show(state)), ("四、财政专户管理资金收入", ""), ("五、事业收入", show(own)),
             ("六、上级补助收入", ""), ("七、附属单位上缴收入", ""), ("八、事业单位经营收入", ""), ("九、其他收入", "")],
            class_rows(books.whole, show),
        ),
        ("本年收入合计", total, "本年支出合计", total),
        ("上年结转结余", "", "年终结转结余", ""),
        ("收入总计", total, "支出总计", total),
    ]  # fmt: skip
    sources = [books.whole, books.whole, books.general, books.gov, books.state, books.own, {}, {}]
    b2 = [
        ("科目编码", "科目名称", "合计", "本年收入", "<", "<", "<", "<", "<", "上年结转结余"),
        ("^", "^", "^", "小计", "一般公共预算资金", "政府性基金预算资金", "国有资本经营预算资金", "事业收入", "其他收入", "^"),
        total_of(sources, show, "合计", "<"),
        *coded(sources, show),
    ]  # fmt: skip
    basic, project = added(books.basic), added(books.project, books.gov, books.state, books.own)
    b3 = [
        ("科目编码", "科目名称", "合计", "基本支出", "项目支出", "事业单位经营支出", "上缴上级支出", "对附属单位补助支出"),
        *coded([books.whole, basic, project, {}, {}, {}], show),
        total_of([books.whole, basic, project, {}, {}, {}], show, "合计", "<"),
    ]  # fmt: skip
    people = {code: value * 3 // 4 for code, value in books.basic.items()}
    office = {code: value - people[code] for code, value in books.basic.items()}
    b5 = [
        ("功能分类科目", "<", "2025年预算数", "<", "<", "<", "<"),
        ("科目编码", "科目名称", "合计", "基本支出", "<", "<", "项目支出"),
        ("^", "^", "^", "小计", "人员经费", "公用经费", "^"),
        *coded([books.general, books.basic, people, office, books.project], show),
        total_of([books.general, books.basic, people, office, books.project], show, "合计", "<"),
    ]
    personnel = {c: v for c, v in books.economic.items() if c[:3] in ("301", "303")}
    public = {c: v for c, v in books.economic.items() if c not in personnel}
    b6 = [
        ("经济分类科目", "<", "基本支出", "<", "<"),
        ("科目编码", "科目名称", "合计", "人员经费", "公用经费"),
        *coded([books.economic, personnel, public], show),
        total_of([books.economic, personnel, public], show, "合计", "<"),
    ]
    names = [f"重点课题研究{i}" for i in range(1, 6)]
    whole = sum(project.values())
    parts = [whole // 7] * 4 + [whole - 4 * (whole // 7)]
    others = [own // 5] * 4 + [own - 4 * (own // 5)]
    b10 = [
        ("类型", "项目名称", "项目单位", "合计", "本年拨款", "<", "<", "单位资金"),
        ("^", "^", "^", "^", "一般公共预算", "政府性基金预算", "国有资本经营预算", "^"),
        *(("特定目标类", n, "某市发展研究中心", show(p), show(p - o), "", "", show(o))
          for n, p, o in zip(names, parts, others, strict=True)),
        ("合计", "<", "<", show(whole), show(whole - own), "", "", show(own)),
    ]  # fmt: skip
    return an_office(
        2025,
        a_table(b1, title="收支总表"),
        a_table(b2, title="收入总表"),
        a_table(b3, title="支出总表"),
        a_table(b5, title="一般公共预算财政拨款支出表"),
        a_table(b6, title="一般公共预算财政拨款基本支出表"),
        a_table(b10, title="项目支出表"),
        source=source,
    )
