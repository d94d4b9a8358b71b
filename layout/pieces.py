"""Words -> pieces that lie in one cell each.

A detected text box knows nothing of rulings: it may run over several cells. It is cut by the position of its
characters; where a character straddles the ruling, or no positions are known, the cut is a guess and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from layout.amounts import parse_amount
from layout.reading_order import glyph_height, is_wide
from layout.text_boxes import RULING_MARKS, is_stacked, runs_downwards
from ocr.geometry import BBox
from ocr.values import Char, Word

Boxes = npt.NDArray[np.float64]

#: In text heights: white around a ruling that makes a cut safe, and how far a box may reach over its cell's border;
#: from which two characters are no neighbours in one text; how far a word of a table that leans may reach out of it; in
#: widths of a character: how far it may reach over a ruling; in text heights: how near its cell's side a ruling that was read stands.
_CLEAR_GAP, _OVERHANG, _WHITE, _LEANING, _STRADDLE, _AT_SIDE = 0.6, 0.5, 0.3, 1.2, 0.35, 0.2
#: What the white between cells below each other is read as.
_WHITE_MARKS = frozenset("，,、。·|｜")
#: Share of the lesser of two boxes, along and across, from which they hold the same text.
_SAME_PLACE = 0.6


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a word that lies in one cell; guessed when position alone does not decide."""

    cell_index: int
    word: Word
    guessed: bool


def box_array(boxes: Sequence[BBox]) -> Boxes:
    """(n, 4) x0 y0 x1 y1."""
    return np.array([b.as_tuple() for b in boxes], np.float64)


def split_word(
    word: Word, boxes: Sequence[BBox], array: Boxes | None = None, implied: bool = False
) -> tuple[Piece, ...]:
    """One piece per cell that the word runs over, left to right; a word of white space, or of a ruling read as !, has none.

    array: `box_array` of the boxes, for who asks of many words. implied: whether white stands for sides of cells: then
    none runs through a figure.
    """
    if not word.text.strip():
        return ()
    array = box_array(boxes) if array is None else array
    if is_stacked(word):
        upper, lower = halves = _halves(word)
        own = [_nearest(array, half.bbox.centre[:1], half.bbox.centre[1])[0] for half in halves]
        if own[0] != own[1]:
            return (Piece(own[0], upper, True), Piece(own[1], lower, True))
    if runs_downwards(word):
        return tuple(_split_downwards(word, boxes, array))
    chars = _positioned(word)
    middle = word.bbox.centre[1]
    homes = _nearest(array, [(c.x0 + c.x1) / 2 for c in chars], middle)
    whole_figures, torn = _figures_kept(chars, homes, _WHITE * glyph_height(word)) if implied else (homes, set())
    runs = _runs(chars, whole_figures)
    pieces = []
    for i, (index, whole) in enumerate(runs):
        run = _off_rulings(whole, boxes[index], _AT_SIDE * glyph_height(word)) if word.chars else whole
        part = word if len(run) == len(chars) else _part(word, run)
        if part is None:
            continue
        guessed = len(runs) > 1 and (not word.chars or _is_close(runs, i, glyph_height(word)))
        guessed = guessed or index in torn or len(run) < len(whole)  # it might have been a 1 after all
        guessed = guessed or _hangs_over(part.bbox, boxes[index], glyph_height(word)) or _straddles(run, boxes[index])
        pieces.append(Piece(index, part, guessed))
    return tuple(pieces)


def _split_downwards(word: Word, boxes: Sequence[BBox], array: Boxes) -> Iterator[Piece]:
    """One piece for each cell that a word which runs downwards stands in, top down: labels of rows may be read as one."""
    (whole,) = _nearest(array, word.bbox.centre[:1], word.bbox.centre[1])
    homes = [_nearest(array, word.bbox.centre[:1], (c.x0 + c.x1) / 2)[0] for c in word.chars]
    runs = _runs(word.chars, homes)
    if len(runs) < 2:
        yield Piece(whole, word, _hangs_over(word.bbox, boxes[whole], glyph_height(word), vertical_only=False))
        return
    for index, run in runs:
        own = _without_marks(run)
        if own:
            box = replace(word.bbox, y0=own[0].x0, y1=max(own[-1].x1, own[0].x0))
            part = Word("".join(c.text for c in own), box, min(word.confidence, _mean(own)), tuple(own))
            yield Piece(index, part, True)


