from dataclasses import replace

from layout.disputes import keep_disputes
from layout.values import Doubt
from ocr.geometry import BBox
from ocr.values import PageText, Reading, TextSource
from tests import builders


def test_another_reading_of_a_trusted_figure_is_kept_with_a_doubt_and_changes_nothing_else() -> None:
    table = builders.table([["合计", "38.50"]])
    place = replace(table.cells[1].bbox, x0=table.cells[1].bbox.x0 + 1)
    said = Reading("33.50", 0.9, "crop")
    text = PageText("0" * 64, TextSource.TEXT_LAYER, (), other_readings=((place, said),))
    label, figure = keep_disputes(table, text).cells
    assert label == table.cells[0]
    assert (figure.text, figure.doubts) == ("38.50", (*table.cells[1].doubts, Doubt.READINGS_DIFFER))
    assert [r.source for r in figure.readings[-2:]] == ["text_layer", "crop"]
    assert figure.readings[-1] == said


def test_without_disputes_the_table_is_itself() -> None:
    table = builders.table([["合计", "38.50"]])
    elsewhere = ((BBox(9000.0, 9000.0, 9001.0, 9001.0), Reading("1", 0.9, "crop")),)
    assert keep_disputes(table, PageText("0" * 64, TextSource.TEXT_LAYER, ())) is table
    assert keep_disputes(table, PageText("0" * 64, TextSource.TEXT_LAYER, (), (), elsewhere)) == table
