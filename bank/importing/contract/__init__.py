"""The drop contract: every file, its columns and its rules, declared once, a subject a module.

Reading, checking, loading and docs/data.md all follow these declarations.
"""

from bank.importing.contract import (
    appraisal,
    care,
    clients,
    conduct,
    credit,
    growth,
    health,
    holdings,
    income,
    people,
    service,
)
from bank.importing.contract.declarations import Column, File, History, Rule, Sums

__all__ = ["FILES", "Column", "File", "History", "Rule", "Sums"]

FILES = (
    people.UNITS,
    people.STAFF,
    people.LEAVES,
    clients.CLIENTS,
    clients.ASSIGNMENTS,
    holdings.PRODUCTS,
    holdings.PRICES,
    clients.ACCOUNTS,
    clients.BALANCES,
    holdings.HOLDINGS,
    holdings.HOLDING_UNITS,
    clients.CLIENT_BASES,
    clients.ASSET_BASES,
    clients.WALLETS,
    health.STATEMENTS,
    health.PROSPERITY,
    credit.CREDIT_LINES,
    credit.LOANS,
    credit.LOAN_EVENTS,
    credit.LOAN_CLASS_CHANGES,
    credit.COLLATERAL,
    credit.REPAYMENTS,
    credit.RECOVERIES,
    income.FEES,
    income.FEE_SPLITS,
    care.VISITS,
    care.DUTIES,
    service.SURVEYS,
    service.REFERRALS,
    service.INQUIRIES,
    service.NEEDS,
    service.DOCUMENTS,
    conduct.COMPLAINTS,
    conduct.INCIDENTS,
    conduct.CHECKS,
    growth.TRAINING,
    growth.CERTIFICATES,
    growth.PROPOSALS,
    growth.STEPS,
    growth.PROPOSAL_AUTHORS,
    growth.COLLAB_RATINGS,
    growth.CREDIT_FILES,
    appraisal.TARGETS,
    appraisal.RATINGS,
    appraisal.APPEALS,
    care.WARNINGS,
    care.WARNING_RESPONSES,
)
"""Every file, each after those it refers to."""
