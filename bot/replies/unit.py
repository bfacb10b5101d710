"""A unit's analysis: its managers side by side, its teams, and what is elsewhere by industry.

Managers stand in the order of their names: deposits are never ranked.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from bank.models.holdings import INCOME_LINES
from bank.performance.potential import Potential
from bank.performance.units import UnitAnalysis
from bot import figures
from bot.replies.sheets import Cell, Chart, Figure, Formula, Sheet, at, column, yuan
from bot.tables import Team, Total, industries, teams, total_of
from bot.wording import say
from scoring.rounding import micro

COMPARED = 40
"""Bars of one chart at most: of more, none could be read."""
ESTIMATES = ("estimates", "estimated", "here", "elsewhere", "here_share", "needs")
"""The columns of an estimate."""
BUSINESS = (
    "clients", "corporate", "retail", "deposits", "base", "kept", "kept_share", "drawn", "owed",
    *INCOME_LINES, "fees", "new_clients", *ESTIMATES,
)  # fmt: skip
"""The columns of managers and of teams, after those that name them."""
MANAGER = ("manager", "id", "unit_of", "unit_id")
TEAM = ("unit_of", "unit_id", "managers")
POTENTIAL = ("unit_of", "unit_id", "industry")
NOTES = ("by_name", "branch_pool", "retained", "estimated", "districts")
CHARTS = {
    "deposits_chart": ("base", "kept"),
    "loans_chart": ("drawn", "owed"),
    "fees_chart": INCOME_LINES,
    "elsewhere_chart": ("here", "elsewhere"),
}
STACKED = ("fees_chart", "elsewhere_chart")


def unit_lines(told: UnitAnalysis, lang: str) -> Iterator[str]:
    """The analysis in lines."""
    as_of = figures.day(told.as_of, lang)
    where = f"{told.unit_name} ({told.unit_id})"
    yield say(lang, "report.unit.title", unit=where, period=told.period.id, as_of=as_of)
    yield say(lang, "report.unit.people", n=len(told.managers))
    yield from _business_lines(total_of(told.managers), lang)
    yield ""
    yield say(lang, "report.unit.by_name")
    for one in told.managers:
        yield f"{one.member.name} ({one.member.id}) · {one.member.unit_name}"
        yield from _business_lines(total_of([one]), lang)
    for team in teams(told):
        if team.potentials:
            yield ""
            yield say(lang, "report.unit.potential", unit=team.name)
            yield from (f"  {_potential_line(row, lang)}" for row in team.potentials)
    yield ""
    yield say(lang, "report.unit.districts")


def unit_sheets(told: UnitAnalysis, lang: str) -> tuple[Sheet, ...]:
    """The analysis as sheets: sums, shares and teams are formulas over the managers' figures."""
    managers = _managers(told, lang)
    found = [_summary(told, managers, lang), managers]
    if told.managers:
        found.append(_teams(told, managers, lang))
    potential = _potential(told, lang)
    if potential.rows:
        found += [potential, _industries(told, potential, lang)]
    return tuple(found)


def _summary(told: UnitAnalysis, managers: Sheet, lang: str) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (_head("unit_of", lang), f"{told.unit_name} ({told.unit_id})"),
        (_head("period", lang), told.period.id),
        (_head("as_of", lang), told.as_of.isoformat()),
        (_head("scheme", lang), f"{told.scheme.id} ({told.scheme.name[lang]})"),
        (_head("version", lang), told.scheme.version),
        (_head("managers", lang), len(told.managers)),
    ]
    count = len(told.managers)
    for number, cell in enumerate(managers.rows[-1] if count else ()):
        if isinstance(cell, Formula):
            there = Formula(at(number, count, managers.name), cell.value, cell.look)
            rows.append((managers.heads[number], there))
    rows += [(_head("note", lang), say(lang, f"report.unit.{note}")) for note in NOTES]
    return _sheet("summary", ("item", "value"), rows, lang, widths=(40, 90))


