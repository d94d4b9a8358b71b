from expectations.catalogue.loader import load_catalogue
from expectations.column_sums import column_sums
from expectations.columns import Column, ColumnRole


def test_columns_whose_headers_could_not_be_read_announce_no_sum() -> None:
    """Several columns without any header once fell into one group that had nothing below it (IndexError)."""
    columns = tuple(Column(i, ColumnRole.MEASURE, ()) for i in range(3))
    assert column_sums(columns, load_catalogue()) == ()
