"""The bank's tables, one module a subject. Importing this package registers them all."""

from bank.models.base import Base
from bank.models.care import RiskWarning, Snooze, Visit, WarningResponse
from bank.models.clients import Account, Assignment, BalanceInterval, Client, ClientBase
from bank.models.conduct import Incident, TrainingResult
from bank.models.credit import Loan, LoanClass, LoanEvent, Repayment
from bank.models.delivery import ImportBatch, Inbox, Outbox, ScheduleFire
from bank.models.people import OrgUnit, Staff
from bank.models.plans import CalendarDay, KpiResult, ScoreRun, Target
from bank.models.policies import Clause, IndexGeneration, PolicyVersion, Question

__all__ = [
    "Account",
    "Assignment",
    "BalanceInterval",
    "Base",
    "CalendarDay",
    "Clause",
    "Client",
    "ClientBase",
    "ImportBatch",
    "Inbox",
    "Incident",
    "IndexGeneration",
    "KpiResult",
    "Loan",
    "LoanClass",
    "LoanEvent",
    "OrgUnit",
    "Outbox",
    "PolicyVersion",
    "Question",
    "Repayment",
    "RiskWarning",
    "ScheduleFire",
    "ScoreRun",
    "Snooze",
    "Staff",
    "Target",
    "TrainingResult",
    "Visit",
    "WarningResponse",
]
