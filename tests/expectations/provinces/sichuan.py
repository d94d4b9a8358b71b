"""Sichuan: three halves (income, by function, by economic class); codes in columns 类 款 项 with the unit's code beside them;
no grouping, 合计 first; the header letter-spaced; titles in 《》 and with the office's name."""

from __future__ import annotations

from expectations.values import DocumentTables
from ocr.values import TextSource
from tests.expectations.books import NAMES, Books, added, printer, tree, under
from tests.expectations.documents import a_table
from tests.expectations.provinces.rows import Rows, an_office, class_rows, side_by_side


def sichuan(books: Books, source: TextSource = TextSource.OCR) -> DocumentTables:
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
        *side_by_side(side_by_side(income, class_rows(books.whole, show)), third),
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
    return an_office(
        2025,
        a_table(b1, title="部门收支总表", unit="单位：万元"),
        a_table(b3, title="部门支出总表"),
        a_table(b5, title="一般公共预算支出预算表"),
        a_table(b6, title="一般公共预算基本支出预算表"),
        a_table(b7, title="一般公共预算“三公”经费支出预算表"),
        source=source,
    )
