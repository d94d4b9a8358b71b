"""The HTML of the Data Docs: plain functions from values to text, one style sheet (`docs_style.css`), no script.

Every word that comes from a document passes `shown`. A page names no address outside itself.
People count rows and columns from 1, headers included; document.json counts them from 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from expectations.by_table import ByTable, facts_by_table
from expectations.docs_parts import (
    DISPOSITIONS,
    DOUBTS,
    FIGURES,
    OUTCOMES,
    SUMS,
    badge,
    bar,
    both,
    heads_of,
    legend,
    meanings,
    page_frame,
    page_parts,
    say,
    shown,
)
from expectations.phrases import family
from expectations.suite_files import Bilingual, read_suite
from expectations.values import (
    CellRef,
    Check,
    CheckVerdict,
    DocumentTables,
    Fact,
    Finding,
    Severity,
    ValidationReport,
)
from expectations.verdicts import coverage
from layout.values import Cell, Table
from ocr.errors import SuiteError

MOST_CELLS = 60


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """One line of the index. verdicts and checks: how many figures and identities came out how."""

    document_id: str
    source_name: str
    organisation: str
    fiscal_year: int | None
    kind: str
    disposition: str
    n_pages: int
    n_tables: int
    n_critical: int
    n_warnings: int
    verdicts: Mapping[str, int]
    checks: Mapping[str, int]


def index_page(summaries: Sequence[DocumentSummary]) -> str:
    """All documents, those that need a person first."""
    order = list(DISPOSITIONS)
    ranked = sorted(
        summaries, key=lambda s: (order.index(s.disposition) if s.disposition in order else -1, s.source_name)
    )
    counts = "".join(
        f'<li class="{name}"><b>{sum(s.disposition == name for s in summaries)}</b> {both(words)}</li>'
        for name, words in reversed(DISPOSITIONS.items())
    )
    totals = {name: sum(s.verdicts.get(name, 0) for s in summaries) for name in FIGURES}
    rows = "".join(map(_index_row, ranked)) or f'<tr><td colspan="6">{say("No documents yet.", "尚无文件。")}</td></tr>'
    heads = [("Document", "文件"), ("Outcome", "结论"), ("Tables", "表格"), ("Figures", "数字")]
    heads += [("Failed", "未通过"), ("Warnings", "提示")]
    body = (
        f"<header><p class=eyebrow>scanledger</p><h1>{say('Data Docs', '数据文档')}</h1>"
        f"<p class=lead>{say('What was expected of each document, and what came of it.', '对每份文件的检查要求与检查结果。')}</p>"
        f"</header><section><ul class=tally>{counts}</ul>{bar(totals)}{legend(totals)}</section>"
        f"<section><div class=wide><table><thead><tr>{heads_of(heads)}</tr></thead><tbody>{rows}</tbody></table></div>"
        f"</section>"
    )
    return page_frame("Data Docs", body, "")


def _figures(summary: DocumentSummary, report: ValidationReport) -> str:
    """How many figures are proven, and how much of the money stands under a sum at all."""
    found = coverage(report.checks, report.facts)
    share = say(
        f"Of {found.n_figures} amounts of money {found.under_one:.0%} stand in a sum, {found.under_two:.0%} in two or more.",
        f"{found.n_figures} 个金额中，{found.under_one:.0%} 至少处于一项勾稽关系，{found.under_two:.0%} 处于两项以上。",
    )
    said = f"<p>{share}</p>" if found.n_figures else ""
    return f"<section><h2>{say('Figures', '数字')}</h2>{bar(summary.verdicts)}{legend(summary.verdicts)}{said}{meanings(summary.verdicts)}</section>"


def document_page(
    summary: DocumentSummary, document: DocumentTables, report: ValidationReport, reasons: Sequence[str]
) -> Iterator[str]:
    """Everything expected of one document, what failed first, piece by piece."""
    places = _Places(document, facts_by_table(report.facts))
    failed = [finding for finding in report.findings if not finding.success]
    critical = [finding for finding in failed if finding.severity is Severity.CRITICAL]
    warnings = [finding for finding in failed if finding.severity is Severity.WARNING]
    body = chain(
        (
            _document_header(summary),
            _reasons(_other_reasons(reasons, document, failed)),
            _figures(summary, report),
            _page_failures(document),
        ),
        _cards(Bilingual("To be looked at", "需要人工核对"), critical, places),
        _cards(Bilingual("Worth knowing", "提示"), warnings, places),
        (_sums(report.checks, places),),
        _everything(report.findings, places),
    )
    foot = say(
        "Rows and columns are counted from 1, header rows included. ∅ is an empty cell.",
        "行列从 1 起计，含表头。∅ 表示空单元格。",
    )
    return page_parts(summary.source_name, body, foot)


@dataclass(frozen=True, slots=True)
class _Places:
    """Finds the cell and the fact that a reference names."""

    document: DocumentTables
    facts: ByTable[Fact]

    def table(self, index: int | None) -> Table | None:
        return self.document.tables[index] if index is not None and index < len(self.document.tables) else None

    def cell(self, ref: CellRef) -> Cell | None:
        table = self.table(ref.table_index)
        cells = table.cells if table else ()
        return next((cell for cell in cells if (cell.span.row, cell.span.col) == (ref.row, ref.col)), None)

    def fact(self, ref: CellRef) -> Fact | None:
        """The last of those there are of a cell."""
        return next((fact for fact in reversed(self.facts[ref.table_index]) if fact.cell == ref), None)

    def title(self, index: int | None) -> str:
        table = self.table(index)
        if table is None:
            return say("The whole document", "整份文件")
        name = shown(f"{table.label} {table.title}".strip()) or say("without a title", "无标题")
        pages = "–".join(dict.fromkeys(str(page) for page in (table.page_numbers[:1] + table.page_numbers[-1:])))
        return f"{name} <small>{say(f'table {(index or 0) + 1}, page {pages}', f'第{(index or 0) + 1}表，第{pages}页')}</small>"


def _index_row(summary: DocumentSummary) -> str:
    whose = " · ".join(shown(str(part)) for part in (summary.organisation, summary.fiscal_year) if part)
    return (
        f'<tr><td><a href="documents/{shown(summary.document_id)}.html">{shown(summary.source_name)}</a>'
        f"<br><small>{whose}</small></td><td>{badge(summary.disposition)}</td><td class=n>{summary.n_tables}</td>"
        f"<td class=figures>{bar(summary.verdicts)}<small>{_share_checked(summary.verdicts)}</small></td>"
        f"<td class=n>{summary.n_critical or ''}</td><td class=n>{summary.n_warnings or ''}</td></tr>"
    )


def _share_checked(verdicts: Mapping[str, int]) -> str:
    total = sum(verdicts.values())
    proven = verdicts.get("proven", 0) + verdicts.get("corrected", 0)
    return f"{proven}/{total} {both(FIGURES['proven'])}" if total else ""


def _document_header(summary: DocumentSummary) -> str:
    whose = " · ".join(shown(str(part)) for part in (summary.organisation, summary.fiscal_year) if part)
    size = say(f"{summary.n_pages} pages, {summary.n_tables} tables", f"{summary.n_pages} 页，{summary.n_tables} 张表")
    return (
        f'<header><p class=eyebrow><a href="../index.html">{say("All documents", "全部文件")}</a></p>'
        f"<h1>{shown(summary.source_name)} {badge(summary.disposition)}</h1>"
        f"<p class=lead>{whose}</p><p class=quiet>{size} · <code>{shown(summary.document_id)}</code></p></header>"
    )


def _other_reasons(reasons: Sequence[str], document: DocumentTables, failed: Sequence[Finding]) -> list[str]:
    """Reasons that no card and no page failure of this page tells already."""
    told = [finding.message for finding in failed if finding.message]
    told += [failure.message for page in document.pages for failure in page.failures if failure.message]
    return [reason for reason in reasons if not any(message in reason for message in told)]


def _reasons(reasons: Sequence[str]) -> str:
    items = "".join(f"<li>{shown(reason)}</li>" for reason in reasons)
    return f"<section><h2>{say('Why', '原因')}</h2><ul class=reasons>{items}</ul></section>" if items else ""


def _page_failures(document: DocumentTables) -> str:
    items = "".join(
        f"<li>{say(f'Page {failure.page_number}', f'第{failure.page_number}页')} <code>{shown(failure.code)}</code> "
        f"{shown(failure.message)} {shown(failure.remedy)}</li>"
        for page in document.pages
        for failure in page.failures
    )
    return f"<section><h2>{say('Pages not read', '未能读取的页面')}</h2><ul>{items}</ul></section>" if items else ""


def _cards(title: Bilingual, findings: Sequence[Finding], places: _Places) -> Iterator[str]:
    if findings:
        yield f"<section><h2>{both(title)} <small>{len(findings)}</small></h2>"
        yield from (_card(finding, places) for finding in findings)
        yield "</section>"


def _card(finding: Finding, places: _Places) -> str:
    expect, action = _words(finding.suite, finding.expectation, finding.message)
    mark, words = OUTCOMES[_outcome(finding)]
    return (
        f'<article class="{finding.severity.value}"><p class=quiet>{places.title(finding.table_index)}</p>'
        f'<h3><span class="mark {finding.severity.value}">{mark} {both(words)}</span></h3>'
        f"<p><b>{say('Expected:', '要求：')}</b> {both(expect)}</p><p><b>{say('To do:', '处理：')}</b> {both(action)}</p>"
        f"{_card_cells(finding, places)}"
        f"<p class=quiet><code>{shown(finding.suite)}/{shown(finding.expectation)}</code> · "
        f"{say(f'looked at {finding.n_evaluated}', f'共检查 {finding.n_evaluated} 项')}</p></article>"
    )


def _card_cells(finding: Finding, places: _Places) -> str:
    """The cells of a critical finding in full view, those of a warning folded away."""
    table = _cell_table(finding.cells, places)
    if not table or finding.severity is Severity.CRITICAL:
        return table
    count = len(finding.cells)
    return f"<details><summary>{say(f'{count} cells', f'{count} 个单元格')}</summary>{table}</details>"


def _words(suite: str, expectation: str, message: str) -> tuple[Bilingual, Bilingual]:
    """What the suite file says; the finding's own message when that expectation is no longer in it."""
    try:
        entry = read_suite(suite).entry(expectation)
    except SuiteError:
        entry = None
    return (entry.expect, entry.action) if entry else (Bilingual(message, ""), Bilingual("", ""))


