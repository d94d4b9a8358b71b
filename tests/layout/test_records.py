from decimal import Decimal
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from layout.columns import ColumnType, column_form
from layout.headers import label_headers
from layout.html import table_to_csv_rows, table_to_html
from layout.records import to_records
from tests.builders import spans, table, texts

B5 = [
    ["科目", "<", "2026年预算数", "<"],
    ["编码", "名称", "总计", "基本 支出"],
    ["合计", "<", "1,064.66", "—"],
    ["201", "公共\n服务", "1,064.66", ""],
    ["20103", "办公厅", "(5.00)", "不明"],
]


def test_fields_come_from_header_paths_and_types_from_the_body() -> None:
    batch = to_records(label_headers(table(B5)))
    assert [f.name for f in batch.schema.fields] == [
        "科目/编码",
        "科目/名称",
        "2026年预算数/总计",
        "2026年预算数/基本支出",
    ]
    assert [f.type for f in batch.schema.fields] == ["text", "text", "decimal", "text"]


def test_values_keep_their_print_and_their_place() -> None:
    first, second, third = to_records(label_headers(table(B5))).records
    assert first.values == ("合计", None, Decimal("1064.66"), "—")
    assert first.cells == ((2, 0), (2, 0), (2, 2), (2, 3))
    assert second.values == ("201", "公共服务", Decimal("1064.66"), None)
    assert third.values[2] == Decimal("-5.00")
    assert third.raw[2] == "(5.00)"


def test_a_merged_label_stands_in_each_row_a_merged_figure_once() -> None:
    batch = to_records(label_headers(table([["类", "项", "额"], ["产出", "一", "1.50"], ["^", "二", "^"]])))
    assert [r.values for r in batch.records] == [("产出", "一", Decimal("1.50")), ("产出", "二", None)]


def test_equal_paths_get_numbers() -> None:
    batch = to_records(label_headers(table([["项目", "数", "项目", "数"], ["甲", "1.0", "乙", "2.0"]])))
    assert [f.name for f in batch.schema.fields] == ["项目", "数", "项目#2", "数#2"]


def test_codes_are_text_by_their_head_or_by_their_tree() -> None:
    assert column_form(["01", "02"], "款").type is ColumnType.TEXT
    assert column_form(["201", "20103", "2010301", "208", "20805"]).type is ColumnType.TEXT
    assert column_form(["1", "2", "3"], "科目编码").type is ColumnType.TEXT
    assert column_form(["5", "", "20", "10"], "权重").type is ColumnType.INTEGER
    assert column_form(["1.20", "—", "3.40"]).decimals == 2


class _Grid(HTMLParser):
    """Reads HTML rows back into the rows of ``tests.builders.texts``."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[dict[int, str]] = []
        self.taken: dict[tuple[int, int], str] = {}
        self.at = (0, 0)
        self.in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given_ = dict(attrs)
        if tag == "tr":
            self.rows.append({})
        elif tag in ("td", "th"):
            row, col = len(self.rows) - 1, 0
            while (row, col) in self.taken:
                col += 1
            self.at, self.in_cell = (row, col), True
            for r in range(int(given_.get("rowspan") or 1)):
                for c in range(int(given_.get("colspan") or 1)):
                    self.taken[row + r, col + c] = "^" if r else "<"
            self.taken[row, col] = ""
        elif tag == "br" and self.in_cell:
            self.taken[self.at] += "\n"

    def handle_endtag(self, tag: str) -> None:
        self.in_cell = self.in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.in_cell:
            self.taken[self.at] += data


TEXTS = st.text("项目a<&>\"'=1 \n", max_size=5).filter(lambda t: t not in ("<", "^"))


@given(st.sampled_from(["AAb|cdd|efg", "AAA|bcd|bef", "abc|dBB|eBB", "AB|CD", "A|B|B"]), st.data(), st.integers(0, 2))
def test_html_gives_the_same_grid_back(drawing: str, data: st.DataObject, n_header_rows: int) -> None:
    rows = [["" for _ in line] for line in drawing.split("|")]
    for s in spans(drawing):
        for r, c in s.slots():
            rows[r][c] = "^" if r > s.row else "<"
        rows[s.row][s.col] = data.draw(TEXTS)
    one = table(rows, n_header_rows=n_header_rows if drawing == "AB|CD" else 0)
    reader = _Grid()
    reader.feed(table_to_html(one))
    back = [[reader.taken[r, c] for c in range(one.n_cols)] for r in range(one.n_rows)]
    assert back == texts(one) == rows


def test_html_escapes_and_csv_is_guarded() -> None:
    one = table([["<script>", "=1+1", "-5.20", "@a", "—"]])
    assert "<script>" not in table_to_html(one)
    assert table_to_csv_rows(one) == (("<script>", "'=1+1", "-5.20", "'@a", "—"),)