def _managers(told: UnitAnalysis, lang: str) -> Sheet:
    first, count = len(MANAGER), len(told.managers)
    rows: list[tuple[Cell, ...]] = []
    for number, one in enumerate(told.managers):
        member = one.member
        named = (member.name, member.id, member.unit_name, member.unit_id)
        rows.append((*named, *_business(total_of([one]), first, number)))
    if rows:
        whole = _business(total_of(told.managers), first, count)
        above = (f"SUM({column(first + place, count)})" for place in range(len(whole)))
        sums = (_summed(cell, text) for cell, text in zip(whole, above, strict=True))
        rows.append((_head("together", lang), "", "", "", *sums))
    return _sheet(
        "managers", (*MANAGER, *BUSINESS), rows, lang,
        widths=(24, 12, 24, 12, *([16] * len(BUSINESS))),
        charts=_charts(("loans_chart", "fees_chart"), (*MANAGER, *BUSINESS), count, lang),
        total=bool(rows),
    )  # fmt: skip


def _teams(told: UnitAnalysis, managers: Sheet, lang: str) -> Sheet:
    """The managers' figures added up by the team, whose id stands beside each manager."""
    heads, found = (*TEAM, *BUSINESS), teams(told)
    rows = [_team(each, number, managers, len(told.managers)) for number, each in enumerate(found)]
    widths = (24, 12, 12, *([16] * len(BUSINESS)))
    charts = _charts(CHARTS, heads, len(rows), lang)
    return _sheet("teams", heads, rows, lang, widths=widths, charts=charts)


def _team(team: Team, number: int, managers: Sheet, count: int) -> tuple[Cell, ...]:
    theirs = column(MANAGER.index("unit_id"), count, managers.name)
    mine = f"EXACT({theirs},{at(TEAM.index('unit_id'), number)})"
    cells: list[Cell] = [
        team.name,
        team.id,
        Formula(f"SUMPRODUCT({mine}*1)", team.total.managers, "whole"),
    ]
    for place, cell in enumerate(_business(team.total, len(TEAM), number)):
        there = column(len(MANAGER) + place, count, managers.name)
        cells.append(_summed(cell, f"SUMPRODUCT({mine}*{there})"))
    return tuple(cells)


def _potential(told: UnitAnalysis, lang: str) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    for team in teams(told):
        for row in team.potentials:
            named = (team.name, team.id, _industry(row, lang))
            rows.append((*named, *_estimate(row, len(POTENTIAL), len(rows))))
    widths = (24, 12, 30)
    return _sheet("potential", (*POTENTIAL, *ESTIMATES), rows, lang, widths=widths)


def _industries(told: UnitAnalysis, potential: Sheet, lang: str) -> Sheet:
    """The rows of all teams added up by industry."""
    rows: list[tuple[Cell, ...]] = []
    count = len(potential.rows)
    for number, row in enumerate(industries(told.managers)):
        theirs = column(POTENTIAL.index("industry"), count, potential.name)
        cells: list[Cell] = [_industry(row, lang)]
        for place, cell in enumerate(_estimate(row, 1, number)):
            there = column(len(POTENTIAL) + place, count, potential.name)
            mine = f"EXACT({theirs},{at(0, number)})"
            cells.append(_summed(cell, f"SUMPRODUCT({mine}*{there})"))
        rows.append(tuple(cells))
    heads = ("industry", *ESTIMATES)
    charts = _charts(("elsewhere_chart",), heads, len(rows), lang)
    return _sheet("industries", heads, rows, lang, widths=(30,), charts=charts)


def _business(total: Total, first: int, row: int) -> tuple[Cell, ...]:
    """The cells of BUSINESS from a column on; those made of others are formulas over the row."""

    def cell(name: str) -> str:
        return at(first + BUSINESS.index(name), row)

    lines = [total.fees.get(line, 0) for line in INCOME_LINES]
    fees = f"SUM({cell(INCOME_LINES[0])}:{cell(INCOME_LINES[-1])})"
    return (
        Figure(total.clients),
        yuan(total.corporate),
        yuan(total.retail),
        Formula(f"{cell('corporate')}+{cell('retail')}", yuan(total.deposits).value, "money"),
        yuan(total.base),
        yuan(total.kept),
        _share(total.kept, total.base, cell("kept"), cell("base")),
        yuan(total.drawn),
        yuan(total.owed),
        *(yuan(fen) for fen in lines),
        Formula(fees, yuan(sum(lines)).value, "money"),
        Figure(total.new_clients, "whole"),
        *_estimate(total.potential, first + BUSINESS.index("estimates"), row),
    )


