"""Tables that the four real documents lack, made up so that their sums close: wide, long, deep headers, side by side."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from samples.values import SourceCell, SourceTable

Money = int  # in 0.01 万元: whole numbers add up exactly

_CODES = (
    ("201", "一般公共服务支出"), ("20103", "政府办公厅（室）及相关机构事务"), ("2010301", "行政运行"),
    ("2010302", "一般行政管理事务"), ("2010350", "事业运行"), ("205", "教育支出"), ("20508", "进修及培训"),
    ("2050803", "培训支出"), ("208", "社会保障和就业支出"), ("20805", "行政事业单位养老支出"),
    ("2080501", "行政单位离退休"), ("2080505", "机关事业单位基本养老保险缴费支出"), ("2080506", "机关事业单位职业年金缴费支出"),
    ("210", "卫生健康支出"), ("21011", "行政事业单位医疗"), ("2101101", "行政单位医疗"), ("2101102", "事业单位医疗"),
    ("221", "住房保障支出"), ("22102", "住房改革支出"), ("2210201", "住房公积金"),
)  # fmt: skip
_GOODS = ("台式计算机", "便携式计算机", "多功能一体机", "空调机", "复印纸", "办公家具", "物业管理服务", "车辆维修和保养服务",
          "机动车保险服务", "印刷服务", "会议服务", "信息化运维服务")  # fmt: skip
_FUNDS = ("一般公共预算资金", "一般债券", "外国政府和国际组织贷款", "外国政府和国际组织赠款")


def money(amount: Money) -> str:
    """An amount as printed: 123456 -> 1,234.56; 0 is left blank, as most offices do."""
    return f"{amount / 100:,.2f}" if amount else ""


def procurement(seed: int, n_rows: int = 10) -> SourceTable:
    """25 columns, three header rows; 合计 and 小计 are the sums of what stands right of them."""
    rng = np.random.default_rng(seed)
    headers = [
        *_header(0, [("单位名称", 3, 1), ("采购目录", 3, 1), ("采购品目", 3, 1), ("数量", 3, 1), ("资金来源", 1, 21)]),
        *_header(1, [("总计", 2, 1), ("一般公共预算", 1, 5), ("政府性基金预算", 1, 5), ("国有资本经营预算", 1, 5),
                     ("财政专户管理资金", 2, 1), ("事业收入", 2, 1), ("上级补助", 2, 1), ("经营收入", 2, 1), ("其他收入", 2, 1)],
                 start=4),
        *(SourceCell(2, 5 + 5 * fund + i, 1, 1, text, True) for fund in range(3)
          for i, text in enumerate(("小计", *_FUNDS))),
    ]  # fmt: skip
    lines = [_procurement_line(rng) for _ in range(n_rows)]
    sums = [sum(column) for column in zip(*(amounts for _, amounts in lines), strict=True)]
    cells = [SourceCell(3, 0, 1, 4, "合计"), *_amounts(3, 4, sums)]
    for index, (words, amounts) in enumerate(lines):
        cells += [SourceCell(4 + index, col, 1, 1, text) for col, text in enumerate(words)]
        cells += _amounts(4 + index, 4, amounts)
    return SourceTable(
        "procurement", "B11", "2026年政府采购预算明细表", "表九", "万元", (), n_rows + 4, 25, 3, (*headers, *cells)
    )


def _procurement_line(rng: np.random.Generator) -> tuple[tuple[str, ...], list[Money]]:
    parts = [[_rarely(rng, 0.35 if i == 0 else 0.12) for i in range(4)] for _ in range(3)]
    rest = [_rarely(rng, 0.15) for _ in range(5)]
    groups = [value for part in parts for value in (sum(part), *part)]
    total = sum(sum(part) for part in parts) + sum(rest)
    item = str(rng.choice(_GOODS))
    words = ("县政府办公室", "服务" if item.endswith("服务") else "货物", item, str(rng.integers(1, 40)))
    return words, [total, *groups, *rest]


def _rarely(rng: np.random.Generator, share: float) -> Money:
    return int(rng.integers(50, 90_000)) if rng.random() < share else 0


def long_list(seed: int, n_rows: int = 60) -> SourceTable:
    """Sixty rows, to be set in six-point type: code, name and three amounts, 总计 = 基本支出 + 项目支出."""
    rng = np.random.default_rng(seed)
    headers = _header(
        0, [("科目编码", 1, 1), ("科目名称", 1, 1), ("总计", 1, 1), ("基本支出", 1, 1), ("项目支出", 1, 1)]
    )
    cells = list(headers)
    for row in range(1, n_rows):
        code, name = _CODES[(row - 1) % len(_CODES)]
        basic, project = int(rng.integers(0, 9_000_000)), _rarely(rng, 0.5)
        indent = {3: 0, 5: 1}.get(len(code), 2)
        cells += [SourceCell(row, 0, 1, 1, code), SourceCell(row, 1, 1, 1, name, indent=indent)]
        cells += _amounts(row, 2, [basic + project, basic, project])
    return SourceTable("long", "B3", "部门支出总表", "表八", "万元", (), n_rows, 5, 1, tuple(cells))


def labelled_groups(seed: int) -> SourceTable:
    """Row labels merged down many rows, an empty cell that is wide beside two empty ones, four header levels."""
    rng = np.random.default_rng(seed)
    headers = [
        *_header(0, [("单位", 4, 1), ("类别", 4, 1), ("2026年预算数", 1, 6)]),
        *_header(1, [("合计", 3, 1), ("财政拨款", 1, 4), ("其他资金", 3, 1)], start=2),
        *_header(2, [("小计", 2, 1), ("一般公共预算", 1, 2), ("政府性基金", 2, 1)], start=3),
        *_header(3, [("本级", 1, 1), ("上级", 1, 1)], start=4),
    ]
    cells, row = list(headers), 4
    for unit, size in (("县政府办公室（本级）", 5), ("政务服务中心", 3), ("公共资源交易中心", 4)):
        cells.append(SourceCell(row, 0, size, 1, unit))
        for index in range(size):
            cells += _group_line(rng, row + index, is_last=index == size - 1)
        row += size
    return SourceTable("groups", "", "部门预算分单位明细表", "附表1", "万元", (), row, 8, 4, tuple(cells))


def _group_line(rng: np.random.Generator, row: int, is_last: bool) -> list[SourceCell]:
    label = SourceCell(row, 1, 1, 1, ("工资福利", "商品服务", "资本性支出", "对个人补助", "其他支出")[row % 5])
    if is_last:  # an empty row: one wide empty cell, then single ones
        return [label, SourceCell(row, 2, 1, 3, ""), *(SourceCell(row, col, 1, 1, "") for col in (5, 6, 7))]
    own, upper, fund, other = int(rng.integers(1, 900_000)), _rarely(rng, 0.6), _rarely(rng, 0.4), _rarely(rng, 0.5)
    return [label, *_amounts(row, 2, [own + upper + fund + other, own + upper + fund, own, upper, fund, other])]


def small_list(seed: int, title: str = "") -> SourceTable:
    """A narrow table of two columns, as they stand two side by side."""
    rng = np.random.default_rng(seed)
    names = rng.permutation(np.array(_GOODS))[:7]
    amounts = [int(rng.integers(10, 900_000)) for _ in names]
    cells = [*_header(0, [("项目", 1, 1), ("金额", 1, 1)])]
    for row, (name, amount) in enumerate(zip(names, amounts, strict=True), start=1):
        cells += [SourceCell(row, 0, 1, 1, str(name)), *_amounts(row, 1, [amount])]
    last = len(names) + 1
    cells += [SourceCell(last, 0, 1, 1, "合计"), *_amounts(last, 1, [sum(amounts)])]
    return SourceTable("small", "", title, "", "", (), last + 1, 2, 1, tuple(cells))


def _header(row: int, parts: Iterable[tuple[str, int, int]], start: int = 0) -> list[SourceCell]:
    cells, col = [], start
    for text, rowspan, colspan in parts:
        cells.append(SourceCell(row, col, rowspan, colspan, text, True))
        col += colspan
    return cells


def _amounts(row: int, start: int, values: Iterable[Money]) -> list[SourceCell]:
    return [SourceCell(row, start + i, 1, 1, money(value)) for i, value in enumerate(values)]
