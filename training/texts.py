"""What the strips say: figures as disclosures print them, and everything that must not be taken for one.

A text is a list of pieces, a character or a gap each; OTHER is what the network is to say of anything that is not part of a
plain figure.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

OTHER = "?"
ALPHABET = "0123456789,.-%"
_MINUS = "---−–"
_LOOKALIKES = "一二三十工口日目〇之八人丨丿亅丶、。·OoQDlIiJjTtBSsZzgqbeACcGYy|/\\!:;'\"~_=+×✓√><≥≤*#&@$^()[]{}（）《》、，．％：；—…○●□■△▲←→¥￥"
_IDEOGRAPHS = (
    "一般公共预算财政拨款收入支出决算总表基本项目行政运行机关事务教育科学技术文化体育与传媒社会保障和就业医疗卫生节能环保城乡区农林水"
    "交通运输资源勘探信息等商业服务金融国土海洋气象住房粮油物资储备其他合计小本年上结转余下位单元万人员经费功能分类名称编码备注是否"
    "采购工程货物二三四五六七八九十月日号第中央地方转移支付债务还息发行用情况说明增减变化率占比数量公里平米台套辆份户次亩"
    "县市省村镇乡街道办府委局厅处科室所站院校队中心部门"
)
_UNITS = (
    "年",
    "月",
    "日",
    "元",
    "万元",
    "亿元",
    "人",
    "个",
    "项",
    "户",
    "%以上",
    "倍",
    "‰",
    "㎡",
    "m2",
    "km",
    "kg",
    "台",
    "分",
    "℃",
)
_WORDS = (
    "No.",
    "C",
    "A",
    "B",
    "K",
    "R",
    "T",
    "P",
    "Z",
    "GB",
    "ISO",
    "F",
    "RMB",
    "S",
    "≥",
    "≤",
    ">",
    "<",
    "约",
    "第",
    "共",
    "¥",
    "+",
    "±",
    "*",
    "#",
    "(",
    "（",
    "①",
    "注",
)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Piece:
    """char: what is drawn, '' for a gap. label: what the network is to read there. gap: width in em."""

    char: str
    label: str
    gap: float = 0.0


Maker = Callable[[random.Random], str]


def random_text(rng: random.Random) -> tuple[Piece, ...]:
    """A figure in seven texts of ten."""
    makers = ((_figure, 70), (_two_figures, 3), (_mixed, 9), (_ideographs, 8), (_letters, 5), (_sign, 4), (_nearly, 4), (_ratio, 4))  # fmt: skip
    (maker,) = rng.choices([m for m, _ in makers], [w for _, w in makers])
    return tuple(maker(rng))


def _digits(rng: random.Random, n: int) -> str:
    if rng.random() < 0.12:  # runs of one digit, and few kinds of digit
        kinds = rng.sample("0123456789", rng.choice((1, 2)))
        return "".join(rng.choice(kinds) for _ in range(n))
    return "".join(rng.choice("0123456789") for _ in range(n))


def _amount(rng: random.Random) -> str:
    whole = _digits(rng, rng.choice((1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 9, 10)))
    text = f"{int(whole):,}" if rng.random() < 0.6 else whole
    n_decimals = rng.choices((0, 1, 2, 3, 4, 6), (12, 8, 65, 5, 8, 2))[0]
    return text + ("." + _digits(rng, n_decimals) if n_decimals else "")


def _signed(rng: random.Random) -> str:
    return rng.choice(_MINUS) + _amount(rng)


def _percent(rng: random.Random) -> str:
    sign = rng.choice(_MINUS) if rng.random() < 0.2 else ""
    whole = _digits(rng, rng.choice((1, 2, 2, 3)))
    return sign + whole + ("." + _digits(rng, rng.choice((1, 2, 2))) if rng.random() < 0.7 else "") + "%"


def _code(rng: random.Random) -> str:
    return _digits(rng, rng.choice((3, 5, 5, 7, 7, 7, 9, 12, 15)))


def _short(rng: random.Random) -> str:
    return _digits(rng, rng.choice((1, 2, 2, 3)))


def _date(rng: random.Random) -> str:
    year, month, day = f"20{_digits(rng, 2)}", _digits(rng, 2), _digits(rng, 2)
    return rng.choice((year, f"{year}.{month}", f"{year}-{month}-{day}"))


def _zero(rng: random.Random) -> str:
    return rng.choice(("0.00", "0.00", "0.0", "0", "0.0000", "0%", "0.00%", "100.00%", "100%"))


def _odd(rng: random.Random) -> str:
    """Any characters in any order, so that the network reads what stands there and not what is usual."""
    return "".join(rng.choice(ALPHABET[:10] + ALPHABET) for _ in range(rng.randint(2, 9)))


_FIGURES: tuple[tuple[Maker, int], ...] = (
    (_amount, 52), (_signed, 9), (_percent, 8), (_code, 10), (_short, 7), (_date, 3), (_zero, 4), (_odd, 7),
)  # fmt: skip


def _figure(rng: random.Random) -> list[Piece]:
    (maker,) = rng.choices([m for m, _ in _FIGURES], [w for _, w in _FIGURES])
    return _plain(maker(rng))


def _plain(text: str) -> list[Piece]:
    return [Piece(c, "-" if c in _MINUS else c) for c in text]


def _others(text: str) -> list[Piece]:
    return [Piece(c, OTHER) for c in text if not c.isspace()]


def _two_figures(rng: random.Random) -> list[Piece]:
    return [*_figure(rng), Piece("", OTHER, rng.uniform(0.45, 2.5)), *_figure(rng)]


def _mixed(rng: random.Random) -> list[Piece]:
    figure = _figure(rng)
    kind = rng.random()
    if kind < 0.4:
        return [*figure, *_others(rng.choice(_UNITS))]
    if kind < 0.7:
        return [*_others(rng.choice(_WORDS)), *figure]
    if kind < 0.85:
        return [*_others(_some(rng, _IDEOGRAPHS, 1, 4)), *figure, *_others(_some(rng, _IDEOGRAPHS, 0, 4))]
    return [*figure, *_others(rng.choice("/:~至-—+×=()（）")), *_figure(rng)]


def _ideographs(rng: random.Random) -> list[Piece]:
    return _others(_some(rng, _IDEOGRAPHS, 1, 10))


def _letters(rng: random.Random) -> list[Piece]:
    return _others(_some(rng, _LETTERS, 1, 8))


def _sign(rng: random.Random) -> list[Piece]:
    return _others(_some(rng, _LOOKALIKES, 1, 3))


def _nearly(rng: random.Random) -> list[Piece]:
    """A figure with one character of it another."""
    pieces = _figure(rng)
    at = rng.randrange(len(pieces) + 1)
    return [*pieces[:at], *_others(rng.choice(_LOOKALIKES)), *pieces[at + rng.choice((0, 1)) :]]


def _ratio(rng: random.Random) -> list[Piece]:
    """Two short figures with a small mark between them, or one beside a figure: the likeliest to be overlooked."""
    one, other = (_plain(_digits(rng, rng.choice((1, 1, 2, 3)))) for _ in range(2))
    mark = _others(rng.choice("::::::;·'`~/|!*°\\\"=+∶"))
    kind = rng.random()
    if kind < 0.7:
        return [*one, *mark, *other]
    figure = _plain(_amount(rng))
    return [*mark, *figure] if kind < 0.85 else [*figure, *mark]


def _some(rng: random.Random, characters: Sequence[str], least: int, most: int) -> str:
    return "".join(rng.choice(characters) for _ in range(rng.randint(least, most)))
