"""Small drops written by hand for the tests: a branch of three people and two clients."""

import csv
import hashlib
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import func, select

from bank.days import number
from bank.importing import import_drop
from bank.models import Base

Files = dict[str, list[dict[str, str]]]
NOW = datetime(2026, 11, 17, 1, 0, tzinfo=UTC)
MANIFEST = {"source": "core", "business_date": "2026-11-16", "batch": 1}


def branch() -> Files:
    """Every file of the contract with a row or two; a new copy each time."""
    rows = {name: text.strip().splitlines() for name, text in BRANCH.items()}
    return {
        name: [dict(row) for row in csv.DictReader(io.StringIO("\n".join(map(str.strip, lines))))]
        for name, lines in rows.items()
    }


def text_of(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def write_drop(directory: Path, files: Files, /, **changes: object) -> Path:
    """Write a drop whose manifest is true to it; `changes` replace entries of the manifest."""
    directory.mkdir(parents=True, exist_ok=True)
    listed = []
    for name, rows in files.items():
        content = text_of(rows)
        (directory / f"{name}.csv").write_bytes(content)
        listed.append(entry(name, content, len(rows)))
    manifest = {**MANIFEST, "files": listed, **changes}
    (directory / "manifest.json").write_text(json.dumps(manifest))
    return directory


def rewrite(directory: Path, name: str, content: bytes, **changes: object) -> None:
    """Replace a file's bytes and its digest in the manifest, as a faulty sender would."""
    (directory / f"{name}.csv").write_bytes(content)
    manifest = json.loads((directory / "manifest.json").read_text())
    for listed in manifest["files"]:
        if listed["name"] == f"{name}.csv":
            listed.update(sha256=hashlib.sha256(content).hexdigest(), **changes)
    (directory / "manifest.json").write_text(json.dumps(manifest))


def entry(name: str, content: bytes, rows: int) -> dict[str, object]:
    return {
        "name": f"{name}.csv",
        "rows": rows,
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def day(text: str) -> int:
    return number(date.fromisoformat(text))


def counts(database) -> dict[str, int]:
    """Rows of every table a drop could touch."""
    with database.read() as tx:
        return {
            table.name: tx.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
            if table.name != "calendar_day"
        }


def load(database, directory, **options):
    return import_drop(database, directory, now=NOW, **options)


BRANCH = {
    "units": """
        id,name,parent_id
        B1,Riverside branch,
        U10,Team one,B1
    """,
    "staff": """
        id,name,role,unit_id,slack_user_id,lang,hired_date,left_date
        L001,Lena Lead,team_lead,B1,UL001,en,2020-01-01,
        M001,云小舟,manager,U10,UM001,zh,2020-01-01,
        M002,Ben Sample,manager,U10,,en,2020-01-01,2026-12-31
    """,
    "clients": """
        id,name,customer_class,size_class,tier,opened_date
        C1,星河灯塔贸易有限公司,corporate,small,standard,2020-05-06
        C2,=1+1 Example,retail,,private,2021-05-06
    """,
    "assignments": """
        client_id,manager_id,from_date,to_date,share_pct
        C1,M001,2025-01-01,2026-07-01,100
        C1,M002,2026-07-01,,60
        C1,M001,2026-07-01,,40
        C2,M001,2025-01-01,9999-12-31,100
    """,
    "accounts": """
        id,client_id,kind,opened_date,closed_date
        A1,C1,demand,2025-01-01,
        A2,C2,savings,2025-01-01,2026-11-01
    """,
    "balances": """
        account_id,date,amount_fen
        A1,2026-11-01,100000
        A1,2026-11-05,100000
        A1,2026-11-10,250000
        A2,2026-10-01,500
    """,
    "client_bases": """
        client_id,year,day_average_fen
        C1,2025,90000
    """,
    "loans": """
        id,client_id,originator_id,signed_date,refinances
        N1,C1,M001,2026-01-05,false
    """,
    "loan_events": """
        id,loan_id,date,kind,amount_fen
        E1,N1,2026-01-06,drawdown,5000000
    """,
    "loan_classes": """
        loan_id,date,grade
        N1,2026-01-06,normal
        N1,2026-08-01,special_mention
    """,
    "repayments": """
        loan_id,due_date,amount_fen,paid_date
        N1,2026-10-20,1000,2026-10-20
        N1,2026-11-12,1000,
        N1,2026-12-20,1000,
    """,
    "visits": """
        id,client_id,manager_id,date,logged_date,kind,note
        V1,C1,M001,2026-06-01,2026-06-02,onsite,"Met the owner, saw the warehouse"
    """,
    "incidents": """
        id,manager_id,veto,event_date,known_date,state,reported_by,confirmed_by,summary,policy
        I1,M002,V1,2026-05-01,2026-05-03,confirmed,L001,M001,A form was filled in later,kyc-2026 3.2
    """,
    "training": """
        manager_id,course,attempt,due_date,taken_date,score
        M001,AML 2026,1,2026-12-01,2026-09-09,88
        M002,AML 2026,1,2026-12-01,,
    """,
    "targets": """
        manager_id,indicator,year,version,amount,signed_date
        M001,P01,2026,1,1000000000,2026-01-09
    """,
    "warnings": """
        id,signal,client_id,manager_id,severity,raised_date,due_date,state,evidence
        W1,W01,C1,M001,yellow,2026-10-21,2026-10-28,answered,"{""days_past_due"": 3}"
    """,
    "warning_responses": """
        id,warning_id,staff_id,date,text
        R1,W1,M001,2026-10-22,Paid on the way back from the trade fair
    """,
}
