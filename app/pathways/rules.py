"""Rules as data: who can get what (handbook, pathways 4.1). Pure: no database, no request, no words for people.

A rule is a small tree: ``all`` (every part), ``any`` (at least one), a test on one field, a ``ref`` to a shared rule, or a
constant. Results are ordered no < ask < yes; ``all`` takes the lowest and ``any`` the highest. What nobody knows gives 'ask', so
a fact that is missing never takes anything away from anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from app.pathways.coded_values import FIELDS, NOT_SAID, Field, Shape

SHARED_FILE = Path(__file__).parent / "content" / "rules.yaml"

Value = str | int | bool | date | frozenset[str]
Facts = Mapping[str, Value]
"""What is known of somebody, by field. A field that is not there is not known."""
Possible = Mapping[str, frozenset[Any]]
"""By field, everything that it can still be. One value: it is known. A field that is not there is not known at all."""


class RuleError(ValueError):
    """A rule cannot be read; the message says what in it and why."""


class Result(IntEnum):
    """What a rule says. The order is the rule's own: ``all`` takes the lowest, ``any`` the highest."""

    no = 0
    ask = 1
    yes = 2


@dataclass(frozen=True, slots=True)
class FieldTest:
    """A question about one field."""

    field: str
    op: str
    value: Any
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Ref:
    """A shared rule by name."""

    name: str
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Const:
    """A rule that says the same of everybody. ``not_in_force``: the law has not started."""

    name: str
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Several parts: every one of them (``every``), or at least one."""

    every: bool
    parts: tuple[Node, ...]
    ask: bool = False


Node = FieldTest | Ref | Const | Group
Shared = Mapping[str, Node]

CONSTANTS = frozenset({"not_in_force"})
# Which tests a field of each shape can be put to.
_OPS: Mapping[Shape, frozenset[str]] = {
    Shape.code: frozenset({"in", "not_in"}),
    Shape.codes: frozenset({"has"}),
    Shape.number: frozenset({"in", "not_in", "between", "gte", "lt"}),
    Shape.truth: frozenset({"is"}),
    Shape.day: frozenset({"between", "gte", "lt"}),
}


# -- reading ----------------------------------------------------------------------------------------------------------


def parse(raw: Any, known: frozenset[str]) -> Node:
    """Return a rule from plain data. ``known`` are the names of the shared rules. Raises RuleError: nothing odd is let by."""
    if not isinstance(raw, dict):
        raise RuleError(f"a rule is a mapping, not {raw!r}")
    ask = _then(raw)
    heads = [key for key in ("all", "any", "f", "ref", "const") if key in raw]
    if len(heads) != 1:
        raise RuleError(f"a part needs exactly one of all, any, f, ref, const: {raw!r}")
    head = heads[0]
    if head == "f":
        return _test(raw, ask)
    if set(raw) - {head, "then"}:
        raise RuleError(f"'{head}' stands alone, beside 'then': {raw!r}")
    if head == "ref":
        return Ref(_one_of(raw["ref"], known, "shared rule"), ask)
    if head == "const":
        return Const(_one_of(raw["const"], CONSTANTS, "constant"), ask)
    parts = raw[head]
    if not isinstance(parts, list) or not parts:
        raise RuleError(f"'{head}' needs a list of parts")
    return Group(head == "all", tuple(parse(part, known) for part in parts), ask)


def _then(raw: Mapping[str, Any]) -> bool:
    if "then" in raw and raw["then"] != "ask":
        raise RuleError(f"'then' can only be 'ask', not {raw['then']!r}")
    return "then" in raw


def _one_of(name: Any, names: frozenset[str], what: str) -> str:
    if not isinstance(name, str) or name not in names:
        raise RuleError(f"there is no {what} {name!r}")
    return name


def _test(raw: Mapping[str, Any], ask: bool) -> FieldTest:
    field = FIELDS.get(raw["f"]) if isinstance(raw["f"], str) else None
    if field is None:
        raise RuleError(f"there is no field {raw['f']!r}")
    ops = set(raw) - {"f", "then"}
    if len(ops) != 1:
        raise RuleError(f"a test on {field.name} needs one operator, not {sorted(ops)}")
    op = ops.pop()
    if op not in _OPS[field.shape]:
        raise RuleError(f"{field.name} cannot be tested with {op!r}")
    return FieldTest(field.name, op, _operand(field, op, raw[op]), ask)


def _operand(field: Field, op: str, raw: Any) -> Any:
    if op in ("in", "not_in"):
        if not isinstance(raw, list) or not raw or len(set(raw)) != len(raw):
            raise RuleError(f"{field.name} {op}: a list of different values is needed, not {raw!r}")
        return tuple(_value(field, one) for one in raw)
    if op == "between":
        if not isinstance(raw, list) or len(raw) != 2:
            raise RuleError(f"{field.name} between: two ends are needed, not {raw!r}")
        low, high = (_value(field, one) for one in raw)
        if low > high:
            raise RuleError(f"{field.name} between {low} and {high}: the low end is above the high one")
        return low, high
    return _value(field, raw)


def _value(field: Field, raw: Any) -> Any:
    fits = False
    if field.shape in (Shape.code, Shape.codes):
        fits = raw in field.values
    elif field.shape is Shape.number:
        fits = isinstance(raw, int) and not isinstance(raw, bool)
    elif field.shape is Shape.truth:
        fits = isinstance(raw, bool)
    elif isinstance(raw, str):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            fits = False
    else:
        fits = type(raw) is date
    if not fits:
        raise RuleError(f"{raw!r} is no value of {field.name}")
    return raw


def parse_shared(raw: Any) -> Shared:
    """Return the shared rules. Raises RuleError: one that cannot be read, or that leads back to itself."""
    if not isinstance(raw, dict):
        raise RuleError("shared rules are a mapping of names to rules")
    found = {name: parse(rule, frozenset(raw)) for name, rule in raw.items()}
    for name in found:
        _no_circle(name, found, ())
    return found


def _no_circle(name: str, shared: Shared, walked: tuple[str, ...]) -> None:
    if name in walked:
        raise RuleError(f"the shared rule leads back to itself: {' -> '.join((*walked, name))}")
    for part in parts_of(shared[name]):
        if isinstance(part, Ref):
            _no_circle(part.name, shared, (*walked, name))


@lru_cache(maxsize=1)
def shared() -> Shared:
    """Return the shared rules that come with the product. Raises RuleError."""
    return parse_shared(yaml.safe_load(SHARED_FILE.read_text(encoding="utf-8")))


# -- asking -----------------------------------------------------------------------------------------------------------


def evaluate(node: Node, facts: Facts, shared_rules: Shared) -> Result:
    """Return what a rule says of somebody: always one of the three results, whatever is known of them."""
    if isinstance(node, FieldTest):
        found = _tested(node, facts.get(node.field))
    elif isinstance(node, Group):
        results = [evaluate(part, facts, shared_rules) for part in node.parts]
        found = min(results) if node.every else max(results)
    elif isinstance(node, Ref):
        found = evaluate(shared_rules[node.name], facts, shared_rules)
    else:
        found = Result.no
    return min(found, Result.ask) if node.ask else found


def evaluate_possible(node: Node, possible: Possible, shared_rules: Shared) -> Result:
    """Return what a rule says when some facts are one of several: the answer they all agree on, else 'ask'."""
    fields = [name for name in sorted(fields_of(node, shared_rules)) if name in possible]
    choices = product(*(possible[name] for name in fields))
    results = {evaluate(node, dict(zip(fields, chosen, strict=True)), shared_rules) for chosen in choices}
    return results.pop() if len(results) == 1 else Result.ask


def capped(result: Result, grade: str) -> Result:
    """Return a result as its source allows: what rests on a weak page (grade C or D) is never a plain yes."""
    return min(result, Result.ask) if grade in ("C", "D") else result


def _tested(test: FieldTest, value: Value | None) -> Result:
    if value is None or (isinstance(value, str) and value in NOT_SAID):
        return Result.ask
    return Result.yes if _holds(test.op, value, test.value) else Result.no


def _holds(op: str, value: Any, operand: Any) -> bool:
    match op:
        case "in":
            return value in operand
        case "not_in":
            return value not in operand
        case "between":
            return bool(operand[0] <= value <= operand[1])
        case "gte":
            return bool(value >= operand)
        case "lt":
            return bool(value < operand)
        case "has":
            return operand in value
        case _:
            return bool(value == operand)


# -- explaining -------------------------------------------------------------------------------------------------------


def parts_of(node: Node) -> Iterator[Node]:
    """Give a rule and everything in it; shared rules by name, not what is in them."""
    yield node
    if isinstance(node, Group):
        for part in node.parts:
            yield from parts_of(part)


def unfolded(node: Node, shared_rules: Shared) -> Node:
    """Return a rule with the shared rules put in where they are named."""
    if isinstance(node, Ref):
        inner = unfolded(shared_rules[node.name], shared_rules)
        return replace(inner, ask=inner.ask or node.ask)
    if isinstance(node, Group):
        return replace(node, parts=tuple(unfolded(part, shared_rules) for part in node.parts))
    return node


def fields_of(node: Node, shared_rules: Shared) -> frozenset[str]:
    """Return every field that a rule asks about."""
    found: set[str] = set()
    for part in parts_of(node):
        if isinstance(part, FieldTest):
            found.add(part.field)
        elif isinstance(part, Ref):
            found |= fields_of(shared_rules[part.name], shared_rules)
    return frozenset(found)


def failing(node: Node, possible: Possible, shared_rules: Shared) -> tuple[FieldTest, ...]:
    """Return the tests because of which a rule says 'no', outermost first; none when it does not say 'no'.

    Of parts that must all hold these are the ones that do not. Where any one would do it is every one of them.
    """
    if evaluate_possible(node, possible, shared_rules) is not Result.no:
        return ()
    if isinstance(node, FieldTest):
        return (node,)
    if isinstance(node, Ref):
        return failing(shared_rules[node.name], possible, shared_rules)
    if isinstance(node, Group):
        found = [test for part in node.parts for test in failing(part, possible, shared_rules)]
        return tuple(dict.fromkeys(found))
    return ()


def because_of(field: str, node: Node, possible: Possible, shared_rules: Shared) -> bool:
    """Return whether a 'no' hangs on one field: were it not known, the rule would not say 'no'."""
    if evaluate_possible(node, possible, shared_rules) is not Result.no:
        return False
    without = {name: values for name, values in possible.items() if name != field}
    return evaluate_possible(node, without, shared_rules) is not Result.no
