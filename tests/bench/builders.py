"""Tables drawn with letters: one string a row, words separated by blanks; '<' joins to the left, '^' to above."""

from __future__ import annotations

from flows.scoring.values import BenchCell, BenchTable, Reading


def table(*rows: str, page: int = 1, doubtful: frozenset[tuple[int, int]] = frozenset(), **facts: object) -> BenchTable:
    """table("a b <", "c d e") has a cell b over two columns; '.' is an empty cell."""
    words = [row.split() for row in rows]
    cells = []
    for i, line in enumerate(words):
        for j, word in enumerate(line):
            if word in "<^":
                continue
            colspan = 1
            while j + colspan < len(line) and line[j + colspan] == "<":
                colspan += 1
            rowspan = 1
            while i + rowspan < len(words) and words[i + rowspan][j] == "^":
                rowspan += 1
            text = "" if word == "." else word
            cells.append(BenchCell(i, j, rowspan, colspan, text, (i, j) in doubtful))
    return BenchTable((page,), len(words), len(words[0]), tuple(cells), **facts)  # type: ignore[arg-type]


def reading(*tables: BenchTable, accepted: bool | None = None, text: str = "") -> Reading:
    return Reading(tables, ((1, text),) if text else (), n_pages=1, accepted=accepted, seconds=2.0)
