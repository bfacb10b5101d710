"""What a policy may say of itself, key by key."""

from datetime import date

import pytest

from knowledge.errors import ReadingError
from knowledge.reading.metadata import PolicyMeta, check_meta, parse_meta, read_beside

LEAST = {
    "id": '"gifts"',
    "title": '"Gifts"',
    "version": '"2026"',
    "in_force_from": "2026-01-01",
    "audience": '["all"]',
    "owner": '"Compliance"',
}


def meta(**keys):
    return parse_meta("\n".join(f"{key} = {held}" for key, held in (LEAST | keys).items()))


def test_what_is_not_said_is_what_one_would_expect():
    assert meta() == PolicyMeta(
        id="gifts",
        title="Gifts",
        version="2026",
        kind="policy",
        lang="en",
        in_force_from=date(2026, 1, 1),
        in_force_to=None,
        replaces=None,
        audience=("all",),
        owner="Compliance",
        units=(),
    )
    assert meta(title='"礼品管理办法"').lang == "zh"
    assert meta(title='"礼品管理办法"', lang='"en"').lang == "en"


@pytest.mark.parametrize(
    ("key", "held", "read"),
    [
        ("units", '["B01", " B02 ", "B01"]', ("B01", "B02")),
        ("units", "[]", ()),
        ("replaces", '"2023"', "2023"),
        ("replaces", '"old-gifts@2023.1"', "old-gifts@2023.1"),
        ("kind", '"product"', "product"),
    ],
)
def test_keys_that_may_be_given(key, held, read):
    assert getattr(meta(**{key: held}), key) == read


@pytest.mark.parametrize(
    ("key", "held", "reason"),
    [
        ("units", '"B01"', r"units = 'B01': give a list of unit ids"),
        ("units", "[1]", r"units = \[1\]: give a list of unit ids"),
        ("units", '[""]', "give a list of unit ids"),
        ("replaces", '"the old one"', r"replaces = 'the old one': use an earlier version"),
        ("replaces", '"@2023"', "use an earlier version"),
        ("in_force_to", "2026-01-01", "in_force_to = 2026-01-01: it must be after in_force_from"),
        ("title", r'"Gifts\u0000"', "title: give one line of at most 200 characters"),
        ("owner", f'"{"x" * 201}"', "owner: give one line of at most 200 characters"),
        ("unit", '["B01"]', r"unknown keys: unit \(it may hold id, title, .*units\)"),
    ],
)
def test_a_wrong_key_is_named_with_what_it_may_hold(key, held, reason):
    with pytest.raises(ReadingError, match=reason):
        meta(**{key: held})


def test_what_stands_beside_files_is_named_by_its_file(tmp_path):
    (tmp_path / "policy.toml").write_text('["a.html"]\nid = "a"\n["b.txt"]\n', encoding="utf-8")
    tables = read_beside(tmp_path)

    with pytest.raises(ReadingError, match=r"policy\.toml lacks title, version"):
        check_meta(tables["a.html"], "policy.toml")
    with pytest.raises(ReadingError, match=r"policy\.toml holds 3 for it: give a table"):
        check_meta(3, "policy.toml")
    (tmp_path / "policy.toml").write_bytes("标题 = ".encode("gb18030"))
    with pytest.raises(ReadingError, match=r"policy\.toml cannot be read"):
        read_beside(tmp_path)
