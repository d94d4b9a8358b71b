"""Final accounts in three halves: final accounts in 元: three halves with 行次, balances of the general fund, the 三公 inside a table on the office."""

from __future__ import annotations

from expectations.values import DocumentTables
from ocr.values import TextSource
from tests.expectations.books import Books, added, printer, under
from tests.expectations.documents import a_document, a_table
from tests.expectations.provinces.rows import Rows, class_rows, coded, total_of


def accounts(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    show = printer(2)
    general, gov, own = (sum(x.values()) for x in (books.general, books.gov, books.own))
    spent = added(books.general, books.gov, books.own)
    total, left = sum(spent.values()), 120_000
    income = [("一、财政拨款收入", general + gov), ("二、上级补助收入", 0), ("三、事业收入", own), ("四、经营收入", 0),
              ("五、附属单位上缴收入", 0), ("六、其他收入", left)]  # fmt: skip
    basic, project = sum(books.basic.values()), total - sum(books.basic.values())
    nature = [("一、基本支出", basic), ("人员经费", basic - 150_000), ("公用经费", 150_000), ("二、项目支出", project),
              ("三、上缴上级支出", 0), ("四、经营支出", 0), ("五、对附属单位补助支出", 0)]  # fmt: skip
    classes = [(name, under(spent, code)) for code, (name, _) in
               zip(sorted({c[:3] for c in spent}), class_rows(spent, show), strict=True)]  # fmt: skip
    n = max(len(income), len(nature), len(classes))

    def numbered(items: list[tuple[str, int]], first: int) -> Rows:
        rows = [(name, str(first + i), show(amount)) for i, (name, amount) in enumerate(items)]
        return rows + [("", str(first + i), "") for i in range(len(items), n)]

    j1 = [
        ("收入", "<", "<", "支出", "<", "<", "<", "<", "<"),
        ("项目", "行次", "决算数", "项目（按功能分类）", "行次", "决算数", "项目（按支出性质）", "行次", "决算数"),
        ("栏次", "", "1", "栏次", "", "2", "栏次", "", "3"),
        *((*a, *b, *c) for a, b, c in
          zip(numbered(income, 1), numbered(classes, 20), numbered(nature, 40), strict=True)),
        ("本年收入合计", "15", show(total + left), "本年支出合计", "35", show(total), "本年支出合计", "55", show(total)),
        ("年初结转和结余", "16", "", "年末结转和结余", "36", show(left), "年末结转和结余", "56", show(left)),
        ("总计", "17", show(total + left), "总计", "37", show(total + left), "总计", "57", show(total + left)),
    ]  # fmt: skip
    rest = added(books.project, books.gov, books.own)
    columns = [spent, books.basic, rest, {}, {}, {}]
    j3 = [
        ("项目", "<", "本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"),
        ("功能分类科目编码", "科目名称", "^", "^", "^", "^", "^", "^"),
        ("栏次", "<", "1", "2", "3", "4", "5", "6"),
        total_of(columns, show, "合计", "<"),
        *coded(columns, show),
    ]
    opening = {code: amount // 10 for code, amount in books.general.items()}
    closing = {code: amount // 20 for code, amount in books.general.items()}
    received = {code: v + closing[code] - opening[code] for code, v in books.general.items()}
    five = [opening, received, books.general, books.basic, books.project, closing]
    j5 = [
        ("项目", "<", "年初结转和结余", "本年收入", "本年支出", "<", "<", "年末结转和结余"),
        ("功能分类科目编码", "科目名称", "^", "^", "小计", "基本支出", "项目支出", "^"),
        ("栏次", "<", "1", "2", "3", "4", "5", "6"),
        total_of(five, show, "合计", "<"),
        *coded(five, show),
    ]
    running, reception = books.economic["30231"], books.economic["30217"]
    both = (running + 5_000 + reception, running + reception)
    jr3 = [
        ("项目", "行次", "预算数", "决算统计数"),
        ("栏次", "", "1", "2"),
        ("一、“三公”经费支出", "1", "—", "—"),
        ("（一）支出合计", "2", *map(show, both)),
        ("1．因公出国（境）费", "3", "", ""),
        ("2．公务用车购置及运行维护费", "4", show(running + 5_000), show(running)),
        ("（1）公务用车购置费", "5", "", ""),
        ("（2）公务用车运行维护费", "6", show(running + 5_000), show(running)),
        ("3．公务接待费", "7", show(reception), show(reception)),
        ("（二）相关统计数", "8", "—", "—"),
        ("1．公务用车保有量（辆）", "9", "—", "4"),
        ("2．国内公务接待批次（个）", "10", "—", "37"),
        ("二、机关运行经费", "11", "—", show(150_000)),
    ]
    return a_document(
        a_table(j1, title="收入支出决算总表", unit="金额单位：元"),
        a_table(j3, title="支出决算表", unit="金额单位：元"),
        a_table(j5, title="一般公共预算财政拨款收入支出决算表", unit="金额单位：元"),
        a_table(jr3, title="机构运行信息表", unit="金额单位：元"),
        headings=("某市发展研究中心2023年度部门决算公开",),
        source=source,
    )
