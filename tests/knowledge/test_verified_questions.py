"""Which questions are the same: strict, for what is served then is somebody's word for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.verified import keys, same

SAME_EN = (
    ("How long do I keep the recording?", "how long do I keep the recording"),
    ("How long do I keep the recording?", "HOW LONG DO I KEEP THE RECORDING?!"),
    ("How long do I keep the recording?", "Hi, how long do I keep the recordings?"),
    ("How long do I keep the recording?", "Could you tell me how long do I keep the recording"),
    ("How long do I keep the recording?", "Please, how long do I keep a recording, thanks"),
    ("Can a client sign by proxy?", "May a client sign by proxy?"),
    ("Can a client sign by proxy?", "can clients sign by proxy"),
    ("Can a client sign by proxy?", "Can a customer sign by proxy?"),
    ("Can't a client sign by proxy?", "Can’t a client sign by proxy?"),
    ("A client can't sign by proxy?", "A client cannot sign by proxy?"),
    ("A client can not sign by proxy?", "a client can’t sign by proxy"),
    ("Must I report it within 3 days?", "Must I report it within three days?"),
    ("Do I have to report it?", "Do I need to report it?"),
    ("Is 20% enough?", "Is 20 percent enough?"),
    ("Is 20% enough?", "is 20 per cent enough"),
    ("Is RMB 5,000,000 enough?", "Is RMB 5 million enough?"),
    ("If a client is late, how soon must I report?", "How soon must I report if a client is late?"),
    ("How quickly must I report it?", "How soon must I report it?"),
    ("What's the limit for a gift?", "What is the limit for a gift?"),
    ("Within how many business days?", "within how many working days"),
    ("Am I allowed to lend to a client?", "Can I lend to a client?"),
    ("Ｃａｎ　ａ　client　sign？", "Can a client sign?"),
)
OTHER_EN = (
    ("Must I report it within 3 days?", "Must I report it within 5 days?"),
    ("Must I report it within 3 days?", "Must I report it within 3 months?"),
    ("Must I report it within 3 days?", "Must I report it within 3 working days?"),
    ("Can a client sign by proxy?", "Can a client not sign by proxy?"),
    ("Can a client sign by proxy?", "Can't a client sign by proxy?"),
    ("Can a client sign by proxy?", "Can a manager sign by proxy?"),
    ("Can a client sign by proxy?", "Can a corporate client sign by proxy?"),
    ("Can a client sign by proxy?", "Must a client sign by proxy?"),
    ("Can a client sign by proxy?", "Should a client sign by proxy?"),
    ("Can a client give a manager a gift?", "Can a manager give a client a gift?"),
    ("Can the insured change it?", "Can the insurer change it?"),
    ("Who is the employer?", "Who is the employee?"),
    ("May I move money from savings to a fund?", "May I move money from a fund to savings?"),
    ("Do I report before the visit?", "Do I report after the visit?"),
    ("Is over 20% allowed?", "Is under 20% allowed?"),
    ("Is a balance > 5 million fine?", "Is a balance < 5 million fine?"),
    ("Is a change of -5% a signal?", "Is a change of 5% a signal?"),
    ("Is 20% enough?", "Is 20 enough?"),
    ("Is USD 500 enough?", "Is RMB 500 enough?"),
    ("Can I sell a Class A fund?", "Can I sell a Class B fund?"),
    ("Who approves it?", "When is it approved?"),
    ("How long is it kept with the client's consent?",
     "How long is it kept without the client's consent?"),
    ("May only the manager sign?", "May the manager sign?"),
    ("How long do I keep the recording?", "How long do I keep the recording of a wealth sale?"),
    ("May I do it on the first visit?", "May I do it on the second visit?"),
    ("Does clause 3.2 apply?", "Does clause 3.3 apply?"),
)  # fmt: skip
SAME_ZH = (
    ("录音要保存多久？", "录音要保存多久"),
    ("录音要保存多久？", "请问录音要保存多久呢？"),
    ("录音要保存多久？", "您好，录音要保存多长时间？谢谢"),
    ("录音要保存多久？", "录音到底要保存多久啊"),
    ("客户的录音要保存多久？", "客户录音要保存多久？"),
    ("客户能不能代签？", "客户可不可以代签"),
    ("客户能不能代签？", "客户可以代签吗？"),
    ("客户能否代签？", "请问客户是否可以代签"),
    ("客户可以代签吗？", "顾客可以代签吗？"),
    ("开户要不要本人到场？", "开户是否需要本人到场"),
    ("开户需要本人到场吗？", "开户用不用本人到场？"),
    ("３个月内可以吗？", "三个月内可以吗"),
    ("3个月之内可以吗？", "三个月以内可以吗"),
    ("超过百分之二十可以吗？", "超过20%可以吗？"),
    ("超过500万可以吗？", "超过5,000,000可以吗？"),
    ("逾期以后，多久上报？", "多久上报，逾期以后？"),
    ("客户什么时候签字？", "客户何时签字"),
    ("这笔业务如何处理？", "这笔业务怎么处理呢"),
    ("我行的要求是什么？", "本行要求是什么？"),
    ("客户应该本人签字吗？", "客户应当本人签字吗"),
    ("有没有期限？", "有期限吗？"),
    ("录音，要保存多久？", "录音要保存多久？"),
)
OTHER_ZH = (
    ("3天内可以吗？", "5天内可以吗？"),
    ("3天内可以吗？", "3个月内可以吗？"),
    ("3天内可以吗？", "3个工作日内可以吗？"),
    ("客户可以代签吗？", "客户不可以代签吗？"),
    ("客户可以代签吗？", "客户经理可以代签吗？"),
    ("客户可以代签吗？", "对公客户可以代签吗？"),
    ("客户可以代签吗？", "客户必须代签吗？"),
    ("客户应当签字吗？", "客户必须签字吗？"),
    ("客户不要签字怎么办？", "客户不需要签字怎么办？"),
    ("客户送客户经理礼品可以吗？", "客户经理送客户礼品可以吗？"),
    ("可以从理财转到存款吗？", "可以从存款转到理财吗？"),
    ("走访之前要上报吗？", "走访之后要上报吗？"),
    ("20%以上可以吗？", "20%以下可以吗？"),
    ("余额>500万可以吗？", "余额<500万可以吗？"),
    ("变动-5%算预警吗？", "变动5%算预警吗？"),
    ("美元500可以吗？", "人民币500可以吗？"),
    ("A类份额可以卖吗？", "C类份额可以卖吗？"),
    ("A类份额可以卖吗？", "类份额可以卖吗？"),
    ("谁来批准？", "何时批准？"),
    ("第十二条适用吗？", "第十三条适用吗？"),
    ("未经客户同意可以吗？", "经客户同意可以吗？"),
    ("只有团队长可以吗？", "团队长可以吗？"),
    ("投保人可以变更吗？", "被保险人可以变更吗？"),
    ("录音要保存多久？", "理财销售录音要保存多久？"),
    ("无需上报吗？", "需上报吗？"),
    ("首次走访可以吗？", "第二次走访可以吗？"),
)


@pytest.mark.parametrize(("one", "other"), [*SAME_EN, *SAME_ZH])
def test_ways_of_writing_the_same_question_are_one(one, other):
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(("one", "other"), [*OTHER_EN, *OTHER_ZH])
def test_another_number_negation_party_or_product_is_another_question(one, other):
    assert not same(one, other)
    assert not same(other, one)


def test_there_are_enough_pairs_to_trust_it():
    assert len(SAME_EN + OTHER_EN) >= 40
    assert len(SAME_ZH + OTHER_ZH) >= 40


EVERY = tuple({text for pair in SAME_EN + OTHER_EN + SAME_ZH + OTHER_ZH for text in pair})
ENGLISH = tuple(text for text in EVERY if text.isascii())
CHINESE = tuple(text for text in EVERY if any("一" <= sign <= "鿿" for sign in text))
questions = st.sampled_from(EVERY)


@given(questions)
def test_a_question_is_itself_however_it_is_typed(text):
    assert same(text, text)
    assert same(text, f"  {text.upper()}！")
    assert same(text, text.rstrip("？?") + "。")


@given(questions, questions)
def test_being_the_same_goes_both_ways(one, other):
    assert same(one, other) == same(other, one)


@given(st.text(max_size=60), st.text(max_size=60))
def test_texts_without_a_word_are_the_same_as_nothing(one, other):
    assert same(one, other) == same(other, one)
    assert same(one, one) == bool(keys(one))


WORSE_EN = ("not", "never", "no", "without", "7", "manager", "corporate", "fund", "only", "before")
WORSE_ZH = ("不", "未", "无", "7", "客户经理", "对公", "基金", "仅", "以前", "首次")


@given(st.sampled_from(ENGLISH), st.sampled_from(WORSE_EN), st.data())
def test_one_word_more_is_another_question(text, word, data):
    words = text.split()
    place = data.draw(st.integers(0, len(words) - 1))
    longer = " ".join((*words[:place], word, *words[place:]))
    assert not same(text, longer)


@given(st.sampled_from(CHINESE), st.sampled_from(WORSE_ZH))
def test_one_chinese_word_more_is_another_question(text, word):
    assert not same(text, word + text)


@given(st.sampled_from(EVERY), st.integers(1, 10_000))
def test_another_number_is_another_question(text, more):
    if any(sign.isdigit() for sign in text):
        changed = "".join(str(int(sign) + more) if sign.isdigit() else sign for sign in text)
        assert not same(text, changed)


@given(st.sampled_from(ENGLISH), st.sampled_from(CHINESE))
def test_languages_do_not_meet(one, other):
    assert keys(one).isdisjoint(keys(other))
