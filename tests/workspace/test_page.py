"""The page in a real browser, with a real Bolt app behind it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

import tests.browser
from tests.browser import new_page
from tests.workspace.desk import Desk, close_desk, eventually, open_desk
from tests.workspace.showcase import register
from workspace.delivery import Pace


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with tests.browser.browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def office() -> Iterator[Desk]:
    desk = open_desk(Pace())
    app = desk.app()
    register(app)
    desk.connect(app)
    yield desk
    close_desk(desk)


def visit(browser: Browser, desk: Desk, user: str, width: int = 1280, height: int = 800) -> Page:
    page = new_page(browser, width, height)
    page.goto(f"{desk.workspace.url}#{user}")
    page.get_by_test_id("composer").wait_for()
    return page


@pytest.fixture
def page(browser: Browser, office: Desk) -> Iterator[Page]:
    opened = visit(browser, office, "U01")
    yield opened
    opened.close()


def send(page: Page, text: str) -> None:
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("send").click()


def test_a_question_is_answered_beneath_itself(page: Page):
    page.get_by_test_id("prompt").first.click()
    answer = page.locator(".message.reply").last
    expect(answer).to_contain_text("第十二条")
    expect(answer.locator("strong", has_text="一个工作日")).to_be_visible()
    expect(answer.locator("table tr")).to_have_count(3)
    expect(answer.locator("blockquote")).to_have_count(1)
    answer.locator(".feedback button").first.click()
    expect(answer.locator(".feedback button[aria-pressed=true]")).to_have_text("Good")


def test_typing_a_slash_offers_commands_and_the_answer_is_only_for_me(
    page: Page, browser: Browser, office: Desk
):
    box = page.get_by_test_id("composer")
    box.press_sequentially("/my")
    expect(page.get_by_test_id("suggestion")).to_have_text("/mykpiwhere my appraisal stands")
    box.press("Tab")
    expect(box).to_have_value("/mykpi ")
    box.press("Enter")
    answer = page.locator(".message.ephemeral").last
    expect(answer).to_contain_text("Only visible to you")
    expect(answer.locator("figure.chart svg[role=img]")).to_have_count(2)
    expect(answer.locator("figure.chart rect[rx='2']").first).to_be_visible()
    other = visit(browser, office, "U02")
    expect(other.locator(".message.ephemeral")).to_have_count(0)
    other.close()


def test_shift_enter_makes_a_line_and_enter_sends(page: Page):
    box = page.get_by_test_id("composer")
    box.press_sequentially("第一行")
    box.press("Shift+Enter")
    box.press_sequentially("第二行 <b>bold</b>")
    box.press("Enter")
    said = page.locator("[data-testid=message][data-user=U01]").last
    expect(said).to_contain_text("第一行")
    expect(said).to_contain_text("<b>bold</b>")
    expect(said.locator("b")).to_have_count(0)


def test_buttons_dialogs_and_a_form_with_complaints(page: Page, office: Desk):
    send(page, "digest")
    digest = page.locator("[data-testid=message]", has_text="早安").last
    digest.locator("[data-action-id=drop]").click()
    expect(page.locator("dialog.confirm")).to_contain_text("team lead")
    page.get_by_role("button", name="Keep").click()
    digest.locator("[data-action-id=log]").click()
    modal = page.get_by_test_id("modal")
    page.get_by_test_id("modal-submit").click()
    expect(modal.locator(".input-error", has_text="required")).to_have_count(3)
    modal.locator("select").select_option("c2")
    modal.get_by_label("Video 视频").check()
    modal.locator("textarea").fill("短")
    page.get_by_test_id("modal-submit").click()
    expect(modal.locator("[data-error-for=note]")).to_have_text("请写得具体一些 Say a little more")
    modal.locator("textarea").fill("谈妥续贷，下周签约")
    page.get_by_test_id("modal-submit").click()
    expect(modal).to_have_count(0)
    values = office.traffic("interactive")[-1]["payload"]["view"]["state"]["values"]
    assert values["client"]["v"]["selected_option"]["value"] == "c2"
    assert values["how"]["v"]["selected_option"]["value"] == "video"
    digest.locator("[data-action-id=done]").click()
    expect(page.locator("[data-testid=message]", has_text="已完成 Done ✓")).to_be_visible()


def test_escape_closes_a_form(page: Page):
    send(page, "digest")
    page.locator("[data-action-id=log]").last.click()
    expect(page.get_by_test_id("modal")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("modal")).to_have_count(0)


def test_a_press_nobody_answers_shows_a_warning_beside_it(page: Page):
    send(page, "digest")
    page.locator("[data-action-id=snooze]").last.click()  # the app has no listener for it
    expect(page.locator(".trouble")).to_contain_text("operation_timeout")


def test_a_channel_a_mention_and_another_person(page: Page):
    page.get_by_test_id("channel-product-desk").click()
    send(page, "@Daybook 你好")
    reply = page.locator(".message.reply").first
    expect(reply).to_contain_text("*不加粗*中文")
    expect(reply.locator("strong", has_text="Bold")).to_be_visible()
    page.get_by_test_id("persona").select_option("U02")
    expect(page.locator(".persona strong")).to_have_text("沈可航")
    expect(page.get_by_test_id("channel-product-desk")).to_contain_class("unread")
    page.get_by_test_id("home").click()
    expect(page.get_by_test_id("home-view")).to_contain_text("Grade B+")


def test_the_next_morning_comes_at_a_press(page: Page):
    before = page.get_by_test_id("clock").inner_text()
    page.get_by_test_id("next-morning").click()
    expect(page.get_by_test_id("clock")).to_contain_text("08:30")
    assert page.get_by_test_id("clock").inner_text() != before


def test_every_kind_of_block_is_drawn_and_raw_traffic_is_open_to_see(page: Page):
    send(page, "more")
    shown = page.locator(".message.reply", has=page.locator(".block-plan")).last
    for kind in ("data_visualization", "rich_text", "table", "plan", "image"):
        expect(shown.locator(f".block-{kind}").first).to_be_visible()
    expect(shown.locator(".unknown")).to_have_count(0)
    page.get_by_test_id("traffic").click()
    newest = page.locator(".exchanges details", has_text="chat.postMessage").first
    newest.click()
    expect(newest.locator("pre").first).to_contain_text("data_visualization")


def test_a_long_answer_is_shown_from_its_beginning(page: Page):
    send(page, "more")
    answer = page.locator(".message.reply").last
    expect(answer.locator(".block-plan")).to_have_count(1)
    expect(answer.locator(".by")).to_be_in_viewport()
    assert answer.bounding_box()["height"] > 800


def test_a_phone_has_everything_within_its_width(browser: Browser, office: Desk):
    page = visit(browser, office, "U01", 390, 844)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(page.get_by_test_id("dm")).not_to_be_visible()
    page.get_by_test_id("menu").click()
    page.get_by_test_id("dm").click()
    expect(page.get_by_test_id("dm")).not_to_be_visible()
    send(page, "kpi")
    expect(page.locator(".chart").last).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.close()


def test_what_is_opened_before_anything_is_known_stays_open(browser: Browser, office: Desk):
    page, held = new_page(browser, 390, 844), []
    page.route("**/workspace/stream?*", lambda stream: held.append(stream))  # noqa: PLW0108 - Playwright marks what it is given
    with page.expect_request("**/workspace/stream?*"):
        page.goto(f"{office.workspace.url}#U01")
    expect(page.get_by_test_id("composer")).not_to_be_visible()  # nobody knows yet whom it asks
    page.get_by_test_id("menu").click()
    held.pop().continue_()
    expect(page.get_by_test_id("composer")).to_be_visible()
    expect(page.get_by_test_id("dm")).to_be_in_viewport()
    page.get_by_label("Close menu").click(position={"x": 350, "y": 400})
    expect(page.get_by_test_id("dm")).not_to_be_visible()
    page.close()


def test_news_that_comes_during_a_press_does_not_undo_it(page: Page, office: Desk):
    room = page.get_by_test_id("channel-product-desk")
    room.hover()
    page.mouse.down()
    office.do("say", user="U02", channel="C01", text="晚些时候见")
    expect(room).to_contain_class("unread")
    page.mouse.up()
    expect(room).to_contain_class("here")
    expect(page.locator("[data-testid=message]", has_text="晚些时候见").last).to_be_visible()


def test_nothing_but_this_server_is_ever_asked(browser: Browser, office: Desk):
    asked = []
    page = new_page(browser)
    page.on("request", lambda request: asked.append(request.url))
    policy = page.goto(office.workspace.url).headers["content-security-policy"]
    page.get_by_test_id("composer").wait_for()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert [url for url in asked if not url.startswith(office.workspace.url)] == []
    page.close()


@pytest.fixture(scope="module")
def sheet(browser: Browser, office: Desk) -> Iterator[Page]:
    """A page for tests that only ask what its modules make of something, and leave it as it is."""
    opened = visit(browser, office, "U01")
    yield opened
    opened.close()


def drawn(page: Page, module: str, call: str, source: str) -> str:
    """What one of the page's own modules makes of a text, as HTML."""
    script = f"""async (source) => {{
        const made = await import("/static/{module}.js");
        const holder = document.createElement("div");
        holder.append(...made.{call}(source));
        return holder.innerHTML;
    }}"""
    return page.evaluate(script, source)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("*bold* and _em_ ~no~", "<strong>bold</strong> and <em>em</em> <s>no</s>"),
        ("本行*关键*在此", "本行*关键*在此"),
        ("本行 *关键* 在此", "本行 <strong>关键</strong> 在此"),
        ("*全宽标点*，不算边界", "*全宽标点*，不算边界"),
        ("a * b * c", "a * b * c"),
        ("`*code*` &lt;b&gt; &amp;", "<code>*code*</code> &lt;b&gt; &amp;"),
        ("&gt; quoted\nnot", "<blockquote>quoted</blockquote>not"),
        ("<script>x</script>", "<span>script</span>x<span>/script</span>"),
        ("<javascript:alert(1)|press>", "<span>press</span>"),
    ],
)
def test_mrkdwn_is_drawn_as_slack_draws_it(sheet: Page, source, html):
    assert drawn(sheet, "mrkdwn", "mrkdwn", source) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**红色**预警", "<p><strong>红色</strong>预警</p>"),
        # CommonMark: a closing mark after punctuation and before a letter does not close.
        ("**结论：**见第十二条", "<p>**结论：**见第十二条</p>"),
        ("**结论：** 见第十二条", "<p><strong>结论：</strong> 见第十二条</p>"),
        ("*a* ~~b~~ `c`", "<p><em>a</em> <s>b</s> <code>c</code></p>"),
        ("# 标题\n正文", "<h3>标题</h3><p>正文</p>"),
        ("- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("3. x\n4. y", '<ol start="3"><li>x</li><li>y</li></ol>'),
        ("```\n**x**\n```", "<pre>**x**</pre>"),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
        ("snake_case_name 2 * 3 * 4", "<p>snake_case_name 2 * 3 * 4</p>"),
    ],
)
def test_markdown_is_drawn_as_commonmark_has_it(sheet: Page, source, html):
    assert drawn(sheet, "markdown", "markdown", source) == html


def test_an_unknown_block_says_so_and_leaves_the_rest(sheet: Page):
    script = """async () => {
        const { blocks } = await import("/static/blocks.js");
        const list = [{ type: "sparkles" }, { type: "header" , text: { type: "plain_text", text: "x" } },
                      { type: "data_visualization", title: "broken", chart: {} }];
        return blocks(list, () => {}).map((node) => node.textContent);
    }"""
    unknown, header, broken = sheet.evaluate(script)
    assert "unknown type “sparkles”" in unknown
    assert header == "x"
    assert "cannot be shown: data_visualization" in broken


def test_two_pages_see_the_same_conversation(browser: Browser, office: Desk, page: Page):
    other = visit(browser, office, "U01")
    send(page, "seen on both")
    expect(other.locator("[data-testid=message]", has_text="seen on both").first).to_be_visible()
    other.close()
    eventually(lambda: office.see("U01")["connections"] == 1)
