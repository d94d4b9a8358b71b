"""What is laid aside comes back equal, and a long document's does not fill the memory."""

from __future__ import annotations

import gc
import tracemalloc
from decimal import Decimal
from pathlib import Path

import pytest

from expectations.by_table import ChecksByCell
from expectations.values import CellRef, Check, CheckVerdict, DocumentTables, Term
from flows.pipeline import PageTables
from flows.spill import SpillFile
from layout.values import Cell, Span, Table
from ocr.errors import StorageError
from ocr.geometry import BBox
from ocr.shelf import Chained, Kept, MemoryStore, Shelf, Store, picked
from ocr.values import Char, PackedWords, PageFacts, Word


def word(text: str) -> Word:
    chars = tuple(Char(c, i + 0.5, i + 1.25, 0.9, (("8", 0.04),) if c == "3" else ()) for i, c in enumerate(text))
    return Word(text, BBox(1.5, 2.5, 30.25, 12.0), 0.93, chars)


def table(number: int, n_rows: int = 60) -> Table:
    texts = [f"{number}{row},3{row}.00" for row in range(n_rows)]
    cells = tuple(
        Cell(Span(row, 0, row + 1, 1), number, BBox(0, row, 9, row + 1), BBox(0, row, 4, row + 1), text, text, 0.9,
             words=(word(text),))
        for row, text in enumerate(texts)
    )  # fmt: skip
    return Table(n_rows, 1, cells, (number,), title="表")


def check(place: int) -> Check:
    terms = tuple(Term(CellRef(t, place % 7, 1), 1, Decimal(place)) for t in (place % 5, (place + 1) % 5))
    return Check("X01", f"number {place}", CheckVerdict.HOLDS, terms, Decimal(0), Decimal("0.01"))


@pytest.mark.parametrize("in_file", [False, True])
def test_what_comes_back_equals_what_was_kept(in_file: bool, tmp_path: Path) -> None:
    store: Store = SpillFile(tmp_path) if in_file else MemoryStore()
    shelf = Shelf(store, most_open=1)
    plain = [table(n) for n in range(1, 9)]
    aside = [t.laid_aside(shelf) for t in plain]
    assert all(isinstance(t.cells, Kept) for t in aside)
    assert aside == plain
    assert [hash(t) for t in aside] == [hash(t) for t in plain]
    assert [c for t in aside for c in t.cells] == [c for t in plain for c in t.cells]
    packed = aside[0].cells[0].words
    assert isinstance(packed, PackedWords)
    assert packed == (plain[0].cells[0].words)
    assert packed[0].chars[2].alternatives == plain[0].cells[0].words[0].chars[2].alternatives


def test_the_file_has_no_name_and_is_not_made_before_it_is_needed(tmp_path: Path) -> None:
    store = SpillFile(tmp_path / "making")
    assert not (tmp_path / "making").exists()
    place = store.put(b"some")
    assert store.get(place) == b"some"
    assert not list((tmp_path / "making").iterdir())
    with pytest.raises(StorageError):
        store.get((2, 40))


def test_pieces_are_one_sequence() -> None:
    shelf = Shelf(most_open=3)
    kept = shelf.keep_all(map(check, range(1000)), piece=70)
    plain = tuple(map(check, range(1000)))
    assert kept == plain
    assert len(kept) == 1000
    assert [kept[i] for i in (0, 69, 70, 999, -1)] == [plain[i] for i in (0, 69, 70, 999, -1)]
    assert kept[65:75] == plain[65:75]
    assert Chained((kept, (), plain)) == plain + plain
    with pytest.raises(IndexError):
        kept[1000]


def test_only_pieces_that_change_are_made_anew() -> None:
    shelf = Shelf(most_open=3)
    kept = shelf.keep_all(range(1000), piece=100)
    changed = shelf.replaced(kept, lambda n: -n if n == 250 else n)
    assert isinstance(kept, Chained)
    assert isinstance(changed, Chained)
    assert [a is b for a, b in zip(kept.parts, changed.parts, strict=True)] == [i != 2 for i in range(10)]
    assert changed[250] == -250


def test_checks_by_cell_are_those_of_a_dictionary() -> None:
    checks = Shelf(most_open=1).keep_all(map(check, range(500)), piece=30)
    wanted: dict[CellRef, list[Check]] = {}
    for one in checks:
        for term in one.terms:
            assert term.cell is not None
            wanted.setdefault(term.cell, []).append(one)
    found = ChecksByCell(checks)
    assert {ref: list(of) for ref, of in found.items()} == wanted
    assert len(found) == len(wanted)
    assert CellRef(9, 9, 9) not in found
    assert found.get(CellRef(9, 9, 9), ()) == ()


def held_by(n_pages: int, folder: Path) -> int:
    """Bytes held for the pages of a document that waits."""
    shelf = Shelf(SpillFile(folder), most_open=600)
    tracemalloc.start()
    pages = [PageTables(PageFacts(n, 1.0, 1.0), (table(n),)).laid_aside(shelf) for n in range(1, n_pages + 1)]
    document = DocumentTables("0" * 64, "x.pdf", (), tuple(t for p in pages for t in p.tables), (), shelf=shelf)
    assert sum(len(t.cells) for t in document.tables) == 60 * n_pages
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held


def test_a_long_document_is_not_held(tmp_path: Path) -> None:
    short, long = held_by(20, tmp_path), held_by(220, tmp_path)
    assert (long - short) / 200 < 8_000, "bytes a page; as tuples a page takes some 100,000"


@pytest.mark.parametrize("places", [(), (0,), (0, 1, 9), (3, 4, 17, 18, 41, 42), tuple(range(43))])
def test_items_picked_by_their_places_open_each_piece_once(places: tuple[int, ...]) -> None:
    class Counting(MemoryStore):
        n_gets = 0

        def get(self, place: bytes) -> bytes:
            self.n_gets += 1
            return super().get(place)

    store = Counting()
    items = Shelf(store, most_open=1).keep_all((f"item {n}" for n in range(43)), piece=5)
    assert tuple(picked(items, places)) == tuple(f"item {n}" for n in places)
    assert store.n_gets <= len({place // 5 for place in places})
    assert tuple(picked(range(43), places)) == places