def _cell_table(cells: Sequence[CellRef], places: _Places) -> str:
    if not cells:
        return ""
    heads = [("Page", "页"), ("Row", "行"), ("Column", "列"), ("What it is", "内容"), ("As read", "识别结果")]
    rows = "".join(_cell_row(ref, places) for ref in cells[:MOST_CELLS])
    left = len(cells) - MOST_CELLS
    more = f"<p class=quiet>{say(f'and {left} more', f'另有 {left} 个')}</p>" if left > 0 else ""
    return f"<div class=wide><table class=cells><thead><tr>{heads_of(heads)}</tr></thead><tbody>{rows}</tbody></table></div>{more}"


def _cell_row(ref: CellRef, places: _Places) -> str:
    cell, fact = places.cell(ref), places.fact(ref)
    name = " · ".join(shown(part) for part in (fact.code, fact.name, fact.measure) if part) if fact else ""
    text = shown(cell.text) if cell else ""
    first = (
        f"<br><small>{say('first reading', '首次识别')}: {shown(cell.ocr_text)}</small>"
        if cell and cell.ocr_text != cell.text
        else ""
    )
    doubts = f"<br><small>{_doubts(cell)}</small>" if cell and cell.doubts else ""
    return (
        f"<tr><td class=n>{cell.page_number if cell else ''}</td><td class=n>{ref.row + 1}</td>"
        f"<td class=n>{ref.col + 1}</td><td>{name}</td><td class=text>{text or '∅'}{first}{doubts}</td></tr>"
    )


