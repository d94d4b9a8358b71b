"""Tables of rare shapes, made up: hatched and struck blank cells, split headers, a grid within a cell of a form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from samples.invented import money
from samples.values import Mark, SourceCell, SourceTable


def marked(table: SourceTable, *marks: Mark) -> SourceTable:
    """The table with the given marks in turn on its blank cells below the header; Mark.NONE leaves one blank."""
    blank = [cell for cell in table.cells if not cell.text and cell.row >= table.n_header_rows]
    mark_of = {id(cell): marks[index % len(marks)] for index, cell in enumerate(blank)}
    cells = (replace(cell, mark=mark_of.get(id(cell), cell.mark)) for cell in table.cells)
    return replace(table, cells=tuple(cells))


def by_years(seed: int, n_header_rows: int = 1) -> SourceTable:
    """Amounts by item and year under a split header (年份 above the stroke, 项目 below); 合计 is the sum of its column."""
    rng = np.random.default_rng(seed)
    items = ("基本支出", "人员经费", "公用经费", "项目支出", "其他支出")
    years = range(2026 - (5 if n_header_rows == 1 else 3), 2026)
    deep = n_header_rows - 1
    cells = [SourceCell(0, 0, n_header_rows, 1, "年份\n项目", True, mark=Mark.SPLIT)]
    for index, year in enumerate(years):
        cells.append(SourceCell(0, 1 + index * (1 + deep), 1, 1 + deep, f"{year}年", True))
        if deep:
            cells += [SourceCell(1, 1 + 2 * index + k, 1, 1, text, True) for k, text in enumerate(("预算数", "决算数"))]
    n_cols = 1 + len(years) * (1 + deep)
    sums = [0] * (n_cols - 1)
    for row, item in enumerate(items, start=n_header_rows):
        amounts = [int(rng.integers(100, 900_000)) for _ in sums]
        sums = [total + amount for total, amount in zip(sums, amounts, strict=True)]
        cells.append(SourceCell(row, 0, 1, 1, item))
        cells += [SourceCell(row, 1 + col, 1, 1, money(amount)) for col, amount in enumerate(amounts)]
    last = n_header_rows + len(items)
    cells.append(SourceCell(last, 0, 1, 1, "合计"))
    cells += [SourceCell(last, 1 + col, 1, 1, money(total)) for col, total in enumerate(sums)]
    title = "近年部门支出情况表"
    return SourceTable("years", "", title, "附表2", "万元", (), last + 1, n_cols, n_header_rows, tuple(cells))


def nested_form(seed: int) -> SourceTable:
    """A form of which one cell holds a small grid; the sides of its columns do not go on from those around it."""
    rng = np.random.default_rng(seed)
    budget = int(rng.integers(10_000, 900_000))
    cells = [
        SourceCell(0, 0, 1, 1, "项目名称", True), SourceCell(0, 1, 1, 5, "政务服务大厅运行维护"),
        SourceCell(1, 0, 1, 1, "主管部门", True), SourceCell(1, 1, 1, 2, "县政府办公室"),
        SourceCell(1, 3, 1, 1, "预算金额", True), SourceCell(1, 4, 1, 2, money(budget)),
        SourceCell(2, 0, 5, 1, "绩效指标", True),
    ]  # fmt: skip
    lines = (("指标名称", "目标值", "权重"), ("办件数量", f"≥{rng.integers(100, 900)}件", "30"),
             ("办结及时率", f"≥{rng.integers(90, 99)}%", "30"), ("维护成本", f"≤{money(budget)}", "20"),
             ("群众满意度", f"≥{rng.integers(90, 99)}%", "20"))  # fmt: skip
    for row, line in enumerate(lines, start=2):
        for (col, colspan), text in zip(((1, 1), (2, 3), (5, 1)), line, strict=True):
            cells.append(SourceCell(row, col, 1, colspan, text, row == 2, nested=1))
    cells += [SourceCell(7, 0, 1, 1, "备注", True), SourceCell(7, 1, 1, 5, "")]
    return SourceTable("nested", "", "项目绩效目标表", "", "万元", (), 8, 6, 0, tuple(cells))
