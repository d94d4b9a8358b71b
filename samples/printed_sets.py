"""Tables printed by other programs than our typesetter, then aged: `python -m samples.make --set printed --seed N`.

What a look of ours shows of structure, another renderer may not. The seed draws tables, typefaces, sizes, programs and
ageings, so that a seed nobody has looked at is a set nobody has tuned on. Other versions of the programs print other bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from samples import invented
from samples import looks_data as looks
from samples.age import age, seed_for
from samples.flow import PlacedTable
from samples.ink import Sheet
from samples.jobs import Sample
from samples.pack import Scan, pack
from samples.print_looks import PRINT_LOOKS, PrintLook, Rulings, Setting
from samples.print_programs import Program, print_pages
from samples.source import load_document
from samples.spreadsheet import spreadsheet
from samples.truth_json import PageTruth, to_truth
from samples.values import Ageing, SourceDocument, SourceTable
from samples.web_page import web_page

FILES_PER_LOOK = 4
_PARTS_COLUMNS = (Rulings.ALL, Rulings.OPEN_SIDES)
"""Forms are printed in these looks only: without upright rulings nobody can tell a wide empty cell from two."""
_DOCUMENTS = ("000", "001", "002", "003", "statement")
_LONG_SHEETS = 60
"""Tables of more rows than this are left out: they add pages, not kinds."""
_TYPEFACES = (
    ("Noto Serif CJK SC",), ("Noto Sans CJK SC",), ("AR PL UMing CN",), ("AR PL UKai CN",), ("WenQuanYi Zen Hei",),
    ("WenQuanYi Micro Hei",), ("Liberation Serif", "Noto Serif CJK SC"), ("Liberation Sans", "WenQuanYi Zen Hei"),
)  # fmt: skip
_AGEINGS = (looks.FLATBED, looks.OFFICE, looks.TILTED, looks.FADED, looks.YELLOWED, looks.WAVY, looks.PHOTO)


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One file: one table, printed by one program."""

    file_name: str
    source: SourceDocument
    table: SourceTable
    look: PrintLook
    setting: Setting
    program: Program
    ageing: Ageing


def printed_jobs(seed: int) -> tuple[PrintJob, ...]:
    """FILES_PER_LOOK files of every look, tables drawn without repeats within a look. seed: of everything drawn."""
    rng = np.random.default_rng(seed_for("printed", seed))
    tables = _tables(seed)
    jobs = []
    for look in PRINT_LOOKS:
        fitting = [pair for pair in tables if pair[1].n_header_rows or look.rulings in _PARTS_COLUMNS]
        picks = rng.choice(len(fitting), FILES_PER_LOOK, replace=False)
        jobs += [_job(look, *fitting[int(pick)], rng) for pick in picks]
    return tuple(jobs)


def _tables(seed: int) -> list[tuple[SourceDocument, SourceTable]]:
    documents = [load_document(name) for name in _DOCUMENTS]
    found = [(d, t) for d in documents for t in d.tables if t.n_rows <= _LONG_SHEETS]
    made = (invented.long_list(seed, 40), invented.procurement(seed + 1), invented.labelled_groups(seed + 2))
    return found + [(documents[-2], table) for table in made]


def _job(look: PrintLook, source: SourceDocument, table: SourceTable, rng: np.random.Generator) -> PrintJob:
    program = list(Program)[int(rng.integers(2))]
    ageing = replace(_AGEINGS[int(rng.integers(len(_AGEINGS)))], dpi=int(rng.choice([150, 200, 200])))
    setting = Setting(
        family_names=_TYPEFACES[int(rng.integers(len(_TYPEFACES)))],
        size_pt=float(rng.choice([8.0, 9.0, 10.0, 10.5])),
        pad_x=float(rng.choice([2.0, 3.0, 5.0])),
        pad_y=float(rng.choice([1.5, 2.5, 4.0])),
        head_bold=bool(rng.random() < 0.6),
        repeat_header=bool(rng.random() < 0.7),
        landscape=table.n_cols > 7,
    )
    name = f"{look.family}-{look.name}-{program}-{source.name}-{table.name}-{ageing.name}-{ageing.dpi}.pdf"
    return PrintJob(name, source, table, look, setting, program, ageing)


def make_printed(job: PrintJob, seed: int) -> Sample:
    """Prints, ages and packs one job. Raises print_programs.PrintFailed."""
    write = web_page if job.program is Program.BROWSER else spreadsheet
    pages = print_pages(write(job.table, job.look, job.setting), job.program, job.ageing.dpi)
    scans, facts = [], []
    for number, pixels in enumerate(pages, start=1):
        aged = age(pixels, job.ageing, seed_for(seed, job.file_name, number))
        scans.append(Scan(aged.pixels, job.ageing.dpi, job.ageing.jpeg, bilevel=False))
        facts.append(PageTruth(number, 0, -aged.skew_degrees))
    placed = PlacedTable(job.table, tuple(range(1, len(pages) + 1)))
    sheets = tuple(Sheet(p.shape[1] * 72 / job.ageing.dpi, p.shape[0] * 72 / job.ageing.dpi) for p in pages)
    truth = to_truth(job.file_name, job.source, (placed,), sheets, tuple(facts))
    return Sample(job.file_name, pack(tuple(scans), ".pdf"), truth)
