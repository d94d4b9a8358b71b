"""The two networks alone on the inputs of a few pages, by threads, processes and batches: the floor of it all.

Each way runs in processes of its own, which load, warm up, and start together when told.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import numpy as np

from bench.page_times import network_inputs
from ocr.engines.boundary import PaddleOptions, open_engine
from ocr.engines.networks import Tensor, but_last
from ocr.engines.paddle import MAX_BATCH_COLUMNS, PaddleEngine

N_PAGES = 4
#: name -> processes, threads of each, strips in a batch
WAYS = {
    "1 process, 1 thread, batches of 8": (1, 1, 8),
    "1 process, 1 thread, batches of 16": (1, 1, 16),
    "1 process, 2 threads, batches of 8": (1, 2, 8),
    "2 processes of 1 thread, batches of 8": (2, 1, 8),
}


def bare_networks(paths: Sequence[Path], n_rounds: int = 3) -> dict[str, tuple[float, float]]:
    """Way -> CPU and clock seconds a page, medians of rounds in turns."""
    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:
        found, strips = network_inputs(paths, N_PAGES)
        pickle.dump((found, strips), file)
        file.flush()
        times: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for _ in range(n_rounds):
            for name, (processes, threads, batch) in WAYS.items():
                times[name].append(_run(file.name, processes, threads, batch))
    return {
        name: (median(t[0] for t in found) / N_PAGES, median(t[1] for t in found) / N_PAGES)
        for name, found in times.items()
    }


def side_by_side(paths: Sequence[Path], counts: Sequence[int], n_pages: int = N_PAGES) -> dict[int, float]:
    """So many processes of one thread, each with all of these pages -> pages a minute of all of them together."""
    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:
        pickle.dump(network_inputs(paths, n_pages), file)
        file.flush()
        return {n: 60 * n * n_pages / _run(file.name, n, 1, 8, each_has_all=True)[1] for n in counts}


def _run(inputs: str, processes: int, threads: int, batch: int, each_has_all: bool = False) -> tuple[float, float]:
    """CPU and clock seconds of all."""
    command = [sys.executable, "-m", "bench.speed_alone", inputs, str(threads), str(batch)]
    shares = [(1, 0) if each_has_all else (processes, share) for share in range(processes)]
    children = [
        subprocess.Popen([*command, *map(str, share)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for share in shares
    ]
    for child in children:
        assert child.stdout
        child.stdout.readline()
    started = time.perf_counter()
    for child in children:
        assert child.stdin
        child.stdin.write("go\n")
        child.stdin.flush()
    answers = [child.communicate()[0] for child in children]
    return sum(json.loads(answer) for answer in answers), time.perf_counter() - started


def regrouped(strips: Sequence[Tensor], size: int) -> list[Tensor]:
    """All strips of all pages in batches of one width, the widest first."""
    by_width: dict[int, list[Tensor]] = defaultdict(list)
    for batch in strips:
        by_width[batch.shape[3]].extend(batch)
    result = []
    for width, members in sorted(by_width.items(), reverse=True):
        step = max(1, min(size, MAX_BATCH_COLUMNS * size // 8 // width))
        result += [np.stack(members[i : i + step]) for i in range(0, len(members), step)]
    return result


def _serve(inputs: str, threads: int, batch: int, processes: int, share: int) -> None:
    """One child: its share of the inputs."""
    found, strips = pickle.loads(Path(inputs).read_bytes())
    engine = open_engine(PaddleOptions(threads=threads))
    assert isinstance(engine, PaddleEngine)
    pages, batches = found[share::processes], regrouped(strips, batch)[share::processes]
    engine.finder.run(pages[0])
    engine.recogniser.run(batches[-1])
    print("ready", flush=True)
    sys.stdin.readline()
    cpu = time.process_time()
    for page in pages:
        engine.finder.run(page)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(engine.recogniser.run, batches, but_last(len(batches))))
    print(json.dumps(time.process_time() - cpu), flush=True)


if __name__ == "__main__":
    _serve(sys.argv[1], *map(int, sys.argv[2:]))