def _doubts(cell: Cell) -> str:
    return "<br>".join(both(DOUBTS.get(doubt, Bilingual(doubt, ""))) for doubt in cell.doubts)


def _sums(checks: Sequence[Check], places: _Places) -> str:
    """How many identities hold, and those that do not, with what is missing."""
    bad = list(SUMS)[:2]
    failing = sorted((check for check in checks if check.verdict in bad), key=lambda check: bad.index(check.verdict))
    counts = Counter(check.verdict for check in checks)
    line = say(
        f"{counts[CheckVerdict.HOLDS]} sums close exactly, {counts[CheckVerdict.WITHIN_ROUNDING]} but for rounding, "
        f"{len(failing)} do not; {counts[CheckVerdict.NOT_EVALUATED]} could not be tried.",
        f"{counts[CheckVerdict.HOLDS]} 项完全相符，{counts[CheckVerdict.WITHIN_ROUNDING]} 项为四舍五入差异，"
        f"{len(failing)} 项不符，{counts[CheckVerdict.NOT_EVALUATED]} 项无法验证。",
    )
    heads = [("Sum", "勾稽关系"), ("Where", "位置"), ("Off by", "差额"), ("Verdict", "判断")]
    rows = "".join(_sum_row(check, places) for check in failing)
    table = (
        f"<div class=wide><table><thead><tr>{heads_of(heads)}</tr></thead><tbody>{rows}</tbody></table></div>"
        if rows
        else ""
    )
    return f"<section><h2>{say('Sums', '勾稽关系')}</h2><p>{line}</p>{table}</section>" if checks else ""


