"""The command line under test: what an operator types, and what comes back."""

import json
from pathlib import Path

from typer.testing import CliRunner

from bank.database import Database
from bank.seals import AuditKeys
from bot.cli import app

KEY = "the-audit-key-of-a-bank-made-up-for-tests"


class Shell:
    """Types commands as an operator does, in a home of its own."""

    def __init__(self, url: str, home: Path) -> None:
        self.home = home
        self.database = Database(url, AuditKeys.parse(KEY))
        self.environment = {
            "DAYBOOK_DATABASE_URL": url,
            "DAYBOOK_HOME": str(home),
            "DAYBOOK_AUDIT_KEY": KEY,
        }

    def run(self, *words: object):
        ran = CliRunner(env=self.environment).invoke(app, [str(word) for word in words])
        assert "Traceback" not in ran.output
        return ran

    def json(self, *words: object) -> tuple[dict, int]:
        ran = self.run(*words, "--json")
        (line,) = ran.stdout.splitlines()
        return json.loads(line), ran.exit_code

    def refused(self, *words: object) -> str:
        """The one line a refused command says."""
        ran = self.run(*words)
        assert ran.exit_code == 1, ran.output
        assert ran.stdout == ""
        (line,) = ran.stderr.splitlines()
        return line
