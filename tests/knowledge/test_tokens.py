import pytest

from knowledge.tokens import stem, tokenize


def test_english_words_are_stemmed_and_paired_without_stop_words():
    tokens = tokenize("The client's overdue loans must be reported")

    assert tokens.words == ("client", "overdu", "loan", "report")
    assert tokens.pairs == ("client_overdu", "overdu_loan", "loan_report")


def test_chinese_gives_single_characters_and_bigrams_within_a_run():
    tokens = tokenize("逾期，贷款")

    assert tokens.words == ("逾", "期", "贷", "款")
    assert tokens.pairs == ("逾期", "贷款")


@pytest.mark.parametrize(
    ("one", "other"),
    [("百分之二十", "20%"), ("500万元", "5,000,000元"), ("5 million", "5,000,000"), ("５００", "500"),
     ("五个工作日", "5个工作日"), ("two days", "2 days"), ("第十二条", "第12条")],
)  # fmt: skip
def test_the_same_figure_is_the_same_token_however_it_is_written(one, other):
    assert tokenize(one).words == tokenize(other).words


def test_clause_numbers_stay_whole():
    assert tokenize("see 3.2.1").words[-1] == "=3.2.1"
    assert "#12" in tokenize("按照第十二条办理").words


@pytest.mark.parametrize(
    ("form", "base"), [("sold", "sell"), ("withdrawal", "withdraw"), ("lost", "lose")]
)
def test_irregular_forms_share_a_stem(form, base):
    assert stem(form) == stem(base)
