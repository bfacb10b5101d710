"""Hypothesis strategies for replies and dialogs full of difficult text."""

from hypothesis import strategies as st

from bot.replies.tree import (
    Actions,
    Button,
    Chart,
    ChecksField,
    ChoiceField,
    DateField,
    Dialog,
    Heading,
    ListField,
    Menu,
    Note,
    Paragraph,
    Quote,
    Reply,
    Row,
    Rule,
    Span,
    TextField,
)

HOSTILE = (
    "<!channel>", "<!here>", "<!subteam^S01>", "<@U001>", "<https://evil.example|the bank>",
    "&amp;", "*bold*", "_it_", "`code`", "\u202eevil", "\u200b", "云小舟", "\x00", "\ud800", "{n}", "",
)  # fmt: skip

texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(codec=None), max_size=80),
    st.builds(lambda text, times: text * times, st.sampled_from(HOSTILE), st.integers(1, 3000)),
)
values = st.text(max_size=3000)
spans = st.lists(st.builds(Span, texts, strong=st.booleans()), max_size=4).map(tuple)
buttons = st.builds(Button, st.sampled_from(["done", "answer"]), texts, values, st.booleans())
menus = st.builds(
    Menu,
    st.just("snooze"),
    texts,
    st.lists(st.tuples(values.filter(bool), texts), min_size=1, max_size=5).map(tuple),
)
points = st.lists(
    st.tuples(st.sampled_from(["业绩贡献", "Client care", "Risk", "x" * 90]), st.floats(0, 120)),
    min_size=1,
    max_size=4,
    unique_by=lambda point: point[0],
).map(tuple)
nodes = st.one_of(
    st.builds(Heading, texts),
    st.builds(Paragraph, st.lists(spans, max_size=3).map(tuple)),
    st.builds(Quote, spans),
    st.builds(Note, texts),
    st.builds(Row, texts, st.lists(texts, max_size=3).map(tuple), st.none() | buttons),
    st.just(Rule()),
    st.builds(lambda button, menu: Actions((button, menu)), buttons, menus),
)
replies = st.builds(Reply, texts, st.lists(nodes, max_size=70).map(tuple), st.just("personal"))
charted = st.builds(
    lambda reply, chart: Reply(reply.summary, (chart, *reply.nodes), reply.disclosure),
    replies,
    st.builds(Chart, texts.filter(str.strip), st.just("points"), points),
)
options = st.lists(
    st.tuples(values.filter(bool), texts), min_size=1, max_size=120, unique_by=lambda one: one[0]
).map(tuple)
fields = st.one_of(
    st.builds(TextField, st.just("note"), texts, texts),
    st.builds(
        ChoiceField, st.just("kind"), texts, st.just((("onsite", "On site"), ("video", "Video")))
    ),
    st.just(DateField("day", "Day", "2026-11-17")),
    st.builds(TextField, st.just("text"), texts, texts, initial=texts),
    st.builds(ListField, st.just("to"), texts, texts, options),
    st.builds(ChecksField, st.just("clauses"), texts, options),
)
dialogs = st.builds(
    Dialog,
    texts,
    texts,
    st.lists(nodes, max_size=120).map(tuple),
    st.lists(fields, max_size=3, unique_by=lambda field: field.id).map(tuple),
    st.just("done"),
    texts,
    st.just({"item": "visit:K000001"}),
)
