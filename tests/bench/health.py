"""How well the statement part of the health score tells who failed: `make bench-health`.

Reads a table of companies' year-end ratios with a column `failed` (0 or 1). Nothing of the score
is fitted: the quantiles come from all companies alike, without that column (`--derive` writes
them), and `failed` is read only to measure.
"""

import argparse
import csv
import json
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from scoring.health import altman, band_of, statement_reading
from scoring.health_rules import RATIOS, HealthRules, default_health

TABLE = Path("scoring/schemes/health-quantiles-1.toml")
DIGITS = 4
"""Significant digits kept of a percentile."""
BAR = 0.70
HEAD = """\
# The 1st to 99th percentile of each ratio among companies: what a client's are compared with.
# Derived from all of them alike, without a look at which failed:
#     python -m tests.bench.health COMPANIES.csv --derive
# A bank that recalibrates on its own clients gives the new table an id of its own.

id = "health-quantiles-1"
derived_from = "year-end ratios of a public panel of companies, duplicates removed"
"""


class Company(NamedTuple):
    """A row: the ratios that are known, by their names, and whether it failed."""

    ratios: dict[str, Fraction]
    failed: bool


def main() -> None:
    """Measure, or derive the quantiles anew; exits with a reason where a bar is missed."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("statements", type=Path, help="companies.csv")
    told.add_argument("--derive", action="store_true", help=f"write {TABLE} from it instead")
    asked = told.parse_args()
    if not asked.statements.is_file():
        sys.exit(f"{asked.statements}: no such file; name one: STATEMENTS=…/companies.csv")
    companies = read(asked.statements)
    if asked.derive:
        TABLE.write_text(table_of(companies), encoding="utf-8")
        return
    found = measured(companies, default_health())
    print(json.dumps(found, indent=2))
    if found["statement"]["auroc"] < BAR:
        sys.exit(f"the statement part is below {BAR}")
    if found["statement_where_both"] <= found["altman"]["auroc"]:
        sys.exit("Altman's Z″ tells more")
    if any(
        worse["failed_pct"] < better["failed_pct"] for worse, better in pairwise(found["bands"])
    ):
        sys.exit("a better band holds more failures than a worse one")


def read(path: Path) -> list[Company]:
    """The companies of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Company(
                {name: Fraction(row[name]) for name in RATIOS if row[name]}, row["failed"] == "1"
            )
            for row in csv.DictReader(file)
        ]


def cuts(companies: Sequence[Company], ratio: str) -> list[Fraction]:
    """A ratio's 1st to 99th percentile, in proportion between two companies, in few digits."""
    values = sorted(one.ratios[ratio] for one in companies if ratio in one.ratios)
    found = []
    for pct in range(1, 100):
        at, rest = divmod(pct * (len(values) - 1), 100)
        cut = values[at] + Fraction(rest, 100) * (values[at + 1] - values[at])
        found.append(Fraction(f"{float(cut):.{DIGITS}g}"))
    return found


def table_of(companies: Sequence[Company]) -> str:
    """The table of quantiles as TOML."""
    lines = [f"{HEAD}companies = {len(companies)}"]
    for ratio in RATIOS:
        told = [f'"{Decimal(str(float(cut))):f}"' for cut in cuts(companies, ratio)]
        rows = (", ".join(told[start : start + 9]) for start in range(0, len(told), 9))
        lines += ["", f"[ratios.{ratio}]", "percentiles = [", *(f"  {row}," for row in rows), "]"]
    return "\n".join(lines) + "\n"


def measured(companies: Sequence[Company], rules: HealthRules) -> dict:
    """AUROC of the statement part and of Altman's Z″, and the failures of each band."""
    told = _told(companies, rules)
    zs = [(one, z.z) for one in companies if (z := altman(one.ratios, rules.altman))]
    both = {id(one) for one, _ in zs}
    return {
        "companies": len(companies),
        "failed": sum(one.failed for one in companies),
        "statement": {"scored": len(told), "auroc": auroc(told)},
        "altman": {"scored": len(zs), "auroc": auroc(zs)},
        "statement_where_both": auroc([each for each in told if id(each[0]) in both]),
        "statement_quantiles_of_the_other_half": auroc(_other_half(companies, rules)),
        "bands": [_band(told, rules, at) for at in range(len(rules.bands))],
    }


Told = list[tuple[Company, Fraction]]


def _told(companies: Sequence[Company], rules: HealthRules) -> Told:
    return [
        (one, reading)
        for one in companies
        if (reading := statement_reading(one.ratios, rules)) is not None
    ]


def _other_half(companies: Sequence[Company], rules: HealthRules) -> Told:
    """Every company read with quantiles that its own half, every second row, had no part in."""
    told: Told = []
    for half in (0, 1):
        others = companies[1 - half :: 2]
        fair = tuple(
            replace(ratio, quantiles=tuple(cuts(others, ratio.id))) for ratio in rules.ratios
        )
        told += _told(companies[half::2], replace(rules, ratios=fair))
    return told


def _band(told: Told, rules: HealthRules, at: int) -> dict:
    band = rules.bands[at]
    inside = [one.failed for one, reading in told if band_of(reading, rules.bands) == band]
    failures = sum(one.failed for one, _ in told)
    return {
        "band": band.id,
        "from": float(band.start),
        "companies": len(inside),
        "failed_pct": round(100 * sum(inside) / max(len(inside), 1), 2),
        "of_all_failures_pct": round(100 * sum(inside) / failures, 1),
    }


def auroc(told: Told) -> float:
    """How often a company that failed stands below one that did not; a tie counts half."""
    stood = sorted(value for one, value in told if not one.failed)
    fell = [value for one, value in told if one.failed]
    below = sum(2 * len(stood) - bisect_left(stood, x) - bisect_right(stood, x) for x in fell)
    return round(below / (2 * len(stood) * len(fell)), 4)


if __name__ == "__main__":
    main()
