"""Final accounts as before 2019: every balance split into 基本支出结转 and 项目支出结转和结余, the 结余分配, 三公 with 预算数 and
决算数, 国有资本经营 with balances; in 万元; codes in 类 款 项 columns of one heading."""

from __future__ import annotations

from expectations.values import DocumentTables
from ocr.values import TextSource
from tests.expectations.books import Books, added, printer, under
from tests.expectations.documents import a_document, a_table
from tests.expectations.provinces.rows import Rows, class_rows, coded, total_of

_HEAD = ("科目编码", "<", "<", "科目名称")
_SPLIT = ("类", "款", "项", "^")


def accounts_2016(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    show = printer(2)
    opening = {code: amount // 8 for code, amount in books.project.items()}
    closing = {code: amount // 16 for code, amount in books.project.items()}
    received = added(books.general, closing, {c: -v for c, v in opening.items()})
    gov, own = books.gov, books.own
    spent = added(books.general, gov, own)
    shared = sum(own.values()) // 10
    income_own = sum(own.values()) + shared
    year_income = sum(received.values()) + sum(gov.values()) + income_own
    total = year_income + sum(opening.values())
    income = [("一、财政拨款收入", sum(received.values()) + sum(gov.values())),
              ("其中：政府性基金预算财政拨款", sum(gov.values())), ("二、上级补助收入", 0), ("三、事业收入", income_own),
              ("四、经营收入", 0), ("五、附属单位上缴收入", 0), ("六、其他收入", 0)]  # fmt: skip
    classes = [(name, under(spent, code)) for code, (name, _) in
               zip(sorted({c[:3] for c in spent}), class_rows(spent, show), strict=True)]  # fmt: skip
    n = max(len(income), len(classes))

    def numbered(items: list[tuple[str, int]], first: int) -> Rows:
        rows = [(name, str(first + i), show(amount)) for i, (name, amount) in enumerate(items)]
        return rows + [("", str(first + i), "") for i in range(len(items), n)]

    left = sum(closing.values())
    j1 = [
        ("收入", "<", "<", "支出", "<", "<"),
        ("项目", "行次", "决算数", "项目", "行次", "决算数"),
        ("栏次", "", "1", "栏次", "", "2"),
        *((*a, *b) for a, b in zip(numbered(income, 1), numbered(classes, 20), strict=True)),
        ("本年收入合计", "15", show(year_income), "本年支出合计", "40", show(sum(spent.values()))),
        ("用事业基金弥补收支差额", "16", "", "结余分配", "41", show(shared)),
        ("年初结转和结余", "17", show(sum(opening.values())), "年末结转和结余", "42", show(left)),
        ("总计", "18", show(total), "总计", "43", show(total)),
    ]
    sources = [added(received, gov, {c: income_own if i == 0 else 0 for i, c in enumerate(own)}),
               added(received, gov), {}, {c: income_own if i == 0 else 0 for i, c in enumerate(own)}, {}, {}, {}]  # fmt: skip
    j2 = [
        ("项目", "<", "<", "<", "本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"),
        (*_HEAD, "^", "^", "^", "^", "^", "^", "^"),
        (*_SPLIT, "^", "^", "^", "^", "^", "^", "^"),
        ("栏次", "<", "<", "<", "1", "2", "3", "4", "5", "6", "7"),
        total_of(sources, show, "合计", "<", "<", "<"),
        *coded(sources, show, split=True),
    ]  # fmt: skip
    rest = added(books.project, gov, own)
    uses = [spent, books.basic, rest, {}, {}, {}]
    j3 = [
        ("项目", "<", "<", "<", "本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"),
        (*_HEAD, "^", "^", "^", "^", "^", "^"),
        (*_SPLIT, "^", "^", "^", "^", "^", "^"),
        ("栏次", "<", "<", "<", "1", "2", "3", "4", "5", "6"),
        total_of(uses, show, "合计", "<", "<", "<"),
        *coded(uses, show, split=True),
    ]  # fmt: skip
    basic = books.basic
    got = added(received, {c: -v for c, v in basic.items()})
    twelve = [opening, {}, opening, received, basic, got, books.general, basic, books.project, closing, {}, closing]
    j5 = [
        ("项目", "<", "<", "<", "年初结转和结余", "<", "<", "本年收入", "<", "<", "本年支出", "<", "<", "年末结转和结余", "<", "<"),
        (*_HEAD, *("合计", "基本支出结转", "项目支出结转和结余"), *("合计", "基本支出", "项目支出") * 2,
         *("合计", "基本支出结转", "项目支出结转和结余")),
        (*_SPLIT, *("^",) * 12),
        ("栏次", "<", "<", "<", *(str(i) for i in range(1, 13))),
        total_of(twelve, show, "合计", "<", "<", "<"),
        *coded(twelve, show, split=True),
    ]  # fmt: skip
    running, reception = books.economic["30231"], books.economic["30217"]
    j7 = [
        ("预算数", "<", "<", "<", "<", "<", "决算数", "<", "<", "<", "<", "<"),
        ("合计", "因公出国（境）费", "公务用车购置及运行费", "<", "<", "公务接待费") * 2,
        ("^", "^", "小计", "公务用车购置费", "公务用车运行费", "^") * 2,
        tuple(str(i) for i in range(1, 13)),
        tuple(map(show, (running + reception + 900, 0, running + 900, 0, running + 900, reception,
                         running + reception, 0, running, 0, running, reception))),
    ]  # fmt: skip
    fund_opening = {code: amount // 9 for code, amount in gov.items()}
    fund_received = added(gov, {c: -v for c, v in fund_opening.items()})
    six = [fund_opening, fund_received, gov, {}, gov, {}]
    j8 = [
        ("项目", "<", "<", "<", "年初结转和结余", "本年收入", "本年支出", "<", "<", "年末结转和结余"),
        (*_HEAD, "^", "^", "小计", "基本支出", "项目支出", "^"),
        (*_SPLIT, "^", "^", "^", "^", "^", "^"),
        ("栏次", "<", "<", "<", "1", "2", "3", "4", "5", "6"),
        total_of(six, show, "合计", "<", "<", "<"),
        *coded(six, show, split=True),
    ]
    return a_document(
        a_table(j1, title="收入支出决算总表", unit="单位：万元"),
        a_table(j2, title="收入决算表", unit="单位：万元"),
        a_table(j3, title="支出决算表", unit="单位：万元"),
        a_table(j5, title="一般公共预算财政拨款收入支出决算表", unit="单位：万元"),
        a_table(j7, title="一般公共预算财政拨款“三公”经费支出决算表", unit="单位：万元"),
        a_table(j8, title="政府性基金预算财政拨款收入支出决算表", unit="单位：万元"),
        headings=("某市发展研究中心2016年度部门决算",),
        source=source,
    )
