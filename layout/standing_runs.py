"""Words that run downwards in narrow cells -> runs, so that their rows are as high as they are.

A cell one character wide has its text one character below the other. What says that it is a cell of one row, and no label
merged down several, is the amounts beside it: all at one height, in its middle. Labels of rows right below each other may
have been read as one word; the white between its characters parts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from layout.baselines import SAME_LEVEL
from layout.reading_order import WIDE_CLOSING
from layout.runs import Run, upright_runs
from ocr.geometry import BBox
from ocr.values import Char, PageText, Word

#: Px by which rows may rise or fall per px along them.
LEAN = 0.02
#: In text heights: least white between two texts below each other.
WHITE = 0.45


def standing_runs(text: PageText, runs: Sequence[Run], em: float) -> tuple[Run, ...]:
    """A run for each text that runs downwards beside amounts of one row, as wide as its characters."""
    figures = [r for r in runs if r.is_figure]
    standing = [part for run in upright_runs(text) for part in _parts(run, text.words[run.word_index], em)]
    return tuple(run for run in standing if _is_in_one_row(run, figures, em))


def _is_in_one_row(run: Run, figures: Sequence[Run], em: float) -> bool:
    """Whether amounts stand beside a run, and all of them at its middle."""
    beside = [r for r in figures if run.bbox.y0 < r.y < run.bbox.y1]
    return bool(beside) and all(abs(r.y - run.y) < SAME_LEVEL * em + LEAN * abs(r.x - run.x) for r in beside)


def _parts(run: Run, word: Word, em: float) -> Iterator[Run]:
    """The texts of a word, on boxes as wide as its type: detected ones are wider, those of narrow columns lap over each other."""
    box = word.bbox
    margin = max(0.0, min(box.width - em, box.height - em) / 2)
    x0, x1 = box.x0 + margin, box.x1 - margin
    texts = list(_texts(word.chars, WHITE * em))
    if len(texts) < 2:
        yield Run(run.text, BBox(x0, box.y0 + margin, x1, box.y1 - margin), em, run.word_index)
        return
    for own in texts:
        yield Run("".join(c.text for c in own), BBox(x0, own[0].x0, x1, own[-1].x1), em, run.word_index)


def _texts(chars: Sequence[Char], white: float) -> Iterator[list[Char]]:
    """Characters that follow each other closely; what white is read as (，) is none."""
    own: list[Char] = []
    for char in chars:
        if char.text.isspace() or char.text in WIDE_CLOSING:
            continue
        if own and char.x0 - own[-1].x1 >= white:
            yield own
            own = []
        own.append(char)
    if own:
        yield own
