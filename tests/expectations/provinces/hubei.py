"""Hubei: one table by both economic classifications, side by side tables, codes glued with spaces and dashes, 项 codes that
stand alone, projects by either classification; 单位：元 in the heading row."""

from __future__ import annotations

from expectations.values import DocumentTables
from ocr.values import TextSource
from tests.expectations.books import NAMES, Books, added, printer, tree, under
from tests.expectations.documents import a_table
from tests.expectations.provinces.rows import Rows, an_office, class_rows, side_by_side, total_of

# What the government's own classification calls the same money.
GOVERNMENT = {
    "30101": ("50101", "工资奖金津补贴"), "30102": ("50101", "工资奖金津补贴"), "30103": ("50101", "工资奖金津补贴"),
    "30108": ("50102", "社会保障缴费"), "30113": ("50103", "住房公积金"), "30201": ("50201", "办公经费"),
    "30207": ("50201", "办公经费"), "30211": ("50201", "办公经费"), "30217": ("50206", "公务接待费"),
    "30228": ("50201", "办公经费"), "30231": ("50208", "公务用车运行维护费"), "30302": ("50905", "离退休费"),
    "30309": ("50901", "社会福利和救助"), "31002": ("50306", "设备购置"),
}  # fmt: skip
CLASSES = {"501": "机关工资福利支出", "502": "机关商品和服务支出", "503": "机关资本性支出", "509": "对个人和家庭的补助"}


def hubei(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    show = printer(2, zero="0.00")
    general, gov, state, own = (sum(x.values()) for x in (books.general, books.gov, books.state, books.own))
    total = general + gov + state + own
    income: Rows = [
        ("一、一般公共预算财政拨款收入", show(general)),
        ("二、政府性基金预算财政拨款收入", show(gov)),
        ("三、国有资本经营预算财政拨款收入", show(state)),
        ("四、财政专户管理资金收入", show(0)),
        ("五、单位资金收入", show(own)),
    ]
    b1 = [
        ("收 入", "<", "支 出", "<"),
        ("项 目", "预算数", "项 目", "预算数"),
        *side_by_side(income, class_rows(books.whole, show)),
        ("本年收入合计", show(total), "本年支出合计", show(total)),
        ("上年结转结余", show(0), "年终结转结余", show(0)),
        ("收 入 总 计", show(total), "支 出 总 计", show(total)),
    ]
    columns = [books.general, books.basic, books.project]
    b5 = [
        ("科目编码及名称", "合计", "基本支出", "项目支出"),
        total_of(columns, show, "合  计"),
        *((f"{'  ' * (len(code) // 2 - 1)}{code}　{NAMES[code]}", *(show(under(c, code)) for c in columns))
          for code in tree(sorted(books.general))),
    ]  # fmt: skip
    both: dict[str, dict[str, int]] = {}
    for code, amount in books.economic.items():
        both.setdefault(GOVERNMENT[code][0], {})[code] = amount
    r5 = [
        ("政府预算支出经济分类", "<", "合计", "基本支出", "项目支出"),
        ("科目编码", "科目名称", "^", "^", "^"),
        ("合计", "<", show(sum(books.economic.values())), show(sum(books.economic.values())), show(0)),
        *((code, name, show(amount), show(amount), show(0)) for code, name, amount in _government(books)),
    ]
    left = [code for code in tree(books.economic) if code[:3] == "301"]
    right = [code for code in tree(books.economic) if code[:3] != "301"]
    n = max(len(left), len(right))
    cells = [[(f"{c}-{NAMES[c]}", show(under(books.economic, c))) for c in codes] for codes in (left, right)]
    cells = [of + [("", "")] * (n - len(of)) for of in cells]
    personnel = sum(v for c, v in books.economic.items() if c[:3] in ("301", "303"))
    public = sum(books.economic.values()) - personnel
    b6 = [
        ("科目名称", "金额", "科目名称", "金额"),
        *((*a, *b) for a, b in zip(*cells, strict=True)),
        ("人员经费合计", show(personnel), "公用经费合计", show(public)),
    ]
    project = added(books.project, books.gov, books.state, books.own)
    names = ["信息系统运行维护", "重点课题研究", "人才培养"]
    whole = sum(project.values())
    parts = [whole // 3, whole // 3, whole - 2 * (whole // 3)]
    b10 = [
        ("项目单位", "项目名称", "支出经济分类科目", "资金来源", "<", "<"),
        ("^", "^", "^", "合计", "一般公共预算", "单位资金"),
        *(("某市发展研究中心", name, "302-商品和服务支出", show(p), show(p - own // 3), show(own // 3))
          for name, p in zip(names, parts, strict=True)),
        ("合计", "<", "<", show(whole), show(whole - 3 * (own // 3)), show(3 * (own // 3))),
    ]  # fmt: skip
    running, reception = books.economic["30231"], books.economic["30217"]
    b7 = [
        ("单位名称", "“三公”经费预算合计", "因公出国（境）经费", "公务用车购置及运行维护费", "<", "<", "公务接待费"),
        ("^", "^", "^", "合计", "公务用车购置", "公务用车运行维护", "^"),
        ("某市发展研究中心", *map(show, (running + reception, 0, running, 0, running, reception))),
    ]
    return an_office(
        2025,
        a_table([("单位：元", "<", "<", "<"), *b1], title="收支预算总表", unit=""),
        a_table([("单位：元", "<", "<", "<"), *b5], title="一般公共预算支出表", unit=""),
        a_table(r5, title="一般公共预算基本支出表（按政府预算支出经济分类）", unit="单位：元"),
        a_table(b6, title="一般公共预算基本支出表", unit="单位：元"),
        a_table(b7, title="一般公共预算“三公”经费支出表", unit="单位：元"),
        a_table(b10, title="项目支出表", unit="单位：元"),
        source=source,
    )


def _government(books: Books) -> list[tuple[str, str, int]]:
    leaves: dict[str, int] = {}
    for code, amount in books.economic.items():
        leaves[GOVERNMENT[code][0]] = leaves.get(GOVERNMENT[code][0], 0) + amount
    names = dict(GOVERNMENT.values()) | CLASSES
    return [(code, names[code], under(leaves, code)) for code in tree(leaves)]
