"""Long documents without their reading: the pages of samples, read once, handed out again and again as new pages.

Every round through the pages has its own figures: all amounts with decimals are multiplied by the same whole number, so
what added up adds up still and no table is the copy of another. A page is decoded anew each time, as a worker's answer is.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flows.codec import decode, encode
from flows.digitise import Outcome, Workshop, digitise_file
from flows.page_reading import Look, PageJob, read_job
from flows.pipeline import PageTables, Stages, join_document
from flows.progress import QuietWatch
from flows.results import Disposition, conclude
from flows.running import Effort, run_page_threads
from flows.settings import Settings
from flows.store import opened_output
from flows.wiring import count_pages, page_stages, proving_stages, write_docs
from layout.amounts import format_amount, parse_amount
from layout.values import Amount
from ocr.source import SourceFacts, SourceKind
from ocr.values import Reading


def read_once(paths: Sequence[Path], to: Path) -> None:
    """The pages of some files, as workers would send them, into one JSON file."""
    settings = Settings()
    stages = page_stages(settings)
    jobs = [PageJob(p, "0" * 64, n) for p in paths for n in range(1, count_pages(settings.max_pages, p) + 1)]
    to.write_text(json.dumps([encode(read_job(job, stages)) for job in jobs]), encoding="ascii")


def keep_closing(pages: Path) -> int:
    """Leaves only those pages in the file that with other figures, and together, make an accepted document, as tables of
    their own; gives their number. A sum that closes within rounding is off by more when its figures are multiplied."""
    stages, kept = proving_stages(), list[str]()
    for page in map(json.dumps, json.loads(pages.read_text(encoding="ascii"))):
        kept += [page] if _close((*kept, page), stages) else []
    pages.write_text(f"[{','.join(kept)}]", encoding="ascii")
    return len(kept)


def _close(pages: tuple[str, ...], stages: Stages, n_rounds: int = 7) -> bool:
    n_pages = n_rounds * len(pages)
    again = Replay(pages, n_pages)
    read = tuple(again.read(PageJob(Path(), "", number)) for number in range(1, n_pages + 1))
    document = join_document("0" * 64, "", read, stages)
    result = conclude(*stages.prove(document, lambda _: ()))
    return result.disposition is Disposition.ACCEPTED and len(document.tables) >= n_pages


@dataclass(frozen=True, slots=True)
class Replay:
    """A PageReader whose files have ``n_pages`` pages, made from those of a JSON file."""

    pages: tuple[str, ...]
    n_pages: int

    def inspect(self, path: Path) -> SourceFacts:
        return SourceFacts("0" * 64, path.name, SourceKind.PDF, self.n_pages)

    def read(self, job: PageJob) -> PageTables:
        turn, which = divmod(job.page_number - 1, len(self.pages))
        return decode(PageTables, varied(json.loads(self.pages[which]), job.page_number, turn + 1))

    def look_again(self, look: Look) -> tuple[tuple[tuple[Reading, ...], ...], ...]:
        return tuple(tuple(() for _ in cells) for cells in look.tables)

    def stop(self) -> None: ...

    def close(self) -> None: ...


def varied(data: Any, page_number: int, factor: int) -> Any:
    """An encoded page as another one: its number, and its amounts multiplied."""
    if isinstance(data, list):
        return [varied(item, page_number, factor) for item in data]
    if not isinstance(data, dict):
        return data
    new = {key: varied(value, page_number, factor) for key, value in data.items()}
    if "page_number" in new:
        new["page_number"] = page_number
    if "page_numbers" in new:
        new["page_numbers"] = [page_number]
    for key in ("text", "ocr_text"):
        if isinstance(new.get(key), str) and "alternatives" not in new:
            new[key] = multiplied(new[key], factor)
    if new.get("chars"):
        chars = new["chars"]
        new["chars"] = [{**chars[min(i, len(chars) - 1)], "text": text} for i, text in enumerate(new["text"])]
    return new


def multiplied(text: str, factor: int) -> str:
    """An amount with decimals times a whole number; any other text as it is."""
    amount = parse_amount(text)
    if amount.value is None or not amount.decimals or amount.is_percent:
        return text
    return format_amount(Amount(amount.kind, amount.value * factor, amount.decimals))


@dataclass(frozen=True, slots=True)
class Cost:
    """What documents cost the process that leads a run. MB: resident, before the first page and at the highest."""

    pages: int
    documents: int
    before_mb: float
    peak_mb: float
    cpu_seconds: float
    disposition: str
    tables: int


def lead(pages: Path, n_pages: int, n_documents: int, out: Path) -> Cost:
    """That many documents of that many pages through all that is done outside the workers, here."""
    from expectations.gx import warm_up

    warm_up()
    reader = Replay(tuple(json.dumps(page) for page in json.loads(pages.read_text(encoding="ascii"))), 1)
    stages = proving_stages()
    with opened_output(out) as folder, ThreadPoolExecutor(1) as pool:
        workshop = Workshop(stages, reader, write_docs, folder, "0" * 64)
        _digitise(workshop, pages, "first", pool)
        before, started = resident_mb(), time.process_time()
        workshop = Workshop(stages, Replay(reader.pages, n_pages), write_docs, folder, "0" * 64)
        outcomes = [_digitise(workshop, pages, f"{number}", pool) for number in range(n_documents)]
        cpu = time.process_time() - started
    last = outcomes[-1]
    return Cost(
        n_pages * n_documents, n_documents, before, highest_mb(), cpu, last.disposition.value,
        sum(outcome.n_tables for outcome in outcomes),
    )  # fmt: skip


def _digitise(workshop: Workshop, source: Path, name: str, pool: ThreadPoolExecutor) -> Outcome:
    sha256 = name.encode().hex().ljust(64, "0")
    run_pages = partial(run_page_threads, pool, Effort())
    return digitise_file(source, sha256, workshop, run_pages, QuietWatch(), f"{name}.pdf")


def resident_mb() -> float:
    return _status("VmRSS")


def highest_mb() -> float:
    """Of this process since it began, in MB of 2**20."""
    return _status("VmHWM")


def _status(name: str) -> float:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


@contextmanager
def on_a_disk(name: str) -> Iterator[Path]:
    """A folder that is thrown away; under BENCH_FOLDER where the usual place for such lies in memory."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix=name, dir=os.environ.get("BENCH_FOLDER")) as folder:
        yield Path(folder)
