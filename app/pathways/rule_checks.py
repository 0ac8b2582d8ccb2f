"""Gaps and contradictions in the rules: what a decision table is checked for. Run by a test, and before a rule is published.

Each rule is asked about every combination of values at which any of its tests can change its mind, and of not knowing them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any

from app.pathways.coded_values import FIELDS, Shape
from app.pathways.rules import Const, FieldTest, Node, Ref, Result, Shared, Value, evaluate, parts_of, unfolded

NOT_KNOWN = None
_MOST = 20_000
# The words that stand for 'not known' in a list; a rule may not tell them from a field that is missing.
_SAYS_NOTHING = ("unknown", "prefer_not_say")

Grid = Mapping[str, tuple[Value | None, ...]]


def problems(rules: Iterable[tuple[str, Node]], shared: Shared) -> list[str]:
    """Return what is wrong with a set of rules, by id; empty when nothing is."""
    named = list(rules)
    found = [
        f"{key}: two records have this id" for key, count in Counter(key for key, _rule in named).items() if count > 1
    ]
    used = {part.name for rule in (*(one for _key, one in named), *shared.values()) for part in refs(rule)}
    found += [f"{name}: no rule uses this shared rule" for name in shared if name not in used]
    for key, rule in named:
        found += [f"{key}: {fault}" for fault in faults(rule, shared)]
    return found


def refs(rule: Node) -> Iterator[Ref]:
    """Give the shared rules that a rule names."""
    return (part for part in parts_of(rule) if isinstance(part, Ref))


def faults(rule: Node, shared: Shared) -> list[str]:
    """Return what is wrong with one rule."""
    if isinstance(rule, Const):
        return []
    grid = grid_of(rule, shared)
    found: list[str] = []
    results: set[Result] = set()
    for facts in combinations(grid):
        result = evaluate(rule, known(facts), shared)
        results.add(result)
        found += _not_knowing(rule, shared, grid, facts, result)
        if found:
            return found[:1]
    if results <= {Result.no}:
        found.append("nobody can get it: its parts contradict each other")
    elif Result.no not in results:
        found.append("nobody is told no: it tests nothing")
    if not any(evaluate(rule, known(facts), shared) is not Result.no for facts in combinations(grid, all_known=True)):
        found.append("nobody of whom all is known can get it: its parts contradict each other")
    return found


def _not_knowing(
    rule: Node, shared: Shared, grid: Grid, facts: Mapping[str, Value | None], result: Result
) -> list[str]:
    """Not knowing a thing may never take away what knowing it could give, nor promise what knowing it could deny."""
    found = []
    for name, value in facts.items():
        if value is NOT_KNOWN:
            continue
        without = evaluate(rule, known({**facts, name: NOT_KNOWN}), shared)
        if without is Result.no and result is not Result.no:
            found.append(f"not knowing {name} gives no, where {value!r} gives {result.name}")
        if without is Result.yes and result is not Result.yes:
            found.append(f"not knowing {name} gives yes, where {value!r} gives {result.name}")
        if FIELDS[name].shape is Shape.code:
            for word in _SAYS_NOTHING:
                if evaluate(rule, known({**facts, name: word}), shared) is not without:
                    found.append(f"{name} {word} is not taken as not known")
    return found


def known(facts: Mapping[str, Value | None]) -> dict[str, Value]:
    """Return facts without those that are not known."""
    return {name: value for name, value in facts.items() if value is not NOT_KNOWN}


def grid_of(rule: Node, shared: Shared) -> Grid:
    """Return, by field, the values at which a rule can change its mind, one beyond each, and not knowing."""
    tests: dict[str, list[FieldTest]] = {}
    for part in parts_of(unfolded(rule, shared)):
        if isinstance(part, FieldTest):
            tests.setdefault(part.field, []).append(part)
    return {name: (*_values(name, found), NOT_KNOWN) for name, found in sorted(tests.items())}


def _values(name: str, tests: list[FieldTest]) -> tuple[Value, ...]:
    field = FIELDS[name]
    if field.shape is Shape.code:
        # Values that all its tests treat alike need one of their kind.
        kinds: dict[tuple[bool, ...], Value] = {}
        for value in field.values:
            kinds.setdefault(tuple(value in test.value for test in tests), value)
        return tuple(kinds.values())
    if field.shape is Shape.codes:
        return (frozenset(), frozenset(field.values))
    if field.shape is Shape.truth:
        return (True, False)
    edges = {edge for test in tests for edge in (test.value if isinstance(test.value, tuple) else (test.value,))}
    return tuple(sorted({beside for edge in edges for beside in _around(edge)}))


def _around(edge: Any) -> Iterator[Any]:
    if isinstance(edge, date):
        yield from (edge - timedelta(days=1), edge, edge + timedelta(days=1))
    else:
        yield from (one for one in (edge - 1, edge, edge + 1) if one >= 0)


def combinations(grid: Grid, *, all_known: bool = False) -> Iterator[dict[str, Value | None]]:
    """Give every combination of a grid; of a very large one, as many by lot, the same each time."""
    values = [[one for one in grid[name] if not all_known or one is not NOT_KNOWN] for name in grid]
    total = 1
    for some in values:
        total *= len(some)
    if total <= _MOST:
        yield from (dict(zip(grid, chosen, strict=True)) for chosen in product(*values))
        return
    lot = random.Random(total)  # noqa: S311 - which combinations are tried, nothing secret
    for _ in range(_MOST):
        yield {name: lot.choice(some) for name, some in zip(grid, values, strict=True)}
