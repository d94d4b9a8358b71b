from bench.html_grid import tables_of_html, text_outside_tables

HTML = """前<table><tr><th rowspan=2>项目</th><th colspan="2">金额</th></tr><tr><td>今年</td><td>去<br/>年</td></tr></table>
后<table><tr><td>a&lt;b</td></tr></table>"""


def test_spans_push_later_cells_aside() -> None:
    first, second = tables_of_html(HTML, 3)
    assert {cell.place: cell.text for cell in first.cells} == {
        (0, 0, 2, 1): "项目",
        (0, 1, 1, 2): "金额",
        (1, 1, 1, 1): "今年",
        (1, 2, 1, 1): "去\n年",
    }
    assert (first.n_rows, first.n_cols, first.page_numbers) == (2, 3, (3,))
    assert second.cells[0].text == "a<b"


def test_text_outside_is_apart() -> None:
    assert "".join(text_outside_tables(HTML).split()) == "前后"


def test_a_span_beyond_the_last_row_ends_there() -> None:
    (table,) = tables_of_html("<table><tr><td rowspan=9>a</td></tr></table>", 1)
    assert table.cells[0].rowspan == 1