def _estimate(told: Potential, first: int, row: int) -> tuple[Cell, ...]:
    """The cells of ESTIMATES from a column on."""
    total, here = (at(first + ESTIMATES.index(name), row) for name in ("estimated", "here"))
    return (
        Figure(told.clients, "whole"),
        yuan(told.total),
        yuan(told.here),
        Formula(f"{total}-{here}", yuan(told.total - told.here).value, "money"),
        _share(told.here, told.total, here, total),
        Figure(told.needs, "whole"),
    )


def _share(part: int, whole: int, part_at: str, whole_at: str) -> Cell:
    """A quotient; of nothing there is none."""
    if not whole:
        return ""
    return Formula(f"ROUND({part_at}/{whole_at},6)", micro(Fraction(part, whole)), "share")


def _summed(cell: Cell, text: str) -> Cell:
    """A figure as the sum of others; what is made of figures of its own row stays."""
    return Formula(text, cell.value, cell.look) if isinstance(cell, Figure) else cell


def _charts(
    wanted: Iterable[str], heads: Sequence[str], count: int, lang: str
) -> tuple[Chart, ...]:
    if not 0 < count <= COMPARED:
        return ()
    return tuple(
        Chart(
            say(lang, f"report.unit.{name}"),
            0,
            tuple(heads.index(head) for head in CHARTS[name]),
            count,
            name in STACKED,
        )
        for name in wanted
    )


def _business_lines(total: Total, lang: str) -> Iterator[str]:
    told = {
        name: figures.money(getattr(total, name), lang)
        for name in ("corporate", "retail", "base", "kept", "deposits", "drawn", "owed")
    }
    deposits = {name: told.pop(name) for name in ("deposits", "corporate", "retail")}
    yield "  " + say(lang, "report.unit.deposits", **deposits)
    if total.base:
        share = figures.number(Decimal(100 * total.kept) / total.base)
        base = {name: told[name] for name in ("base", "kept")}
        yield "  " + say(lang, "report.unit.kept", share=share, **base)
    yield "  " + say(lang, "report.unit.loans", drawn=told["drawn"], owed=told["owed"])
    lines = {line: figures.money(total.fees.get(line, 0), lang) for line in INCOME_LINES}
    fees = figures.money(sum(total.fees.values()), lang)
    yield "  " + say(lang, "report.unit.fees", fees=fees, **lines)
    counts = {"clients": figures.number(total.clients, 2), "new": total.new_clients}
    yield "  " + say(lang, "report.unit.clients", **counts)
    if total.potential.clients:
        yield "  " + _estimate_words(total.potential, lang)


def _potential_line(row: Potential, lang: str) -> str:
    industry = _industry(row, lang)
    if not row.clients:
        return say(lang, "report.unit.needs", industry=industry, n=row.needs)
    estimate = _estimate_words(row, lang)
    return say(lang, "report.unit.of_industry", industry=industry, estimate=estimate)


def _estimate_words(row: Potential, lang: str) -> str:
    told = {
        name: figures.money(fen, lang)
        for name, fen in (("total", row.total), ("here", row.here), ("rest", row.total - row.here))
    }
    return say(lang, "report.unit.estimate", n=row.clients, needs=row.needs, **told)


def _industry(row: Potential, lang: str) -> str:
    return row.industry or say(lang, "report.unit.no_industry")


def _head(name: str, lang: str) -> str:
    return say(lang, f"report.head.{name}")


def _sheet(
    name: str,
    heads: Sequence[str],
    rows: Sequence[tuple[Cell, ...]],
    lang: str,
    *,
    widths: tuple[int, ...],
    charts: tuple[Chart, ...] = (),
    total: bool = False,
) -> Sheet:
    told = tuple(_head(head, lang) for head in heads)
    return Sheet(say(lang, f"report.sheet.{name}"), told, tuple(rows), widths, charts, total)
