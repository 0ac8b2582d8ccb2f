"""How long a look-up takes at the 95th percentile: by the clock, and by the processor, which a busy machine stretches less."""

import statistics
import time
from collections.abc import Callable

from bench import figures
from bench.figures import Figure

WARM_UP = 3


def p95(
    name: str, look: Callable[[], object], budget_ms: float, rounds: int, after: Callable[[], object] | None = None
) -> Figure:
    """Return the 95th percentile of so many look-ups, after three to warm up; ``after`` is done between them, unmeasured."""
    clock, processor = [], []
    for turn in range(rounds + WARM_UP):
        began, worked = time.perf_counter(), time.process_time()
        look()
        took, used = time.perf_counter() - began, time.process_time() - worked
        if after is not None:
            after()
        if turn >= WARM_UP:
            clock.append(took * 1000)
            processor.append(used * 1000)
    value, of_processor = (statistics.quantiles(times, n=20)[18] for times in (clock, processor))
    return Figure(name, value, "ms", most=budget_ms, note=f"{figures.shown(round(of_processor, 1))} ms of processor")
