"""Small drops written by hand for the tests: a branch of three people and two clients."""

import csv
import hashlib
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import text

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


# One statement: seventy of them took a test longer than the drop it tried.
COUNTS = text(
    " UNION ALL ".join(
        f"SELECT '{name}', COUNT(*) FROM {name}"
        for name in Base.metadata.tables
        if name != "calendar_day"
    )
)


def counts(database) -> dict[str, int]:
    """Rows of every table a drop could touch."""
    with database.read() as tx:
        return dict(tx.execute(COUNTS).all())


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
    "leaves": """
        staff_id,from_date,to_date,kind
        M001,2026-08-03,2026-08-15,annual
        M002,2026-12-07,,sick
    """,
    "clients": """
        id,name,customer_class,size_class,tier,industry,risk_level,group_id,opened_date,closed_date,closed_reason,kyc_due_date,acquirer_id
        C1,星河灯塔贸易有限公司,corporate,small,standard,Wholesale,low,G1,2020-05-06,,,2027-03-31,M001
        C2,=1+1 Example,retail,,private,,,,2021-05-06,,,,
    """,
    "assignments": """
        client_id,manager_id,from_date,to_date,share_pct,reason
        C1,M001,2025-01-01,2026-07-01,100,
        C1,M002,2026-07-01,,60,handover
        C1,M001,2026-07-01,,40,shared
        C2,M001,2025-01-01,9999-12-31,100,
    """,
    "products": """
        id,name,kind,income_line,coefficient_pct,risk_level,matures_date
        PF1,Lantern Fund,fund,wealth,100,3,
        PT1,Year deposit,deposit,,100,1,
    """,
    "prices": """
        product_id,date,nav
        PF1,2026-10-01,10000
        PF1,2026-11-02,10250
    """,
    "accounts": """
        id,client_id,kind,currency,product_id,opened_date,closed_date,matures_date,excluded
        A1,C1,demand,CNY,,2025-01-01,,,
        A2,C2,savings,CNY,PT1,2025-01-01,2026-11-01,2026-12-31,
    """,
    "balances": """
        account_id,date,amount_fen
        A1,2026-11-01,100000
        A1,2026-11-05,100000
        A1,2026-11-10,250000
        A2,2026-10-01,500
    """,
    "holdings": """
        id,client_id,product_id,opened_date,closed_date,matures_date
        H1,C2,PF1,2026-10-08,,
    """,
    "holding_units": """
        holding_id,date,units
        H1,2026-10-08,500000
        H1,2026-11-04,750000
    """,
    "client_bases": """
        client_id,year,day_average_fen
        C1,2025,90000
    """,
    "asset_bases": """
        client_id,year,day_average_fen
        C2,2025,480000
    """,
    "wallets": """
        client_id,date,total_fen,source
        C1,2026-06-30,40000000,Annual report of 2025
    """,
    "statements": """
        client_id,year_end_date,received_date,assets_fen,current_assets_fen,inventory_fen,cash_fen,liabilities_fen,current_liabilities_fen,retained_earnings_fen,sales_fen,sales_profit_fen,ebit_fen,net_profit_fen,depreciation_fen
        C1,2025-12-31,2026-04-20,30000000,18000000,6000000,3000000,15000000,12000000,4500000,60000000,4800000,3600000,2400000,600000
    """,
    "prosperity": """
        industry,from_date,score
        食品,2026-10-01,58
    """,
    "credit_lines": """
        id,client_id,amount_fen,from_date,to_date,purpose
        K1,C1,9000000,2026-01-01,2027-01-01,operating
    """,
    "loans": """
        id,client_id,originator_id,approved_date,signed_date,matures_date,purpose,size_class,refinances,green_code,green_catalogue,restructured_date
        N1,C1,M001,2025-12-20,2026-01-05,2027-01-05,operating,small,false,GT31,2025,
    """,
    "loan_events": """
        id,loan_id,date,kind,amount_fen,reverses_id
        E1,N1,2026-01-06,drawdown,5000000,
        E20,N1,2026-02-06,drawdown,3000000,
        E21,N1,2026-02-06,reversal,3000000,E20
    """,
    "loan_classes": """
        loan_id,date,grade
        N1,2026-01-06,normal
        N1,2026-08-01,special_mention
    """,
    "collateral": """
        id,loan_id,kind,amount_fen,from_date,to_date,valued_date
        G1,N1,property,8000000,2026-01-05,,2025-12-10
    """,
    "repayments": """
        loan_id,due_date,amount_fen,paid_date
        N1,2026-10-20,1000,2026-10-20
        N1,2026-11-12,1000,
        N1,2026-12-20,1000,
    """,
    "recoveries": """
        id,loan_id,date,kind,amount_fen,booked_date
        X1,N1,2026-11-02,cash,2000,2026-11-03
    """,
    "fees": """
        id,client_id,product_id,income_line,date,amount_fen,refunds_id,cancelled
        F1,C2,PF1,wealth,2026-10-08,12000,,false
        F2,C2,PF1,wealth,2026-11-02,-2000,F1,false
    """,
    "fee_splits": """
        fee_id,manager_id,share_pct
        F1,M001,70
        F1,M002,30
    """,
    "visits": """
        id,client_id,manager_id,date,logged_date,kind,note
        V1,C1,M001,2026-06-01,2026-06-02,onsite,"Met the owner, saw the warehouse"
    """,
    "duties": """
        id,manager_id,client_id,kind,due_date,done_date
        L1,M001,C1,post_loan_check,2026-07-31,2026-07-20
        L2,M002,,analysis_report,2026-12-31,
    """,
    "surveys": """
        id,client_id,manager_id,date,channel,score,theme
        S1,C1,M001,2026-10-12,phone,92,
    """,
    "referrals": """
        id,referrer_id,client_id,manager_id,date,related
        Y1,C1,C2,M001,2021-04-01,false
    """,
    "inquiries": """
        id,client_id,manager_id,received_date,due_date,answered_date,topic
        Q1,C1,M002,2026-11-12,2026-11-17,,Terms of a longer credit line
    """,
    "needs": """
        id,client_id,kind,noted_date,due_date,state,note
        D1,C1,N05,2026-10-30,2027-01-31,open,Pays forty people by hand
    """,
    "documents": """
        client_id,kind,due_date,renewed_date
        C1,licence,2026-12-31,2023-12-20
    """,
    "complaints": """
        id,client_id,manager_id,received_date,severity,state,decided_date,duplicate_of,summary
        P1,C2,M001,2026-09-01,minor,upheld,2026-10-09,,Nobody rang back for a week
        P2,C2,M001,2026-09-02,minor,duplicate,2026-09-04,P1,Nobody rang back
    """,
    "incidents": """
        id,manager_id,veto,event_date,known_date,state,reported_by,confirmed_by,decided_date,summary,policy
        I1,M002,V1,2026-05-01,2026-05-03,confirmed,L001,M001,2026-05-20,A form was filled in later,kyc-2026 3.2
    """,
    "checks": """
        id,manager_id,date,kind,severity,passed,recheck_date,recheck_passed,regulation,subject
        Z1,M001,2026-09-15,sales,major,false,2026-10-15,true,sales-conduct-zh 5,Recording of a sale
        Z2,M002,2026-09-15,documents,minor,true,,,kyc-2026 3.2,File of a new client
    """,
    "training": """
        manager_id,course,kind,attempt,due_date,taken_date,score
        M001,AML 2026,compliance,1,2026-12-01,2026-09-09,88
        M002,AML 2026,compliance,1,2026-12-01,,
    """,
    "certificates": """
        manager_id,name,from_date,to_date
        M001,CFP,2024-05-01,2028-05-01
    """,
    "proposals": """
        id,title,date,state,decided_date
        T1,One form less at the counter,2026-03-02,adopted,2026-05-11
    """,
    "proposal_steps": """
        proposal_id,state,date
        T1,screened,2026-03-20
        T1,adopted,2026-05-11
    """,
    "proposal_authors": """
        proposal_id,manager_id,share_pct
        T1,M001,60
        T1,M002,40
    """,
    "collab_ratings": """
        manager_id,rater_id,quarter,score,date
        M001,L001,2026Q3,91,2026-10-08
    """,
    "credit_files": """
        id,manager_id,client_id,submitted_date,returned_date,reason
        J1,M001,C1,2025-12-11,2025-12-15,A statement was missing
    """,
    "targets": """
        manager_id,indicator,year,version,amount,signed_date
        M001,P01,2026,1,1000000000,2026-01-09
    """,
    "ratings": """
        id,manager_id,period,kind,rater_id,score,comment,date
        O1,M001,2026Q3,superior,L001,88,Steady work,2026-10-10
    """,
    "appeals": """
        id,manager_id,period,item,claim,state,raised_date,due_date,handler_id,decided_date,reason
        U1,M001,2026Q3,R03,The warning came while I was on leave,open,2026-10-12,2026-10-26,,,
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