def _sum_row(check: Check, places: _Places) -> str:
    tables = dict.fromkeys(term.cell.table_index for term in check.terms if term.cell)
    where = "<br>".join(places.title(index) for index in tables)
    return (
        f"<tr><td><code>{shown(check.identity)}</code> <small>{both(family(check.identity))}</small><br>{shown(check.statement)}</td><td>{where}</td>"
        f"<td class=n>{'' if check.residual is None else check.residual}</td><td>{both(SUMS[check.verdict])}</td></tr>"
    )


def _everything(findings: Sequence[Finding], places: _Places) -> Iterator[str]:
    """Findings stand table by table already."""
    if findings:
        yield f"<section><h2>{say('Everything that was expected', '全部检查项目')}</h2>"
        for index, of_table in groupby(findings, key=lambda finding: finding.table_index):
            yield _block(list(of_table), index, places)
        yield "</section>"


def _block(findings: Sequence[Finding], index: int | None, places: _Places) -> str:
    marks = [_outcome(finding) for finding in findings]
    tally = " ".join(
        f'<span class="mark {name}">{OUTCOMES[name][0]} {marks.count(name)}</span>'
        for name in OUTCOMES
        if name in marks
    )
    suites = dict.fromkeys(finding.suite for finding in findings)
    heads = [("Expected", "要求"), ("Severity", "级别"), ("Looked at", "检查数量"), ("Outcome", "结果")]
    rows = "".join(
        f"<tr class=suite><th colspan=4>{_suite_title(suite)}</th></tr>"
        + "".join(_finding_row(finding) for finding in findings if finding.suite == suite)
        for suite in suites
    )
    return (
        f"<details><summary>{places.title(index)} {tally}</summary><div class=wide><table><thead><tr>{heads_of(heads)}"
        f"</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _suite_title(suite: str) -> str:
    try:
        return f"{both(read_suite(suite).title)} <code>{shown(suite)}</code>"
    except SuiteError:
        return shown(suite)


def _finding_row(finding: Finding) -> str:
    mark, words = OUTCOMES[_outcome(finding)]
    severity = say("critical", "关键") if finding.severity is Severity.CRITICAL else say("warning", "提示")
    return (
        f"<tr><td>{both(_words(finding.suite, finding.expectation, finding.message)[0])}</td><td>{severity}</td>"
        f"<td class=n>{finding.n_evaluated}</td>"
        f'<td><span class="mark {_outcome(finding)}">{mark} {both(words)}</span></td></tr>'
    )


def _outcome(finding: Finding) -> str:
    if not finding.success:
        return finding.severity.value
    return "passed" if finding.n_evaluated else "nothing"
