from __future__ import annotations

from layout.open_columns import find_open_columns
from layout.runs import Run
from layout.unruled import read_lattice
from layout.values import Grid, TableRegion
from ocr.geometry import BBox
from tests import builders

EM = 20.0


def run(text: str, x0: float, y: float) -> Run:
    return Run(text, BBox(x0, y - 8, x0 + 10 * len(text), y + 8), EM, 0)


def grid(row_edges: tuple[float, ...]) -> Grid:
    """A stub and one wide column, ruled."""
    spans = builders.spans("|".join(chr(97 + 2 * k) + chr(98 + 2 * k) for k in range(len(row_edges) - 1)))
    return Grid(TableRegion(1, BBox(100, row_edges[0], 700, row_edges[-1])), row_edges, (100, 250, 700), spans)


HEADS = [run("Answers", 110, 115), run("Freq", 300, 115), run("Percent", 430, 115), run("Cum", 600, 115)]


def body(*columns: tuple[str, ...]) -> list[Run]:
    places = (110, 310, 450, 605)
    return [run(t, places[c], 155 + 30 * r) for c, texts in enumerate(columns) for r, t in enumerate(texts)]


def test_figures_side_by_side_in_one_drawn_column_are_columns_with_the_drawn_edge_kept() -> None:
    runs = HEADS + body(("none", "one", "two"), ("138", "178", "626"), ("6.9", "8.8", "31.1"), ("6.9", "15.7", "46.8"))
    (area,) = find_open_columns(grid((100, 135, 235)), runs, EM)
    lattice = read_lattice(area)
    assert lattice is not None
    assert (len(lattice.row_edges) - 1, len(lattice.col_edges) - 1) == (4, 4)
    assert any(abs(x - 250) < 3 for x in lattice.col_edges)


def test_one_figure_a_line_and_texts_side_by_side_open_nothing() -> None:
    one = HEADS + body(("none", "one", "two"), ("138", "178", "626"))
    texts = HEADS + body(("none", "one", "two"), ("good", "fair", "bad"), ("yes", "no", "yes"))
    assert find_open_columns(grid((100, 135, 235)), one, EM) == ()
    assert find_open_columns(grid((100, 135, 235)), texts, EM) == ()


def test_labels_and_figures_line_after_line_in_all_drawn_columns_are_columns() -> None:
    def group(x: float, n: int) -> list[Run]:
        rows = [(run("name", x, 125 + 30 * k), run(f"{k + 3},1{k}7", x + 90, 125 + 30 * k)) for k in range(n)]
        return [r for row in rows for r in row]

    drawn = Grid(TableRegion(1, BBox(100, 100, 500, 400)), (100, 400), (100, 300, 500), builders.spans("ab"))
    (area,) = find_open_columns(drawn, [*group(110, 9), *group(310, 7)], EM)
    lattice = read_lattice(area)
    assert lattice is not None
    assert (len(lattice.row_edges) - 1, len(lattice.col_edges) - 1) == (9, 4)
    assert find_open_columns(drawn, [*group(110, 9), *group(310, 4)], EM) == ()
    assert find_open_columns(drawn, [*group(110, 9), run("a text beside", 310, 125)], EM) == ()


def test_a_note_that_upright_rulings_reach_down_to_is_no_row() -> None:
    runs = HEADS + body(("none", "one", "two"), ("138", "178", "626"), ("6.9", "8.8", "31.1"), ("6.9", "15.7", "46.8"))
    note = Run("Source: SAVE 2009, weighted data.", BBox(110, 237, 440, 253), EM, 0)
    (area,) = find_open_columns(grid((100, 135, 260)), [*runs, note], EM)
    assert note not in area.runs
    assert 223 <= area.bbox.y1 <= 237
    (area,) = find_open_columns(grid((100, 135, 230, 260)), [*runs, note], EM)
    assert area.bbox.y1 == 230


def test_a_rule_in_pieces_leaves_no_label_out() -> None:
    """The rule below the first row is drawn once left of the drawn edge and once right of it."""
    runs = HEADS + body(("none", "one", "two"), ("138", "178", "626"), ("6.9", "8.8", "31.1"), ("6.9", "15.7", "46.8"))
    (area,) = find_open_columns(grid((100, 135, 170, 235)), runs, EM)
    lattice = read_lattice(area)
    assert lattice is not None
    assert all(s.row_stop == s.row + 1 for s in lattice.spans)
