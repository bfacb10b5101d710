"""The numbers behind the indicators, as a scheme's file gives them; none of them is in code.

Money is whole fen, shares are whole percent, days are calendar days unless called business days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from scoring.curves import Text

Segment = Literal["corporate", "retail"]
SEGMENTS: tuple[Segment, ...] = ("corporate", "retail")
Metric = Literal["assets", "deposits", "credit", "settlements", "revenue"]
METRICS: tuple[Metric, ...] = ("assets", "deposits", "credit", "settlements", "revenue")
Purpose = Literal["supervision", "facility"]
PURPOSES: tuple[Purpose, ...] = ("supervision", "facility")
Product = Literal[
    "deposit", "loan", "fund", "wealth", "insurance", "gold", "bond", "settlement",
    "investment_banking",
]  # fmt: skip
PRODUCTS: tuple[Product, ...] = (
    "deposit", "loan", "fund", "wealth", "insurance", "gold", "bond", "settlement",
    "investment_banking",
)  # fmt: skip
DEPOSIT_KINDS = ("demand", "time", "savings", "margin")
TIERS = ("private", "premium", "standard")
ENDINGS = ("client", "death", "dissolution", "bank")
"""Who or what ended a client's time with the bank."""
CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")
CHECK_SEVERITIES = ("critical", "major", "minor")
INCOME_LINES = ("wealth", "investment_banking", "settlement")
CHECK_KINDS = ("sales", "documents", "aml", "credit")


@dataclass(frozen=True, slots=True)
class PlanRules:
    """How a yearly target is spread."""

    quarters: tuple[int, ...]
    months: tuple[int, ...]
    wait_days: int
    stretch_pct: int
    """The stretch line, beside the signed one: 128 is what 8 × 0.8 + 4 × 1.6 of ten is."""
    rate_weeks: int
    rate_times: int
    """More a week than so many times the best rate over so many weeks is called infeasible."""


@dataclass(frozen=True, slots=True)
class JoinRules:
    """What is asked of someone who has just begun."""

    ramp: tuple[int, ...]
    """Percent of the target in the first, second, … month employed; all of it afterwards."""
    graded_from_days: int
    """Fewer days employed in the period are scored, but given no grade."""


@dataclass(frozen=True, slots=True)
class InclusiveLimit:
    """From a day on, the largest credit line of an inclusive borrower (普惠), for one purpose."""

    purpose: Purpose
    from_day: date
    fen: int


@dataclass(frozen=True, slots=True)
class GreenCatalogue:
    """An edition of the green finance catalogue; it rules loans approved from a day on."""

    id: str
    from_day: date


@dataclass(frozen=True, slots=True)
class LoanRules:
    """What a disbursement is, who answers for a loan gone bad, what is inclusive and green."""

    repaid_within_days: int
    originator_months: int
    write_off_months: int
    inclusive_sizes: tuple[str, ...]
    """Sizes of the companies whose loans may be inclusive; people's operating loans may be too."""
    inclusive_purpose: Purpose
    """Which of the limits decides P02a."""
    inclusive_limits: tuple[InclusiveLimit, ...]
    """By purpose, then by day, ascending."""
    green_catalogues: tuple[GreenCatalogue, ...]
    """By day, ascending."""

    def inclusive_limit(self, day: date) -> int | None:
        """The limit in fen in force on a day; None before the first."""
        held = [
            limit.fen
            for limit in self.inclusive_limits
            if limit.purpose == self.inclusive_purpose and limit.from_day <= day
        ]
        return held[-1] if held else None

    def green_catalogue(self, approved: date) -> str | None:
        """The edition that ruled on the day of approval; None before the first."""
        held = [found.id for found in self.green_catalogues if found.from_day <= approved]
        return held[-1] if held else None


@dataclass(frozen=True, slots=True)
class FeeRules:
    """Intermediary income."""

    lines: Mapping[str, str]
    """The indicator of each line of income: {"wealth": "P03a", …}."""


@dataclass(frozen=True, slots=True)
class EffectiveRule:
    """One way for a new client of a segment to become effective: any rule met is enough.

    `assets` and `deposits` are averages in fen over the window, `revenue` fen received in it,
    `settlements` a number of settlement fees, `credit` fen drawn.
    """

    segment: Segment
    metric: Metric
    threshold: int
    window_days: int


