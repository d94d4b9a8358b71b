"""Files of other programs' tests, as they lie in their checkouts."""

from __future__ import annotations

from pathlib import Path

from bench.public import camelot_cases, tabula_cases


def test_lists_of_a_python_file_are_read_without_running_it(tmp_path: Path) -> None:
    files = tmp_path / "tests" / "files"
    files.mkdir(parents=True)
    (files / "health.pdf").touch()
    (tmp_path / "tests" / "data.py").write_text(
        'raise SystemExit\ndata_hybrid = [["T", "", ""], ["a", "1"], ["b"]]\nother = data_hybrid[0]\n', "utf-8"
    )
    (case,) = camelot_cases(tmp_path)
    (table,) = case.truth
    assert case.pdf == files / "health.pdf"
    assert (table.n_rows, table.n_cols, table.page_numbers) == (2, 2, (1,))
    assert [c.text for c in table.cells] == ["a", "1", "b"]


def test_a_csv_is_the_table_of_the_pdf_of_its_name(tmp_path: Path) -> None:
    for name, text in (("x/us-020.pdf", ""), ("y/us-020.csv", '"a,b",1\n')):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, "utf-8")
    (case,) = tabula_cases(tmp_path)
    assert [(c.row, c.col, c.text) for c in case.truth[0].cells] == [(0, 0, "a,b"), (0, 1, "1")]
    assert case.truth[0].page_numbers == (2,)
