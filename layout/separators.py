"""Rulings + words -> how surely each stretch of an edge separates what lies on its two sides.

A stretch is judged by its ink between two crossings; words across it hide what lies under them. Whole rulings are inked
from crossing to crossing; where paper or machine broke them, the stretches before and after speak for one that shows
nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layout.levelling import Levelling
from layout.stretches import Stretches, overlap, union

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GridOptions:
    """Lengths in text heights, shares in [0, 1].

    same_edge: rulings closer than this are one edge. outer_gap: an outer edge is implied where the region goes on
    further than this beyond the last ruling. link_gap, link_step: pieces this close, end to end, are one ruling.
    drawn_share: part of a stretch that must be inked to separate two slots; free_share: the same where no word lies
    across, so that nothing but a ruling can have left the ink; hidden_share: where words hide nearly all; through_share: the same where the edge is
    there on both sides. crossing: stretch ends left out, as crossings blur them.
    least_bare: part of a stretch that must be free of words to be judged without them.
    edge_inset, end_inset: how deep an edge must lie in a word, along and across the text, for the word to hide it.
    clear_gap: a word with this much white between two characters is two, and hides nothing between them.
    touch_inset: a ruling this near beside a word, in its heights, runs along it, unless both its ends lie within hold
    of rulings across. core_inset: deeper than this along the text, no ruling is believed under the word. downwards: what is
    higher than this and than it is wide runs downwards.
    apart, stem: a piece at the end of a ruling, this far from the rest of it, no longer than this and in a word, is a
    stem of a character; stem_gap: what goes on this near is not its end.
    broken: a tenth of the stretches that are there are inked by less than this where the paper or the machine broke the
    rulings: then an edge that is there in all but a few stretches (most_there) goes on between two blank slots where it
    shows nothing. told: so many stretches say that. mostly_share, beside_share: part of a stretch of such an edge, and
    of what is bare of words in it, that must be inked where a word that touches the ruling on both sides hides it.
    least_seen, least_shown: a ruling that shows less than this length, or share, outside words is no ruling; an upright through so
    many words below each other (many_over) that shows between them is one from a lesser share (least_between).
    """

    same_edge: float = 0.32
    outer_gap: float = 0.9
    link_gap: float = 0.4
    link_step: float = 0.16
    drawn_share: float = 0.55
    free_share: float = 0.35
    hidden_share: float = 0.92
    through_share: float = 0.85
    crossing: float = 0.15
    least_bare: float = 0.15
    edge_inset: float = 0.12
    touch_inset: float = 0.12
    hold: float = 0.45
    end_inset: float = 0.28
    clear_gap: float = 0.3
    core_inset: float = 0.25
    downwards: float = 1.8
    apart: float = 0.1
    stem: float = 0.8
    stem_gap: float = 1.0
    broken: float = 0.9
    most_there: float = 0.8
    mostly_share: float = 0.65
    beside_share: float = 0.25
    partly: float = 0.25
    told: int = 20
    least_seen: float = 0.3
    least_shown: float = 0.3
    many_over: int = 4
    least_between: float = 0.15


@dataclass(frozen=True, slots=True)
class Axis:
    """Edges of one axis in levelled pixels, ascending, with the inked stretches of each along the other axis."""

    edges: tuple[float, ...]
    inked: tuple[Stretches, ...]
    levelling: Levelling


def crossed(words: Floats, position: float, share: float = 0.12, least: float = 0.0) -> npt.NDArray[np.bool_]:
    """Which words an edge at this place runs through by more than a share of their height, or so many px, not merely touches."""
    inset = np.maximum(share * np.minimum(words[:, 3] - words[:, 1], words[:, 2] - words[:, 0]), least)
    return np.asarray((words[:, 1] + inset < position) & (words[:, 3] - inset > position))


def separator_scores(
    axis: Axis, stops: tuple[float, ...], words: Floats, em: float, options: GridOptions, along_text: bool,
    cores: Floats | None = None,
) -> Floats:  # fmt: skip
    """(n_edges - 2, n_stops - 1): for each inner edge and stretch between stops, how surely it separates.

    words: boxes with x along the edges. A word across the edge hides what lies under it and may itself look like ink,
    so a stretch is judged by what is bare of words wherever enough of it is. Text is not printed on rulings: an edge
    along the middle of a line of text (along_text) is judged by its bare ends alone; not so where the text runs downwards,
    and may be that of several cells. Across the text, a word that
    ends in the margin beyond a ruling does not stand on it. An edge that is there before and after a stretch, and
    for the most part in it, goes on through it, unless it would run through a character. cores: boxes of the insides of characters, as
    words.
    """
    scores = np.zeros((len(axis.edges) - 2, len(stops) - 1))
    under: list[tuple[Stretches, Stretches]] = []  # what words hide of each edge, and their cores
    high = words[:, 3] - words[:, 1]
    lines = words[(high <= options.downwards * em) | (high <= words[:, 2] - words[:, 0])]
    for i, (edge, inked) in enumerate(zip(axis.edges[1:-1], axis.inked[1:-1], strict=True)):
        hidden = stretches_of(words[crossed(words, edge, options.edge_inset if along_text else options.end_inset)])
        # Lines that a ruling cuts off are low, and their boxes reach past it as all do.
        core = (
            stretches_of(lines[crossed(lines, edge, options.core_inset, options.core_inset * em)]) if along_text else []
        )
        firm = core
        if cores is not None:
            firm = stretches_of(cores[(cores[:, 1] < edge) & (cores[:, 3] > edge)])
        for j, (start, end) in enumerate(itertools.pairwise(stops)):
            scores[i, j] = _score(inked, hidden, core, start, end, em, options)
        for j in np.flatnonzero(scores[i] < 0):
            if 0 < j < len(stops) - 2 and scores[i, j - 1] > 0 and scores[i, j + 1] > 0:
                start, end = stops[j], stops[j + 1]
                needed = options.through_share if overlap(hidden, start, end) else options.drawn_share
                goes_on = overlap(inked, start, end) >= needed * (end - start)
                if goes_on and not overlap(firm, start, end):
                    scores[i, j] *= -1
        under.append((hidden, firm))
    _mend(scores, axis, stops, under, words, options)
    if cores is not None and _are_whole(scores, axis, stops, options):
        _drop_stems(scores, axis, stops, under, options)
    if _is_broken(scores, axis, stops, options):
        _follow(scores, axis, stops, under, options)
        _bridge(scores, axis, stops, words, options)
    return scores


def _mend(
    scores: Floats,
    axis: Axis,
    stops: tuple[float, ...],
    under: Sequence[tuple[Stretches, Stretches]],
    words: Floats,
    options: GridOptions,
) -> None:
    """Lets edges that are there nearly everywhere go on, in place, where part of their ink is left: between stretches
    that are there, or where something stands on either side. (A merged cell has none of it.)
    """
    x, y = (words[:, 0] + words[:, 2]) / 2, (words[:, 1] + words[:, 3]) / 2
    there = scores > 0
    for i in np.flatnonzero(there.mean(axis=1) >= options.most_there).tolist():
        inked, (hidden, core) = axis.inked[i + 1], under[i]
        for j in np.flatnonzero(~there[i]).tolist():
            start, end = stops[j], stops[j + 1]
            flanked = 0 < j < len(stops) - 2 and bool(there[i, j - 1] and there[i, j + 1])
            if overlap(hidden, start, end):
                is_worn = (
                    flanked and not overlap(core, start, end) and _shows_mostly(inked, hidden, start, end, options)
                )
            else:
                trim = 0.1 * (end - start)
                share = overlap(inked, start + trim, end - trim) / max(end - start - 2 * trim, 1e-6)
                low, high = _around(there, axis, i, j)
                own = y[(y > low) & (y < high) & (x > start) & (x < end)]
                edge = axis.edges[i + 1]
                is_worn = share >= options.partly and (flanked or bool((own < edge).any() and (own > edge).any()))
            if is_worn:
                scores[i, j] = abs(scores[i, j])


def _follow(
    scores: Floats,
    axis: Axis,
    stops: tuple[float, ...],
    under: Sequence[tuple[Stretches, Stretches]],
    options: GridOptions,
) -> None:
    """Lets edges that are there nearly everywhere go on, in place, where most of them shows under and beside words."""
    for i in np.flatnonzero((scores > 0).mean(axis=1) >= options.most_there).tolist():
        hidden, core = under[i]
        for j in np.flatnonzero(scores[i] < 0).tolist():
            start, end = stops[j], stops[j + 1]
            if not overlap(core, start, end) and _shows_mostly(axis.inked[i + 1], hidden, start, end, options):
                scores[i, j] *= -1


def _shows_mostly(inked: Stretches, hidden: Stretches, start: float, end: float, options: GridOptions) -> bool:
    """Whether a stretch is inked for the most part, under words and in part beside them."""
    bare = end - start - overlap(hidden, start, end)
    most = overlap(inked, start, end) >= options.mostly_share * (end - start)
    return most and _seen(inked, hidden, start, end) >= options.beside_share * bare


def _seen(inked: Stretches, hidden: Stretches, start: float, end: float) -> float:
    """Length of a stretch's ink that no word hides."""
    under = (overlap(inked, max(s, start), min(e, end)) for s, e in hidden if s < end and e > start)
    return overlap(inked, start, end) - sum(under)


