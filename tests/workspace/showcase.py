"""A small Bolt app that sends every kind of block, for looking at the page."""

from typing import Any

from slack_bolt import App

TEXT = "贷款逾期后，客户经理应在**一个工作日**内上报红色预警。"


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(text: str, action: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": action, **more}


def chart(kind: str, title: str) -> dict[str, Any]:
    months = ["6月", "7月", "8月", "9月", "10月", "11月"]
    series = {
        "存款日均增量": [820, 910, 1040, 980, 1190, 1310],
        "目标": [800, 900, 1000, 1100, 1200, 1300],
    }
    return {
        "type": "data_visualization",
        "title": title,
        "chart": {
            "type": kind,
            "series": [
                {
                    "name": name,
                    "data": [{"label": m, "value": v} for m, v in zip(months, values, strict=True)],
                }
                for name, values in series.items()
            ],
            "axis_config": {"categories": months, "y_label": "万元"},
        },
    }


ANSWER = [
    {
        "type": "markdown",
        "text": "**红色预警必须在一个工作日内首次实质性响应。**\n\n> 第十二条　红色预警自触发之日起一个工作日内，客户经理应完成首次实质性响应并录入系统。\n\n"
        "1. 联系客户，核实原因\n2. 在系统中录入 *响应记录*\n3. 告知 `风险经理`\n   - 必要时现场走访\n   - 必要时冻结额度\n\n"
        "| 级别 | 首次响应 | 责任人 |\n|:--|--:|:-:|\n| 红色 | 1 个工作日 | 客户经理 |\n| 橙色 | 2 个工作日 | 客户经理 |\n\n[贷后管理办法](https://example.com/policy)，2026-01-01 起施行",
    },
    {"type": "context", "elements": [mrkdwn("来源 *Source*: 贷后管理办法 2026 版 · 第十二条")]},
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "feedback",
                "positive_button": {"text": plain("Good"), "value": "good"},
                "negative_button": {"text": plain("Bad"), "value": "bad"},
            }
        ],
    },
]

DIGEST = [
    {"type": "header", "text": plain("早安，今天有三件事 Good morning")},
    {
        "type": "section",
        "text": mrkdwn(
            "1. 走访 *青禾机械* （私行，已 31 天）\n<@U01> see <#C01>, <https://example.com|policy> &amp; ~old~ `code` :bell:"
        ),
        "accessory": {
            "type": "overflow",
            "action_id": "more",
            "options": [
                {"text": plain("Snooze 2 days"), "value": "2"},
                {"text": plain("为什么？"), "value": "why"},
            ],
        },
    },
    {
        "type": "section",
        "fields": [
            mrkdwn("*Score*\n87.5"),
            mrkdwn("*Grade*\nB+"),
            mrkdwn("存款日均\n1,310 万元"),
            mrkdwn("*NPL*\n0.8%"),
        ],
    },
    {
        "type": "actions",
        "block_id": "visit-1",
        "elements": [
            button("Done 已完成", "done", style="primary", value="visit-1"),
            button("Snooze 稍后", "snooze", value="visit-1"),
            button(
                "Not mine",
                "drop",
                style="danger",
                confirm={
                    "title": plain("Drop it?"),
                    "text": mrkdwn("This visit will go to your team lead."),
                    "confirm": plain("Drop"),
                    "deny": plain("Keep"),
                },
            ),
            {
                "type": "static_select",
                "action_id": "pick",
                "placeholder": plain("Choose a day"),
                "options": [
                    {"text": plain("明天"), "value": "d1"},
                    {"text": plain("后天"), "value": "d2"},
                ],
            },
        ],
    },
    {"type": "divider"},
    {
        "type": "card",
        "title": mrkdwn("青禾机械有限公司"),
        "subtitle": mrkdwn("小微 · 授信 300 万元"),
        "body": mrkdwn("上次走访 10 月 16 日，逾期 0 笔。"),
        "actions": [button("Log a visit", "log", value="c1")],
    },
]

KPI = [
    {
        "type": "section",
        "text": mrkdwn("```存款日均  ████████░░ 82%\nSME 覆盖   ██████░░░░ 61%```"),
    },
    chart("bar", "存款日均增量 Deposit increment"),
    chart("line", "Trend 走势"),
]

