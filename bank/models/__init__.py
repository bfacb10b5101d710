"""The bank's tables, one module a subject. Importing this package registers them all."""

from bank.models.base import Base
from bank.models.care import RiskWarning, Snooze, Visit, WarningResponse
from bank.models.clients import (
    Account,
    Assignment,
    BalanceInterval,
    BalanceSuperseded,
    Client,
    ClientAttr,
    ClientBase,
    PoolShare,
)
from bank.models.conduct import CheckItem, Complaint, Incident
from bank.models.credit import (
    Collateral,
    CreditLine,
    Loan,
    LoanClass,
    LoanClassSuperseded,
    LoanEvent,
    NplRecovery,
    Repayment,
)
from bank.models.delivery import Inbox, Outbox, ScheduleFire
from bank.models.growth import (
    Certificate,
    CollabRating,
    CreditFile,
    Proposal,
    ProposalAuthor,
    TrainingResult,
)
from bank.models.holdings import (
    Holding,
    HoldingUnits,
    HoldingUnitsSuperseded,
    Price,
    PriceSuperseded,
    Product,
)
from bank.models.income import FeeEvent, FeeSplit
from bank.models.people import OrgUnit, Staff, StaffUnit
from bank.models.plans import Appeal, CalendarDay, KpiResult, PlanVersion, Rating, ScoreRun, Target
from bank.models.policies import Clause, IndexGeneration, PolicyVersion, Question
from bank.models.provenance import Audit, Correction, ImportBatch, StateEvent
from bank.models.service import ClientDocument, ClientNeed, Inquiry, Referral, SurveyResponse

__all__ = [
    "Account",
    "Appeal",
    "Assignment",
    "Audit",
    "BalanceInterval",
    "BalanceSuperseded",
    "Base",
    "CalendarDay",
    "Certificate",
    "CheckItem",
    "Clause",
    "Client",
    "ClientAttr",
    "ClientBase",
    "ClientDocument",
    "ClientNeed",
    "CollabRating",
    "Collateral",
    "Complaint",
    "Correction",
    "CreditFile",
    "CreditLine",
    "FeeEvent",
    "FeeSplit",
    "Holding",
    "HoldingUnits",
    "HoldingUnitsSuperseded",
    "ImportBatch",
    "Inbox",
    "Incident",
    "IndexGeneration",
    "Inquiry",
    "KpiResult",
    "Loan",
    "LoanClass",
    "LoanClassSuperseded",
    "LoanEvent",
    "NplRecovery",
    "OrgUnit",
    "Outbox",
    "PlanVersion",
    "PolicyVersion",
    "PoolShare",
    "Price",
    "PriceSuperseded",
    "Product",
    "Proposal",
    "ProposalAuthor",
    "Question",
    "Rating",
    "Referral",
    "Repayment",
    "RiskWarning",
    "ScheduleFire",
    "ScoreRun",
    "Snooze",
    "Staff",
    "StaffUnit",
    "StateEvent",
    "SurveyResponse",
    "Target",
    "TrainingResult",
    "Visit",
    "WarningResponse",
]
