"""The sections of a scheme's file that hold the rules behind the indicators."""

from collections.abc import Iterable
from typing import Literal, TypeVar

from scoring.coverage import VisitStandard, VisitStandards
from scoring.reading import Table
from scoring.rules import (
    CHECK_KINDS,
    CHECK_SEVERITIES,
    CLASSES,
    ENDINGS,
    INCOME_LINES,
    METRICS,
    PRODUCTS,
    PURPOSES,
    SEGMENTS,
    TIERS,
    AssetRules,
    CheckRules,
    ChurnRules,
    CollabRules,
    ComplaintRules,
    Deferral,
    EffectiveRule,
    EffectiveRules,
    FeeRules,
    FormationRules,
    GreenCatalogue,
    InclusiveLimit,
    ItemRule,
    JoinRules,
    LoanRules,
    PayRules,
    PlanRules,
    Profile,
    ProposalRules,
    RecoveryRules,
    ReferralRules,
    RetentionRules,
    SurveyRules,
    TrainingRules,
    UnitPrice,
)
from scoring.signals import SignalRules
from scoring.sla import SEVERITIES, Sla

SIZES = ("micro", "small", "medium", "large")
STAGES = ("screened", "adopted", "rolled_out")
SIDES: tuple[Literal["above", "below"], ...] = ("above", "below")
PERIODS: tuple[Literal["quarter", "year"], ...] = ("quarter", "year")
ITEM_MOST = 5
"""Points an item may add or deduct at most."""
DAYS_MOST, WEEKS_MOST, MONTHS_MOST = 3650, 520, 120
"""Ten years: a scheme that looks further back or ahead has slipped on a key."""
Dated = TypeVar("Dated", InclusiveLimit, GreenCatalogue)


def read_visits(table: Table) -> VisitStandards:
    """[visits]."""
    tiers = {}
    for tier, standard in table.table("tiers").named_tables():
        ideal = standard.number("ideal", least=1, most=DAYS_MOST)
        maximum = standard.number("maximum", least=ideal, most=DAYS_MOST)
        tiers[tier] = standard.done(VisitStandard(ideal, maximum))
    return table.done(
        VisitStandards(
            tiers,
            frozenset(table.choices("scored_tiers", tuple(tiers))),
            table.number("sme_ideal", least=1, most=DAYS_MOST),
            table.number("log_within", least=0, most=DAYS_MOST),
            table.percent("checked_pct"),
        )
    )


def read_sla(table: Table) -> Sla:
    """[sla]."""
    red, orange, yellow, blue = (
        table.number(severity, least=1, most=DAYS_MOST) for severity in SEVERITIES
    )
    unscored = table.choices("unscored", SEVERITIES)
    left = table.percent("restart_left_pct")
    return table.done(Sla(red, orange, yellow, blue, unscored, left))


def read_signals(table: Table) -> SignalRules:
    """[signals]."""
    orange = table.number("arrears_orange_from", least=2)
    return table.done(
        SignalRules(
            orange,
            table.number("arrears_to", least=orange),
            table.number("run_down_below_pct", least=1),
            table.number("collapse_over_pct", least=1),
            table.number("smallest_average", least=1),
        )
    )


def read_plan(table: Table) -> PlanRules:
    """[plan]."""
    return table.done(
        PlanRules(
            table.weights("quarters", 4),
            table.weights("months", 3),
            table.number("wait_days", least=1, most=DAYS_MOST),
            table.number("stretch_pct", least=100),
            table.number("rate_weeks", least=1, most=WEEKS_MOST),
            table.number("rate_times", least=1),
        )
    )


def read_joining(table: Table) -> JoinRules:
    """[joining]."""
    return table.done(
        JoinRules(table.percents("ramp"), table.number("graded_from_days", least=0, most=DAYS_MOST))
    )


def read_loans(table: Table) -> LoanRules:
    """[loans]."""
    limits = (
        limit.done(
            InclusiveLimit(
                limit.choice("purpose", PURPOSES), limit.day("from"), limit.number("fen", least=1)
            )
        )
        for limit in table.tables("inclusive_limits")
    )
    editions = (
        edition.done(GreenCatalogue(edition.text("edition"), edition.day("from")))
        for edition in table.tables("green_catalogues")
    )
    return table.done(
        LoanRules(
            table.number("repaid_within_days", least=0, most=DAYS_MOST),
            table.number("originator_months", least=0, most=MONTHS_MOST),
            table.number("write_off_months", least=0, most=MONTHS_MOST),
            table.choices("inclusive_sizes", SIZES),
            table.choice("inclusive_purpose", PURPOSES),
            _by_day(limits),
            _by_day(editions),
        )
    )


def _by_day(found: Iterable[Dated]) -> tuple[Dated, ...]:
    return tuple(sorted(found, key=lambda each: each.from_day))


