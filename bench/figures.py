"""A measured figure beside its budget, and the table that shows them."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path("bench/results.json")


@dataclass(frozen=True)
class Figure:
    """One figure. ``most`` or ``least`` is its budget; with neither it is only told."""

    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def holds(self) -> bool | None:
        """True when within budget, False when not, None when there is no budget."""
        if self.most is not None:
            return self.value <= self.most
        if self.least is not None:
            return self.value >= self.least
        return None

    @property
    def budget(self) -> str:
        """The budget as people write it."""
        if self.most is not None:
            return f"at most {shown(self.most)}"
        return f"at least {shown(self.least)}" if self.least is not None else ""


def shown(value: float) -> str:
    """Return a number with as many places as it deserves."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.2f}"


def table(figures: Sequence[Figure]) -> str:
    """Return all figures as a table for a terminal."""
    verdict = {True: "holds", False: "BROKEN", None: ""}
    rows = [("figure", "measured", "budget", "", "")]
    rows += [(f.name, f"{shown(f.value)} {f.unit}".strip(), f.budget, verdict[f.holds], f.note) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths).rstrip())
    return "\n".join(lines)


def write(figures: Sequence[Figure], details: dict[str, object], path: Path = RESULTS) -> None:
    """Write all figures, their budgets and the raw measurements as JSON."""
    content = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.system()},
        "figures": [{**asdict(figure), "holds": figure.holds} for figure in figures],
        "details": details,
    }
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
