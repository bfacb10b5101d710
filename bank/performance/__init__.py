"""How every manager performs in a period: records measured, scored, stored and shown again.

`score_period` computes and stores; `latest_scorecard` reads what is stored and nothing else.
"""

from bank.performance.runs import Latest, Run, RunSummary, latest_scorecard, score_period

__all__ = ["Latest", "Run", "RunSummary", "latest_scorecard", "score_period"]
