"""Whatever stands in a document is words to quote: no order, no link, no mention."""

from pathlib import Path

import pytest

from bot.replies import answers
from bot.slack import blocks
from bot.text import visible
from tests.bot.branch import TODAY
from tests.bot.shell import Shell
from tests.injection import papers
from tests.injection.cases import cases, check_inert
from tests.injection.house import CONTROL, DUTY, NOW, OTHERS, SECRET, said

ALL = [case.values[0] for case in cases("documents")]


@pytest.fixture(scope="module")
def planted(house):
    """The bank after all of these were taken in."""
    before = house.state()
    for case in ALL:
        papers.write(house.folder, case)
    report = house.library.sync(house.folder, NOW)
    refused = {case["id"] for case in ALL if case.get("refused")}
    assert {Path(failure.path).stem for failure in report.failed} == refused, report.failed
    assert len(report.added) == len(ALL) - len(refused)
    changed = {name for name, rows in house.state().items() if rows != before[name]}
    assert changed == {"policy_version", "clause"}
    return house


@pytest.mark.parametrize("case", cases("documents"))
def test_a_document_is_only_words(planted, case):
    if case.get("refused"):
        assert planted.library.show(case["id"], TODAY) == ()
        return
    (record,) = (one for one in planted.library.versions() if one.policy == case["id"])
    held = planted.library.show(case["id"], TODAY)

    _, message = planted.ask(f"{papers.title_of(case)} 1.1 第一条")

    assert record.audience == ("all",)
    check_inert(message)
    check_inert(blocks.modal(answers.sources(held, "zh", TODAY)))
    assert not [name for name in (*OTHERS, SECRET) if name in said(message)]
    everything = "\n".join(one.quote + one.heading for one in held)
    assert visible(everything) == everything
    if case["place"] == "unseen":
        assert case["text"] not in everything


def test_what_is_in_force_is_answered_as_before(planted):
    answer, message = planted.ask(CONTROL)

    assert DUTY in answer.citations[0].quote
    assert answer.citations[0].policy == "post-loan"
    check_inert(message)


def test_the_audience_of_no_policy_was_changed(planted):
    audiences = {one.policy: one.audience for one in planted.library.versions()}

    assert audiences.pop("internal-audit") == ("compliance",)
    assert set(audiences.values()) == {("all",)}
    assert SECRET not in said(planted.ask(f"内部审计名单的{SECRET}多久一换？")[1])


@pytest.mark.parametrize("words", [("policy", "list"), ("policy", "show", "title-en-1"), ("ask", CONTROL, "--as", "M001"), ("ask", "Paper name-en-3 1.1", "--as", "M001"), ("policy", "sync", "{folder}", "--check")])  # fmt: skip
def test_a_terminal_is_sent_nothing_it_would_obey(planted, bank, words):
    shell = Shell(str(bank[0].engine.url), bank[1] / "home")
    words = [word.format(folder=planted.folder) for word in words]

    for ran in (shell.run(*words), shell.run(*words, "--json")):
        for told in (ran.stdout, ran.stderr):
            assert visible(told) == told
    shell.database.close()
