"""`scanledger evaluate`: documents find their truth by name, scores add up, the curve is a PNG."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.evaluate import evaluate, report_lines
from flows.sources import InputError


def cell(row: int, col: int, text: str, **more: Any) -> dict[str, Any]:
    return {"row": row, "col": col, "rowspan": 1, "colspan": 1, "text": text, **more}


def document(name: str, *amounts: str, **more: Any) -> dict[str, Any]:
    """A table of one column of names and one of amounts."""
    cells = [c for i, text in enumerate(amounts) for c in (cell(i, 0, f"项目{i}", **more), cell(i, 1, text, **more))]
    facts: dict[str, Any] = {"title": "", "label": "", "unit": "", "kind": "B3", "n_header_rows": 0}
    one = {"page_numbers": [1], "n_rows": len(amounts), "n_cols": 2, "cells": cells, **facts}
    return {"schema_version": 1, "document": {"source_name": name, "n_pages": 1}, "tables": [one], "text": []}


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    out, truth = tmp_path / "out" / "documents" / "0123", tmp_path / "truth"
    out.mkdir(parents=True)
    truth.mkdir()
    read = document("甲.pdf", "1.00", "2.00", "9.00", confidence=0.995, doubts=[])
    (out / "document.json").write_text(json.dumps(read), encoding="utf-8")
    (truth / "甲.truth.json").write_text(json.dumps(document("甲.pdf", "1.00", "2.00", "3.00")), encoding="utf-8")
    return tmp_path / "out", truth


def test_documents_find_their_truth_by_name(folders: tuple[Path, Path]) -> None:
    (found,) = evaluate(*folders)
    assert (found.score.numbers_in_place, found.score.numbers_wrong, found.score.numbers_silent) == (2, 1, 1)
    assert "3 numeric cells were given 0.99 or more; 1 of them are wrong" in list(report_lines((found,)))


def test_the_command_prints_scores_and_writes_the_curve(folders: tuple[Path, Path]) -> None:
    picture = folders[1] / "curve.png"
    done = CliRunner().invoke(app, ["evaluate", str(folders[0]), "--truth", str(folders[1]), "--plot", str(picture)])
    assert done.exit_code == 0
    assert "numbers in place" in done.output
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_without_a_truth_the_remedy_is_told(folders: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no document has its truth"):
        evaluate(folders[0], tmp_path)
    (folders[1] / "乙.truth.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match="is no truth"):
        evaluate(*folders)


def test_a_plot_that_cannot_be_written_is_7(folders: tuple[Path, Path]) -> None:
    wrong = ["evaluate", str(folders[0]), "--truth", str(folders[1]), "--plot", str(folders[1] / "no" / "curve.png")]
    assert CliRunner().invoke(app, wrong).exit_code == 7
