"""Counts of a corruption run: kept in a file so that runs in parts add up, and printed as one line a kind of error.

in reach: the true figure is the other reading or among the alternatives, and the cell stands under an identity. two: of
those the ones under two independent identities, which alone are put right without a person. decidable: of those the ones
whose evidence is not outvoted by independent looks that surely read the same wrong figure (which is never changed).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_NAMED = "named the author's"


@dataclass(slots=True)
class Tally:
    """Counts of one kind of error. missed, wrong, left: what was not detected, repaired wrongly, decidable and not repaired."""

    counts: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def share(self, part: str, whole: str) -> float:
        return self.counts[part] / self.counts[whole] if self.counts[whole] else float("nan")

    def shown(self, n: int) -> list[str]:
        """The first n of each list, a line each."""
        lists = (("missed", self.missed), ("wrong", self.wrong), ("left", self.left))
        return [f"    {kind}: {line}" for kind, lines in lists for line in lines[:n]]


def line_of(name: str, tally: Tally) -> str:
    """All that is known of one kind of error."""
    c = tally.counts
    parts = [f"{name}: {c['trials']} trials", _share(tally, "detected", "under identity")]
    if c["detected of all"]:
        parts.append(f"of all {_share(tally, 'detected of all', 'trials')}")
    if c["by sums alone"]:
        parts.append(f"by sums alone {tally.share('by sums alone', 'under identity'):.2%}")
    if c["repaired right"]:
        parts.append(f"repairs right {c['repaired right']}/{c['repaired']} = "
                     f"{tally.share('repaired right', 'repaired'):.3%}")  # fmt: skip
        parts += [_in_reach(tally, group) for group in ("in reach", "two", "decidable")]
    else:
        parts.append(f"repaired {c['repaired']}")
    if c[_NAMED]:
        parts.append(f"named the author's {c[_NAMED] / c['under identity']:.1%}")
    parts.append(f"{1000 * tally.seconds / max(c['trials'], 1):.0f} ms CPU a trial")
    return "; ".join(parts)


def _share(tally: Tally, part: str, whole: str) -> str:
    return f"{part} {tally.counts[part]}/{tally.counts[whole]} = {tally.share(part, whole):.2%}"


def _in_reach(tally: Tally, group: str) -> str:
    repaired, first = (tally.share(f"{group}, {what}", group) for what in ("repaired", "repaired or first"))
    return f"{group}: repaired {repaired:.2%}, or suggested first {first:.2%}, of {tally.counts[group]}"


def keep(path: Path, tallies: Mapping[str, Tally]) -> None:
    """Adds the counts to those that the file holds already."""
    held = added([path]) if path.exists() else {}
    for name, tally in tallies.items():
        _add(held.setdefault(name, Tally()), tally)
    data = {name: {"counts": dict(t.counts), "wrong": t.wrong, "seconds": t.seconds} for name, t in held.items()}
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")


def added(paths: Iterable[Path]) -> dict[str, Tally]:
    """The counts of several files, kind by kind."""
    found: dict[str, Tally] = {}
    for path in paths:
        for name, one in json.loads(path.read_text(encoding="utf-8")).items():
            kept = Tally(Counter(one["counts"]), wrong=one["wrong"], seconds=one["seconds"])
            _add(found.setdefault(name, Tally()), kept)
    return found


def _add(to: Tally, tally: Tally) -> None:
    to.counts.update(tally.counts)
    to.wrong += tally.wrong
    to.seconds += tally.seconds
