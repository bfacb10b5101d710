"""A policy base of any size, the same for the same seed, with questions that know their clause."""

import json
import random
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path

CLAUSES_EACH = 25
CHAPTER = 5
TODAY = date(2026, 11, 23)
ROLES = ("manager", "team_lead", "risk", "compliance")
UNITS = tuple(f"B{number:02}" for number in range(1, 41))

PRODUCTS = {
    "en": """working capital loan/equipment loan/mortgage/credit card/letter of credit/bank guarantee/
        supply chain facility/green loan/syndicated loan/overdraft/time deposit/call deposit/
        structured deposit/payroll account/escrow account/custody account/wealth product/
        insurance product/foreign exchange forward/bill discount/factoring line/leasing contract/
        project loan/farm loan/student loan/bridge loan/margin account/gold account/trust plan/
        pension account""",
    "zh": """流动资金贷款/设备贷款/个人住房贷款/信用卡/信用证/银行保函/供应链融资/绿色贷款/银团贷款/
        法人账户透支/定期存款/通知存款/结构性存款/代发工资账户/监管账户/托管账户/理财产品/代销保险/
        远期结售汇/票据贴现/保理额度/融资租赁/项目贷款/农户贷款/助学贷款/过桥贷款/保证金账户/
        积存金账户/信托计划/养老金账户""",
}
CLIENTS = {
    "en": """dairy producers/steel traders/software firms/hospitals/public schools/hotel operators/
        shipping lines/property developers/toll road companies/solar farms/textile exporters/
        machine builders/fishing fleets/private clinics/logistics parks/pharmacies/city utilities/
        grain merchants/coffee chains/film studios/tea growers/car dealers/mining groups/
        power grids/furniture makers/printing works/water companies/airlines/bakeries/law firms""",
    "zh": """乳品企业/钢材贸易商/软件企业/公立医院/公办学校/酒店企业/航运公司/房地产开发商/收费公路公司/
        光伏电站/纺织出口商/机械制造商/远洋渔业公司/民营诊所/物流园区/连锁药店/城市公用企业/粮食经销商/
        咖啡连锁店/影视公司/茶叶种植户/汽车经销商/矿业集团/电网企业/家具厂/印刷厂/自来水公司/航空公司/
        烘焙店/律师事务所""",
}
PAPERS = {
    "en": """collateral appraisal/audited accounts/tax certificates/site visit minutes/ownership chart/
        cash flow forecast/insurance policy/board resolution/export contracts/payroll records/
        environmental permit/credit bureau report/stock count/lease agreements/repayment plan/
        customs declarations/licence copies/guarantor statement/risk memorandum/covenant test""",
    "zh": """押品评估报告/审计报告/完税证明/现场走访记录/股权结构图/现金流预测/保险单/董事会决议/出口合同/
        工资发放记录/环评批复/征信报告/存货盘点表/租赁合同/还款计划/报关单/证照复印件/保证人声明/
        风险说明/约定事项测算表""",
}
EVENTS = {
    "en": """drawdown/renewal/a change of owner/the quarter's end/a missed instalment/the annual review/
        a limit increase/the first visit/a rating downgrade/the release of security""",
    "zh": "放款/续贷/股东变更/季末/出现欠息/年度审查/额度上调/首次走访/评级下调/解除抵押",
}
DESKS = {
    "en": """branch risk desk/credit committee/compliance office/operations centre/audit team/
        regional head office/legal department/treasury desk""",
    "zh": "支行风险岗/授信审批委员会/合规部/运营中心/审计组/区域总部/法律事务部/资金部",
}
CLAUSE = {
    "en": (
        "The manager must file the {paper} of {client} that hold a {product} within {days} business"
        " days of {event}. The {desk} countersigns amounts above RMB {amount},000. Where the"
        " {paper} is late, no new {product} may be opened until the {desk} has agreed in writing,"
        " and the delay is noted in the file of the client."
    ),
    "zh": (
        "{client}办理{product}的，客户经理应当在{event}后{days}个工作日内提交{paper}；金额超过{amount}万元"
        "的，由{desk}复核。{paper}逾期未交的，未经{desk}书面同意，不得为其新办{product}，并应当在客户档案"
        "中载明逾期原因。"
    ),
}
QUESTION = {
    "en": "How many days do I have for the {paper} after {event} when {client} have a {product}?",
    "zh": "{client}的{product}，{event}后几天内要交{paper}？",
}
TITLE = {
    "en": "Rules on the {product} for {client}, {number}",
    "zh": "{client}{product}管理办法（{number}号）",
}