MORE = [
    chart("area", "Area 面积"),
    {
        "type": "data_visualization",
        "title": "客户分层",
        "chart": {
            "type": "pie",
            "segments": [
                {"label": "私行", "value": 12},
                {"label": "贵宾", "value": 38},
                {"label": "普通", "value": 96},
            ],
        },
    },
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "加粗", "style": {"bold": True}},
                    {"type": "text", "text": "紧挨着中文，"},
                    {"type": "user", "user_id": "U01"},
                    {"type": "text", "text": " "},
                    {"type": "emoji", "name": "tada"},
                    {"type": "link", "url": "https://example.com", "text": "链接"},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "第一"}]},
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "第二"}]},
                ],
            },
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "引文"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code"}]},
        ],
    },
    {
        "type": "table",
        "rows": [
            [{"type": "raw_text", "text": "客户"}, {"type": "raw_text", "text": "余额"}],
            [{"type": "raw_text", "text": "青禾机械"}, {"type": "raw_text", "text": "1,200,000"}],
        ],
        "column_settings": [{}, {"align": "right"}],
    },
    {
        "type": "plan",
        "title": "Plan",
        "tasks": [
            {"type": "task_card", "task_id": "1", "title": "查制度", "status": "complete"},
            {"type": "task_card", "task_id": "2", "title": "核对引文", "status": "in_progress"},
        ],
    },
    {
        "type": "image",
        "image_url": "https://example.com/a.png",
        "alt_text": "a chart nobody may load",
    },
]

MODAL = {
    "type": "modal",
    "callback_id": "visit",
    "title": plain("Log a visit 录入走访"),
    "submit": plain("Save 保存"),
    "close": plain("Cancel"),
    "blocks": [
        {"type": "alert", "level": "warning", "text": plain("须在走访后三个工作日内录入。")},
        {
            "type": "input",
            "block_id": "client",
            "label": plain("Client 客户"),
            "element": {
                "type": "static_select",
                "action_id": "v",
                "options": [
                    {"text": plain("青禾机械"), "value": "c1"},
                    {"text": plain("远山茶业"), "value": "c2"},
                ],
            },
        },
        {
            "type": "input",
            "block_id": "when",
            "label": plain("Date 日期"),
            "element": {"type": "datepicker", "action_id": "v", "initial_date": "2026-11-16"},
        },
        {
            "type": "input",
            "block_id": "how",
            "label": plain("How 方式"),
            "element": {
                "type": "radio_buttons",
                "action_id": "v",
                "options": [
                    {"text": plain("On site 现场"), "value": "site"},
                    {"text": plain("Video 视频"), "value": "video"},
                ],
            },
        },
        {
            "type": "input",
            "block_id": "also",
            "optional": True,
            "label": plain("Also 另外"),
            "element": {
                "type": "checkboxes",
                "action_id": "v",
                "options": [{"text": mrkdwn("Needs a follow-up"), "value": "follow"}],
            },
        },
        {
            "type": "input",
            "block_id": "note",
            "label": plain("Note 纪要"),
            "hint": plain("至少一句话"),
            "element": {"type": "plain_text_input", "action_id": "v", "multiline": True},
        },
    ],
}

HOME = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("林晓舟，你好")},
        {"type": "section", "text": mrkdwn("Score 87.5 · Grade B+")},
        {"type": "actions", "elements": [button("Refresh", "refresh")]},
    ],
}


def register(app: App) -> None:
    """Answer everything a visitor can do."""
    _listen(app)
    _act(app)


def _listen(app: App) -> None:
    @app.event("app_home_opened")
    def home(event: dict[str, Any], client: Any) -> None:
        if event["tab"] == "home":
            client.views_publish(user_id=event["user"], view=HOME)
        else:
            prompts = [
                {"title": "红色预警几天内响应？", "message": "红色预警几天内响应？"},
                {"title": "How often to visit?", "message": "How often to visit a private client?"},
            ]
            client.assistant_threads_setSuggestedPrompts(
                channel_id=event["channel"], title="Try 试试", prompts=prompts
            )

    @app.event("message")
    def asked(event: dict[str, Any], client: Any) -> None:
        if event["channel_type"] != "im":
            return
        root = event.get("thread_ts") or event["ts"]
        if event["text"] == "think":
            client.assistant_threads_setStatus(
                channel_id=event["channel"], thread_ts=root, status="is reading the policies…"
            )
            return
        sets = {"digest": DIGEST, "kpi": KPI, "more": MORE}
        blocks = sets.get(event["text"], ANSWER)
        client.chat_postMessage(
            channel=event["channel"],
            thread_ts=None if blocks is DIGEST else root,
            text=TEXT,
            blocks=blocks,
        )

    @app.event("app_mention")
    def mentioned(event: dict[str, Any], say: Any) -> None:
        say("*Bold* but *不加粗*中文，见 `第十二条`。", thread_ts=event["ts"])


def _act(app: App) -> None:
    @app.command("/mykpi")
    def kpi(ack: Any) -> None:
        ack(text="KPI", blocks=KPI)

    @app.action("log")
    def log(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.action("done")
    def done(ack: Any, respond: Any) -> None:
        ack()
        respond(text="已完成 Done ✓", replace_original=True)

    @app.view("visit")
    def saved(ack: Any, view: dict[str, Any]) -> None:
        note = view["state"]["values"]["note"]["v"]["value"]
        if len(note) < 4:
            ack(response_action="errors", errors={"note": "请写得具体一些 Say a little more"})
        else:
            ack()

    @app.action("feedback")
    @app.action("more")
    @app.action("pick")
    @app.action("refresh")
    def seen(ack: Any) -> None:
        ack()
