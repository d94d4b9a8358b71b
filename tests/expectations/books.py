"""Invented books of one office, consistent to the last place: what the tables of any province would print of them.

Amounts are whole numbers of the last printed place ("ticks"), so that every sum is exact however it is printed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

NAMES = {
    "201": "一般公共服务支出", "20103": "政府办公厅（室）及相关机构事务", "2010301": "行政运行",
    "2010302": "一般行政管理事务", "2010350": "事业运行", "205": "教育支出", "20508": "进修及培训", "2050803": "培训支出",
    "208": "社会保障和就业支出", "20805": "行政事业单位养老支出",
    "2080505": "机关事业单位基本养老保险缴费支出", "2080506": "机关事业单位职业年金缴费支出",
    "210": "卫生健康支出", "21011": "行政事业单位医疗", "2101101": "行政单位医疗", "2101103": "公务员医疗补助",
    "221": "住房保障支出", "22102": "住房改革支出", "2210201": "住房公积金", "2210203": "购房补贴",
    "212": "城乡社区支出", "21208": "国有土地使用权出让收入安排的支出", "2120803": "城市建设支出",
    "2120899": "其他国有土地使用权出让收入安排的支出",
    "223": "国有资本经营预算支出", "22301": "解决历史遗留问题及改革成本支出", "2230105": "国有企业退休人员社会化管理补助支出",
    "301": "工资福利支出", "30101": "基本工资", "30102": "津贴补贴", "30103": "奖金",
    "30108": "机关事业单位基本养老保险缴费", "30113": "住房公积金",
    "302": "商品和服务支出", "30201": "办公费", "30207": "邮电费", "30211": "差旅费", "30217": "公务接待费",
    "30228": "工会经费", "30231": "公务用车运行维护费",
    "303": "对个人和家庭的补助", "30302": "退休费", "30309": "奖励金", "310": "资本性支出", "31002": "办公设备购置",
}  # fmt: skip
_BASIC = ("2010301", "2010350", "2050803", "2080505", "2080506", "2101101", "2101103", "2210201", "2210203")
_PROJECT = ("2010302", "2010350", "2050803")
_ECONOMIC = (
    "30101", "30102", "30103", "30108", "30113", "30201", "30207", "30211", "30217", "30228", "30231", "30302",
    "30309", "31002",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Books:
    """Per code in ticks. own: spent from the office's own income, inside no fund."""

    basic: dict[str, int]
    project: dict[str, int]
    gov: dict[str, int]
    state: dict[str, int]
    own: dict[str, int]
    economic: dict[str, int]

    @property
    def general(self) -> dict[str, int]:
        return added(self.basic, self.project)

    @property
    def fiscal(self) -> dict[str, int]:
        return added(self.general, self.gov, self.state)

    @property
    def whole(self) -> dict[str, int]:
        return added(self.fiscal, self.own)


def make_books(seed: int, magnitude: int = 1_000_000) -> Books:
    """Books drawn at random; amounts of a leaf are of the order of ``magnitude`` ticks."""
    rng = random.Random(seed)

    def some(codes: Iterable[str]) -> dict[str, int]:
        return {code: rng.randrange(magnitude // 20, magnitude) for code in codes}

    economic = some(_ECONOMIC)
    shares = some(_BASIC)
    total, whole = sum(economic.values()), sum(shares.values())
    basic = {code: share * total // whole for code, share in shares.items()}
    basic[_BASIC[0]] += total - sum(basic.values())
    return Books(basic, some(_PROJECT), some(("2120803", "2120899")), some(("2230105",)), some(("2010350",)), economic)


def added(*parts: dict[str, int]) -> dict[str, int]:
    """Leaf by leaf, in order of codes."""
    return {code: sum(p.get(code, 0) for p in parts) for code in sorted({c for p in parts for c in p})}


def under(leaves: dict[str, int], code: str) -> int:
    return sum(amount for leaf, amount in leaves.items() if leaf.startswith(code))


def tree(leaves: Iterable[str], lengths: tuple[int, ...] = (3, 5, 7)) -> list[str]:
    """All codes at or above the leaves, parents first."""
    return sorted({leaf[:n] for leaf in leaves for n in lengths if n <= len(leaf)})


Print = Callable[[int], str]


def printer(decimals: int, *, grouped: bool = True, zero: str = "") -> Print:
    """Ticks -> print. zero: what stands for nothing (blank, a dash, 0.00)."""

    def printed(ticks: int) -> str:
        value = Decimal(ticks).scaleb(-decimals)
        return (f"{value:,.{decimals}f}" if grouped else f"{value:.{decimals}f}") if ticks else zero

    return printed
