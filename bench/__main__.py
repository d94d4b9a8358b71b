"""``python -m bench [FOLDER ...] [--peers] [--json FILE] [--check]``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bench.peers import PEERS, peers_python, read_with_peer
from bench.report import as_json, as_text, figures, total
from bench.scanledger import read_with_scanledger
from bench.scoring import Score, score_file
from bench.thresholds import shortfalls
from flows.scoring.truth import files_with_truth
from flows.scoring.values import Reading

OURS = "scanledger"
Pairs = tuple[tuple[Path, Reading], ...]


def main(argv: list[str] | None = None) -> int:
    """0 when all was measured (and, with --check, no threshold missed), 1 when one was, 2 for a folder without truth."""
    options = _parse(argv)
    try:
        pairs = files_with_truth(options.folders)
    except FileNotFoundError as error:
        print(f"{error}: {', '.join(map(str, options.folders))}", file=sys.stderr)
        return 2
    scores = measure(pairs, with_peers=options.peers)
    print(as_text(scores))
    if options.json:
        options.json.write_text(json.dumps(as_json(scores), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return _check(scores[OURS]) if options.check else 0


def measure(pairs: Pairs, with_peers: bool) -> dict[str, dict[str, Score]]:
    """System -> file name -> score."""
    paths = tuple(path for path, _ in pairs)
    scores = {OURS: _scored(pairs, read_with_scanledger(paths))}
    if with_peers:
        python = peers_python()
        for name in PEERS:
            print(f"{name} is reading {len(paths)} files ...", file=sys.stderr, flush=True)
            scores[name] = _scored(pairs, read_with_peer(name, paths, python))
    return scores


def _scored(pairs: Pairs, readings: dict[Path, Reading]) -> dict[str, Score]:
    return {path.name: score_file(truth, readings[path]) for path, truth in pairs}


def _check(scores: dict[str, Score]) -> int:
    missed = shortfalls(figures(total(scores)))
    for sentence in missed:
        print(f"below the floor: {sentence}", file=sys.stderr)
    return 1 if missed else 0


def _parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Scores files that have their truth beside them."
    )
    parser.add_argument("folders", nargs="*", type=Path, default=[Path("samples")], metavar="FOLDER")
    parser.add_argument("--peers", action="store_true", help="run the peers too; makes .venv-peers the first time")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure and count, in all and by file")
    parser.add_argument("--check", action="store_true", help="fail when a figure falls below bench/thresholds.json")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
