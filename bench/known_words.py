"""``python -m bench.known_words [--only TEXT] [--seed N] [--show]``: layout on made pages whose words are known.

The maker knows where it set each run of type, so no page is read: a table costs a second, and a change of `layout/` is
tried on every look at once. Boxes are made as detectors make them: padded, jittered, and at times one over two cells.
Pages are drawn and aged as in samples/, tilted by what levelling leaves over at most (RESIDUAL_DEGREES).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from bench.scoring import Score, score_file
from bench.structure import HEADLINE, ReadPage, bench_table, faults, lay_out, look_of, score_line
from flows.pipeline import Stages, join_document
from flows.scoring.truth import reading_of
from flows.scoring.values import Reading
from flows.settings import load_settings
from flows.wiring import wire_stages
from ocr.geometry import Affine, BBox
from ocr.values import Char, PageImage, PageText, Pixels, TextSource, Word
from samples.age import age, seed_for
from samples.draw import draw_sheet
from samples.flow import number_pages, runs_of
from samples.ink import Run, Sheet
from samples.jobs import Job, typeset
from samples.look_sets import look_jobs
from samples.source import load_document
from samples.truth_json import PageTruth, to_truth
from samples.values import Ageing

RESIDUAL_DEGREES = 0.15
#: A detector's box in text heights: its height, how far it reaches past the type, the widest gap it may bridge.
BOX_HEIGHT, BOX_MARGIN, BRIDGED = 1.45, 0.25, 0.9
#: How exact places of characters are, in text heights; share of close neighbours that come as one box.
CHAR_ERROR, MERGED = 0.06, 0.5


def known_pages(job: Job, seed: int) -> tuple[Reading, list[ReadPage]]:
    """The truth of a job, and its aged pages with their words."""
    source = load_document(job.document)
    pages = typeset(job, source)
    sheets = number_pages(pages.sheets, job.look) if job.look.page_numbers else pages.sheets
    truth = to_truth(
        job.file_name, source, pages.tables, sheets, tuple(PageTruth(n + 1, 0, 0.0) for n in range(len(sheets)))
    )
    return reading_of(truth), [_page(sheet, job, n, seed) for n, sheet in enumerate(sheets, start=1)]


def _page(sheet: Sheet, job: Job, number: int, seed: int) -> ReadPage:
    ageing = replace(job.ageing, skew_degrees=min(RESIDUAL_DEGREES, job.ageing.skew_degrees))
    number_seed = seed_for(seed, job.file_name, number)
    aged = age(draw_sheet(sheet, ageing.dpi), ageing, number_seed)
    pixels = _through_jpeg(aged.pixels, ageing)
    scale = 72.0 / ageing.dpi
    digest = f"{number_seed:064x}"[-64:]
    image = PageImage(digest, number, ageing.dpi, digest, Affine.scaling(scale), pixels, sheet.width, sheet.height)
    words = tuple(_words(sheet, ageing.dpi / 72.0, np.random.default_rng(number_seed)))
    height, width = pixels.shape[:2]
    turned = tuple(_turned(w, -aged.skew_degrees, width / 2, height / 2) for w in words)
    return ReadPage(image, PageText(digest, TextSource.OCR, turned), 0.0)


def _through_jpeg(pixels: Pixels, ageing: Ageing) -> Pixels:
    if ageing.mode == "bilevel":
        return pixels
    _, data = cv2.imencode(
        ".jpg", pixels[..., ::-1] if pixels.ndim == 3 else pixels, [cv2.IMWRITE_JPEG_QUALITY, ageing.jpeg]
    )
    read = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    return np.ascontiguousarray(read[..., ::-1] if read.ndim == 3 else read, dtype=np.uint8)


def _words(sheet: Sheet, scale: float, rng: np.random.Generator) -> Iterator[Word]:
    """The runs of a sheet as boxes, close neighbours on a line sometimes as one."""
    pending: list[Run] = []
    for run in sorted((r for r in runs_of(sheet) if r.text.strip()), key=lambda r: (round(r.y), r.x)):
        last = pending[-1] if pending else None
        follows = last is not None and abs(run.y - last.y) < 0.2 * run.size
        gap = run.x - last.x - last.face.width(last.text, last.size) if last is not None else 0.0
        if not (follows and -0.2 * run.size < gap < BRIDGED * run.size and rng.random() < MERGED):
            yield from _word(pending, scale, rng)
            pending = []
        pending.append(run)
    yield from _word(pending, scale, rng)


def _word(runs: list[Run], scale: float, rng: np.random.Generator) -> Iterator[Word]:
    if not runs:
        return
    chars: list[Char] = []
    for run in runs:
        x = run.x
        for text in run.text:
            step = run.face.width(text, run.size)
            x0, x1 = np.array([x, x + step]) + rng.normal(0.0, CHAR_ERROR * run.size)
            chars.append(Char(text, float(x0) * scale, float(x1) * scale, 0.99))
            x += step
    size, first, last = max(r.size for r in runs), runs[0], runs[-1]
    x0, x1 = first.x - BOX_MARGIN * size, last.x + last.face.width(last.text, last.size) + BOX_MARGIN * size
    half = BOX_HEIGHT * size / 2
    jitter = rng.normal(0.0, 0.05 * size, 4)
    box = BBox(x0 + jitter[0], first.y - half + jitter[1], x1 + jitter[2], first.y + half + jitter[3]).scaled(scale)
    yield Word("".join(c.text for c in chars), box, 0.99, tuple(chars))


def _turned(word: Word, degrees: float, cx: float, cy: float) -> Word:
    """The word where the page's tilt carries it; its box stays upright."""
    angle = np.radians(-degrees)
    x, y = word.bbox.centre
    dx = float((x - cx) * np.cos(angle) - (y - cy) * np.sin(angle) + cx - x)
    dy = float((x - cx) * np.sin(angle) + (y - cy) * np.cos(angle) + cy - y)
    chars = tuple(replace(c, x0=c.x0 + dx, x1=c.x1 + dx) for c in word.chars)
    return replace(word, bbox=word.bbox.shifted(dx, dy), chars=chars)


def measure(job: Job, seed: int, stages: Stages) -> tuple[Score, tuple[str, ...], float]:
    """(score, faults, CPU seconds of layout) of one job."""
    truth, pages = known_pages(job, seed)
    started = time.process_time()
    tables = tuple(lay_out(page, stages) for page in pages)
    document = join_document("", job.file_name, tables, stages)
    seconds = time.process_time() - started
    read = Reading(tuple(map(bench_table, document.tables)), (), len(pages))
    return score_file(truth, read), tuple(faults(truth, read)), seconds


def main(argv: list[str] | None = None) -> int:
    """Prints a line for each look and, with --show, what is wrong in each job."""
    parser = argparse.ArgumentParser(prog="python -m bench.known_words", description=__doc__)
    parser.add_argument("--only", default="", help="jobs whose name holds this text")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args(argv)
    stages = wire_stages(load_settings(workers=1))
    groups: dict[str, list[tuple[Score, float]]] = defaultdict(list)
    for job in look_jobs():
        if options.only in job.file_name:
            score, wrong, seconds = measure(job, options.seed, stages)
            groups[look_of(job.file_name)].append((score, seconds))
            if options.show:
                for fault in wrong:
                    print(f"{job.file_name}: {fault}", file=sys.stderr, flush=True)
    print(HEADLINE)
    every = [m for members in groups.values() for m in members]
    for name, members in [*sorted(groups.items()), ("all", every)]:
        print(score_line(name, sum((m[0] for m in members), Score()), sum(m[1] for m in members), 0.0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
