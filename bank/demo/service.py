"""How the demo clients were served: what they said, asked, need, hand in, and may have in all."""

from collections.abc import Iterator
from datetime import date, timedelta

from bank.demo.clients import DemoClient
from bank.demo.rows import Row, flag, row_type
from bank.demo.scene import DAY, Dice, Scene

_SURVEYS, _REFERRALS = row_type("surveys"), row_type("referrals")
_INQUIRIES, _NEEDS, _DOCUMENTS = row_type("inquiries"), row_type("needs"), row_type("documents")
_WALLETS = row_type("wallets")

SURVEYED = {"private": 0.6, "premium": 0.35, "standard": 0.1}
"""The part of a tier's clients that answered a survey in the year."""
CHANNELS = ("onsite", "phone", "app", "app")
THEMES = {
    "zh": ("", "", "响应及时", "等候时间", "产品说明清楚", "手续繁琐"),
    "en": ("", "", "quick to answer", "waiting time", "clear advice", "too much paper"),
}
ASKED = 0.09
"""The part of the clients that asked something in the year."""
TOPICS = {
    "zh": ("大额转账限额", "存款利率", "贷款提前还款", "网银证书更新", "开户许可变更"),
    "en": ("transfer limit", "deposit rates", "early repayment", "token renewal", "new signatory"),
}
ANSWER_DAYS = 2
NEEDED = 0.14
PERSON_NEEDS = {
    "zh": (
        ("N05", "活期余额较高，想了解稳健产品"),
        ("N07", "几次看过基金页面，想听讲解"),
        ("N08", "工资按月到账，想每月存下一部分"),
        ("N10", "子女明年出国，关注购汇"),
    ),
    "en": (
        ("N05", "keeps much in savings, asks for something steady"),
        ("N07", "looked at funds several times, wants them explained"),
        ("N08", "would put part of every salary aside"),
        ("N10", "a child goes abroad next year, needs foreign money"),
    ),
}
COMPANY_NEEDS = {
    "zh": (
        ("N01", "接到新订单，计划添置设备"),
        ("N05", "账面资金闲置，想做现金管理"),
        ("N10", "开始出口，需要收汇结汇"),
        ("N11", "供货给大厂，回款账期较长"),
        ("N12", "新获三项专利，想以此融资"),
    ),
    "en": (
        ("N01", "new orders, plans to buy machines"),
        ("N05", "cash lies idle, asks for cash management"),
        ("N10", "has begun to export, needs to be paid from abroad"),
        ("N11", "supplies a large maker, waits long for its money"),
        ("N12", "three new patents, would borrow against them"),
    ),
}
NEED_STATES = ("open", "open", "met", "met", "declined")
RECOMMENDED, RELATED = 0.35, 0.1
"""The part of this year's clients that were recommended, and of those by someone too close."""
RENEWED_EVERY = {"identity": 3, "licence": 3, "ownership": 2, "review": 1}
"""Years a document is good for."""
OVERDUE = 0.04
ESTIMATED = 0.4
"""The part of the companies whose whole business was estimated."""
ELSEWHERE = (0.2, 3.0)
"""What a company has at other banks, in times of what it has here."""
WAN_FEN = 10_000_00
"""Estimates are made in ten thousands of yuan."""
SOURCES = {
    "zh": ("年度审计报告", "增值税申报表", "企业征信报告", "走访了解"),
    "en": ("audited accounts", "tax returns", "credit bureau report", "asked on a visit"),
}


def rows(client: DemoClient, referrer: str | None, scene: Scene, chance: Dice) -> Iterator[Row]:
    """What was asked, said and handed in; `referrer` is who could have recommended the client."""
    start, last = max(scene.first, client.opened), min(scene.on, client.closed - DAY)
    if start < last:
        yield from _survey(client, start, last, scene, chance)
        yield from _inquiry(client, start, last, scene, chance)
        yield from _need(client, start, last, scene, chance)
    if referrer and client.opened.year == scene.on.year and chance.random() < RECOMMENDED:
        noted = scene.business_day_before(client.opened - timedelta(days=chance.between(1, 30)))
        yield _REFERRALS(
            id=f"{client.id}-E",
            referrer_id=referrer,
            client_id=client.id,
            manager_id=client.manager_on(client.opened).id,
            date=noted,
            related=flag(chance.random() < RELATED),
        )
    yield from _documents(client, scene, chance)


