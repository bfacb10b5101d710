"""Follow-ups in both languages, and questions that stand alone and are never touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answer import Turn
from knowledge.followup import merge, read_on, stands_alone
from tests.knowledge.golden import SETS, golden

GOLDEN = [asked.text for name in SETS for asked in golden(name)]

# Questions of their own, many of which look like continuations.
ALONE_EN = (
    "And may I accept a gift from a client?",
    "So who approves a waiver of interest?",
    "But how long are complaint files kept?",
    "What if a client asks me to keep his bank card?",
    "What if the second analyst disagrees with the first?",
    "What about gifts from a client's spouse at New Year?",
    "Is it possible to open an account by video?",
    "Is it OK to accept a gift?",
    "Is it allowed to keep a seal overnight?",
    "Can I accept a gift?",
    "May I take documents home?",
    "How do I close an account?",
    "When is a visit late?",
    "If a complaint is rejected, does it count?",
    "When a passport expires, what do I do?",
    "If my client breaks a deposit early, what interest does he get?",
    "Client wants compensation: who can sign that?",
    "The complaint is about me. Can I call the client?",
    "May I warn my client that we filed a report?",
    "For how long do we keep records?",
    "Within how many days must I log a visit?",
    "From what amount is a verifier needed?",
    "By what time must payroll be in?",
    "After a loan is written off, may I tell the debtor?",
    "Final answer deadline for complaints, please?",
    "Annual fee of a platinum card?",
    "Fast redemption: what's the daily cap?",
    "visit parking",
    "Client Visit Policy 7.4",
    "What does section 2.1 of the Client Visit Policy say?",
    "Do we offer car loans?",
    "Who may lift a yellow warning?",
    "Does a phone call count as a visit?",
    "How many reward points does a client get this month?",
)
ALONE_ZH = (
    "那客户拒绝双录还能卖产品吗？",
    "那我能收客户的礼品吗？",
    "如果客户身份证过期了，多久停他的账户？",
    "要是客户不肯签字，贷款合同怎么办理",
    "这个客户之前报过一次了，又来一笔怪的，还要再报吗",
    "这家企业的代发人数突然少了一大半，我几天内要去问",
    "其他银行的流水能不能当收入证明？",
    "本金能不能打折",
    "打电话算不算一次走访？",
    "黄色预警谁能关掉",
    "风险测评多久过期",
    "无还本续贷能续几次",
    "现场要拍几张照片",
    "客户投诉几天内答复？",
    "贷后管理办法第二条",
    "请问《贷后管理》第2条怎么说",
    "双录视频要留几年",
    "想走个政策例外，最后谁批",
    "客户把贷款拿去炒股了，怎么办呢？",
    "老人不会用手机银行，我能替他点吗",
    "另外客户逾期还款多久要上报团队长？",
    "还有红色预警几天之内要响应？",
    "对公转账到什么金额会被当大额抓出来",
    "对C2的客户，我最高能推荐到哪个风险级别",
    "第三道防线是谁，多久审一次授信",
    "客户点名要买外面的私募，我能帮忙推荐吗",
    "小微企业也能申请信用贷款吗？有什么条件",
    "个人消费贷付多少钱以上要受托支付",
    "两家公司互保我们认不认",
    "飞单被查到考核会怎么样",
    "用途只写资金周转行不行",
    "该不该给客户看系统评分？",
)
FOLLOW_EN = (
    "and for corporate clients?",
    "And abroad?",
    "and for R3?",
    "what about insurance?",
    "What about corporate clients?",
    "how about a minor?",
    "What if it is late?",
    "what if the client refuses?",
    "what if he insists?",
    "And who checks it?",
    "and who approves?",
    "who approves that?",
    "who decides?",
    "how long?",
    "How much?",
    "Why?",
    "since when?",
    "and the fee?",
    "the deadline?",
    "Does that apply to companies?",
    "is this also true for R2?",
    "Can it be extended?",
    "can they sign?",
    "May I keep it?",
    "for minors as well?",
    "with a guardian?",
    "after 90 days?",
    "and above RMB 50,000?",
    "even if he insists?",
    "if the client is 70?",
    "same for companies?",
    "And when the client is a minor?",
    "but on a Saturday?",
    "Do they need a guardian?",
    "And cash?",
)
FOLLOW_ZH = (
    "那对公客户呢？",
    "对公的呢",
    "那贵宾客户呢",
    "橙色呢？",
    "存货呢",
    "那借记卡呢？",
    "如果逾期了呢？",
    "要是客户不同意呢",
    "万一丢了呢？",
    "谁批？",
    "那谁来批？",
    "多久？",
    "那要多久",
    "多少钱？",
    "为什么？",
    "那最多多少？",
    "这个要谁签字？",
    "这种情况可以吗",
    "它的有效期多久",
    "能延长吗？",
    "可以延期吗",
    "小微企业也一样吗？",
    "外籍客户也是吗",
    "换成对公客户呢",
    "超过90天呢？",
    "超过五十万呢",
    "还需要什么材料？",
    "那第十三条呢？",
    "周末呢？",
    "那什么时候报？",
    "晚了会怎样？",
    "然后呢？",
)


@pytest.mark.parametrize("text", [*ALONE_EN, *ALONE_ZH])
def test_a_question_that_says_what_it_is_about_stands_alone(text):
    assert stands_alone(text)
    assert merge(text, "How long must a boat permit be kept?") is None
    assert merge(text, "渔船许可证保存多久？") is None


@pytest.mark.parametrize("text", [*FOLLOW_EN, *FOLLOW_ZH])
def test_a_fragment_is_read_with_the_question_before_it(text):
    assert not stands_alone(text)
    assert merge(text, "") is None
    zh = any("一" <= letter <= "鿿" for letter in text)
    read = merge(text, "渔船许可证保存多久？" if zh else "How long is a boat permit kept?")
    assert read is not None
    assert ("渔船" if zh else "boat") in read.text


@given(
    st.sampled_from([*GOLDEN, *ALONE_EN, *ALONE_ZH]),
    st.lists(st.sampled_from([*GOLDEN, *FOLLOW_EN, *FOLLOW_ZH]), max_size=5),
)
def test_no_earlier_question_bends_one_that_stands_alone(text, earlier):
    turns = [Turn(question, "en") for question in earlier]

    assert read_on(text, turns) is None


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=4))
def test_whatever_was_typed_is_read_without_a_fault(text, earlier):
    read = read_on(text, [Turn(question, "zh", ("x@1#1",)) for question in earlier])

    assert read is None or read.text.strip()


@pytest.mark.parametrize(
    ("before", "text", "read"),
    [
        (
            "How often is an individual client's file reviewed?",
            "and for corporate clients?",
            "How often is corporate clients' file reviewed?",
        ),
        (
            "How soon must a red warning be answered?",
            "and an orange one?",
            "How soon must an orange warning be answered?",
        ),
        (
            "Can an individual open an account by video?",
            "Does that apply to companies?",
            "Can companies open an account by video?",
        ),
        (
            "By when is a permit for individuals renewed?",
            "and for companies?",
            "By when is a permit for companies renewed?",
        ),
        (
            "What papers do I need for an individual account?",
            "same for companies?",
            "What papers do I need for a company account?",
        ),
        (
            "Can I recommend an R3 fund to a C2 client?",
            "what about R2?",
            "Can I recommend an R2 fund to a C2 client?",
        ),
        (
            "What does clause 3.2 of the AML policy say?",
            "and clause 3.3?",
            "What does clause 3.3 of the AML policy say?",
        ),
        (
            "When must I log a visit?",
            "what if it is late?",
            "When must I log a visit? what if it is late?",
        ),
        # Who a client is and what they have are two families, and yet no company is private.
        (
            "How often must I visit a private client?",
            "and for corporate clients?",
            "How often must I visit corporate clients?",
        ),
        ("私行客户多久走访一次？", "那对公客户呢？", "对公客户多久走访一次？"),
        # In a question of the other language what is named goes by its name there.
        (
            "How often must an orange warning be updated?",
            "那黄色呢？",
            "How often must a yellow warning be updated?",
        ),
        ("红色预警几天内响应？", "and orange ones?", "橙色预警几天内响应？"),
        ("个人客户开户要登记哪些信息？", "那对公客户呢？", "对公客户开户要登记哪些信息？"),
        ("红色预警几天内响应？", "橙色呢？", "橙色几天内响应？"),
        ("开户要哪些资料", "小微企业也一样吗？", "小微企业开户要哪些资料？"),
        ("贷后管理办法第十二条", "那第十三条呢？", "贷后管理办法第十三条？"),
        ("投诉几天内答复？", "能延长吗？", "投诉几天内答复？能延长吗？"),
    ],
)
def test_what_is_named_instead_takes_the_place_of_its_like(before, text, read):
    found = merge(text, before)

    assert found is not None
    assert found.text == read


def test_what_a_follow_up_asks_for_is_what_counts():
    before = "When must I log a visit?"

    assert merge("and who checks it?", before).asks == "and who checks it?"
    assert merge("what if it is late?", before).asks == ""
    assert merge("and for companies?", "Who signs for an individual?").asks == (
        "Who signs for companies?"
    )


def test_a_chain_of_follow_ups_keeps_its_subject():
    turns = [Turn("How soon must a red warning be answered?", "en"), Turn("and orange?", "en")]

    read = read_on("and yellow?", turns)

    assert read is not None
    assert read.text == "How soon must a yellow be answered?"


def test_a_new_subject_ends_the_old_one():
    turns = [
        Turn("How soon must a red warning be answered?", "en"),
        Turn("How long are complaint files kept?", "en"),
    ]

    read = read_on("who decides?", turns)

    assert read is not None
    assert read.text == "How long are complaint files kept? who decides?"