@dataclass(frozen=True, slots=True)
class EffectiveRules:
    """New effective clients (P04)."""

    opened_within_days: int
    """A client opened at most so long before the period may still become effective in it."""
    kept_days: int
    """Below the threshold within so many days of qualifying costs the client again."""
    rules: tuple[EffectiveRule, ...]


@dataclass(frozen=True, slots=True)
class AssetRules:
    """Tiers by comprehensive financial assets: up at once, down slowly."""

    tiers: Mapping[str, int]
    """The month-average in fen from which a client belongs to a tier, the best first."""
    watch_months: int
    """Months below the floor before a client is watched."""
    downgrade_months: int
    """Months watched before a client is moved down."""


@dataclass(frozen=True, slots=True)
class SurveyRules:
    """Satisfaction (C01a): (n × mean + prior × the branch's mean) ÷ (n + prior)."""

    fewest: int
    prior: int


@dataclass(frozen=True, slots=True)
class ComplaintRules:
    """Complaint rate (C01b): upheld complaints for so many clients."""

    per: int


@dataclass(frozen=True, slots=True)
class ChurnRules:
    """Churn (C02a): the average of `days` under `below_pct` of the `baseline_days` before."""

    tiers: tuple[str, ...]
    days: int
    baseline_days: int
    below_pct: int
    month_ends: int
    """So many month-ends in a row."""
    not_churn_reasons: tuple[str, ...]
    """Ends of a client's time that nobody could have kept."""


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """Quality-client retention (C02b)."""

    tiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReferralRules:
    """Referral share (C04): with too few new clients, the trailing quarters are looked at."""

    fewest: int
    quarters: int


@dataclass(frozen=True, slots=True)
class FormationRules:
    """Non-performing loans (R01, R02), and the losses that are a veto (V2)."""

    npl_grades: tuple[str, ...]
    veto_over_pct: Decimal
    """R02 above this is a V2."""
    loss_over_fen: int
    """An attributable loss above this is a V2."""


@dataclass(frozen=True, slots=True)
class CheckRules:
    """Compliance checks (R04): items weigh by severity."""

    weights: Mapping[str, int]
    fewest: int
    """Fewer items of the period, and the trailing months are looked at."""
    trailing_months: int
    lines: Mapping[str, str]
    """The indicator of each kind of check that has its own: {"sales": "R04a", …}."""


@dataclass(frozen=True, slots=True)
class RecoveryRules:
    """Recovery (R05): what goods taken in payment count for."""

    repossession_pct: int


@dataclass(frozen=True, slots=True)
class CollabRules:
    """Cross-department efficiency (T01): ratings and files accepted at once."""

    rating_pct: int
    trim_pct: int
    """Of the ratings, cut at each end before their mean."""
    fewest: int
    """Raters in a quarter."""
    file_pct: int


@dataclass(frozen=True, slots=True)
class TrainingRules:
    """Exams (T02): the best of so many attempts counts."""

    attempts: int


@dataclass(frozen=True, slots=True)
class ProposalRules:
    """Proposals (T03): points of how far one came; a person's sum stops at the cap."""

    points: Mapping[str, int]
    cap: int


@dataclass(frozen=True, slots=True)
class Profile:
    """How weights change in one kind of period; afterwards they are made to sum to 100 again."""

    id: str
    period: Literal["quarter", "year"]
    multiply: Mapping[str, Decimal]
    """Indicator to its factor; the others have 1."""


@dataclass(frozen=True, slots=True)
class ItemRule:
    """Points beside the weighted score (加分项、扣分项), before any veto.

    `each` for every unit of an indicator's actual beyond `start`; below zero it deducts.
    """

    id: str
    name: Text
    of: str
    """The indicator it looks at."""
    side: Literal["above", "below"]
    start: Decimal
    each: Decimal
    cap: Decimal
    """The most it adds or deducts."""
    clause: str | None


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """What a product's volume is worth (计价), in basis points of it."""

    product: Product
    segment: Segment
    basis_points: Decimal


@dataclass(frozen=True, slots=True)
class Deferral:
    """The part of pay that is held back, and how it is paid out, year by year."""

    pct: int
    parts: tuple[int, ...]
    """Percent of what was held back, by year; they sum to 100."""


@dataclass(frozen=True, slots=True)
class PayRules:
    """What a pay estimate follows from. It is never payroll."""

    in_slack: bool
    """Whether a manager is shown the estimate in Slack."""
    prices: tuple[UnitPrice, ...]
    commission_pct: Mapping[str, int]
    """Grade to the part of the priced volume that is paid."""
    deferral: Deferral
