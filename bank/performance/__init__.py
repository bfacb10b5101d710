"""How every manager performs in a period: records measured, scored, stored and shown again.

`score_period` computes and stores; `latest_scorecard` reads what is stored and nothing else;
`evidence_behind` asks the records for what stands behind one stored figure.
"""

from bank.performance.runs import (
    Latest,
    Run,
    RunSummary,
    evidence_behind,
    latest_scorecard,
    score_period,
)

__all__ = ["Latest", "Run", "RunSummary", "evidence_behind", "latest_scorecard", "score_period"]
