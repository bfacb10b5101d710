"""scheme: the appraisal schemes, listed, shown and looked over."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot import assemble
from bot.cli import clock
from bot.cli.output import Output
from bot.errors import BotError
from bot.schemes import read_scheme
from bot.settings import read_settings
from bot.terminal import console, table
from scoring.curves import Between, Curve, Deduction, Linear, Steps, describe
from scoring.indicators import Indicator
from scoring.periods import Period
from scoring.scheme import Scheme
from scoring.weights import weights_of

Json = dict[str, Any]


def list_all(output: Output, on: datetime | None) -> None:
    """`daybook scheme list`."""
    schemes, day = assemble.open_schemes(read_settings()), _day(on)
    told = [
        {**_head(scheme), "in_force": schemes.on(day, scheme.role) == scheme}
        for scheme in schemes.all()
    ]
    output.data({"schemes": told, "on": day.isoformat()})
    if not output.json:
        rows = [
            [each["id"], each["role"], str(each["version"]), each["from"], each["to"] or "–",
             "in force" if each["in_force"] else ""]
            for each in told
        ]  # fmt: skip
        console().print(table(("id", "role", "version", "from", "to", ""), rows))


def show(output: Output, scheme_id: str | None, on: datetime | None) -> None:
    """`daybook scheme show`."""
    schemes, day = assemble.open_schemes(read_settings()), _day(on)
    scheme = schemes.on(day)
    if scheme_id is not None:
        found = [each for each in schemes.all() if each.id == scheme_id]
        if not found:
            known = ", ".join(sorted({each.id for each in schemes.all()}))
            raise BotError(f"there is no scheme {scheme_id[:64]}: name one of {known}")
        scheme = max(found, key=lambda each: each.version)
    output.data(_whole(scheme))
    if not output.json:
        _print(scheme, output)


def check(output: Output, file: Path) -> None:
    """`daybook scheme check`."""
    scheme = read_scheme(file)
    output.data({"file": str(file), "ok": True, **_head(scheme)})
    output.line(
        f"{file}: in order: {scheme.id}, version {scheme.version}, for {scheme.role} "
        f"from {scheme.from_day}, {len(scheme.indicators)} indicators"
    )


def _day(on: datetime | None) -> date:
    return on.date() if on else clock.now().astimezone(read_settings().zone).date()


def _head(scheme: Scheme) -> Json:
    return {
        "id": scheme.id,
        "role": scheme.role,
        "version": scheme.version,
        "from": scheme.from_day.isoformat(),
        "to": None if scheme.to_day is None else scheme.to_day.isoformat(),
        "name": scheme.name,
        "digest": scheme.digest,
    }


def _whole(scheme: Scheme) -> Json:
    return {
        **_head(scheme),
        "dimensions": [
            {
                "id": dimension.id,
                "name": dimension.name,
                "weight": dimension.weight,
                "least": scheme.least_weights.get(dimension.id, 0),
                "indicators": [
                    _indicator(each)
                    for each in scheme.indicators
                    if each.dimension == dimension.id and not each.is_monitored
                ],
            }
            for dimension in scheme.dimensions
        ],
        "monitored": [_indicator(each) for each in scheme.indicators if each.is_monitored],
        "profiles": {
            profile.id: {
                "period": profile.period,
                "multiply": {name: str(factor) for name, factor in profile.multiply.items()},
            }
            for profile in scheme.profiles
        },
        "items": [
            {"id": item.id, "name": item.name, "of": item.of, "each": str(item.each),
             "side": item.side, "start": str(item.start), "cap": str(item.cap)}
            for item in scheme.items
        ],
        "grades": [
            {"id": grade.id, "name": grade.name, "from": str(grade.start),
             "coefficient": str(grade.coefficient)}
            for grade in scheme.grades
        ],
        "vetoes": dict(scheme.vetoes),
    }  # fmt: skip


def _indicator(indicator: Indicator) -> Json:
    return {
        "id": indicator.id,
        "parent": indicator.parent,
        "name": indicator.name,
        "unit": indicator.unit,
        "type": indicator.type,
        "attribution": indicator.attribution,
        "weight": indicator.weight,
        "allowed": list(indicator.allowed),
        "target": None if indicator.target is None else str(indicator.target),
        "curve": describe(indicator.curve),
        "gives_to": indicator.gives_to,
        "clause": indicator.clause,
    }


def _print(scheme: Scheme, output: Output) -> None:
    output.line(f"{scheme.name['en']} · {scheme.id}, version {scheme.version}, {scheme.role}")
    quarter = weights_of(scheme, Period.of_quarter(scheme.from_day.year, 1))
    rows = [
        [each.id, each.name["en"], f"{each.weight}", f"{float(quarter.of(each.id)):.1f}",
         "{}–{}".format(*each.allowed), _target(each), _curve(each.curve)]
        for each in scheme.indicators
    ]  # fmt: skip
    heads = ("id", "indicator", "weight", "in a quarter", "allowed", "target", "curve")
    console().print(table(heads, rows))
    for grade in scheme.grades:
        output.line(f"{grade.name['en']}: from {grade.start}, coefficient {grade.coefficient}")


def _target(indicator: Indicator) -> str:
    return "signed" if indicator.is_signed else str(indicator.target or "–")


def _curve(curve: Curve) -> str:
    """A curve as its file has it, in a few characters."""
    match curve:
        case Linear(floor, cap):
            return f"L {floor} to {cap}"
        case Between(best, good, bad):
            return f"B {best}, {good}, {bad}"
        case Steps(steps):
            return "S " + ", ".join(f"{at}: {points}" for at, points in steps)
        case Deduction(each):
            return f"D {each}"
        case _:
            return "G"
