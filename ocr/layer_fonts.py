"""Each font of a text layer against the pixels: is what it says what it shows?

Spans of all fonts are read in one call, side by side. What they leave open is settled by a second call in which each
span stands alone. A figure glyph must be confirmed; of the others most must. A dispute about a figure in a font that is
trusted all the same is kept as another reading of that place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ocr.glances import ReadCrops
from ocr.layer_samples import (
    Kind,
    SampleOptions,
    Span,
    agreements,
    choose_spans,
    crop_of,
    find_spans,
    folded,
    is_figure,
    kind_of,
    strip_of,
    to_strips,
)
from ocr.text_layer import Flags, Floats, TextLayer
from ocr.values import Pixels, Reading

FEW = 4
"""Fewer letters than this say little about a font."""


@dataclass(frozen=True, slots=True)
class FontOptions:
    """least_confirmed: share of the sampled characters, figures aside, that a trusted font needs.

    second_spans: so many are read alone where the first call left doubt. overpainted: so many spans of each font on
    which something was painted later are read besides.
    """

    least_confirmed: float = 0.8
    second_spans: int = 8
    overpainted: int = 3
    samples: SampleOptions = field(default_factory=SampleOptions)


@dataclass(frozen=True, slots=True)
class Dispute:
    """Glyphs that show a figure, and what was read there instead."""

    members: tuple[int, ...]
    reading: Reading


@dataclass(frozen=True, slots=True)
class FontVerdict:
    """Whether a font says what it shows. n_glyphs: that could be asked for; overpainted_trusted: also where something
    was painted over it.
    """

    name: str
    trusted: bool
    n_glyphs: int
    n_asked: int = 0
    n_confirmed: int = 0
    reason: str = ""
    overpainted_trusted: bool = False
    disputes: tuple[Dispute, ...] = ()


@dataclass(slots=True)
class _Evidence:
    """(glyph, confirmed) of one font, and the spans read alone with what was read."""

    first: list[tuple[int, bool]] = field(default_factory=list)
    second: list[tuple[int, bool]] = field(default_factory=list)
    over: list[tuple[int, bool]] = field(default_factory=list)
    alone: list[tuple[Span, Reading]] = field(default_factory=list)


def judge_fonts(
    layer: TextLayer, boxes: Floats, pixels: Pixels, plausible: Flags, read_crops: ReadCrops, options: FontOptions
) -> tuple[FontVerdict, ...]:
    """One verdict per font of the layer. plausible: the glyphs that may be asked for. Raises what read_crops raises."""
    spans = find_spans(layer, boxes, plausible & ~layer.overpainted, options.samples)
    over = find_spans(layer, boxes, plausible & layer.overpainted, options.samples)
    own = {font: [s for s in spans if s.font == font] for font in range(len(layer.fonts))}
    covered = {font: _spread([s for s in over if s.font == font], layer, options) for font in own}
    evidence = [_Evidence() for _ in layer.fonts]
    chosen = {font: choose_spans(layer, own[font], options.samples) for font in own}
    _read_together(layer, boxes, pixels, chosen, covered, evidence, read_crops, options)
    again = {font: _second_spans(layer, own[font], evidence[font], options) for font in own}
    _read_alone(layer, boxes, pixels, [s for font in again for s in again[font]], evidence, read_crops)
    return tuple(
        _verdict(layer, font, evidence[font], int((plausible & (layer.font_index == font)).sum()), options)
        for font in own
    )


def _spread(spans: Sequence[Span], layer: TextLayer, options: FontOptions) -> list[Span]:
    """A few of them, figures first."""
    figures = [s for s in spans if any(is_figure(layer.texts[i]) for i in s.members)] or list(spans)
    n = min(options.overpainted, len(figures))
    return [figures[(2 * k + 1) * len(figures) // (2 * n)] for k in range(n)]


def _read_together(
    layer: TextLayer, boxes: Floats, pixels: Pixels, chosen: dict[int, list[Span]], covered: dict[int, list[Span]],
    evidence: Sequence[_Evidence], read_crops: ReadCrops, options: FontOptions,
) -> None:  # fmt: skip
    every = [s for spans in (*chosen.values(), *covered.values()) for s in spans]
    is_over = {s for spans in covered.values() for s in spans}
    strips = to_strips(layer, every, options.samples)
    pictures = [strip_of([crop_of(pixels, boxes, s) for s in strip], options.samples.pad_em) for strip in strips]
    for strip, reading in zip(strips, read_crops(pictures) if pictures else (), strict=True):
        found = dict(agreements(layer, strip, reading.text))
        for span in strip:
            told = [(i, found[i]) for i in span.members if i in found]
            (evidence[span.font].over if span in is_over else evidence[span.font].first).extend(told)


def _second_spans(layer: TextLayer, spans: Sequence[Span], evidence: _Evidence, options: FontOptions) -> list[Span]:
    """Spans to read alone: those of figures in doubt, and words where too few were confirmed."""
    doubted = {kind_of(layer, i) for i, ok in evidence.first if not ok and is_figure(layer.texts[i])}
    words = [ok for i, ok in evidence.first if not is_figure(layer.texts[i])]
    again = [s for s in spans if doubted & {kind_of(layer, i) for i in s.members}][: options.second_spans // 2]
    if words and np.mean(words) < options.least_confirmed and np.mean(words) > 0.2:
        again += [s for s in spans if not any(is_figure(layer.texts[i]) for i in s.members)][:: max(1, len(spans) // 4)]
    return list(dict.fromkeys(again))[: options.second_spans]


def _read_alone(
    layer: TextLayer, boxes: Floats, pixels: Pixels, spans: Sequence[Span], evidence: Sequence[_Evidence],
    read_crops: ReadCrops,
) -> None:  # fmt: skip
    pictures = [strip_of([crop_of(pixels, boxes, s)], 0.2) for s in spans]
    for span, reading in zip(spans, read_crops(pictures) if pictures else (), strict=True):
        evidence[span.font].second.extend(agreements(layer, [span], reading.text))
        evidence[span.font].alone.append((span, reading))


def _verdict(layer: TextLayer, font: int, evidence: _Evidence, n_glyphs: int, options: FontOptions) -> FontVerdict:
    told = [*evidence.first, *evidence.second]
    n_asked, n_confirmed = len(told), sum(ok for _, ok in told)
    name = layer.fonts[font]
    wrong = _unconfirmed_figures(layer, evidence)
    words = _words(layer, told)
    confirmed = float(np.mean(words)) if words else 1.0
    reason = ""
    if not told:
        reason = "none of its characters could be compared with the page"
    elif wrong:
        reason = f"the page shows other figures ({''.join(sorted({kind[2] for kind in wrong}))})"
    elif confirmed < options.least_confirmed:
        reason = f"the page shows other characters ({sum(words)} of {len(words)} sampled ones agree)"
    over = bool(evidence.over) and all(ok for _, ok in evidence.over)
    disputes = () if reason else tuple(_disputes(layer, evidence))
    return FontVerdict(name, not reason, n_glyphs, n_asked, n_confirmed, reason, over, disputes)


def _words(layer: TextLayer, told: Sequence[tuple[int, bool]]) -> list[bool]:
    """What was found of letters; of marks only where there are too few letters, and no figures vouch for the font."""
    letters = [ok for i, ok in told if layer.texts[i].isalnum() and not is_figure(layer.texts[i])]
    marks = [ok for i, ok in told if not layer.texts[i].isalnum() and not is_figure(layer.texts[i])]
    only_marks = len(letters) + len(marks) == len(told)
    return [*letters, *marks] if len(letters) < FEW and (only_marks or len(marks) >= FEW) else letters


def _unconfirmed_figures(layer: TextLayer, evidence: _Evidence) -> set[Kind]:
    """Figure glyphs that most looks contradict; a look at a span alone counts for more than one in a row."""
    votes: dict[Kind, float] = defaultdict(float)
    for found, weight in ((evidence.first, 1.0), (evidence.second, 2.0)):
        for i, ok in found:
            if is_figure(layer.texts[i]):
                votes[kind_of(layer, i)] += weight if ok else -weight
    return {kind for kind, vote in votes.items() if vote <= 0}


def _disputes(layer: TextLayer, evidence: _Evidence) -> list[Dispute]:
    """Spans read alone whose figures came out otherwise."""
    found = []
    for span, reading in evidence.alone:
        said = "".join(layer.texts[i] for i in span.members)
        digits = [c for c in folded(reading.text) if c.isdigit()]
        if digits and digits != [c for c in folded(said) if c.isdigit()]:
            found.append(Dispute(span.members, Reading(reading.text, reading.confidence, "crop")))
    return found
