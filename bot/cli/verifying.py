"""verified: answers that a second person approves, from the command line."""

from collections.abc import Callable, Sequence

from bot import assemble
from bot.approvals import Approvals, Edits, VerifiedView
from bot.cli.acting import Sitting, sitting
from bot.cli.asking import citation_facts
from bot.cli.output import Output
from bot.replies import approvals
from bot.terminal import console, table
from bot.terminal import show as draw
from bot.text import cut, visible
from bot.wording import say

NOT_THEIRS = "verified.no"
WIDE = 48
"""Characters of a question that the table shows."""
HEADS = ("id", "state", "since", "author", "approver", "question")


def list_answers(output: Output, staff: str, state: str | None) -> None:
    """`daybook verified list`."""
    with sitting(staff, NOT_THEIRS) as at:
        found = _desk(at).list(at.actor, at.on, (state,) if state else ())
    output.data({"answers": [_facts(one) for one in found]})
    if output.json:
        return
    lang = at.actor.lang
    if not found:
        output.line(say(lang, "verified.empty"))
        return
    rows = [_row(one, at) for one in found]
    console().print(table([say(lang, f"verified.head.{head}") for head in HEADS], rows))


def show(output: Output, answer_id: str, staff: str) -> None:
    """`daybook verified show`."""
    with sitting(staff, NOT_THEIRS) as at:
        found = _desk(at).show(at.actor, answer_id, at.on)
    output.data(_facts(found))
    if not output.json:
        draw(approvals.whole(found, at.seen), console())


def approve(output: Output, answer_id: str, *, staff: str, text: str, question: str) -> None:
    """`daybook verified approve`."""
    edits = Edits(text, question)
    _decide(output, staff, lambda at: _desk(at).approve(at.actor, answer_id, at.now, edits))


def decline(output: Output, answer_id: str, staff: str, reason: str) -> None:
    """`daybook verified decline`."""
    _decide(output, staff, lambda at: _desk(at).decline(at.actor, answer_id, reason, at.now))


def withdraw(output: Output, answer_id: str, staff: str, reason: str) -> None:
    """`daybook verified withdraw`."""
    _decide(output, staff, lambda at: _desk(at).withdraw(at.actor, answer_id, reason, at.now))


def _decide(output: Output, staff: str, deed: Callable[[Sitting], VerifiedView]) -> None:
    with sitting(staff, NOT_THEIRS) as at:
        found = deed(at)
    output.data(_facts(found))
    output.line(approvals.settled(found, at.actor.lang).summary)


def _desk(at: Sitting) -> Approvals:
    return assemble.open_approvals(at.settings, at.database)


def _row(view: VerifiedView, at: Sitting) -> Sequence[str]:
    record, lang = view.record, at.actor.lang
    return (
        record.id,
        say(lang, f"verified.state_{record.state}"),
        at.seen.moment(record.changed_at),
        view.author,
        view.approver or "",
        cut(visible(" ".join(record.question.split())), WIDE),
    )


def _facts(view: VerifiedView) -> dict[str, object]:
    record = view.record
    return {
        "id": record.id,
        "ticket": record.ticket_id,
        "state": record.state,
        "question": record.question,
        "answer": record.text,
        "lang": record.lang,
        "author": record.author_id,
        "approver": record.approver_id,
        "approved_on": record.approved_on.isoformat() if record.approved_on else None,
        "changed_at": record.changed_at.isoformat(),
        "reason": record.reason,
        "rests_on": [{"policy": one.policy, "clause": one.number} for one in record.clauses],
        "changed": [{"policy": policy, "clause": clause} for policy, clause in view.changed],
        "clauses": [citation_facts(one) for one in view.clauses],
    }