@dataclass(frozen=True)
class Known:
    """A question, when and by whom it is asked, and the clause that answers it."""

    text: str
    lang: str
    on: str
    roles: tuple[str, ...]
    units: tuple[str, ...]
    clause_id: str


def write_policies(folder: Path, clauses: int, seed: int = 4) -> list[Known]:
    """So many clauses in files of a folder; questions about one clause of every other policy.

    The same folder with the same arguments is written once.
    """
    told = folder / "questions.jsonl"
    if not told.exists():
        chance = random.Random(seed)
        made = [_write(folder, number, chance) for number in range(clauses // CLAUSES_EACH)]
        known = [one for one in made if one is not None]
        lines = [json.dumps(asdict(one), ensure_ascii=False) for one in known]
        told.write_text("\n".join(lines), encoding="utf-8")
    return [Known(**json.loads(line)) for line in told.read_text(encoding="utf-8").splitlines()]


def _write(folder: Path, number: int, chance: random.Random) -> Known | None:
    lang = "zh" if number % 2 else "en"
    words = {
        name: [each.strip() for each in table[lang].split("/")]
        for name, table in (
            ("product", PRODUCTS), ("client", CLIENTS), ("paper", PAPERS), ("event", EVENTS),
            ("desk", DESKS),
        )
    }  # fmt: skip
    # Every policy has a client and a product of its own, as long as there are pairs left.
    pairs = [*product(words["client"], words["product"])]
    client, made = pairs[(number // 2 * 7919) % len(pairs)]
    combinations = chance.sample([*product(words["paper"], words["event"])], CLAUSES_EACH)
    first = TODAY - timedelta(days=chance.randrange(30, 1_500))
    last = chance.choice([None, None, None, first + timedelta(days=chance.randrange(20, 900))])
    audience = chance.choice([("all",), ("all",), ("all",), tuple(chance.sample(ROLES, 2))])
    units = chance.choice([(), (), (), tuple(chance.sample(UNITS, 3))])
    chosen = chance.randrange(CLAUSES_EACH)
    lines, question = [], ""
    for place, (paper, event) in enumerate(combinations):
        facts = {
            "client": client, "product": made, "paper": paper, "event": event,
            "desk": chance.choice(words["desk"]), "days": chance.randrange(2, 90),
            "amount": chance.randrange(10, 9_000) * 10,
        }  # fmt: skip
        if place % CHAPTER == 0:
            lines.append(_heading(lang, place // CHAPTER + 1, paper))
        lines.append(f"{_label(lang, place)} {CLAUSE[lang].format(**facts)}")
        if place == chosen:
            question = QUESTION[lang].format(**facts)
    title = TITLE[lang].format(client=client, product=made, number=number)
    name = f"{lang}-{number:05}"
    _put(
        folder / f"{number // 100:03}" / f"{name}.md",
        name,
        title,
        lang,
        first,
        last,
        audience,
        units,
        lines,
    )
    in_force = first <= TODAY and (last is None or last > TODAY)
    if number % 4 > 1 or not in_force:
        return None
    key = f"{name}@1#{_number(lang, chosen)}"
    roles = ("manager",) if "all" in audience else audience[:1]
    return Known(question, lang, TODAY.isoformat(), roles, units[:1] or UNITS[:1], key)


def _put(path, name, title, lang, first, last, audience, units, lines) -> None:
    ends = f"in_force_to = {last}\n" if last else ""
    ours = f"units = {json.dumps(units)}\n" if units else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'+++\nid = "{name}"\ntitle = "{title}"\nversion = "1"\nkind = "policy"\nlang = "{lang}"\n'
        f"in_force_from = {first}\n{ends}audience = {json.dumps(audience)}\n{ours}"
        f'owner = "Policy Office"\n+++\n# {title}\n\n' + "\n\n".join(lines) + "\n",
        encoding="utf-8",
    )


def _heading(lang: str, chapter: int, about: str) -> str:
    return f"## 第{_han(chapter)}章 {about}" if lang == "zh" else f"## {chapter} On the {about}"


def _label(lang: str, place: int) -> str:
    return f"第{_han(place + 1)}条" if lang == "zh" else _number(lang, place)


def _number(lang: str, place: int) -> str:
    return str(place + 1) if lang == "zh" else f"{place // CHAPTER + 1}.{place % CHAPTER + 1}"


def _han(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    start = "" if not tens else ("十" if tens == 1 else f"{digits[tens]}十")
    return start + (digits[ones] if ones or not tens else "")
