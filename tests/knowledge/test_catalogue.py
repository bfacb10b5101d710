"""What a scope admits of all versions at once is what it admits one by one."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bank.policies import PolicyRecord
from knowledge.catalogue import Catalogue
from knowledge.scope import Scope

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 9).map(lambda days: FIRST + timedelta(days))
ROLES, UNITS = ("manager", "risk"), ("B01", "B02")
SOME_UNITS = st.lists(st.sampled_from(UNITS), unique=True, max_size=2)
AUDIENCE = st.lists(st.sampled_from(("all", *ROLES)), unique=True, min_size=1, max_size=2)
VERSION = st.tuples(st.sampled_from(("en", "zh")), DAYS, st.none() | DAYS, AUDIENCE, SOME_UNITS)


def catalogue_of(versions):
    policies = [
        PolicyRecord(
            f"p{number}", "1", "Rules", "policy", lang, since, until, None, tuple(audience),
            "Office", f"{number}.md", "", tuple(units),
        )
        for number, (lang, since, until, audience, units) in enumerate(versions)
    ]  # fmt: skip
    rows = [(f"{policy.id}#{row}", policy.id) for policy in policies for row in range(2)]
    return Catalogue().changed((), policies, rows), policies, rows


@given(
    st.lists(VERSION, max_size=12),
    DAYS,
    st.sets(st.sampled_from(ROLES)),
    st.sets(st.sampled_from(UNITS)),
    st.integers(0, 3),
)
def test_a_scope_admits_the_versions_that_it_admits_one_by_one(versions, on, roles, units, gone):
    catalogue, policies, rows = catalogue_of(versions)
    removed = {policy.id for policy in policies[:gone]}
    catalogue = catalogue.changed(removed, (), ())
    scope = Scope(on, frozenset(roles), frozenset(units))
    for lang in ("en", "zh"):
        wanted = [p for p in policies[gone:] if p.lang == lang and scope.admits(p)]
        found, numbers = catalogue.admitted(scope, lang)

        assert list(found) == wanted
        ids = {policy.id for policy in wanted}
        assert catalogue.rows_of(numbers).tolist() == [version in ids for _, version in rows]
