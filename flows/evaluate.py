"""Finished documents against their truth: `scanledger evaluate OUT --truth FOLDER [--plot FILE.png]`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from flows.inspection import load_document
from flows.scoring.reliability import SURE, Judged, bins, calibration_error, judge_numbers, sure_and_wrong
from flows.scoring.scores import Score, score_file
from flows.scoring.truth import reading_of
from flows.scoring.values import Reading
from flows.sources import InputError, printable


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One document: its name, its counts, and its numeric cells as judged."""

    name: str
    score: Score
    judged: tuple[Judged, ...]


def evaluate(found: Path, truth: Path) -> tuple[Evaluated, ...]:
    """Every document under ``found`` that has its truth under ``truth``, by name. Raises InputError when none has.

    found: the output of a run, a folder of a document, or a document.json. truth: a folder with NAME.truth.json for
    a document whose source was NAME.pdf (or .tif, ...), or one such file.
    """
    truths = _truths(truth)
    results = []
    for path in _documents(found):
        data = load_document(path)
        name = str(data["document"]["source_name"])
        true = truths.get(PurePath(name).stem)
        if true is not None:
            read = reading_of(data)
            results.append(Evaluated(name, score_file(true, read), tuple(judge_numbers(true, read))))
    if not results:
        remedy = "Give the output of a run, and the folder that holds NAME.truth.json for its files."
        raise InputError(f"no document has its truth in {printable(truth)}", where=printable(found), remedy=remedy)
    return tuple(sorted(results, key=lambda e: e.name))


def report_lines(results: Sequence[Evaluated]) -> Iterator[str]:
    """The scores by document and in all, and what confidence is worth."""
    total = sum((e.score for e in results), Score())
    width = max(len("all"), *(len(e.name) for e in results))
    yield f"{'':{width}}  tables  exact  numbers in place   wrong  missing  invented  silent   cells right   characters"
    for name, score in (*((e.name, e.score) for e in results), ("all", total)):
        yield f"{name:{width}}  {_score_line(score)}"
    yield ""
    yield from reliability_lines([cell for e in results for cell in e.judged])


def _score_line(s: Score) -> str:
    return (
        f"{s.n_found:>3}/{s.n_true:<3} {_share(s.n_exact, s.n_true)}  {s.numbers_in_place:>6}/{s.numbers_true:<6}"
        f"{_share(s.numbers_in_place, s.numbers_true)} {s.numbers_wrong:>5} {s.numbers_missing:>8} "
        f"{s.numbers_invented:>9} {s.numbers_silent:>7}      {_share(s.cells_right, s.cells_true)}      "
        f"{_share(s.chars_right, s.chars_true)}"
    )


def _share(part: float, whole: float) -> str:
    return f"{part / whole:7.2%}" if whole else "      -"


def reliability_lines(judged: Sequence[Judged]) -> Iterator[str]:
    """What confidence is worth: cells, wrong ones, and what was said and held, by confidence; how many sure ones are wrong."""
    curve = bins(judged)
    yield "confidence of numeric cells     cells   wrong   said    held"
    for b in curve:
        yield f"{b.low:.3f} to {b.high:.3f}{'':14}{b.n:>7}{b.n - b.n_right:>8}  {b.said:.4f}  {b.held:.4f}"
    n, wrong = sure_and_wrong(judged)
    yield f"{n} numeric cells were given {SURE} or more; {wrong} of them are wrong"
    yield f"expected calibration error {calibration_error(curve):.4f} over {len(judged)} cells"


def _documents(found: Path) -> list[Path]:
    return [found] if found.is_file() else sorted(found.glob("**/document.json"))


def _truths(truth: Path) -> dict[str, Reading]:
    """Stem of the source's name -> truth. Raises InputError for a file that is none."""
    paths = [truth] if truth.is_file() else sorted(truth.glob("*.truth.json"))
    try:
        return {p.name.removesuffix(".truth.json"): reading_of(json.loads(p.read_bytes())) for p in paths}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"is no truth: {error}", where=printable(truth)) from error
