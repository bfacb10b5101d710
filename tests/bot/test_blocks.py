"""Blocks: whatever is in a reply, Slack takes it, and reads none of it as a command."""

from hypothesis import HealthCheck, given, settings

from bot.replies.tree import Heading, Paragraph, Quote, Reply, Span, paragraph
from bot.slack import blocks
from tests.bot.replies_made import HOSTILE, charted, dialogs, replies
from workspace.block_rules import check_message, check_view

many = settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)


def inside(value, name):
    """Every value under a name, anywhere."""
    if isinstance(value, dict):
        for key, held in value.items():
            if key == name:
                yield held
            yield from inside(held, name)
    elif isinstance(value, list):
        for held in value:
            yield from inside(held, name)


@many
@given(replies)
def test_every_message_is_within_slacks_limits(reply):
    drawn = blocks.message(reply, "marker")

    check_message(drawn["text"], drawn["blocks"])


@many
@given(charted)
def test_a_message_with_a_chart_is_within_slacks_limits(reply):
    drawn = blocks.message(reply)

    check_message(drawn["text"], drawn["blocks"])


@many
@given(replies)
def test_every_home_tab_is_within_slacks_limits(reply):
    check_view(blocks.home(reply), "home")


@many
@given(dialogs)
def test_every_window_is_within_slacks_limits(dialog):
    check_view(blocks.modal(dialog), "modal")


@many
@given(replies)
def test_nothing_is_ever_given_to_slack_to_interpret(reply):
    drawn = blocks.message(reply)

    assert "mrkdwn" not in set(inside(drawn["blocks"], "type"))
    assert not set("<>") & set(drawn["text"].replace("&lt;", "").replace("&gt;", ""))


def test_names_full_of_markup_arrive_as_they_are_written():
    shown = blocks.message(Reply("x", (Heading(f"{HOSTILE[0]} {HOSTILE[3]}"),)))

    assert shown["blocks"][0]["text"]["text"] == "<!channel> <@U001>"
    assert shown["blocks"][0]["text"]["type"] == "plain_text"


def test_chinese_emphasis_is_a_style_and_never_asterisks():
    drawn = blocks.draw([Quote((Span("三日内"), Span("应当上报", strong=True)))])

    (quote,) = drawn[0]["elements"]
    assert quote["type"] == "rich_text_quote"
    assert quote["elements"] == [
        {"type": "text", "text": "三日内"},
        {"type": "text", "text": "应当上报", "style": {"bold": True}},
    ]


def test_lines_of_a_paragraph_stay_apart_and_long_text_is_carried_on():
    (short,) = blocks.draw([paragraph("one", "two")])
    long = blocks.draw([Paragraph(((Span("字" * 7000),),))])

    texts = [one["text"] for one in short["elements"][0]["elements"]]
    assert texts == ["one", "\n", "two"]
    assert [len(block["elements"][0]["elements"][0]["text"]) for block in long] == [
        3000,
        3000,
        1000,
    ]


def test_what_does_not_fit_ends_in_an_ellipsis():
    drawn = blocks.message(Reply("x", tuple(paragraph(str(n)) for n in range(60))))

    assert len(drawn["blocks"]) == 50
    assert drawn["blocks"][-1] == blocks.ELLIPSIS


def test_the_marker_is_the_first_blocks_id():
    drawn = blocks.message(Reply("x", (paragraph("a"), paragraph("b"))), "m" * 32)

    assert [block.get("block_id") for block in drawn["blocks"]] == ["m" * 32, None]
