"""The bank's tables, one module a subject. Importing this package registers them all."""

from bank.models.base import Base
from bank.models.care import Duty, RiskWarning, Snooze, Visit, WarningResponse
from bank.models.clients import (
    Account,
    AssetBase,
    Assignment,
    BalanceInterval,
    BalanceSuperseded,
    Client,
    ClientAttr,
    ClientBase,
    PoolShare,
    Wallet,
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
from bank.models.cycle import (
    Appraisal,
    AppraisalEntry,
    AppraisalStep,
    Consequence,
    PriorAdjustment,
)
from bank.models.delivery import Inbox, Outbox, ScheduleFire
from bank.models.experts import Ticket, VerifiedAnswer, VerifiedClause
from bank.models.feedback import AnswerFeedback
from bank.models.glossary import GlossaryEntry
from bank.models.growth import (
    Certificate,
    CollabRating,
    CreditFile,
    Proposal,
    ProposalAuthor,
    ProposalStep,
    TrainingResult,
)
from bank.models.guards import Guard
from bank.models.health import ClientStatement, IndustryProsperity
from bank.models.holdings import (
    Holding,
    HoldingUnits,
    HoldingUnitsSuperseded,
    Price,
    PriceSuperseded,
    Product,
)
from bank.models.income import FeeEvent, FeeSplit
from bank.models.people import OrgUnit, Staff, StaffLeave, StaffUnit
from bank.models.plans import Appeal, CalendarDay, KpiResult, PlanVersion, Rating, ScoreRun, Target
from bank.models.policies import (
    Clause,
    ClauseChange,
    ClauseLink,
    IndexGeneration,
    PolicyVersion,
    Question,
)
from bank.models.provenance import Audit, AuditHead, Correction, ImportBatch, StateEvent
from bank.models.rankings import ConfirmedAnswer, Ranker
from bank.models.risk import WarningTerm
from bank.models.rollup import ManagerDay, RollupHead
from bank.models.service import ClientDocument, ClientNeed, Inquiry, Referral, SurveyResponse
from bank.models.targets import TargetProposal, TargetSignature
from bank.models.usage import ModelUsage

__all__ = [
    "Account",
    "AnswerFeedback",
    "Appeal",
    "Appraisal",
    "AppraisalEntry",
    "AppraisalStep",
    "AssetBase",
    "Assignment",
    "Audit",
    "AuditHead",
    "BalanceInterval",
    "BalanceSuperseded",
    "Base",
    "CalendarDay",
    "Certificate",
    "CheckItem",
    "Clause",
    "ClauseChange",
    "ClauseLink",
    "Client",
    "ClientAttr",
    "ClientBase",
    "ClientDocument",
    "ClientNeed",
    "ClientStatement",
    "CollabRating",
    "Collateral",
    "Complaint",
    "ConfirmedAnswer",
    "Consequence",
    "Correction",
    "CreditFile",
    "CreditLine",
    "Duty",
    "FeeEvent",
    "FeeSplit",
    "GlossaryEntry",
    "Guard",
    "Holding",
    "HoldingUnits",
    "HoldingUnitsSuperseded",
    "ImportBatch",
    "Inbox",
    "Incident",
    "IndexGeneration",
    "IndustryProsperity",
    "Inquiry",
    "KpiResult",
    "Loan",
    "LoanClass",
    "LoanClassSuperseded",
    "LoanEvent",
    "ManagerDay",
    "ModelUsage",
    "NplRecovery",
    "OrgUnit",
    "Outbox",
    "PlanVersion",
    "PolicyVersion",
    "PoolShare",
    "Price",
    "PriceSuperseded",
    "PriorAdjustment",
    "Product",
    "Proposal",
    "ProposalAuthor",
    "ProposalStep",
    "Question",
    "Ranker",
    "Rating",
    "Referral",
    "Repayment",
    "RiskWarning",
    "RollupHead",
    "ScheduleFire",
    "ScoreRun",
    "Snooze",
    "Staff",
    "StaffLeave",
    "StaffUnit",
    "StateEvent",
    "SurveyResponse",
    "Target",
    "TargetProposal",
    "TargetSignature",
    "Ticket",
    "TrainingResult",
    "VerifiedAnswer",
    "VerifiedClause",
    "Visit",
    "Wallet",
    "WarningResponse",
    "WarningTerm",
]
