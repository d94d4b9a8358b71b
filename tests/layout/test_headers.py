import pytest

from layout.headers import count_header_rows, header_paths, label_headers, plain_text
from layout.values import Role
from tests.builders import table


def rows_of(drawing: str) -> list[list[str]]:
    """Rows by lines, cells by white space; _ is an empty cell, ~ a space."""
    return [[("" if t == "_" else t.replace("~", " ")) for t in line.split()] for line in drawing.strip().splitlines()]


HEADED = {
    "two levels, total row": (2, """
        功能分类科目 <        2026年预算数 <        <
        科目编码     科目名称 总计         基本支出 项目支出
        合计         <        3,064.66     2,512.29 552.37
        201          一般     2,426.28     1,890.31 535.97"""),
    "double table, first rows without figures": (2, """
        收入 <      支出 <
        项目 预算数 项目 预算数
        一、本年收入 _ 一、本年支出 _
        一般资金 5.00 教育支出 5.00"""),
    "three levels": (3, """
        2025年 <    <    2026年 <    <
        合计   车   <    合计   车   <
        ^      购置 运行 ^      购置 运行
        1.00   _    1.00 0.90   _    0.90"""),
    "final accounts with a row of column numbers": (2, """
        项目         行次 金额 项目       行次 金额
        栏次         _    1    栏次       _    2
        一、财政拨款 1    9.50 一、公共服务 14 7.25"""),
    "codes split over three columns": (3, """
        项目         <  <  <        本年收入 财政拨款
        功能分类科目编码 < < 科目名称 合计   小计
        栏次         <  <  <        1        2
        201          03 01 行政运行 3.50     3.50"""),
    "a parent drawn without its span": (2, """
        收入 _      支出 _
        项目 预算数 项目 预算数
        一般 1.00   教育 1.00"""),
    "nothing filled in": (2, """
        科目编码 科目名称 本年支出 <        <
        ^        ^        总计     基本支出 项目支出"""),
    "template with a total": (1, """
        编码 名称 总计
        合计 <    _
        _    _    _"""),
    "years as heads": (1, """
        项目   2024 2025
        接待费 1.50 2.50"""),
    "letter-spaced": (1, """
        收~入 支~出
        1.00 2.00"""),
    "only texts": (1, """
        序号 项目 责任人
        甲类 修缮 王某
        乙类 采购 李某"""),
    "dashes in the body": (1, """
        编号 项目 总计
        A    货物 —
        B    工程 5.00"""),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADED)
def test_header_rows(name: str) -> None:
    expected, drawing = HEADED[name]
    assert count_header_rows(table(rows_of(drawing))) == expected


FORMS = {
    "project form": """
        填报单位： 某办公室 <    <    <    <
        项目名称   老年体育 <    负责人 张某 <
        主管部门   县政府办 <    实施单位 县政府办 <
        绩效指标   一级指标 二级指标 指标性质 指标值 权重
        ^          产出指标 数量指标 ＝ 6 10
        ^          ^        时效指标 ＞ 95 20""",
    "figure in the first row": """
        部门名称 某办公室 支出预算数 3,356.04 <
        年度目标 一二三   <          <        <
        绩效指标 指标     权重       单位     指标值
        ^        保有率   5          辆       6
        ^        满意度   5          %        90""",
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_has_labels_but_no_header_rows(name: str) -> None:
    form = label_headers(table(rows_of(FORMS[name])))
    assert form.n_header_rows == 0
    roles = {c.text: c.role for c in form.cells}
    assert roles["绩效指标"] is Role.ROW_HEADER
    assert roles["某办公室"] is Role.BODY
    inner = [c for c in form.cells if c.role is Role.COLUMN_HEADER]
    assert len({c.span.row for c in inner}) == 1
    assert {c.text for c in inner} >= {"指标值", "权重"}


def test_the_rest_of_a_table_begun_on_an_earlier_page_has_no_header() -> None:
    rest = table([["2101102", "事业单位医疗", "16.79", "16.79"], ["221", "住房保障支出", "110.83", "110.83"]])
    assert count_header_rows(rest) == 0


def test_a_whole_row_in_the_body_is_a_section() -> None:
    drawn = rows_of("项目 金额\n一、基本支出 <\n工资 1.50\n二、项目支出 <\n修缮 2.50")
    roles = {c.text: c.role for c in label_headers(table(drawn)).cells}
    assert roles["一、基本支出"] is roles["二、项目支出"] is Role.SECTION_HEADER
    assert roles["工资"] is Role.BODY


def test_header_paths_run_from_the_top_down() -> None:
    drawn = rows_of(HEADED["three levels"][1])
    drawn[0][0] = "2025 年"
    paths = header_paths(label_headers(table(drawn)))
    assert paths[0] == ("2025年", "合计")
    assert paths[5] == ("2026年", "车", "运行")


def test_column_numbers_are_no_part_of_a_path() -> None:
    paths = header_paths(label_headers(table(rows_of(HEADED["codes split over three columns"][1]))))
    assert paths == (("项目", "功能分类科目编码"),) * 3 + (
        ("项目", "科目名称"),
        ("本年收入", "合计"),
        ("财政拨款", "小计"),
    )


@pytest.mark.parametrize(
    ("text", "plain"),
    [("收 入", "收入"), ("公务用车购\n置费", "公务用车购置费"), ("net  sales", "net sales"), ("2026 年", "2026年")],
)
def test_plain_text_drops_letter_spacing(text: str, plain: str) -> None:
    assert plain_text(text) == plain
