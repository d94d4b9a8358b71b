"""The same books in the layouts of several places: titles, headings, codes, totals and units as each prints them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from expectations.values import DocumentTables
from layout.values import Table
from ocr.values import TextSource
from tests.expectations.books import NAMES, Books, Print, added, make_books, printer, tree, under
from tests.expectations.documents import a_document, a_table

Rows = list[tuple[str, ...]]
Columns = Sequence[dict[str, int]]


def _coded(
    columns: Columns, show: Print, *, leaves: Sequence[str] = (), split: bool = False, glued: bool = False
) -> Rows:
    """One row per code of the tree, one figure per column."""
    rows: Rows = []
    for code in tree(leaves or sorted({c for col in columns for c in col if col[c]})):
        figures = tuple(show(under(col, code)) for col in columns)
        if split:
            parts = (code[:3], code[3:5], code[5:7])
            rows.append((*parts, NAMES[code], *figures))
        else:
            rows.append(((f"{code}{NAMES[code]}",) if glued else (code, NAMES[code])) + figures)
    return rows


def _total(columns: Columns, show: Print, *labels: str) -> tuple[str, ...]:
    return (*labels, *(show(sum(col.values())) for col in columns))


def _side_by_side(left: Rows, right: Rows) -> Rows:
    n = max(len(left), len(right))
    blank_l, blank_r = ("",) * len(left[0]), ("",) * len(right[0])
    left, right = left + [blank_l] * (n - len(left)), right + [blank_r] * (n - len(right))
    return [(*a, *b) for a, b in zip(left, right, strict=True)]


def _classes(leaves: dict[str, int], show: Print, numbered: bool = True) -> Rows:
    numbers = "一二三四五六七八九十"
    codes = sorted({c[:3] for c in leaves})
    return [
        (f"{numbers[i]}、{NAMES[c]}" if numbered else NAMES[c], show(under(leaves, c))) for i, c in enumerate(codes)
    ]


def _office(year: int, *tables: Table, source: TextSource) -> DocumentTables:
    return a_document(*tables, headings=(f"某市发展研究中心{year}年部门预算",), source=source)


def shanghai(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    """元 without decimals; 类 款 项; 合计 last; the income half as an outline."""
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
        *_side_by_side(income, _classes(books.whole, show)),
        ("收入总计", show(total), "支出总计", show(total)),
    ]
    head = ("功能分类科目编码", "<", "<", "功能分类科目名称")
    parts = ("类", "款", "项", "^")
    sources = [books.whole, books.fiscal, books.own, {}, {}]
    b2 = [
        ("项目", "<", "<", "<", "收入预算", "<", "<", "<", "<"),
        (*head, "合计", "财政拨款收入", "事业收入", "事业单位经营收入", "其他收入"),
        (*parts, "^", "^", "^", "^", "^"),
        *_coded(sources, show, split=True),
        _total(sources, show, "合计", "<", "<", "<"),
    ]
    basic = added(books.basic)
    project = added(books.project, books.gov, books.state, books.own)
    b3 = [
        ("项目", "<", "<", "<", "支出预算", "<", "<"),
        (*head, "合计", "基本支出", "项目支出"),
        (*parts, "^", "^", "^"),
        *_coded([books.whole, basic, project], show, split=True),
        _total([books.whole, basic, project], show, "合计", "<", "<", "<"),
    ]
    funds = [books.fiscal, books.general, books.gov, books.state]
    right = [
        (name, *(show(under(f, code)) for f in funds))
        for code, (name, _) in zip(sorted({c[:3] for c in books.fiscal}), _classes(books.fiscal, show), strict=True)
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
        *_side_by_side(left, right),
        ("收入总计", fiscal, "支出总计", *(show(sum(f.values())) for f in funds)),
    ]
    b5 = [
        ("项目", "<", "<", "<", "一般公共预算支出", "<", "<"),
        (*head, "合计", "基本支出", "项目支出"),
        (*parts, "^", "^", "^"),
        *_coded([books.general, books.basic, books.project], show, split=True),
        _total([books.general, books.basic, books.project], show, "合计", "<", "<", "<"),
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
        _total([books.economic, personnel, public], show, "合计", "<", "<"),
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
        *_coded([books.gov, {}, books.gov], show, split=True),
        _total([books.gov, {}, books.gov], show, "合计", "<", "<", "<"),
    ]
    return _office(
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


def guangdong(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    """万元, two decimals, 0.00 for nothing; code and name in one column or glued; 三公 as rows; the unit in a table row."""
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
        *_side_by_side(income, [("一、基本支出", show(sum(basic_all.values()))), ("二、项目支出", show(sum(project_all.values()))), ("三、事业单位经营支出", show(0))]),
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
        *_side_by_side(
            [("一、一般公共预算", show(general)), ("二、政府性基金预算", show(gov)), ("三、国有资本经营预算", show(state))],
            [(f"{name}", *(show(under(f, code)) for f in (books.fiscal, books.general, books.gov, books.state)))
             for code, (name, _) in zip(sorted({c[:3] for c in books.fiscal}), _classes(books.fiscal, show), strict=True)],
        ),
        ("本年收入合计", show(general + gov + state), "本年支出合计", show(general + gov + state), show(general), show(gov), show(state)),
    ]  # fmt: skip
    columns = [books.general, books.basic, books.project]
    b5 = [
        ("功能科目名称", "总计", "基本支出", "项目支出"),
        _total(columns, show, "合计"),
        *_coded(columns, show, glued=True),
    ]
    b6 = [
        ("支出经济分类（部门）科目", "2025年预算数"),
        _total([books.economic], show, "合计"),
        *_coded([books.economic], show, glued=True),
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
        _total([books.gov, {}, books.gov], show, "合计"),
        *_coded([books.gov, {}, books.gov], show, glued=True),
    ]
    return _office(
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


def beijing(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    """Six decimals; 基本支出 split into 人员 and 公用; the projects by name; 合计 first in one table, last in another."""
    show = printer(6)
    total = show(sum(books.whole.values()))
    general, gov, state, own = (sum(x.values()) for x in (books.general, books.gov, books.state, books.own))
    b1 = [
        ("收入", "<", "支出", "<"),
        ("项目", "预算数", "项目", "预算数"),
        *_side_by_side(
            [("一、一般公共预算拨款收入", show(general)), ("二、政府性基金预算拨款收入", show(gov)),
             ("三、国有资本经营预算拨款收入", show(state)), ("四、财政专户管理资金收入", ""), ("五、事业收入", show(own)),
             ("六、上级补助收入", ""), ("七、附属单位上缴收入", ""), ("八、事业单位经营收入", ""), ("九、其他收入", "")],
            _classes(books.whole, show),
        ),
        ("本年收入合计", total, "本年支出合计", total),
        ("上年结转结余", "", "年终结转结余", ""),
        ("收入总计", total, "支出总计", total),
    ]  # fmt: skip
    sources = [books.whole, books.whole, books.general, books.gov, books.state, books.own, {}, {}]
    b2 = [
        ("科目编码", "科目名称", "合计", "本年收入", "<", "<", "<", "<", "<", "上年结转结余"),
        ("^", "^", "^", "小计", "一般公共预算资金", "政府性基金预算资金", "国有资本经营预算资金", "事业收入", "其他收入", "^"),
        _total(sources, show, "合计", "<"),
        *_coded(sources, show),
    ]  # fmt: skip
    basic, project = added(books.basic), added(books.project, books.gov, books.state, books.own)
    b3 = [
        ("科目编码", "科目名称", "合计", "基本支出", "项目支出", "事业单位经营支出", "上缴上级支出", "对附属单位补助支出"),
        *_coded([books.whole, basic, project, {}, {}, {}], show),
        _total([books.whole, basic, project, {}, {}, {}], show, "合计", "<"),
    ]  # fmt: skip
    people = {code: value * 3 // 4 for code, value in books.basic.items()}
    office = {code: value - people[code] for code, value in books.basic.items()}
    b5 = [
        ("功能分类科目", "<", "2025年预算数", "<", "<", "<", "<"),
        ("科目编码", "科目名称", "合计", "基本支出", "<", "<", "项目支出"),
        ("^", "^", "^", "小计", "人员经费", "公用经费", "^"),
        *_coded([books.general, books.basic, people, office, books.project], show),
        _total([books.general, books.basic, people, office, books.project], show, "合计", "<"),
    ]
    personnel = {c: v for c, v in books.economic.items() if c[:3] in ("301", "303")}
    public = {c: v for c, v in books.economic.items() if c not in personnel}
    b6 = [
        ("经济分类科目", "<", "基本支出", "<", "<"),
        ("科目编码", "科目名称", "合计", "人员经费", "公用经费"),
        *_coded([books.economic, personnel, public], show),
        _total([books.economic, personnel, public], show, "合计", "<"),
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
    return _office(
        2025,
        a_table(b1, title="收支总表"),
        a_table(b2, title="收入总表"),
        a_table(b3, title="支出总表"),
        a_table(b5, title="一般公共预算财政拨款支出表"),
        a_table(b6, title="一般公共预算财政拨款基本支出表"),
        a_table(b10, title="项目支出表"),
        source=source,
    )


def jiangsu(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    """万元 and two decimals; income by unit; a table of 三公, meetings and training; dashes for nothing."""
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
        _total(columns, show, "合计", "<"),
        *_coded(columns, show),
    ]  # fmt: skip
    fiscal = added(books.fiscal)
    f_project = added(books.project, books.gov, books.state)
    b5a = [
        ("科目编码", "科目名称", "合计", "基本支出", "<", "<", "项目支出"),
        ("^", "^", "^", "小计", "人员经费", "公用经费", "^"),
    ]
    people = {code: value * 3 // 4 for code, value in books.basic.items()}
    office = {code: value - people[code] for code, value in books.basic.items()}
    t_fiscal = [*b5a, _total([fiscal, basic, people, office, f_project], show, "合计", "<"),
                *_coded([fiscal, basic, people, office, f_project], show)]  # fmt: skip
    t_general = [*b5a, _total([books.general, basic, people, office, books.project], show, "合计", "<"),
                 *_coded([books.general, basic, people, office, books.project], show)]  # fmt: skip
    personnel = {c: v for c, v in books.economic.items() if c[:3] in ("301", "303")}
    public = {c: v for c, v in books.economic.items() if c not in personnel}
    b6 = [
        ("部门预算支出经济分类科目", "<", "本年一般公共预算基本支出", "<", "<"),
        ("科目编码", "科目名称", "合计", "人员经费", "公用经费"),
        _total([books.economic, personnel, public], show, "合计", "<"),
        *_coded([books.economic, personnel, public], show),
    ]
    running, reception = books.economic["30231"], books.economic["30217"]
    b7 = [
        ("“三公”经费", "<", "<", "<", "<", "<", "会议费", "培训费"),
        ("三公经费合计", "因公出国（境）费", "公务用车购置及运行维护费", "<", "<", "公务接待费", "^", "^"),
        ("^", "^", "小计", "公务用车购置费", "公务用车运行维护费", "^", "^", "^"),
        (show(running + reception), "-", show(running), "-", show(running), show(reception), show(4500), show(8100)),
    ]
    return _office(
        2025,
        a_table(b2, title="收入总表"),
        a_table(b3, title="支出总表"),
        a_table(t_fiscal, title="财政拨款支出表（功能科目）"),
        a_table(t_general, title="一般公共预算支出表"),
        a_table(b6, title="一般公共预算基本支出表"),
        a_table(b7, title="一般公共预算“三公”经费、会议费、培训费支出预算表"),
        source=source,
    )


def hunan(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    """Per unit and code in one tree; 分类汇总表 by economic classes as columns; one decimal in 元 and 万元 in one file."""
    show = printer(2, zero="0")
    basic, project = added(books.basic), added(books.project, books.gov, books.state, books.own)
    columns = [books.whole, basic, project]
    b3 = [
        ("单位代码", "单位名称（科目）", "合计", "基本支出", "项目支出"),
        ("", "合计", *(show(sum(c.values())) for c in columns)),
        ("205", "某市发展研究中心", *(show(sum(c.values())) for c in columns)),
        ("205001", "某市发展研究中心本级", *(show(sum(c.values())) for c in columns)),
        *_coded(columns, show),
    ]
    shares = [{code: v * (i + 1) // 10 for code, v in books.basic.items()} for i in range(3)]
    rest = {code: v - sum(s[code] for s in shares) for code, v in books.basic.items()}
    r5 = [
        ("科目编码", "科目名称", "总计", "工资福利支出", "商品和服务支出", "对个人和家庭的补助", "资本性支出"),
        _total([books.basic, *shares, rest], show, "合计", "<"),
        *_coded([books.basic, *shares, rest], show),
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
        _total(general, show, "合计", "<", "<", "<"),
        *_coded(general, show, split=True),
    ]
    return _office(
        2025,
        a_table(b3, title="部门支出总表"),
        a_table(r5, title="支出预算分类汇总表（按部门预算经济分类）"),
        a_table(b5, title="一般公共预算支出表"),
        a_table(b7, title="一般公共预算“三公”经费支出表", unit="元"),
        source=source,
    )


def sichuan(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    """Three halves (income, by function, by economic class); codes in columns 类 款 项 with the unit's code beside them;
    no grouping, 合计 first; the header letter-spaced; titles in 《》 and with the office's name."""
    show = printer(2, grouped=False)
    total = show(sum(books.whole.values()))
    general, gov, state, own = (sum(x.values()) for x in (books.general, books.gov, books.state, books.own))
    basic, project = added(books.basic), added(books.project, books.gov, books.state, books.own)
    third: Rows = [
        ("一、基本支出", show(sum(basic.values()))),
        ("工资福利支出", show(under(books.economic, "301"))),
        ("商品和服务支出", show(under(books.economic, "302"))),
        ("对个人和家庭的补助", show(under(books.economic, "303"))),
        ("资本性支出", show(under(books.economic, "310"))),
        ("二、项目支出", show(sum(project.values()))),
    ]
    income: Rows = [
        ("一、一般公共预算拨款收入", show(general)),
        ("二、政府性基金预算拨款收入", show(gov)),
        ("三、国有资本经营预算拨款收入", show(state)),
        ("四、事业收入", show(own)),
        ("五、事业单位经营收入", ""),
        ("六、其他收入", ""),
    ]
    b1 = [
        ("收          入", "<", "支             出", "<", "<", "<"),
        ("项    目", "2025年预算数", "项目（按功能分类）", "2025年预算数", "项目（按支出性质）", "2025年预算数"),
        *_side_by_side(_side_by_side(income, _classes(books.whole, show)), third),
        ("本 年 收 入 合 计", total, "本 年 支 出 合 计", total, "本 年 支 出 合 计", total),
        ("七、用事业基金弥补收支差额", "", "结转下年", "", "结转下年", ""),
        ("八、上年结转", "", "", "", "", ""),
        ("收  入  总  计", total, "支  出  总  计", total, "支  出  总  计", total),
    ]
    columns = [books.whole, basic, project]
    b3 = [
        ("项    目", "<", "<", "<", "<", "合计", "基本支出", "项目支出"),
        ("科目编码", "<", "<", "单位代码", "单位名称（科目）", "^", "^", "^"),
        ("类", "款", "项", "^", "^", "^", "^", "^"),
        ("", "", "", "", "合    计", *(show(sum(c.values())) for c in columns)),
        ("", "", "", "301501", "某市发展研究中心", *(show(sum(c.values())) for c in columns)),
        *(
            (code[:3], code[3:5], code[5:7], "301501", NAMES[code], *(show(under(c, code)) for c in columns))
            for code in sorted(books.whole)
        ),
    ]
    general_columns = [books.general, books.basic, books.project]
    b5 = [
        ("项    目", "<", "<", "<", "<", "合计", "基本支出", "项目支出"),
        ("科目编码", "<", "<", "单位代码", "单位名称（科目）", "^", "^", "^"),
        ("类", "款", "项", "^", "^", "^", "^", "^"),
        ("", "", "", "", "合    计", *(show(sum(c.values())) for c in general_columns)),
        *(
            (code[:3], code[3:5], code[5:7], "301501", NAMES[code], *(show(under(c, code)) for c in general_columns))
            for code in sorted(books.general)
        ),
    ]
    personnel = {c: v for c, v in books.economic.items() if c[:3] in ("301", "303")}
    public = {c: v for c, v in books.economic.items() if c not in personnel}
    three = [books.economic, personnel, public]
    b6 = [
        ("项    目", "<", "<", "基本支出", "<", "<"),
        ("科目编码", "<", "单位名称（科目）", "合计", "人员经费", "公用经费"),
        ("类", "款", "^", "^", "^", "^"),
        ("", "", "合    计", *(show(sum(c.values())) for c in three)),
        *((code[:3], code[3:5], NAMES[code], *(show(under(c, code)) for c in three)) for code in tree(books.economic)),
    ]
    running, reception = books.economic["30231"], books.economic["30217"]
    b7 = [
        ("单位编码", "单位名称", "当年财政拨款预算安排", "<", "<", "<", "<", "<"),
        ("^", "^", "合计", "因公出国（境）费用", "公务用车购置及运行费", "<", "<", "公务接待费"),
        ("^", "^", "^", "^", "小计", "公务用车购置费", "公务用车运行费", "^"),
        ("", "合    计", show(running + reception), "", show(running), "", show(running), show(reception)),
        (
            "301501",
            "某市发展研究中心",
            show(running + reception),
            "",
            show(running),
            "",
            show(running),
            show(reception),
        ),
    ]
    return _office(
        2025,
        a_table(b1, title="部门收支总表", unit="单位：万元"),
        a_table(b3, title="部门支出总表"),
        a_table(b5, title="一般公共预算支出预算表"),
        a_table(b6, title="一般公共预算基本支出预算表"),
        a_table(b7, title="一般公共预算“三公”经费支出预算表"),
        source=source,
    )


