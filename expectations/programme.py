"""The cheapest choice of candidates that makes sums close: a small integer programme (scipy's HiGHS).

One 0/1 variable per candidate of a cell, exactly one per cell; per sum one that says whether it stays open, at a price,
and one that says whether it closes only within rounding, at a lower one. A sum that holds as read must go on holding.
All amounts are whole numbers of the sum's last place, so that every answer is checked exactly. Where the solver's
tolerances let a sum pass that does not close (a millionth of a change of a million is one), it is told so of just those
figures in that sum, and the programme solved again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from expectations.quiet import no_stdout

#: How often an answer that does not stand up to exact sums is put right; how far a price may be off.
_MOST_SLIPS, _EXACT = 12, 1e-4
_SOLVED, _CUT_SHORT = 0, 1


@dataclass(frozen=True, slots=True)
class Row:
    """One sum. steps: per cell that stands in it, what each of its candidates adds to the residual (the first, as
    read, adds 0). lacking: cells that are unreadable as they are, so that the sum is open unless they are changed.

    may_stay_open: it fails as read. at_most: a residual below 0 is no failure.
    """

    steps: tuple[tuple[int, tuple[int, ...]], ...]
    residual: int
    tolerance: int
    may_stay_open: bool
    lacking: tuple[int, ...] = ()
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """prices: per cell the price of each candidate, the first (as read) 0. Both other prices are per sum."""

    prices: tuple[tuple[float, ...], ...]
    rows: tuple[Row, ...]
    open_price: float
    rounding_price: float


@dataclass(frozen=True, slots=True)
class Solution:
    """chosen: cell -> candidate, for cells that change."""

    chosen: tuple[tuple[int, int], ...]
    price: float


@dataclass(frozen=True, slots=True)
class Effort:
    """What one programme may cost: nodes of its search, so that the answer is the same on any machine, and seconds."""

    n_nodes: int = 500
    seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class _Ruling:
    """What exact arithmetic says of one sum under one choice for the cells in it: it is open, or closes within rounding."""

    row: int
    is_open: bool
    picks: tuple[tuple[int, int], ...]


def cheapest(problem: Problem, n_most: int, margin: float, effort: Effort) -> tuple[Solution, ...]:
    """The cheapest solution and all others within ``margin`` of it, n_most at most, in order of price.

    None of them contains another. Empty when nothing is better than to change nothing, or when the search was cut
    short: then a rival may not have been seen, and nothing is known to be the only answer.
    """
    found: list[Solution] = []
    exact: list[_Ruling] = []
    for _ in range(n_most + _MOST_SLIPS):
        try:
            answer = _solve(problem, found, exact, effort)
        except TimeoutError:
            return ()
        if answer is None or len(found) == n_most:
            break
        picks, claimed = answer
        price = price_of(problem, picks)
        if price > claimed + _EXACT:
            exact += _rulings(problem, picks)
            continue
        solution = Solution(tuple((i, k) for i, k in enumerate(picks) if k), price)
        if not solution.chosen or (found and price > found[0].price + margin):
            break
        found.append(solution)
    return tuple(found)


def _solve(
    problem: Problem, excluded: Sequence[Solution], exact: Sequence[_Ruling], effort: Effort
) -> tuple[tuple[int, ...], float] | None:
    """(candidate per cell, its price as the solver sees it); None when there is no other. TimeoutError: not to the end."""
    starts = np.concatenate([[0], np.cumsum([len(p) for p in problem.prices])]).astype(int)
    n_cells, n_rows = int(starts[-1]), len(problem.rows)
    opened, rounded = n_cells, n_cells + n_rows
    n = n_cells + 2 * n_rows
    costs = np.zeros(n)
    costs[:n_cells] = [price for cell in problem.prices for price in cell]
    costs[opened:rounded] = problem.open_price
    costs[rounded:] = problem.rounding_price
    upper = np.ones(n)
    lines: list[np.ndarray] = []
    lows: list[float] = []
    highs: list[float] = []

    def add(line: np.ndarray, low: float, high: float) -> None:
        lines.append(line)
        lows.append(low)
        highs.append(high)

    for i in range(len(problem.prices)):
        line = np.zeros(n)
        line[starts[i] : starts[i + 1]] = 1.0
        add(line, 1.0, 1.0)
    for r, row in enumerate(problem.rows):
        reach = abs(row.residual) + sum(max(map(abs, steps)) for _, steps in row.steps) + 1
        line = np.zeros(n)
        for cell, steps in row.steps:
            line[starts[cell] : starts[cell + 1]] = steps
        below, above = line.copy(), line
        below[[opened + r, rounded + r]] = reach, row.tolerance
        above[[opened + r, rounded + r]] = -reach, -row.tolerance
        if not row.at_most:
            add(below, -row.residual, np.inf)
        add(above, -np.inf, -row.residual)
        upper[opened + r] = float(row.may_stay_open)
        upper[rounded + r] = float(row.tolerance > 0)
        for cell in row.lacking:
            line = np.zeros(n)
            line[opened + r], line[starts[cell]] = 1.0, -1.0
            add(line, 0.0, np.inf)
    for solution in excluded:
        line = np.zeros(n)
        line[[starts[cell] + k for cell, k in solution.chosen]] = 1.0
        add(line, -np.inf, len(solution.chosen) - 1)
    for ruling in exact:
        line = np.zeros(n)
        line[[starts[i] + k for i, k in ruling.picks]] = 1.0
        line[(opened if ruling.is_open else rounded) + ruling.row] = -1.0
        add(line, -np.inf, len(ruling.picks) - 1)
    from scipy.optimize import Bounds, LinearConstraint, milp

    with no_stdout():
        result = milp(
            costs,
            integrality=np.ones(n),
            bounds=Bounds(np.zeros(n), upper),
            constraints=LinearConstraint(np.array(lines), np.array(lows), np.array(highs)),
            options={"time_limit": effort.seconds, "node_limit": effort.n_nodes, "mip_rel_gap": 0.0},
        )
    if result.status == _CUT_SHORT:
        raise TimeoutError
    if result.status != _SOLVED:
        return None
    picks = tuple(int(np.argmax(result.x[starts[i] : starts[i + 1]])) for i in range(len(problem.prices)))
    return picks, float(result.fun)


def _rulings(problem: Problem, picks: Sequence[int]) -> list[_Ruling]:
    """For each sum that a choice does not close exactly, that it does not."""
    found = []
    for index, row in enumerate(problem.rows):
        residual = row.residual + sum(steps[picks[cell]] for cell, steps in row.steps)
        if residual and not (row.at_most and residual < 0):
            mine = tuple((cell, picks[cell]) for cell in dict.fromkeys(cell for cell, _ in row.steps))
            found.append(_Ruling(index, abs(residual) > row.tolerance, mine))
    return found


def price_of(problem: Problem, picks: Sequence[int]) -> float:
    """The exact price of a choice of one candidate per cell; infinite when it breaks a sum that holds."""
    price = sum(problem.prices[i][k] for i, k in enumerate(picks))
    for row in problem.rows:
        residual = row.residual + sum(steps[picks[cell]] for cell, steps in row.steps)
        is_open = abs(residual) > row.tolerance and not (row.at_most and residual < 0)
        if is_open or any(not picks[cell] for cell in row.lacking):
            price += problem.open_price if row.may_stay_open else float("inf")
        elif residual:
            price += 0.0 if row.at_most and residual < 0 else problem.rounding_price
    return price