def wallet(client: DemoClient, lent: int, scene: Scene, chance: Dice) -> Iterator[Row]:
    """What a company may have in all, by an estimate of the months shown; `lent` here, in fen."""
    start, last = max(scene.first, client.opened), min(scene.on, client.closed - DAY)
    if client.size and start < last and chance.random() < ESTIMATED:
        day = _day(start, last, scene, chance)
        total = (client.level + lent) * (1 + chance.uniform(*ELSEWHERE))
        yield _WALLETS(
            client_id=client.id,
            date=day,
            total_fen=round(total / WAN_FEN) * WAN_FEN + WAN_FEN,
            source=chance.pick(SOURCES[client.manager_on(day).lang]),
        )


def _day(start: date, last: date, scene: Scene, chance: Dice) -> date:
    """A business day of a span; its last stands for those after it."""
    day = scene.business_day(start + timedelta(days=chance.below((last - start).days)))
    return min(day, last)


def _survey(
    client: DemoClient, start: date, last: date, scene: Scene, chance: Dice
) -> Iterator[Row]:
    if chance.random() >= SURVEYED[client.tier]:
        return
    day = _day(start, last, scene, chance)
    manager = client.manager_on(day)
    score = 74 + 22 * manager.ways.diligence + chance.gauss(0, 7)
    yield _SURVEYS(
        id=f"{client.id}-S",
        client_id=client.id,
        manager_id=manager.id,
        date=day,
        channel=chance.pick(CHANNELS),
        score=max(20, min(100, round(score))),
        theme=chance.pick(THEMES[manager.lang]),
    )


def _inquiry(
    client: DemoClient, start: date, last: date, scene: Scene, chance: Dice
) -> Iterator[Row]:
    """A question, answered mostly in time; the newest may still wait."""
    if chance.random() >= ASKED:
        return
    received = _day(start, last, scene, chance)
    manager = client.manager_on(received)
    prompt = chance.random() < manager.ways.promptness
    answered = scene.business_days_after(received, chance.below(3) if prompt else 4)
    yield _INQUIRIES(
        id=f"{client.id}-Q",
        client_id=client.id,
        manager_id=manager.id,
        received_date=received,
        due_date=scene.business_days_after(received, ANSWER_DAYS),
        answered_date=answered if answered <= scene.on else None,
        topic=chance.pick(TOPICS[manager.lang]),
    )


def _need(client: DemoClient, start: date, last: date, scene: Scene, chance: Dice) -> Iterator[Row]:
    """Something the client could use, as noticed on a visit."""
    if chance.random() >= NEEDED:
        return
    noted = _day(start, last, scene, chance)
    needs = COMPANY_NEEDS if client.size else PERSON_NEEDS
    kind, note = chance.pick(needs[client.manager_on(noted).lang])
    state = chance.pick(NEED_STATES) if client.closed > scene.on else "declined"
    yield _NEEDS(
        id=f"{client.id}-N",
        client_id=client.id,
        kind=kind,
        noted_date=noted,
        due_date=noted + timedelta(days=chance.between(20, 120)) if state == "open" else None,
        state=state,
        note=note,
    )


def _documents(client: DemoClient, scene: Scene, chance: Dice) -> Iterator[Row]:
    """The papers on file: when each must be there anew, and when it last was."""
    if client.closed <= scene.on:
        return
    kinds = ["licence", "ownership"] if client.size else ["identity"]
    if client.tier == "private" or client.size in ("medium", "large"):
        kinds.append("review")
    for kind in kinds:
        years = RENEWED_EVERY[kind]
        late = chance.random() < OVERDUE
        due = scene.on + timedelta(
            days=-chance.between(1, 40) if late else chance.below(365 * years)
        )
        renewed = due - timedelta(days=365 * years + 5)
        yield _DOCUMENTS(
            client_id=client.id,
            kind=kind,
            due_date=due,
            renewed_date=renewed if client.opened < renewed <= scene.on else None,
        )
