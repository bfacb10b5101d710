"""Names nobody bears: every one is put together from words that say "this is made up".

A company is two images and a trade (星河灯塔贸易有限公司, Blue Lantern Trading Ltd), so that no
real house is named by chance. A person is a sign of the old calendar and a given name of two words
from nature (丙松涛), or an English first name with a surname such as Example.
"""

from functools import cache
from math import gcd, prod

HEADS = (
    *("星河", "云梯", "月湖", "雾岭", "风铃", "纸鸢", "松涛", "雪笛", "竹影", "雨巷", "鹿角"),
    *("琥珀", "砚池", "潮音", "霜叶", "棋盘", "萤火", "橘灯", "麦浪", "石桥", "木马", "沙漏"),
)
TAILS = (
    *("灯塔", "罗盘", "帆影", "铜镜", "钟摆", "书签", "伞骨", "瓦罐", "渔火", "台阶", "窗花"),
    *("风车", "茶匙", "竹篮", "陶笛", "算盘", "棉线", "船坞", "墨盒", "蒲扇", "信鸽"),
)
TRADES = (
    *("贸易", "科技", "食品", "机械", "纺织", "物流", "家具", "包装", "园艺", "印务", "五金"),
    *("建材", "服饰"),
)
ADJECTIVES = (
    *("Blue", "Quiet", "Paper", "Seventh", "Wandering", "Velvet", "Crooked", "Sleepy", "Upside"),
    *("Borrowed", "Patient", "Humming", "Folded"),
)
NOUNS = (
    *("Lantern", "Teapot", "Compass", "Abacus", "Thimble", "Sparrow", "Turnip", "Marmot"),
    *("Pinecone", "Bobbin", "Weathercock"),
)
BUSINESSES = ("Trading", "Foods", "Machinery", "Textiles", "Logistics", "Printing", "Packaging")

STEMS = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸")
SKIES = ("晴", "霁", "岫", "霞", "曦", "虹", "雾", "澄")
FIRSTS = (
    *(
        "松",
        "云",
        "溪",
        "竹",
        "月",
        "石",
        "帆",
        "雪",
        "柳",
        "雁",
        "荷",
        "潮",
        "枫",
        "萤",
        "苔",
        "岚",
    ),
    *("露", "鹿", "桐", "霜", "麦"),
)
SECONDS = (
    *(
        "涛",
        "影",
        "声",
        "笛",
        "灯",
        "舟",
        "桥",
        "窗",
        "砚",
        "羽",
        "音",
        "渡",
        "巷",
        "钟",
        "烛",
        "篱",
    ),
    *("棹", "笺", "阶"),
)
ENGLISH = (*("Cleo", "Dora", "Emil", "Flora", "Gus", "Hana", "Ivo", "Jade", "Kit", "Lena"),)
SURNAMES = ("Example", "Sample", "Placeholder", "Specimen", "Nonesuch", "Anyone", "Somebody")

EVERY_ENGLISH = 8
"""One company or person in this many has an English name."""


def company(number: int) -> str:
    """The name of the number-th company: no two alike."""
    turn, kind = divmod(number, EVERY_ENGLISH)
    if kind == EVERY_ENGLISH - 1:
        (adjective, noun, business), again = _pick(turn, ADJECTIVES, NOUNS, BUSINESSES)
        return f"{adjective} {noun} {business}{f' {again + 1}' if again else ''} Ltd"
    (head, tail, trade), again = _pick(number, HEADS, TAILS, TRADES)
    return f"{head}{tail}{trade}{f'（{again + 1}）' if again else ''}有限公司"


def person(number: int) -> str:
    """The name of the number-th person; namesakes occur, as they do."""
    turn, kind = divmod(number, EVERY_ENGLISH)
    if kind == EVERY_ENGLISH - 1:
        return " ".join(_pick(turn, ENGLISH, SURNAMES)[0])
    return "".join(_pick(number, STEMS, FIRSTS, SECONDS)[0])


def staff(number: int) -> str:
    """The name of the number-th of the bank's people beyond the first branch."""
    return "".join(_pick(number, SKIES, FIRSTS, SECONDS)[0])


def _pick(number: int, *lists: tuple[str, ...]) -> tuple[list[str], int]:
    """One word of each list, every combination once before any comes again; and which round."""
    whole = prod(map(len, lists))
    again, at = divmod(number, whole)
    at = at * _stride(whole) % whole
    words = []
    for choices in lists:
        at, place = divmod(at, len(choices))
        words.append(choices[place])
    return words, again


@cache
def _stride(whole: int) -> int:
    """A step that visits every one of `whole` places, neighbours far apart."""
    return next(step for step in range(whole * 5 // 8, whole + 2) if gcd(step, whole) == 1)
