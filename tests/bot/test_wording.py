"""Wording: both languages say everything, with the same values, and nothing is said in vain."""

import ast
import re
from pathlib import Path

import pytest

from bot.wording import LANGS, WordingError, fields, knows, say, sentences

BOT = Path(__file__).parents[2] / "bot"
BUILT = (  # families of keys of which code chooses one at run time
    "appraisal.",
    "clause.",
    "confirm.head.",
    "policies.",
    "sync.overlap_",
    "tune.head.",
    "audit.fault.",
    "classes.",
    "glossary.",
    "feedback.because.",
    "incident.",
    "credited.",
    "unscored.",
    "report.",
    "record.",
    "code.",
    "brief.by_",
    "brief.complaint_",
    "brief.use_",
    "brief.paper_",
    "brief.purpose_",
    "brief.risk_",
    "brief.size_",
    "brief.tier_",
    "digest.was_",
    "health.",
    "levers.",
    "need.",
    "prompts.",
    "refused.",
    "row.",
    "stranger.",
    "target.",
    "ticket.",
    "verified.",
    "visit.",
    "warning.",
    "conflict.",
    "lead.",
)


def forms(sentence) -> list[str]:
    return [sentence] if isinstance(sentence, str) else list(sentence.values())


def test_both_languages_have_the_same_sentences():
    assert set(sentences("en")) == set(sentences("zh"))


@pytest.mark.parametrize("key", sorted(sentences("en")))
def test_a_sentence_takes_the_same_values_in_both_languages(key):
    taken = {
        lang: {name for form in forms(sentences(lang)[key]) for name in fields(form)} - {"n"}
        for lang in LANGS
    }

    assert taken["en"] == taken["zh"]
    assert isinstance(sentences("en")[key], str) == isinstance(sentences("zh")[key], str)


def used_keys() -> set[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in BOT.rglob("*.py"))
    return {key for key in re.findall(r'"([a-z]+\.[a-zA-Z0-9_]+)"', text) if knows(key)}


def test_every_key_the_code_says_exists():
    missing = [
        (path.name, node.args[1].value)
        for path in BOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "say"
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
        and not knows(node.args[1].value)
    ]

    assert missing == []


def test_no_sentence_is_left_that_nobody_says():
    unused = set(sentences("en")) - used_keys()

    assert {key for key in unused if not key.startswith(BUILT)} == set()


def test_a_counting_sentence_chooses_its_form():
    assert say("en", "digest.days", n=1) == "1 working day"
    assert say("en", "digest.days", n=3) == "3 working days"
    assert say("zh", "digest.days", n=3) == "3 个工作日后"


def test_missing_and_superfluous_values_and_unknown_keys_are_refused():
    with pytest.raises(WordingError, match="takes \\['officer'\\]"):
        say("en", "refused.ask_officer")
    with pytest.raises(WordingError, match="was given"):
        say("en", "refused.closest", officer="nobody")
    with pytest.raises(WordingError, match="no sentence"):
        say("en", "refused.nothing_like_it")


def test_braces_in_a_value_stay_as_they_are():
    assert "{0.__class__}" in say("en", "refused.ask_officer", officer="{0.__class__}")