def _without_marks(run: Sequence[Char]) -> list[Char]:
    """The characters without marks at their ends, as the white between two cells is read."""
    inked = [i for i, c in enumerate(run) if not c.text.isspace() and c.text not in _WHITE_MARKS]
    return list(run[inked[0] : inked[-1] + 1]) if inked else []


def _mean(chars: Sequence[Char]) -> float:
    return float(np.mean([c.confidence for c in chars]))


def said_once(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of a cell less those that say again what another does: a detected box may reach from cells whose lines
    were left to the detector into one whose lines were known. Guessed where the two differ.
    """
    boxes = [p.word.bbox for p in pieces]
    if not any(_is_same_place(one, two) for one, two in combinations(boxes, 2)):
        return list(pieces)
    kept: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: (p.guessed, -p.word.confidence)):
        first = next((i for i, other in enumerate(kept) if _is_same_place(piece.word.bbox, other.word.bbox)), None)
        if first is None:
            kept.append(piece)
        elif kept[first].word.text != piece.word.text:
            kept[first] = replace(kept[first], guessed=True)
    return kept


def _is_same_place(one: BBox, two: BBox) -> bool:
    """Whether two boxes lie upon each other for the most part of the lesser, along and across."""
    common = one.intersection(two)
    return common is not None and (
        common.width >= _SAME_PLACE * min(one.width, two.width)
        and common.height >= _SAME_PLACE * min(one.height, two.height)
    )


def split_at_box(word: Word, box: BBox) -> tuple[Word | None, tuple[Word, ...]]:
    """The part of a word within a table's box, and the parts outside it; a slight overhang stays inside, and so does a
    little more that no white parts from the most of a word: columns of a photographed page lean.
    """
    height = glyph_height(word)
    if not box.y0 <= word.bbox.centre[1] < box.y1:
        return None, (word,)
    wide = box.x0 - 0.4 * height, box.x1 + 0.4 * height
    chars = _positioned(word)
    sides = [0 if wide[0] <= (c.x0 + c.x1) / 2 < wide[1] else -1 if c.x0 < wide[0] else 1 for c in chars]
    if max(box.x0 - chars[0].x0, chars[-1].x1 - box.x1) < _LEANING * height:
        sides = _with_the_most(chars, sides, _WHITE * height)
    if runs_downwards(word) or len(set(sides)) == 1:
        inside = wide[0] <= word.bbox.centre[0] < wide[1]
        return (word, ()) if inside else (None, (word,))
    parts = [(side, _part(word, run)) for side, run in _runs(chars, sides)]
    inner = next((p for side, p in parts if side == 0 and p is not None), None)
    return inner, tuple(p for side, p in parts if side != 0 and p is not None)


def _halves(word: Word) -> tuple[Word, Word]:
    """Either of two characters one below the other."""
    box, middle = word.bbox, word.bbox.centre[1]
    text = word.text.strip()
    return (
        Word(text[0], replace(box, y1=middle), word.confidence), Word(text[1], replace(box, y0=middle), word.confidence)
    )  # fmt: skip


def _with_the_most(chars: Sequence[Char], sides: Sequence[int], white: float) -> list[int]:
    """On which side of a box characters are, those that stand close together all where most of them are."""
    inked = [i for i, c in enumerate(chars) if not c.text.isspace()]
    starts = [k for k, i in enumerate(inked) if k and chars[i].x0 - chars[inked[k - 1]].x1 >= white]
    out = list(sides)
    for a, b in pairwise([0, *starts, len(inked)]):
        own = [sides[i] for i in inked[a:b]]
        for i in inked[a:b]:
            out[i] = max(set(own), key=lambda side: (own.count(side), side == 0))
    return out


def _positioned(word: Word) -> tuple[Char, ...]:
    """The word's characters; spread by their usual widths where the engine gives no positions."""
    if word.chars:
        return tuple(word.chars)
    weights = [2.0 if is_wide(c) else 1.0 for c in word.text]
    edges = word.bbox.x0 + word.bbox.width * np.concatenate([[0.0], np.cumsum(weights)]) / sum(weights)
    return tuple(
        Char(c, float(a), float(b), word.confidence) for c, a, b in zip(word.text, edges, edges[1:], strict=False)
    )


def _figures_kept(chars: Sequence[Char], homes: Sequence[int], white: float) -> tuple[list[int], set[int]]:
    """The cells of characters, those of a figure that no white parts all in the one that holds most of it, and which those are:
    columns of a photographed page lean, and their sides are known by white alone.
    """
    kept, torn = list(homes), set()
    starts = [i for i, c in enumerate(chars) if i and (c.x0 - chars[i - 1].x1 >= white or c.text.isspace())]
    for a, b in pairwise([0, *starts, len(chars)]):
        own = [i for i in range(a, b) if not chars[i].text.isspace()]
        cells = [homes[i] for i in own]
        if len(set(cells)) > 1 and parse_amount("".join(chars[i].text for i in own)).value is not None:
            most = max(set(cells), key=lambda cell: (cells.count(cell), -cell))
            torn.add(most)
            for i in range(a, b):
                kept[i] = most
    return kept, torn


def _nearest(boxes: Boxes, xs: Sequence[float], y: float) -> list[int]:
    """The box nearest to each place at a height."""
    x = np.array(xs)[:, None]
    dx = np.maximum(np.maximum(boxes[:, 0] - x, x - boxes[:, 2]), 0.0)
    dy = np.maximum(np.maximum(boxes[:, 1] - y, y - boxes[:, 3]), 0.0)
    found: list[int] = (dx * dx + dy * dy).argmin(axis=1).tolist()
    return found


def _runs(chars: Sequence[Char], homes: Sequence[int]) -> list[tuple[int, list[Char]]]:
    runs: list[tuple[int, list[Char]]] = []
    for char, home in zip(chars, homes, strict=True):
        if runs and runs[-1][0] == home:
            runs[-1][1].append(char)
        else:
            runs.append((home, [char]))
    return runs


def _off_rulings(run: list[Char], box: BBox, near: float) -> list[Char]:
    """The run without characters at its ends that are its cell's sides: dashes that were read as !, say."""
    first, end = 0, len(run)
    while end > first and (run[end - 1].text.isspace() or _is_ruling(run[end - 1], box.x1, near)):
        end -= 1
    while first < end and (run[first].text.isspace() or _is_ruling(run[first], box.x0, near)):
        first += 1
    return run[first:end] if any(not c.text.isspace() for c in (*run[:first], *run[end:])) else run


def _is_ruling(char: Char, side: float, near: float) -> bool:
    return char.text in RULING_MARKS and char.x0 - near <= side <= char.x1 + near


def _part(word: Word, run: list[Char]) -> Word | None:
    kept = list(run)
    while kept and (kept[-1].text.isspace() or kept[-1].text in RULING_MARKS):
        kept.pop()
    while kept and (kept[0].text.isspace() or kept[0].text in RULING_MARKS):
        kept.pop(0)
    if not kept:
        return None
    x0, x1 = kept[0].x0, max(kept[-1].x1, kept[0].x0)
    box = BBox(x0, word.bbox.y0, x1, word.bbox.y1)
    # A word's own confidence may be lower than its characters say; a part is not surer than the whole.
    confidence = min(
        float(np.mean([c.confidence for c in kept])), max(word.confidence, min(c.confidence for c in kept))
    )
    return Word("".join(c.text for c in kept), box, confidence, tuple(kept) if word.chars else ())


def _is_close(runs: list[tuple[int, list[Char]]], i: int, height: float) -> bool:
    """Whether a neighbouring run of the same word stands so near that the cut between them is uncertain."""
    ink = [[c for c in run if not c.text.isspace()] for _, run in runs]
    for left, right in ((i - 1, i), (i, i + 1)):
        if left < 0 or right >= len(runs) or not ink[left] or not ink[right]:
            continue
        if ink[right][0].x0 - ink[left][-1].x1 < _CLEAR_GAP * height:
            return True
    return False


def _straddles(run: list[Char], box: BBox) -> bool:
    """Whether the first or last character reaches well over its cell's side."""
    ink = [c for c in run if not c.text.isspace()]
    if not ink:
        return False
    first, last = ink[0], ink[-1]
    over = max((box.x0 - first.x0) / max(first.x1 - first.x0, 1.0), (last.x1 - box.x1) / max(last.x1 - last.x0, 1.0))
    return over > _STRADDLE


def _hangs_over(inner: BBox, box: BBox, height: float, *, vertical_only: bool = True) -> bool:
    over = max(box.y0 - inner.y0, inner.y1 - box.y1)
    if not vertical_only:
        over = max(over, box.x0 - inner.x0, inner.x1 - box.x1)
    # A box that is as high as two rows covers the text of both.
    return over > _OVERHANG * min(height, box.height)
