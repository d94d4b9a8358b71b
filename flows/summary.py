"""What a run came to: counts, where things are, and the exit code of them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from expectations.values import CellVerdict
from flows.digitise import Outcome
from flows.exit_codes import ExitCode
from flows.results import Disposition
from flows.store import OutputFolder
from ocr.errors import ScanledgerError


def exit_code(outcomes: Sequence[Outcome]) -> ExitCode:
    """The gravest outcome decides; a document lost to a bug of ours (not only a page, which names its place) is worst."""
    if any(reason.code == ScanledgerError.code and not reason.where for o in outcomes for reason in o.reasons):
        return ExitCode.BUG
    dispositions = {outcome.disposition for outcome in outcomes}
    if Disposition.REJECTED in dispositions:
        return ExitCode.SOME_REJECTED
    return ExitCode.SOME_NEED_REVIEW if Disposition.NEEDS_REVIEW in dispositions else ExitCode.ALL_ACCEPTED


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in numbers; duplicates are counted apart, and their figures once."""

    dispositions: tuple[tuple[Disposition, int], ...]
    n_duplicates: int
    n_pages: int
    n_tables: int
    n_kept_pages: int
    verdicts: tuple[tuple[CellVerdict, int], ...]

    @property
    def n_figures(self) -> int:
        return sum(n for _, n in self.verdicts)


def summarise(outcomes: Sequence[Outcome], n_kept_pages: int = 0) -> Summary:
    own = [outcome for outcome in outcomes if not outcome.duplicate_of]
    counts = Counter(outcome.disposition for outcome in own)
    verdicts: Counter[CellVerdict] = Counter()
    for outcome in own:
        verdicts.update(dict(outcome.verdicts))
    return Summary(
        dispositions=tuple((d, counts[d]) for d in Disposition if counts[d]),
        n_duplicates=len(outcomes) - len(own),
        n_pages=sum(outcome.n_pages for outcome in own),
        n_tables=sum(outcome.n_tables for outcome in own),
        n_kept_pages=n_kept_pages,
        verdicts=tuple((v, verdicts[v]) for v in CellVerdict if verdicts[v]),
    )


def summary_lines(summary: Summary, out: OutputFolder) -> tuple[str, ...]:
    """For the end of a run: how many of each, and where everything is."""
    words = {Disposition.NEEDS_REVIEW: "need review"}
    documents = ", ".join(f"{n} {words.get(d, d.value)}" for d, n in summary.dispositions)
    figures = ", ".join(f"{n} {v.value.replace('_', ' ')}" for v, n in summary.verdicts) or "none"
    lines = [
        f"documents  {documents or 'none'}" + _besides(summary.n_duplicates, "duplicate"),
        f"read       {summary.n_pages} pages, {summary.n_tables} tables"
        + (f" ({summary.n_kept_pages} pages had been read before)" if summary.n_kept_pages else ""),
        f"figures    {summary.n_figures}: {figures}",
        f"tables     {out.root / 'documents'}/<id>/tables",
    ]
    places = (
        ("parquet", out.dataset),
        ("data docs", out.data_docs / "index.html"),
        ("quarantine", out.root / "quarantine"),
    )
    return (*lines, *(f"{name:<10} {place}" for name, place in places if place.exists()))


def _besides(n: int, what: str) -> str:
    return f" (and {n} {what}{'s' if n > 1 else ''})" if n else ""
