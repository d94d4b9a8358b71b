"""An explanation as one HTML page that needs nothing else: pictures as data, both languages, no script."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from expectations.docs_parts import DOUBTS, FIGURES, MEANING, SUMS, both, heads_of, page_frame, say, shown
from expectations.explain import ExplainedChange, ExplainedCheck, ExplainedTerm, Explanation
from expectations.phrases import phrase
from expectations.suite_files import Bilingual
from expectations.values import CheckVerdict

NO_FIGURE = Bilingual("no figure", "非数字")
SOURCES = {
    "page": Bilingual("the page as a whole", "整页识别"),
    "crop": Bilingual("the cell alone", "单元格重新识别"),
    "wide": Bilingual("the cell alone, drawn wider", "单元格拉宽后重新识别"),
    "bare": Bilingual("the cell alone, without its rulings", "单元格去除表格线后重新识别"),
    "grammar": Bilingual("put together from other characters held possible", "由其他可能字符拼成"),
    "text_layer": Bilingual("the file's own text", "文件自带文字"),
}
_STYLE = """<style>
figure { margin: 16px 0; } figure img { display: block; max-width: 100%; border: 1px solid var(--line); background: #fff; }
figure img.cell { max-height: 120px; image-rendering: auto; }
figcaption { color: var(--quiet); font-size: 13px; margin-top: 4px; }
.figure { font-size: 30px; font-weight: 600; font-variant-numeric: tabular-nums; white-space: pre-line; }
.verdict { display: inline-block; border-left: 10px solid; padding-left: 10px; }
tr.this { background: #fdf6dd; } td.sign { width: 2em; text-align: center; }
td.amount { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
article.holds, article.within_rounding { border-left-color: var(--proven); }
article.not_evaluated { border-left-color: var(--read); }
article.extraction_suspect { border-left-color: var(--suspect); }
</style>"""


def explanation_page(explanation: Explanation, context: bytes = b"", cell: bytes = b"", why_not: str = "") -> str:
    """The page. context, cell: PNGs of the surroundings with the cell marked, and of the cell alone; empty when the
    original is not at hand, and then why_not says so."""
    body = "".join(
        (_STYLE, _head(explanation), _pictures(context, cell, why_not), _readings(explanation),
         _changes(explanation), _checks(explanation), _findings(explanation))
    )  # fmt: skip
    foot = say(
        "Tables, rows and columns count from 1, header rows included.", "表、行、列均从 1 起计，含表头。"
    )  # fmt: skip
    return page_frame(f"{explanation.text} {explanation.row_name}".strip() or "cell", body, foot)


def grouped(value: str) -> str:
    """An amount as it would be printed, with thousands apart; what is no amount as it is."""
    whole, point, decimals = value.partition(".")
    digits = whole.removeprefix("-")
    return f"{int(whole):,}{point}{decimals}" if digits.isdigit() and int(whole) else value


def equation(check: ExplainedCheck) -> str:
    """The identity in figures: 12.00 = 8.00 + 4.00; the first term stands alone."""
    first, *rest = check.terms or (ExplainedTerm(None, "", "", 1, "?", False),)
    parts = "".join(f" {'-' if t.coefficient > 0 else '+'} {grouped(t.value)}" for t in rest).removeprefix(" + ")
    sign = "<=" if " <= " in check.statement else "="
    return f"{grouped(first.value)} {sign} {parts.strip() or '0'}"


def _head(e: Explanation) -> str:
    words = FIGURES.get(e.verdict, NO_FIGURE)
    meaning = MEANING.get(e.verdict)
    doubts = "".join(f"<li>{both(DOUBTS.get(d, Bilingual(d, d)))}</li>" for d in e.doubts)
    place = say(
        f"page {e.place.page_number}, table {e.place.table + 1}, row {e.place.row + 1}, column {e.place.col + 1}",
        f"第{e.place.page_number}页，第{e.place.table + 1}表，第{e.place.row + 1}行，第{e.place.col + 1}列",
    )
    return (
        f"<header><p class=eyebrow>{shown(e.source_name)} · {shown(e.table_title)} {shown(e.table_kind)}</p>"
        f"<h1>{shown(e.row_name)}<br><small>{shown(e.column_name)}</small></h1><p class=quiet>{place}</p>"
        f"<p class=figure>{shown(e.text) or '∅'} <small>{shown(e.unit if e.value else '')}</small></p>"
        f'<p class=verdict style="border-color:var(--{shown(e.verdict or "read")})"><b>{both(words)}</b>'
        f"{'<br>' + both(meaning) if meaning else ''}</p>"
        f"{f'<ul class=reasons>{doubts}</ul>' if doubts else ''}</header>"
    )


def _pictures(context: bytes, cell: bytes, why_not: str) -> str:
    if not context:
        return f"<section><p class=quiet>{shown(why_not)}</p></section>" if why_not else ""
    caption = say(
        "The cell in red, the other figures of its sums in blue.", "红框为该单元格，蓝框为相关勾稽关系中的其他数字。"
    )
    alone = f'<figure><img class=cell alt="" src="{_data_uri(cell)}"></figure>' if cell else ""
    return (
        f"<section><h2>{say('As printed', '原件')}</h2>{alone}"
        f'<figure><img alt="" src="{_data_uri(context)}"><figcaption>{caption}</figcaption></figure></section>'
    )


def _data_uri(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def _readings(e: Explanation) -> str:
    rows = [_reading_row(r.text, f"{r.confidence:.3f}", r.source, r.counts) for r in e.readings]
    rows = rows or [_reading_row(e.ocr_text, f"{e.confidence:.3f}", "page", e.ocr_text == e.text)]
    heads = [("As read", "识别结果"), ("From", "来源"), ("Confidence", "置信度"), ("", "")]
    return (
        f"<section><h2>{say('Readings', '识别')}</h2><table><thead><tr>{heads_of(heads)}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></section>"
    )


def _reading_row(text: str, confidence: str, source: str, counts: bool) -> str:
    words = SOURCES.get(source, Bilingual(source, source))
    said = say("counts", "采用") if counts else say("differs", "不同")
    return f"<tr><td class=text>{shown(text) or '∅'}</td><td>{both(words)}</td><td class=n>{confidence}</td><td>{said}</td></tr>"


def _changes(e: Explanation) -> str:
    items = "".join(_change(change) for change in e.changes)
    return f"<section><h2>{say('Corrections', '更正与建议')}</h2>{items}</section>" if items else ""


def _change(change: ExplainedChange) -> str:
    kind = say("Corrected", "已更正") if change.applied else say("Suggested", "建议更正")
    others = say(f"together with {change.with_others} more", f"与另外 {change.with_others} 处一起")
    closes = "".join(f"<li>{shown(statement)}</li>" for statement in change.closes)
    return (
        f"<article><h3>{kind}: {shown(change.read) or '∅'} → {shown(change.proposed) or '∅'}"
        f"{' ' + others if change.with_others else ''}</h3><p>{_said(change.evidence)}</p>"
        f"<p>{_said(change.reason)}</p><ul>{closes}</ul></article>"
    )


def _checks(e: Explanation) -> str:
    order = ("extraction_suspect", "source_inconsistent", "within_rounding", "holds", "not_evaluated")
    items = "".join(_check(c) for c in sorted(e.checks, key=lambda c: order.index(c.verdict)))
    none = say("This cell stands in no sum.", "该单元格不在任何勾稽关系之中。")
    return f"<section><h2>{say('Sums it stands in', '所在的勾稽关系')}</h2>{items or f'<p class=quiet>{none}</p>'}</section>"


def _check(check: ExplainedCheck) -> str:
    heads = [("", ""), ("Figure", "数字"), ("What it is", "内容"), ("Where", "位置")]
    rows = "".join(_term(i, t) for i, t in enumerate(check.terms))
    off = say(
        f"difference {check.residual or '?'}, allowed {check.tolerance or '0'}",
        f"差额 {check.residual or '?'}，允许 {check.tolerance or '0'}",
    )
    return (
        f'<article class="{shown(check.verdict)}"><h3><code>{shown(check.identity)}</code> {shown(equation(check))} — '
        f"{both(SUMS[CheckVerdict(check.verdict)])}</h3><p class=quiet>{shown(check.statement)}</p>"
        f"<table><thead><tr>{heads_of(heads)}</tr></thead><tbody>{rows}</tbody></table>"
        f"<p class=quiet>{off if check.residual else ''} {_said(check.reason)}</p></article>"
    )


def _said(text: str) -> str:
    words = phrase(text)
    return both(words) if words.zh != words.en else shown(text)


def _term(index: int, term: ExplainedTerm) -> str:
    sign = "" if index == 0 else "−" if term.coefficient > 0 else "=" if index == 1 else "+"
    name = shown(term.name) or say("from the text or a fixed figure", "来自文字说明或固定数值")
    where = term.place
    place = say(f"table {where.table + 1}, page {where.page_number}", f"第{where.table + 1}表，第{where.page_number}页") \
        if where else ""  # fmt: skip
    row = " class=this" if term.is_this else ""
    return f"<tr{row}><td class=sign>{sign}</td><td class=amount>{shown(grouped(term.value))}</td><td>{name}</td><td>{place}</td></tr>"


def _findings(e: Explanation) -> str:
    items = "".join(f"<li>{shown(message)}</li>" for message in e.findings)
    return f"<section><h2>{say('Findings', '检查结论')}</h2><ul class=reasons>{items}</ul></section>" if items else ""


def explanation_lines(e: Explanation) -> Iterator[str]:
    """The same for a terminal, in plain text."""
    where = f"page {e.place.page_number}, table {e.place.table + 1}, row {e.place.row + 1}, column {e.place.col + 1}"
    yield f"{e.source_name}  {e.table_title} {e.table_kind}  ({where})"
    yield f"{e.row_name}  [{e.column_name}]"
    yield f"{' '.join(e.text.split()) or '(empty)'} {e.unit if e.value else ''}  {e.verdict or 'no figure'}"
    if e.verdict in MEANING:
        yield MEANING[e.verdict].en
    for doubt in e.doubts:
        yield f"doubt: {DOUBTS[doubt].en if doubt in DOUBTS else doubt}"
    for r in e.readings:
        yield f"reading: {' '.join(r.text.split())}  {r.source}  {r.confidence:.3f}{'' if r.counts else '  differs'}"
    for change in e.changes:
        yield f"{'corrected' if change.applied else 'suggested'}: {change.read} -> {change.proposed}  {change.evidence}"
    for check in e.checks:
        yield f"{check.identity} {SUMS[CheckVerdict(check.verdict)].en}: {equation(check)}  ({check.statement})"
        yield f"    difference {check.residual}, allowed {check.tolerance}" if check.residual else f"    {check.reason}"
        for term in check.terms:
            yield f"    {'>' if term.is_this else ' '} {grouped(term.value):>16}  {term.name or '(text)'}"
    yield from (f"finding: {message}" for message in e.findings)
