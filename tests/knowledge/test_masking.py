"""What names somebody does not leave the house, however it is written; and it comes back whole."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.masking.folding import fold
from knowledge.masking.mask import Mask, MaskingError
from knowledge.masking.names import Names
from knowledge.masking.recognisers import recognise

SHIPPED = Path(__file__).parents[2] / "knowledge" / "policies"
CLIENTS = (
    *("云小舟", "松涛", "星河灯塔贸易有限公司", "星河（滨江）科技股份有限公司"),
    *("Ada Example", "Zoë Sample", "Blue Lantern Trading Ltd", "Paper Abacus Foods 2 Ltd"),
)
ACCOUNTS = frozenset(("K000001", "K000001-1", "3100123456", "AC-77-0042", "Kx-00Ab"))
GROUPINGS = ("0000000-0", "00-00-0000", "00-0000")
NAMES = Names().with_more(CLIENTS)


def mask() -> Mask:
    return Mask(NAMES, lambda wanted: ACCOUNTS & set(wanted), GROUPINGS)


def hidden(text: str) -> list[str]:
    """What was put out of sight, as "KIND:words", in the order of the text."""
    one = mask()
    (masked,) = one.hide(text)
    assert one.show(masked) == text
    found = re.findall(r"\[[A-Z]+-\d+[a-z]*-[a-z]{6}\]", masked)
    return [f"{placeholder[1:].split('-')[0]}:{one.show(placeholder)}" for placeholder in found]


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


# The check signs below are worked out another way than the product does it.


def resident_id(first17: str) -> str:
    """ISO 7064 MOD 11-2 as its recursion: p ← (p + digit) × 2 mod 11; p + check ≡ 1."""
    p = 0
    for digit in first17:
        p = (p + int(digit)) * 2 % 11
    return first17 + "0123456789X"[(1 - p) % 11]


def card(digits: str) -> str:
    """Luhn: the check digit is the one of ten that makes the sum of the folded digits end in 0."""
    folded = {"0": 0, "1": 2, "2": 4, "3": 6, "4": 8, "5": 1, "6": 3, "7": 5, "8": 7, "9": 9}
    total = sum(
        folded[digit] if place % 2 == 0 else int(digit)
        for place, digit in enumerate(reversed(digits))
    )
    return digits + str((10 - total % 10) % 10)


def credit_code(first17: str) -> str:
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(signs.index(sign) * pow(3, place, 31) for place, sign in enumerate(first17))
    return first17 + signs[(31 - total % 31) % 31]


born = st.dates(date(1930, 1, 1), date(2020, 12, 31)).map(lambda day: day.strftime("%Y%m%d"))
resident_ids = st.builds(
    lambda place, day, order: resident_id(f"{place}{day}{order:03}"),
    st.sampled_from(("110105", "330106", "440300", "650102", "810000")),
    born,
    st.integers(0, 999),
)
cards = st.builds(
    lambda issuer, rest: card(issuer + rest),
    st.sampled_from(("622202", "411111", "955880")),
    st.text("0123456789", min_size=6, max_size=12),
)
codes = st.builds(
    lambda place, body: credit_code(f"91{place}{body}"),
    st.sampled_from(("350100", "310115")),
    st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9),
)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
numbers = st.one_of(resident_ids, cards, codes, mobiles)
secrets_of_the_bank = st.one_of(numbers, st.sampled_from((*CLIENTS, *sorted(ACCOUNTS))))
glue = st.text("的客户号是：，。 \nabc（）", max_size=6)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("11010519491231002X", ["ID:11010519491231002X"]),  # the standard's own example
        ("身份证11010519491231002x的客户", ["ID:11010519491231002x"]),
        ("证号１１０１０５１９４９１２３１００２Ｘ。", ["ID:１１０１０５１９４９１２３１００２Ｘ"]),
        ("110105 19491231 002X", ["ID:110105 19491231 002X"]),
        ("旧证110105491231002", ["ID:110105491231002"]),
        ("代码91350100M000100Y43的公司", ["USCC:91350100M000100Y43"]),  # the standard's example
        ("mistyped 91350100M000100Y44", ["USCC:91350100M000100Y44"]),
        ("9135 0100 M000 100Y 43", ["USCC:9135 0100 M000 100Y 43"]),
        ("卡6222021234567890128转账", ["CARD:6222021234567890128"]),
        ("from 4111-1111-1111-1111 to", ["CARD:4111-1111-1111-1111"]),
        ("４１１１　１１１１　１１１１　１１１１", ["CARD:４１１１　１１１１　１１１１　１１１１"]),
        ("身份证110105.19491231.002X", ["ID:110105.19491231.002X"]),
        ("1101\n05194912\n31002X", ["ID:1101\n05194912\n31002X"]),
        ("1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", ["ID:1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X"]),
        ("卡6222.0212.3456.7890.128", ["CARD:6222.0212.3456.7890.128"]),
        ("6222\t0212\r\n3456\n7890 / 128", ["CARD:6222\t0212\r\n3456\n7890 / 128"]),
        ("6 2 2 2 0 2 1 2 3 4 5 6 7 8 9 0 1 2 8", ["CARD:6 2 2 2 0 2 1 2 3 4 5 6 7 8 9 0 1 2 8"]),
        ("138_0013_8000", ["MOBILE:138_0013_8000"]),
        ("手机幺三八零零幺三八零零零", ["MOBILE:幺三八零零幺三八零零零"]),
        ("电话 8765 4321", ["PHONE:8765 4321"]),
        ("PE1234567", ["PASSPORT:PE1234567"]),
        ("13800138000打不通", ["MOBILE:13800138000"]),
        ("138\u200b0013\u200b8000", ["MOBILE:138\u200b0013\u200b8000"]),
        ("call +86 138 0013 8000 now", ["PHONE:+86 138 0013 8000"]),
        ("call +44 20 7946 0958 now", ["PHONE:+44 20 7946 0958"]),
        ("电话：010-62345678转12", ["PHONE:010-62345678转12"]),
        ("（0571）87654321", ["PHONE:（0571）87654321"]),
        ("Tel: 62345678", ["PHONE:62345678"]),
        ("请发zhang.san@example.com.cn查收", ["EMAIL:zhang.san@example.com.cn"]),
        ("ｚｈａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", ["EMAIL:ｚｈａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ"]),
        ("护照E12345678号", ["PASSPORT:E12345678"]),
        ("护照号码：123456789", ["PASSPORT:123456789"]),
        ("港澳通行证H12345678", ["PASSPORT:H12345678"]),
        ("户名不详，账号 12345678", ["ACCOUNT:12345678"]),
        ("a card mistyped: 6222021234567890129", ["NUMBER:6222021234567890129"]),
        ("token xoxb-1111-2222-abcDEF", ["SECRET:xoxb-1111-2222-abcDEF"]),
        ("password: hunter2!", ["SECRET:hunter2!"]),
        ("postgresql://daybook:s3cret@db/bank", ["SECRET:s3cret"]),
        ("客户云小舟逾期了吗", ["NAME:云小舟"]),
        ("云 小\u200b舟", ["NAME:云 小\u200b舟"]),
        ("ADA  EXAMPLE and Zoe\u0308 Sample", ["NAME:ADA  EXAMPLE", "NAME:Zoe\u0308 Sample"]),
        ("ada/example, | 云小 | 舟 |", ["NAME:ada/example", "NAME:云小 | 舟"]),
        ("Ada Example2笔贷款", ["NAME:Ada Example"]),
        ("星河灯塔贸易的贷款", ["NAME:星河灯塔贸易"]),
        ("星河(滨江)科技股份有限公司", ["NAME:星河(滨江)科技股份有限公司"]),
        ("blue lantern trading's loan", ["NAME:blue lantern trading"]),
        ("客户K000001名下K000001-1", ["ACCOUNT:K000001", "ACCOUNT:K000001-1"]),
        ("ｋ０００００１－１", ["ACCOUNT:ｋ０００００１－１"]),
        ("ac 77 0042", ["ACCOUNT:ac 77 0042"]),
        ("账户Kx-00Ab的余额", ["ACCOUNT:Kx-00Ab"]),
        ("3100 123 456", ["ACCOUNT:3100 123 456"]),
        # However they are grouped, and however the bank groups them.
        ("K0000011", ["ACCOUNT:K0000011"]),
        ("K 000 001 1", ["ACCOUNT:K 000 001 1"]),
        ("K 0 0 0 0 0 1", ["ACCOUNT:K 0 0 0 0 0 1"]),
        ("K0\r\n00\t0 | 01", ["ACCOUNT:K0\r\n00\t0 | 01"]),
        ("AC770042", ["ACCOUNT:AC770042"]),
        ("ac.7700.42", ["ACCOUNT:ac.7700.42"]),
        # Letters that look like digits.
        ("3lOO123456", ["ACCOUNT:3lOO123456"]),
        ("KOOOOO1", ["ACCOUNT:KOOOOO1"]),
        ("手机138OO138OOO", ["MOBILE:138OO138OOO"]),
        ("卡6222O2I234567890l28转账", ["CARD:6222O2I234567890l28"]),
        ("11O1O51949l231OO2X", ["ID:11O1O51949l231OO2X"]),
    ],
)
def test_what_names_somebody_is_hidden(text, kinds):
    assert hidden(text) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "第十二条第三款、3.2.1、§ 14(b)、Article 12",
        "不超过1,000,000,000元，年利率3.45%，¥12,345,678.90",
        "2024-01-01至2024-12-31，2023 2024 2025 2026，20241231",
        "银监发〔2010〕102号，文件编号 2024-0098-12，GB/T 32100-2015，ISO 20022",
        "客服热线95588，24 hours, 7×24",
        "http://127.0.0.1:8765, version 1.30.0, T+1, 3C",
        "客户的密码是本人设置的；password must be changed every 90 days",
        "Adam Examples, Blue Lanterns, 云间小舟",
        "保单号 PZ-2026-118，档案盒 12-34-56",
    ],
)
def test_ordinary_text_of_a_policy_is_left_alone(text):
    assert mask().hide(text) == (text,)


@given(st.text(), st.lists(st.tuples(secrets_of_the_bank, glue), max_size=4))
def test_whatever_is_hidden_comes_back_sign_for_sign(text, planted):
    whole = text + "".join(secret + between for secret, between in planted)
    one = mask()

    (masked,) = one.hide(whole)

    assert one.show(masked) == whole


@given(st.lists(st.tuples(glue, secrets_of_the_bank), min_size=1, max_size=4), glue)
def test_nothing_that_is_recognised_is_left_and_masking_again_changes_nothing(planted, end):
    text = "".join(between + secret for between, secret in planted) + end
    one = mask()

    (masked,) = one.hide(text)

    rest = fold(re.sub(r"\[[A-Z]+-\d+[a-z]*-[a-z]{6}\]", "[]", masked))
    assert not list(recognise(rest.text))
    assert not list(NAMES.find(rest))
    assert one.hide(masked) == (masked,)


@given(numbers, st.sampled_from(("客户{}的", "：{}。", "（{}）", " {} ", "电话{}")))
def test_a_number_is_found_glued_to_chinese_and_in_full_width(number, around):
    for written in (number, full_width(number), "\u200b".join(number)):
        (masked,) = mask().hide(around.format(written))

        assert written not in masked
        assert not set(fold(masked).text) & set("0123456789") - set("1")


@given(st.sampled_from(CLIENTS), st.sampled_from(CLIENTS))
def test_the_same_value_has_the_same_placeholder_in_every_text(first, second):
    one = mask()

    (question,) = one.hide(f"{first}和{second}")
    history, clause = one.hide(f"上次问的{first}", f"附件：{second}。")

    assert one.show(question) == f"{first}和{second}"
    assert history.removeprefix("上次问的") in question
    assert clause.removeprefix("附件：").removesuffix("。") in question


def test_another_spelling_of_a_value_is_told_apart_and_known_to_be_the_same():
    one = Mask(NAMES, lambda _: set(), sign="kqzvtr")

    (masked,) = one.hide("星河灯塔贸易有限公司，即星河灯塔贸易；13800138000，+86 138 0013 8000")

    assert masked == ("[NAME-1-kqzvtr]，即[NAME-1b-kqzvtr]；[MOBILE-2-kqzvtr]，[MOBILE-2b-kqzvtr]")


def test_what_one_text_gives_away_is_hidden_in_the_others():
    one = Mask(NAMES, lambda _: set(), sign="kqzvtr")

    assert one.hide("再查 12345678", "账号：12345678") == (
        "再查 [ACCOUNT-1-kqzvtr]",
        "账号：[ACCOUNT-1-kqzvtr]",
    )


def test_a_placeholder_in_somebodys_text_means_nothing():
    one = mask()
    forged = "[NAME-1-aaaaaa] [NAME-1-zzzzzz] [CARD-2-bbbbbb]"

    masked, clause = one.hide(f"{forged} 云小舟", forged)

    assert masked.startswith(forged)
    assert clause == forged
    assert one.show(clause) == forged


def test_a_text_that_knows_the_requests_own_sign_is_not_sent():
    one = Mask(NAMES, lambda _: set(), sign="kqzvtr")

    with pytest.raises(MaskingError, match="own sign"):
        one.hide("云小舟 [NAME-2-kqzvtr]")


def test_names_are_found_whatever_their_number_and_length():
    names = [
        f"{chr(0x4E00 + n)}{chr(0x5E00 + n * 7 % 999)}{chr(0x6E00 + n % 97)}" for n in range(999)
    ]
    known = Names().with_more(names[:500]).with_more([*names[500:], "龙", "长" * 200, ""])
    text = "与".join(names)

    found = {text[start:end] for start, end in known.find(fold(text))}

    assert set(names) <= found
    assert "龙" not in found
    assert list(known.find(fold("长" * 80))) == [(0, 80)]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("{placeholder}应当在三个工作日内上报。", False),
        ("应当在三个工作日内上报。", False),
        ("松涛应当上报。", False),  # two letters: too many words hold them
        ("星河灯塔贸易应当上报。", True),
        ("13800138000应当上报。", True),
        ("[NAME-7-aaaaaa]应当上报。", True),
        ("[NAME-1-应当上报。", True),
        ("name-1-{sign}应当上报。", True),
        ("[AML-12]第三条", False),
    ],
)
def test_a_model_may_name_whom_it_was_told_of_and_nobody_else(written, names):
    one = mask()
    (placeholder,) = one.hide("云小舟")

    said = written.format(placeholder=placeholder, sign=placeholder[-7:-1])
    assert one.names_somebody(said) is names


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.md")), ids=lambda path: path.stem)
def test_nothing_in_the_policies_shipped_is_taken_for_anybodys(path):
    text = path.read_text(encoding="utf-8")

    assert mask().hide(text) == (text,)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Is Аda Exаmple late?", "Аda Exаmple"),  # Cyrillic А and а
        ("ΑDA EXAΜPLE", "ΑDA EXAΜPLE"),  # Greek capitals
        ("Ｂlue Lаntern Тrading", "Ｂlue Lаntern Тrading"),
    ],
)
def test_names_in_letters_that_only_look_like_theirs_are_hidden(text, name):
    assert hidden(text) == [f"NAME:{name}"]
