"""Facts of sums: what was brought in the window, beside what the signed target asks by now."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from bank.database import Transaction
from bank.performance.facts import amount_fact
from bank.performance.measuring import Frame
from bank.performance.targets import Asked, Worker, ask_flow, signed_targets
from bank.performance.window import Measure
from bank.targets import signed_months
from scoring.facts import NOTHING_DUE, Fact


def flow_facts(
    tx: Transaction,
    frame: Frame,
    workers: Sequence[Worker],
    sums: Mapping[str, Mapping[str, int]],
    scale: int,
) -> Iterator[tuple[str, Fact]]:
    """The facts of some indicators, from their sums by manager in 1/scale of the unit.

    Whoever brought nothing has 0. While the plan asks for nothing yet, there is nothing to score.
    """
    window = frame.window
    managers = [worker.id for worker in workers]
    signed = signed_targets(tx, window, managers)
    months = signed_months(tx, window.period.year, managers, window.as_of)
    for indicator, brought in sums.items():
        for worker in workers:
            target = signed.get((worker.id, indicator))
            asked = None
            if target is not None and target > 0:
                own = months.get((worker.id, indicator), ())
                asked = ask_flow(target, frame.shape, window, worker, own)
            elif target is not None:
                asked = Asked(Decimal(target), Decimal(target))
            due = asked is None or asked.so_far or not asked.in_all
            measure = Measure(brought.get(worker.id, 0), scale, scale=scale) if due else None
            yield worker.id, amount_fact(frame, indicator, measure, asked, NOTHING_DUE)
