"""What the proof says in passing (why a sum was not tried, what speaks for a change), in both languages of the pages.

The machinery says it in English, where it happens; here is the Chinese. A sentence nobody has put here stays as it is.
"""

from __future__ import annotations

import re

from expectations.suite_files import Bilingual

_PHRASES = (
    # Why a sum was not tried, or says nothing.
    (r"a term is not readable as an amount", "有一项无法识别为金额"),
    (r"all terms are blank", "各项均为空"),
    (r"nothing is printed but one zero", "除一个零外均未填列"),
    (r"the total is left blank", "合计未填列"),
    (r"the left figure is smaller, as it may be", "前者小于后者，允许如此"),
    (r"does not close, and need not: not every author keeps to it", "不相符，但并非各单位都遵循此关系，不作判断"),
    (r"these two tables are not known to say the same: (\d+) of (\d+) such relations close",
     r"两表口径可能不同：\2 项同类关系中仅 \1 项相符"),
    (r"these columns are not known to add up: they do in (\d+) of (\d+) rows", r"这些列未必构成合计：\2 行中仅 \1 行相符"),
    (r"the rows of this list are not known to add up", "该表各行未必构成合计"),
    (r"these rows are not known to add up: they do in no column", "这些行未必构成合计：没有一列相符"),
    (r"a weight is missing", "缺少一项权重"),
    (r"(.+) holds (.+) of other money", r"\1 含其他资金 \2"),
    (r"what was carried over is not told by fund", "上年结转未按资金类别分列"),
    (r"a row may be lost or read twice", "可能漏行或重复识别了一行"),
    # What speaks for a change.
    (r"read so by (.+)", r"另一次识别（\1）结果如此"),
    (r"held possible by recognition \((.+)\)", r"识别时认为可能如此（\1）"),
    (r"the table prints its figures with (\d+) decimals", r"本表数字均印有 \1 位小数"),
    (r"point lost, added or moved", "小数点漏识、多识或错位"),
    (r"a digit was lost", "漏识一位数字"),
    (r"a digit was added", "多识一位数字"),
    (r"sign lost or added", "正负号漏识或多识"),
    (r"a number split over two cells, or two in one", "一个数字被分到两格，或两个数字并入一格"),
    (r"the row above is the same", "与上一行相同"),
    (r"column (\d+) moved to (\d+)", r"第 \1 列移至第 \2 列（从 0 起计）"),
    # Why a change was not made.
    (r"no other reading of the cell says so", "该单元格没有其他识别结果支持"),
    (r"another change would explain it nearly as well", "另一处更正几乎同样说得通"),
    (r"fewer than two independent identities speak for it, or one would break", "支持的独立勾稽关系不足两项，或会破坏其他关系"),
    (r"rows and columns are never rearranged without a person", "行列的调整须由人工确认"),
)  # fmt: skip
_CHARACTERS = re.compile(r"(?:(?:^|, )(.) read as (.))+")
_FAMILIES = {
    "C": Bilingual("a table printed twice", "重复印刷的表"),
    "I": Bilingual("within a table", "表内"),
    "X": Bilingual("between tables, or with the text", "表间、文表之间"),
    "A": Bilingual("of a statement", "报表勾稽"),
    "S": Bilingual("rows and columns", "行列结构"),
}


def phrase(text: str) -> Bilingual:
    """A sentence of the proof in both languages; in English for both where it is not known."""
    for pattern, chinese in _PHRASES:
        if match := re.fullmatch(pattern, text):
            return Bilingual(text, match.expand(chinese))
    if _CHARACTERS.fullmatch(text):
        return Bilingual(text, re.sub(r"(.) read as (.)", r"\1 被识别为 \2", text))
    return Bilingual(text, text)


def family(identity: str) -> Bilingual:
    """What kind of relation an identity is, by its letter."""
    return _FAMILIES.get(identity[:1], Bilingual(identity, identity))
