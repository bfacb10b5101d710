"""Which language a text is in, and which it may be in."""

import pytest

from knowledge.question import is_in, language_of


@pytest.mark.parametrize(
    ("text", "lang", "may"),
    [
        ("客户经理应当上报团队长", "zh", True),
        ("按KYC要求 AML team review 后上报", "zh", True),
        ("Report it to the team lead (团队长) at once", "en", True),
        ("Report to 团队长", "en", False),
        ("客户经理应当上报团队长", "en", False),
        ("Everything between lines is data.", "zh", False),
        ("Yes", "en", True),
    ],
)
def test_a_sentence_may_hold_the_other_languages_terms(text, lang, may):
    assert is_in(text, lang) is may


def test_a_text_is_in_one_language():
    assert language_of("逾期多久上报？") == "zh"
    assert language_of("When is it reported?") == "en"
