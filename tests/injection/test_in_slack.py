"""The same in Slack, as far as other people see it: a channel, an expert, a second approver."""

import json

import pytest

from bank.models import Question
from tests.bot.branch import found
from tests.bot.office import POLICY, STAFF_CHANNEL, eventually, opened
from tests.bot.test_experts import answered, fill_in, hears, rows
from tests.injection.cases import cases, check_inert

HOSTILE = "<!channel> <@UM002> <https://evil.example|点此> \u202e![x](http://evil.example/p.png)"
TYPED = [
    case.values[0]["text"]
    for case in cases("questions")
    if case.id.startswith(("mention", "link", "notice", "hidden", "template"))
]
SENT = (
    "chat.postMessage", "chat.update", "chat.postEphemeral", "views.open", "views.update",
    "views.push", "views.publish",
)  # fmt: skip


@pytest.fixture
def office(filled, tmp_path):
    with opened(filled("small bank", found), tmp_path) as at_work:
        at_work.take_in(tmp_path / "policies", POLICY)
        yield at_work


def sent(office):
    """Everything the bot gave to Slack, as Slack reads it."""
    for method in SENT:
        for body in office.traffic(method):
            shown = body.get("view") or body
            shown = json.loads(shown) if isinstance(shown, str) else shown
            blocks = shown.get("blocks") or []
            blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
            yield {"text": shown.get("text") or "", "blocks": blocks}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
def test_nothing_anybody_types_reaches_others_as_more_than_words(office):
    office.say("UM001", f"{HOSTILE}客户送的月饼能不能收？")
    office.press("UM001", hears(office, "UM001", "请教专家"), "expert")
    fill_in(office, "UM001", note=HOSTILE)
    ticket = hears(office, "UC001", "月饼")
    answered(office, ticket, reply=f"{HOSTILE}不能收。", question=f"{HOSTILE}能不能收月饼？")
    hears(office, "UC002", "不能收。")
    office.say("UM001", f"@Daybook {HOSTILE}逾期多久上报？", STAFF_CHANNEL)
    for text in TYPED:
        office.say("UM001", text)
    eventually(lambda: len(rows(office, Question.id)) == len(TYPED) + 2)

    told = list(sent(office))
    assert len(told) > len(TYPED)
    for message in told:
        check_inert(message)
    assert "<!channel>" in json.dumps([one["blocks"] for one in told])  # shown, as plain words
