"""A question that is refused, and the hands of those who ask, answer and approve."""

from sqlalchemy import select

from bank.models import Outbox, VerifiedAnswer
from tests.bot.office import eventually
from tests.bot.office import text_of as said

ASKED = "客户送的月饼能不能收？"
REPLY = "不能收，当面退回并写进访谈记录。"


def settled(office):
    """Nothing is on its way any more."""

    def done():
        with office.database.read() as tx:
            return set(tx.scalars(select(Outbox.state))) <= {"sent", "cancelled"}

    eventually(done)


def hears(office, user, words, room=""):
    """The one message with these words that somebody gets."""

    def found():
        return [one for one in office.answers(user, room) if words in one["text"] + said(one)]

    eventually(found)
    (message,) = found()
    return message


def modal(office, user):
    eventually(lambda: office.see(user)["modals"])
    return office.see(user)["modals"][-1]


def fill_in(office, user, **values):
    state = {name: {name: value} for name, value in values.items()}
    return office.do("submit", user, view_id=modal(office, user)["id"], state=state)


def rows(office, *columns):
    with office.database.read() as tx:
        return tx.execute(select(*columns)).all()


def answered(office, message, user="UC001", **values):
    office.press(user, message, "ticket_answer")
    form = {"reply": REPLY, "covered": "yes", "others": "post-loan 3", "clauses": []}
    return fill_in(office, user, **form | {"question": ASKED} | values)


def verified(office, assigned):
    """Answered by C001 and approved by C002."""
    answered(office, assigned)
    proposal = hears(office, "UC002", "answered a question. Approve it")
    office.press("UC002", proposal, "approve")
    eventually(lambda: rows(office, VerifiedAnswer.state) == [("approved",)])
