"""Scores -> figures by name, a printed table, and JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from bench.scoring import Score

_COUNTS: dict[str, Callable[[Score], float]] = {
    "tables_invented": lambda s: s.n_invented,
    "tables_in_pieces": lambda s: s.n_fragments,
    "numbers_wrong": lambda s: s.numbers_wrong,
    "numbers_missing": lambda s: s.numbers_missing,
    "numbers_invented": lambda s: s.numbers_invented,
    "numbers_silent_in_accepted": lambda s: s.silent_accepted,
    "files_failed": lambda s: s.n_failed,
}
_SHARES: dict[str, Callable[[Score], tuple[float, float]]] = {
    "tables_found": lambda s: (s.n_found, s.n_true),
    "structure_exact": lambda s: (s.n_structure, s.n_true),
    "table_exact": lambda s: (s.n_exact, s.n_true),
    "cells_placed": lambda s: (s.cells_placed, s.cells_true),
    "cell_precision": lambda s: (s.cells_right, s.cells_read),
    "cell_recall": lambda s: (s.cells_right, s.cells_true),
    "cell_f1": lambda s: (2 * s.cells_right, s.cells_true + s.cells_read),
    "teds": lambda s: (s.teds, s.n_true),
    "teds_s": lambda s: (s.teds_s, s.n_true),
    "numbers_in_place": lambda s: (s.numbers_in_place, s.numbers_true),
    "cell_characters": lambda s: (s.chars_right, s.chars_true),
    "text_characters": lambda s: (s.text_right, s.text_true),
    "header_rows": lambda s: (s.n_headers, s.n_true),
    "titles": lambda s: (s.n_titles, s.n_true),
    "labels": lambda s: (s.n_labels, s.n_true),
    "units": lambda s: (s.n_units, s.n_true),
    "kinds": lambda s: (s.n_kinds, s.n_true),
}
# heading -> figure, in the order of the printed table
_COLUMNS = {
    "found": "tables_found",
    "inv": "tables_invented",
    "pieces": "tables_in_pieces",
    "struct": "structure_exact",
    "exact": "table_exact",
    "cellF1": "cell_f1",
    "TEDS": "teds",
    "TEDS-S": "teds_s",
    "num ok": "numbers_in_place",
    "wrong": "numbers_wrong",
    "miss": "numbers_missing",
    "num inv": "numbers_invented",
    "silent": "numbers_silent_in_accepted",
    "chars": "cell_characters",
    "text": "text_characters",
    "header": "header_rows",
    "title": "titles",
    "s/page": "seconds_a_page",
}
Figures = dict[str, float | None]


def figures(score: Score) -> Figures:
    """Every figure by name: counts as they are, shares in [0, 1], None where there was nothing to count."""
    shares = {name: _share(*parts(score)) for name, parts in _SHARES.items()}
    counts = {name: count(score) for name, count in _COUNTS.items()}
    return {**shares, **counts, "seconds_a_page": _share(score.seconds, score.n_pages)}


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def as_json(by_system: dict[str, dict[str, Score]]) -> dict[str, Any]:
    """System -> its figures and counts, in all and by file."""
    return {
        system: {
            "all": {"figures": figures(total(scores)), "counts": asdict(total(scores))},
            "files": {name: {"figures": figures(s), "counts": asdict(s)} for name, s in scores.items()},
        }
        for system, scores in by_system.items()
    }


def total(scores: dict[str, Score]) -> Score:
    return sum(scores.values(), Score())


def as_text(by_system: dict[str, dict[str, Score]], by_file: bool = True) -> str:
    """One table: a line for each system over all files, and one for each of its files."""
    lines = [("", *_COLUMNS)]
    for system, scores in by_system.items():
        lines.append((system, *_line(total(scores))))
        if by_file:
            lines.extend((f"  {name}", *_line(score)) for name, score in scores.items())
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(_padded(line, widths)) for line in lines)


def _line(score: Score) -> tuple[str, ...]:
    values = figures(score)
    return tuple(_printed(name, values[name]) for name in _COLUMNS.values())


def _printed(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    if name in _COUNTS:
        return f"{value:.0f}"
    return f"{value:.2f}" if name == "seconds_a_page" else f"{value:.4f}" if name.startswith("teds") else f"{value:.2%}"


def _padded(line: tuple[str, ...], widths: list[int]) -> list[str]:
    return [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
