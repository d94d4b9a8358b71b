"""docs/dataset.md names every column of the dataset."""

import re
from pathlib import Path

from flows.dataset import SCHEMAS

PAGE = Path(__file__).parents[2] / "docs" / "dataset.md"


def test_the_page_explains_every_column_and_no_other() -> None:
    rows = [line.split("|") for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    tables = {*SCHEMAS, "over_years"}
    cells = [row[2] if row[1].strip() in tables else row[1] for row in rows]
    named = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} - {"earlier_document_id"}
    assert named == {name for schema in SCHEMAS.values() for name in schema.names}
