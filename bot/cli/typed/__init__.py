"""What may be typed, one module a group of commands; none loads what its commands do."""

import typer

from bot.cli.typed import (
    appraisals,
    audit,
    calendar,
    clients,
    experts,
    house,
    learning,
    policies,
    reports,
    risk,
    schemes,
    staff,
    targets,
)

app = typer.Typer(
    name="daybook",
    help="The Slack assistant of a bank's account managers: cited policy answers, appraisal, "
    "reminders.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(staff.commands)
app.add_typer(policies.policy, name="policy")
app.add_typer(learning.commands)
app.add_typer(learning.evaluation, name="eval")
app.add_typer(calendar.calendar, name="calendar")
app.add_typer(appraisals.appraisal, name="appraisal")
app.add_typer(experts.ticket, name="ticket")
app.add_typer(experts.verified, name="verified")
app.add_typer(reports.report, name="report")
app.add_typer(risk.incident, name="incident")
app.add_typer(risk.classes, name="classes")
app.add_typer(targets.target, name="target")
app.add_typer(schemes.scheme, name="scheme")
app.add_typer(clients.client, name="client")
app.add_typer(audit.audit, name="audit")
app.add_typer(house.commands)
