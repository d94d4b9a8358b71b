from dataclasses import replace
from pathlib import Path

import pytest

from expectations.values import CellRef, DocumentTables
from flows.page_reading import ReaderHere
from flows.pipeline import Stages
from flows.rereading import ReadingDesk, noted
from flows.store import OutputFolder
from ocr.errors import ModelMissing, RecognitionFailed
from ocr.values import PageFacts, PageImage, Reading
from tests.flows.fakes import FakeMachine, look_into, make_table, rasterise_page

FIGURE = CellRef(0, 1, 0)
OTHER = CellRef(1, 1, 0)


@pytest.fixture
def machine() -> FakeMachine:
    return FakeMachine()


def desk(root: Path, stages: Stages, most_cells: int = 400, digest: str = "") -> ReadingDesk:
    """A document of two pages with a table of one figure each."""
    path = root / "a.pdf"
    path.write_text("table table", encoding="utf-8")
    pages = tuple(PageFacts(n, 595.0, 842.0, digest=digest or f"table-a.pdf-{n}") for n in (1, 2))
    tables = (make_table(("收入", "3,064.66")), make_table(("收入", "1.00"), page_number=2))
    out = OutputFolder(root / "out")
    out.making.mkdir(parents=True, exist_ok=True)
    return ReadingDesk(
        DocumentTables("0" * 64, "a.pdf", pages, tables, ()),
        path,
        ReaderHere(stages, look_into),
        out,
        "f" * 64,
        False,
        most_cells,
    )


def test_only_the_pages_of_the_cells_are_looked_at(tmp_path: Path, machine: FakeMachine) -> None:
    ((ref, readings),) = desk(tmp_path, machine.stages()).reread((OTHER,))
    assert ref == OTHER
    assert [(r.text, r.source) for r in readings] == [("1.00", "wide"), ("1.00", "bare")]
    assert machine.looked_at == {"table-a.pdf-2": 1}


def test_what_was_read_again_is_kept(tmp_path: Path, machine: FakeMachine) -> None:
    first = desk(tmp_path, machine.stages()).reread((FIGURE,))
    assert desk(tmp_path, machine.stages()).reread((FIGURE, OTHER))[0] == first[0]
    assert machine.looked_at == {"table-a.pdf-1": 1, "table-a.pdf-2": 1}


def test_too_many_cells_are_cut_with_a_note(tmp_path: Path, machine: FakeMachine) -> None:
    short = desk(tmp_path, machine.stages(), most_cells=1)
    assert [ref for ref, _ in short.reread((FIGURE, OTHER))] == [FIGURE]
    assert noted(short.document, short.notes).pages[1].notes == (
        "1 cells were not read again: the document has too many",
    )


@pytest.mark.parametrize("fault", ["engine", "other page"])
def test_a_page_that_cannot_be_had_again_costs_its_readings_only(
    tmp_path: Path, machine: FakeMachine, fault: str
) -> None:
    def look_again(image: PageImage, _cells: object) -> tuple[tuple[Reading, ...], ...]:
        raise RecognitionFailed("it broke")

    stages = replace(machine.stages(), look_again=look_again) if fault == "engine" else machine.stages()
    broken = desk(tmp_path, stages, digest="another" if fault == "other page" else "")
    assert broken.reread((FIGURE,)) == ()
    assert [number for number, _ in broken.notes] == [1]


def test_a_page_is_cleaned_anew_only_where_straightening_is_not_all_that_was_done(
    tmp_path: Path, machine: FakeMachine
) -> None:
    cleaned: list[str] = []

    def preprocess(image: PageImage) -> PageImage:
        cleaned.append(image.digest)
        return replace(image, digest=f"{image.digest} cleaned")

    stages = replace(machine.stages(), preprocess=preprocess)
    assert desk(tmp_path, stages).reread((FIGURE,))
    assert cleaned == []
    assert desk(tmp_path, stages, digest="table-a.pdf-2 cleaned").reread((OTHER,))
    assert cleaned == ["table-a.pdf-2"]


def test_a_missing_model_ends_the_run(tmp_path: Path, machine: FakeMachine) -> None:
    def rasterise(path: Path, number: int) -> PageImage:
        rasterise_page(path, number)
        raise ModelMissing("gone")

    with pytest.raises(ModelMissing):
        desk(tmp_path, replace(machine.stages(), rasterise_page=rasterise)).reread((FIGURE,))