def _is_broken(scores: Floats, axis: Axis, stops: tuple[float, ...], options: GridOptions) -> bool:
    """Whether rulings have gaps where they are: whole ones are inked from crossing to crossing."""
    shares = _shares_there(scores, axis, stops)
    return len(shares) >= options.told and float(np.percentile(shares, 10)) < options.broken


def _are_whole(scores: Floats, axis: Axis, stops: tuple[float, ...], options: GridOptions) -> bool:
    """Whether rulings are surely without gaps where they are."""
    shares = _shares_there(scores, axis, stops)
    return len(shares) >= options.told and float(np.percentile(shares, 10)) >= options.broken


def _shares_there(scores: Floats, axis: Axis, stops: tuple[float, ...]) -> list[float]:
    """The inked shares of the stretches that are there."""
    return [
        overlap(inked, start, end) / max(end - start, 1e-6)
        for own, inked in zip(scores, axis.inked[1:-1], strict=True)
        for score, (start, end) in zip(own, itertools.pairwise(stops), strict=True)
        if score > 0
    ]


def _drop_stems(
    scores: Floats,
    axis: Axis,
    stops: tuple[float, ...],
    under: Sequence[tuple[Stretches, Stretches]],
    options: GridOptions,
) -> None:
    """Takes back, in place, what runs through characters with gaps where rulings have none: their own strokes."""
    for i, j in np.argwhere(scores > 0).tolist():
        start, end = stops[j], stops[j + 1]
        gaps = overlap(axis.inked[i + 1], start, end) < options.through_share * (end - start)
        if gaps and overlap(under[i][1], start, end):
            scores[i, j] *= -1


