"""A manager's first day, in the browser, against the real bot. Each step leaves a picture."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

PICTURES = os.environ.get("DAYBOOK_SCREENSHOTS")


@pytest.fixture
def picture(page, tmp_path):
    folder = Path(PICTURES) if PICTURES else tmp_path

    def take(name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(250)
        page.screenshot(path=folder / f"{name}.png")

    return take


def say(page: Page, text: str) -> None:
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("composer").press("Enter")


def messages(page: Page) -> Locator:
    return page.get_by_test_id("message")


def answer_to(page: Page, question: str) -> Locator:
    """The bot's message that follows a question."""
    asked = messages(page).filter(has_text=question).last
    return asked.locator("xpath=following::article[@data-testid='message'][1]")


def the_page_opens_on_a_managers_desk(page, picture):
    page.get_by_test_id("dm").click()

    expect(page.get_by_test_id("clock")).to_contain_text("2026")
    picture("01-desk")


def a_chinese_question_is_answered_with_clause_and_quote(page, picture):
    question = "客户换了大股东，系统里的受益所有人我最晚哪天要改完"
    say(page, question)

    answer = answer_to(page, question)
    expect(answer).to_contain_text("了解你的客户管理办法")
    expect(answer).to_contain_text("第六条")
    expect(answer).to_contain_text("2026")
    picture("02-answer-zh")


def an_english_question_is_answered_with_clause_and_quote(page, picture):
    question = "Can a 14-year-old come in alone and open an account?"
    say(page, question)

    answer = answer_to(page, question)
    expect(answer).to_contain_text("Know Your Customer")
    expect(answer).to_contain_text("2.4")
    picture("03-answer-en")


def a_question_outside_the_base_is_refused_with_a_next_step(page, picture):
    question = "What is the weather like in Paris tomorrow?"
    say(page, question)

    answer = answer_to(page, question)
    expect(answer).to_contain_text(re.compile("compliance", re.IGNORECASE))
    picture("04-refusal")


def mykpi_shows_score_grade_and_bars(page, picture):
    say(page, "/mykpi")

    card = messages(page).last
    expect(card).to_contain_text("2026Q4")
    expect(card).to_contain_text("P01")
    expect(card).to_contain_text(re.compile("[▓█]"))
    picture("05-mykpi")


def the_next_morning_brings_exactly_one_digest(page, picture):
    page.get_by_test_id("next-morning").click()

    done = page.locator("[data-action-id='done']")
    expect(done.first).to_be_visible()
    digests = messages(page).filter(has=done)
    page.wait_for_timeout(6_000)
    expect(digests).to_have_count(1)
    expect(digests).to_be_in_viewport()
    picture("06-digest")


def done_logs_the_visit_and_removes_it(page, picture):
    done = page.locator("[data-action-id='done']")
    before = done.count()
    done.first.click()
    modal = page.get_by_test_id("modal")
    expect(modal).to_be_visible()
    modal.locator("textarea").fill("已上门见到本人，家里一切如常，约定下月再谈到期资金。")
    picture("07-log-visit")
    page.get_by_test_id("modal-submit").click()

    expect(modal).to_have_count(0)
    expect(done).to_have_count(before - 1)
    picture("08-done")


# One test, for each step stands on the one before it.
@pytest.mark.timeout(600)
def test_a_managers_first_day(page, picture):
    the_page_opens_on_a_managers_desk(page, picture)
    a_chinese_question_is_answered_with_clause_and_quote(page, picture)
    an_english_question_is_answered_with_clause_and_quote(page, picture)
    a_question_outside_the_base_is_refused_with_a_next_step(page, picture)
    mykpi_shows_score_grade_and_bars(page, picture)
    the_next_morning_brings_exactly_one_digest(page, picture)
    done_logs_the_visit_and_removes_it(page, picture)