def read_fees(table: Table) -> FeeRules:
    """[fees]."""
    lines = table.table("lines")
    return table.done(FeeRules(lines.done({line: lines.text(line) for line in INCOME_LINES})))


def read_clients(table: Table) -> EffectiveRules:
    """[clients]."""
    rules = tuple(
        rule.done(
            EffectiveRule(
                rule.choice("segment", SEGMENTS),
                rule.choice("metric", METRICS),
                rule.number("threshold", least=1),
                rule.number("window_days", least=1, most=DAYS_MOST),
            )
        )
        for rule in table.tables("rules")
    )
    opened, kept = (
        table.number(key, least=0, most=DAYS_MOST) for key in ("opened_within_days", "kept_days")
    )
    return table.done(EffectiveRules(opened, kept, rules))


def read_assets(table: Table) -> AssetRules:
    """[assets]."""
    tiers = table.table("tiers").numbers_of(TIERS)
    watch, down = (
        table.number(key, least=1, most=MONTHS_MOST) for key in ("watch_months", "downgrade_months")
    )
    return table.done(AssetRules(tiers, watch, down))


def read_survey(table: Table) -> SurveyRules:
    """[survey]."""
    return table.done(SurveyRules(table.number("fewest", least=1), table.number("prior", least=0)))


def read_complaints(table: Table) -> ComplaintRules:
    """[complaints]."""
    return table.done(ComplaintRules(table.number("per", least=1)))


def read_churn(table: Table) -> ChurnRules:
    """[churn]."""
    return table.done(
        ChurnRules(
            table.choices("tiers", TIERS),
            table.number("days", least=1, most=DAYS_MOST),
            table.number("baseline_days", least=1, most=DAYS_MOST),
            table.percent("below_pct"),
            table.number("month_ends", least=1, most=12),
            table.choices("not_churn_reasons", ENDINGS),
        )
    )


def read_retention(table: Table) -> RetentionRules:
    """[retention]."""
    return table.done(RetentionRules(table.choices("tiers", TIERS)))


def read_referrals(table: Table) -> ReferralRules:
    """[referrals]."""
    fewest = table.number("fewest", least=1)
    quarters = table.number("quarters", least=1, most=MONTHS_MOST)
    return table.done(ReferralRules(fewest, quarters))


def read_formation(table: Table) -> FormationRules:
    """[formation]."""
    return table.done(
        FormationRules(
            table.choices("npl_grades", CLASSES),
            table.decimal("veto_over_pct"),
            table.number("loss_over_fen", least=0),
        )
    )


def read_checks(table: Table) -> CheckRules:
    """[checks]."""
    lines = table.table("lines")
    named = {kind: lines.optional_text(kind) for kind in CHECK_KINDS}
    return table.done(
        CheckRules(
            table.table("weights").numbers_of(CHECK_SEVERITIES),
            table.number("fewest", least=1),
            table.number("trailing_months", least=1, most=MONTHS_MOST),
            lines.done({kind: indicator for kind, indicator in named.items() if indicator}),
        )
    )


def read_recovery(table: Table) -> RecoveryRules:
    """[recovery]."""
    return table.done(RecoveryRules(table.percent("repossession_pct")))


def read_collab(table: Table) -> CollabRules:
    """[collab]."""
    rating, trim = table.percent("rating_pct"), table.number("trim_pct", least=0, most=49)
    fewest, files = table.number("fewest", least=1), table.percent("file_pct")
    return table.done(CollabRules(rating, trim, fewest, files))


def read_training(table: Table) -> TrainingRules:
    """[training]."""
    return table.done(TrainingRules(table.number("attempts", least=1)))


def read_proposals(table: Table) -> ProposalRules:
    """[proposals]."""
    points = table.table("points").numbers_of(STAGES)
    return table.done(ProposalRules(points, table.number("cap", least=1)))


def read_profile(name: str, table: Table) -> Profile:
    """[profiles.…]."""
    multiply = table.table("multiply").decimals()
    return table.done(Profile(name, table.choice("period", PERIODS), multiply))


def read_item(table: Table) -> ItemRule:
    """[[items]]."""
    return table.done(
        ItemRule(
            table.text("id"),
            table.words("name"),
            table.text("of"),
            table.choice("side", SIDES),
            table.decimal("start"),
            table.decimal("each"),
            table.decimal("cap"),
            table.optional_text("clause"),
        )
    )


def read_pay(table: Table) -> PayRules:
    """[pay]."""
    prices = tuple(
        price.done(
            UnitPrice(
                price.choice("product", PRODUCTS),
                price.choice("segment", SEGMENTS),
                price.decimal("basis_points"),
            )
        )
        for price in table.tables("prices")
    )
    held = table.table("deferral")
    deferral = held.done(Deferral(held.percent("pct"), held.percents("parts")))
    commission = table.table("commission_pct").numbers()
    return table.done(PayRules(table.flag("in_slack"), prices, commission, deferral))