def _bridge(scores: Floats, axis: Axis, stops: tuple[float, ...], words: Floats, options: GridOptions) -> None:
    """Lets edges with gaps go on within blank cells, in place, where they are there before and after."""
    x, y = (words[:, 0] + words[:, 2]) / 2, (words[:, 1] + words[:, 3]) / 2
    there = scores > 0
    flanked = np.zeros_like(there)
    flanked[:, 1:-1] = there[:, :-2] & there[:, 2:]
    usual = there.mean(axis=1) >= options.most_there
    for i, j in np.argwhere(~there & flanked & usual[:, None]).tolist():
        low, high = _around(there, axis, i, j)
        inside = (y > low) & (y < high) & (x > stops[j]) & (x < stops[j + 1])
        if not inside.any():
            scores[i, j] = abs(scores[i, j])


def _around(there: npt.NDArray[np.bool_], axis: Axis, i: int, j: int) -> tuple[float, float]:
    """The next edges before and after inner edge i that are there in stretch j."""
    above = max((k for k in range(i) if there[k, j]), default=-1) + 1
    below = min((k for k in range(i + 1, len(there)) if there[k, j]), default=len(there)) + 1
    return axis.edges[above], axis.edges[below]


def stretches_of(words: Floats) -> Stretches:
    return union([(float(w[0]), float(w[2])) for w in words])


def _score(
    inked: Stretches, hidden: Stretches, core: Stretches, start: float, end: float, em: float, options: GridOptions
) -> float:
    trim = min(options.crossing * em, 0.1 * (end - start))
    start, end = start + trim, end - trim
    length = max(end - start, 1e-6)
    covered = overlap(hidden, start, end)
    if covered == 0:
        return (overlap(inked, start, end) / length - options.free_share) * length / em
    bare = length - covered
    whole = overlap(inked, start, end) / length
    if bare >= options.least_bare * length or overlap(core, start, end) > 0:
        seen = _seen(inked, hidden, start, end)
        return (min(seen / max(bare, 1.0), whole) - options.drawn_share) * length / em
    return (whole - options.hidden_share) * length / em
