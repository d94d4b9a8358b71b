"""Tables of all that flips the meaning of a figure: signs of minus, brackets, dashes, zeros, percentages, comparisons."""

from __future__ import annotations

import numpy as np

from samples.values import SourceCell, SourceTable

_HEADS = ("序号", "项目名称", "预算数", "调整数", "增减额", "增减率", "完成率", "数量", "符号", "金额（元）", "备注")
_NAMES = (
    "公务用车运行维护费", "其中：A类", "PPP项目（2024年）", "“三公”经费", "一、工资福利支出", "二、商品和服务支出", "5G网络建设",
    "办公费", "因公出国（境）费", "会议费/培训费", "R&D经费", "2025年第一批", "（一）基本支出", "其他",
)  # fmt: skip
_SIGNS = ("≥", "≤", "=", ">", "<", "定性")
_NOTES = ("", "—", "无", "同比+3.5%", "≥95%", "见附表2-1", "0")
_FORMS = ("{}", "-{}", "({})", "△{}", "—", "0.00", "", "（{}）", "-", "0")
_SIGNED = (0, 1, 1, 1, 3, 3, 4)


def marks(seed: int, n_rows: int = 24) -> SourceTable:
    """Eleven columns, one header row; figures of two to eight digits in every form that offices print."""
    rng = np.random.default_rng(seed)
    cells = [SourceCell(0, col, 1, 1, text, True) for col, text in enumerate(_HEADS)]
    for row in range(1, n_rows):
        cells += [SourceCell(row, col, 1, 1, text) for col, text in enumerate(_line(rng, row))]
    return SourceTable("marks", "", "收支变动情况表", "附表", "元", (), n_rows, 11, 1, tuple(cells))


def _line(rng: np.random.Generator, row: int) -> list[str]:
    budget = _amount(rng)
    name = _NAMES[int(rng.integers(len(_NAMES)))]
    changed = _form(int(rng.choice(list(range(10)))), _amount(rng))
    growth = _form(int(rng.choice(_SIGNED)), _amount(rng))
    shares = f"{rng.integers(-9999, 30000) / 100:.2f}%", f"{rng.integers(0, 101)}%"
    count, sign = str(int(rng.integers(0, 12))), _SIGNS[int(rng.integers(len(_SIGNS)))]
    return [
        str(row),
        name,
        _form(0, budget),
        changed,
        growth,
        *shares,
        count,
        sign,
        _yuan(rng),
        _NOTES[int(rng.integers(7))],
    ]


def _amount(rng: np.random.Generator) -> int:
    return int(rng.integers(1, 10 ** int(rng.integers(2, 9))))


def _yuan(rng: np.random.Generator) -> str:
    if rng.random() < 0.6:
        return f"{int(rng.integers(1, 10 ** int(rng.integers(3, 11)))):,}"
    return str(int(rng.integers(1, 10 ** int(rng.integers(3, 9)))))


def _form(kind: int, cents: int) -> str:
    return _FORMS[kind].format(f"{cents / 100:,.2f}")


_ASPECTS = ("产出指标", "效益指标", "满意度指标", "成本指标")
_GOALS = (
    "培训人次",
    "设备采购数量",
    "项目验收合格率",
    "资金支付及时率",
    "服务对象满意度",
    "平均成本",
    "办公面积",
    "能耗下降率",
)
_COMPARED = ("≥", "≤", "＝", "＜", "＞", "=", "<", ">", "定性")
_UNITS = ("%", "％", "人次", "台", "m²", "万元", "个", "km²", "‰")
_WIDE_DIGITS = str.maketrans("0123456789.,()-%", "０１２３４５６７８９．，（）－％")
_LONE = ("", "—", "-", "0", "/", "无", "0.00", "－")


def signs(seed: int, n_groups: int = 4) -> SourceTable:
    """What flips a meaning by itself: lone comparisons, units, dashes and zeros, full-width figures, ▲ and △, superscripts,
    and labels set one character below the other in a narrow merged cell."""
    rng = np.random.default_rng(seed)
    heads = ("类\n别", "指标名称", "符号", "指标值", "单位", "全角金额", "增减", "占比", "说明", "上年")
    cells = [SourceCell(0, col, 1, 1, text, True) for col, text in enumerate(heads)]
    row = 1
    for group in range(n_groups):
        aspect = _ASPECTS[group % len(_ASPECTS)]
        size = max(int(rng.integers(5, 8)), len(aspect))
        cells.append(SourceCell(row, 0, size, 1, "\n".join(aspect), True))
        for line in range(row, row + size):
            cells += [SourceCell(line, col, 1, 1, text) for col, text in enumerate(_sign_line(rng), start=1)]
        row += size
    return SourceTable("signs", "", "项目支出绩效目标表", "附表", "", (), row, len(heads), 1, tuple(cells))


def _sign_line(rng: np.random.Generator) -> list[str]:
    def one_of(texts: tuple[str, ...]) -> str:
        return texts[int(rng.integers(len(texts)))]

    wide = _form(int(rng.choice([0, 0, 0, 1, 2])), _amount(rng)).translate(_WIDE_DIGITS)
    change = one_of(("▲{}", "△{}", "-{}", "({})", "+{}", "{}")).format(f"{_amount(rng) / 100:,.2f}")
    return [
        one_of(_GOALS),
        one_of(_COMPARED),
        str(int(rng.integers(1, 200))),
        one_of(_UNITS),
        wide,
        change,
        f"{rng.integers(-9999, 20000) / 100:.{int(rng.integers(0, 3))}f}%",
        one_of(("≥95%", "≤3次", "10²", "同比-2.1%", "<5天", "1:2", "")),
        one_of(_LONE),
    ]