def old(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    """As before 2018: 公共财政预算, 三公 with the year before and the change, codes of 款 only, no decimals in 元."""
    show = printer(0, grouped=True, zero="0")
    general = sum(books.general.values())
    own = sum(books.own.values())
    whole = added(books.general, books.own)
    b1 = [
        ("收入", "<", "支出", "<"),
        ("项目", "预算数", "项目", "预算数"),
        *_side_by_side(
            [("一、公共财政预算拨款收入", show(general)), ("二、事业收入", show(own)), ("三、其他收入", show(0))],
            _classes(whole, show),
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
    return _office(
        2017,
        a_table(b1, title="2017年部门收支总表", unit="元"),
        a_table(b5, title="一般公共预算支出表", unit="元"),
        a_table(b6, title="一般公共预算基本支出表", unit="元"),
        a_table(b7, title="一般公共预算“三公”经费支出表", unit="元"),
        source=source,
    )


def accounts(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
    """Final accounts in 元: three halves with 行次, balances of the general fund, the 三公 inside a table on the office."""
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
               zip(sorted({c[:3] for c in spent}), _classes(spent, show), strict=True)]  # fmt: skip
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
        _total(columns, show, "合计", "<"),
        *_coded(columns, show),
    ]
    opening = {code: amount // 10 for code, amount in books.general.items()}
    closing = {code: amount // 20 for code, amount in books.general.items()}
    received = {code: v + closing[code] - opening[code] for code, v in books.general.items()}
    five = [opening, received, books.general, books.basic, books.project, closing]
    j5 = [
        ("项目", "<", "年初结转和结余", "本年收入", "本年支出", "<", "<", "年末结转和结余"),
        ("功能分类科目编码", "科目名称", "^", "^", "小计", "基本支出", "项目支出", "^"),
        ("栏次", "<", "1", "2", "3", "4", "5", "6"),
        _total(five, show, "合计", "<"),
        *_coded(five, show),
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


PLACES: dict[str, Callable[..., DocumentTables]] = {
    "shanghai": shanghai, "guangdong": guangdong, "beijing": beijing, "jiangsu": jiangsu, "hunan": hunan, "sichuan": sichuan,
    "old": old, "accounts": accounts,
}  # fmt: skip
KINDS = {
    "shanghai": ("B1", "B2", "B3", "B4", "B5", "B8", "B6", "B7"),
    "guangdong": ("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8"),
    "beijing": ("B1", "B2", "B3", "B5", "B6", "B10"),
    "jiangsu": ("B2", "B3", "R6", "B5", "B6", "B7"),
    "hunan": ("B3", "R5", "B5", "B7"),
    "sichuan": ("B1", "B3", "B5", "B6", "B7"),
    "old": ("B1", "B5", "B6", "B7"),
    "accounts": ("J1", "J3", "J5", "JR3"),
}
MAGNITUDE = {"accounts": 9_000_000, "shanghai": 9_000_000, "beijing": 900_000_000}


def as_printed_in(place: str, seed: int = 1, source: TextSource = TextSource.OCR) -> DocumentTables:
    return PLACES[place](make_books(seed, MAGNITUDE.get(place, 90_000)), source)
