"""The words of a clause that answer outright: verbatim, of the kind asked for, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.facts import find_fact
from knowledge.question import read_question
from knowledge.rulings import asks_for_ruling, ruling
from knowledge.statements import asked

FILES = (
    "Harbour files, including recordings, are kept for 5 years after the pier is closed. "
    "The master's notes belong to the file."
)
FEES = (
    "A pier order starts at RMB 50,000 for individuals and RMB 500,000 for companies. "
    "Later changes cost RMB 3,000 each."
)
ALERTS = "红色风筝由港务长解除，黄色风筝由领航员解除，蓝色风筝由船员自行解除。任何人不得补签。"
LEVELS = "渔船按期检查：大船每半年一次，中船每两年一次，小船每三年一次。逾期未检查的停航。"


def even(field, token):
    """Every word is as rare as the next."""
    return 4.0


def found(text, quote, heading=""):
    answer = find_fact(quote, heading, read_question(text), even)
    if answer is None:
        return None
    fact, (start, end) = answer
    assert start <= fact.start < fact.end <= end
    return fact.kind, quote[fact.start : fact.end]


@pytest.mark.parametrize(
    ("text", "quote", "fact"),
    [
        (
            "How long are harbour files kept?",
            FILES,
            ("how_long", "for 5 years after the pier is closed"),
        ),
        ("What does a pier order start at for individuals?", FEES, None),
        (
            "How much is a pier order for individuals at least?",
            FEES,
            ("how_much", "RMB 50,000"),
        ),
        (
            "When is the harbour permit due?",
            "The harbour permit is due by 31 March of each year.",
            ("when", "by 31 March"),
        ),
        (
            "When is the lamp lit?",
            "The keeper lights the lamp at eight every evening.",
            ("when", "at eight every evening"),
        ),
        (
            "By when is the gate shut?",
            "The gate is shut by 6 pm each Friday.",
            ("when", "by 6 pm each Friday"),
        ),
        ("渔港何时盘点？", "渔港每日营业终了后盘点。", ("when", "每日营业终了后")),
        # What lasts is no time to do it in.
        ("How soon must a closed pier be reported?", "A closed pier stays so for 5 days.", None),
        ("How long may I keep harbour papers?", "Harbour papers are returned within 5 days.", None),
        ("渔港账册保存多久？", "渔港账册五日内移交。", None),
        (
            "How soon must a lost boat be reported?",
            "The harbour bears losses in the 72 hours before the report of a lost boat.",
            None,
        ),
        (
            "How often is a boat inspected?",
            "A boat is inspected at least every 6 months by the pier office.",
            ("how_often", "at least every 6 months"),
        ),
        (
            "Who approves a boat loan?",
            "A boat loan is approved by the harbour committee. The pier office keeps the file.",
            ("who", "the harbour committee"),
        ),
        (
            "How many masts must a boat have?",
            "A boat must have at least three masts and a bell.",
            ("how_many", "three masts"),
        ),
        (
            "What share of a boat can be financed?",
            "Of a boat at most 80% of its price can be financed by the bank.",
            ("share", "at most 80%"),
        ),
        (
            "May boat money buy shares?",
            "Boat money may not be used to buy shares.",
            ("forbidden", "Boat money may not be used to buy shares."),
        ),
        (
            "Can a minor rent a boat?",
            "A minor may rent a boat only with a guardian.",
            ("conditional", "A minor may rent a boat only with a guardian."),
        ),
        (
            "Must the boat contract be notarised?",
            "The boat contract must be notarised if it was signed at sea.",
            ("required", "The boat contract must be notarised if it was signed at sea."),
        ),
        ("黄色风筝由谁解除？", ALERTS, ("who", "领航员")),
        ("中船多久检查一次？", LEVELS, ("how_often", "每两年一次")),
        (
            "渔船许可证几天内换发？",
            "渔船许可证应当自到期日起十个工作日内换发。",
            ("how_long", "自到期日起十个工作日内"),
        ),
        (
            "渔船贷款最多能贷船价的几成？",
            "渔船贷款金额不得超过船价的百分之七十。",
            ("share", "百分之七十"),
        ),
        (
            "码头每天最多取多少钱？",
            "码头取款机每日取款不超过二万元。",
            ("how_much", "不超过二万元"),
        ),
        (
            "渔船可以卖给员工吗？",
            "渔船不得卖给员工。",
            ("forbidden", "渔船不得卖给员工。"),
        ),
        (
            "出海前要不要投保？",
            "渔船出海前应当投保。",
            ("required", "渔船出海前应当投保。"),
        ),
    ],
)
def test_the_words_that_answer_are_the_clauses_own(text, quote, fact):
    assert found(text, quote) == fact


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        # two could be meant, and nothing tells which
        ("How often is a boat inspected?", "Boats every 6 months, ships every 24 months."),
        ("多久检查一次？", LEVELS),
        # the kind that is asked for is not stated
        ("Who keeps the boat?", "The boat is kept for 5 years."),
        ("How long is a boat kept?", "A boat is kept by the pier office."),
        # a table's row says nothing without its head
        ("How much is a harbour fee?", "Type | Sales fee | Harbour fee\nSmall | RMB 10 | RMB 20"),
        # it is about something else
        ("How long is a complaint open?", "A boat is moored for 5 years."),
        # a ban does not answer whether one must, nor a duty whether one may
        ("Must I accept a boat?", "Nobody may not accept a boat: boats are forbidden."),
        ("May I sell the boat?", "The boat must be painted and sold at sea."),
        # more than one ruling in a sentence
        ("May I row the boat?", "One may row the boat, but one may not sail the boat."),
        # neither who nor when nor how much
        ("What papers does a boat need?", "A boat needs 3 papers within 5 days."),
    ],
)
def test_where_no_fact_is_clear_none_is_given(text, quote):
    assert found(text, quote) is None


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Who must be told, and how fast?", ["who", "how_long"]),
        ("How many hours of training a year?", ["how_long"]),
        ("How many purchases waive the fee?", ["how_many", "how_much"]),
        ("What is insured when equipment is mortgaged?", []),
        ("第三道防线是谁，多久审一次授信", ["who", "how_often"]),
        ("现场要拍几张照片", ["how_many"]),
        ("首贷户利率能优惠几个点", ["share"]),
        ("给合同对手方打电话核实", []),
    ],
)
def test_what_a_question_asks_for_is_read_in_its_order(text, kinds):
    assert [alternatives[0] for alternatives in asked(text)][: len(kinds)] == kinds
    assert bool(asked(text)) == bool(kinds)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Can I accept a gift?", True),
        ("我能收礼吗？", True),
        ("Which gifts can I accept?", False),
        ("哪些情况必须拒绝？", False),
        ("What is the limit?", False),
    ],
)
def test_only_may_and_must_questions_ask_for_a_ruling(text, asks):
    assert asks_for_ruling(text) is asks


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Boats may not be sold.", "forbidden"),
        ("Boats are sold.", None),
        ("Boats may be sold, but no sails.", None),
        ("Boats may be sold once 7 days have passed.", "conditional"),
        ("渔船可以出售。", "allowed"),
        ("渔船经批准方可出售。", "conditional"),
        ("无须登记。", None),
    ],
)
def test_a_sentence_rules_one_thing_or_nothing(sentence, kind):
    assert ruling(sentence) == kind


QUESTIONS = st.sampled_from(
    [
        "How long?",
        "Who approves a boat within 3 days?",
        "How many boats may I hold?",
        "多久检查一次",
        "谁批准，最多多少钱",
        "能不能收",
        "几个人签字？",
    ]
)
WORDS = st.lists(
    st.sampled_from(
        ["by the", "harbour", "boat", "within", "3 days", "RMB 5", "may not", "only", ".", ", ",
         "五日内", "由", "港务长", "批准", "不得", "超过", "百分之五", "。", "，", "１２天", "|", "\n", "%"]
    ),
    max_size=25,
).map(" ".join)  # fmt: skip


@given(QUESTIONS, WORDS)
def test_a_fact_is_always_words_of_the_quote(text, quote):
    answer = find_fact(quote, "", read_question(text), even)

    if answer is not None:
        fact, (start, end) = answer
        assert 0 <= start <= fact.start < fact.end <= end <= len(quote)
        assert quote[fact.start : fact.end].strip()
