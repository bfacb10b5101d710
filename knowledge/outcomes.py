"""How good the answers are: questions with the clause that answers each, asked of the bank's base.

An answerable question is one whose row names a clause; the clause is right in whatever version is
in force on the day asked about, or in the version that the row names. Whatever cites clauses as
an answer counts as answered, two that differ (a conflict) as well; everything else is refused.

answered, refused   questions of either kind
answered_share      the share of the answerable that were answered
clause_recall       the share of the answerable whose right clause is among an answer's citations
citation_precision  the share of those answers' citations that are the right clause
refusal_accuracy    the share of the others that were not answered; None where there are none
verbatim            the share of quotes, shown or nearest, that their clause holds word for word
repealed, outside   quotes of versions not in force on the day, or not open to who asked
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bank.database import Transaction
from bank.policies import PolicyRecord, clauses_of, policy_versions
from knowledge.answer import Answer, Citation, Query
from knowledge.evaluation import Report
from knowledge.posed import Posed
from knowledge.question import language_of

CROSS = "cross"
"""The questions whose clause is in the other language."""

Ask = Callable[[Query], Answer]


@dataclass(frozen=True, slots=True)
class Base:
    """What SQL holds to judge by: the versions, and of each clause its words."""

    versions: Mapping[str, PolicyRecord]
    texts: Mapping[str, tuple[str, str]]
    """By clause id its version's id and its text."""
    named: Mapping[tuple[str, str], frozenset[str]]
    """By version's id and a clause's number or label, the ids of its pieces."""

    def wanted(self, one: Posed) -> frozenset[str]:
        """The clauses that answer a question on its day; none when they are not held."""
        if one.relevant:
            return frozenset(
                key for key in one.relevant if key in self.texts and self._in_force(key, one)
            )
        found = (
            self.named.get((version.id, one.clause), frozenset())
            for version in self.versions.values()
            if version.policy == one.policy
            and version.in_force(one.on)
            and one.version in {"", version.version}
        )
        return frozenset(key for ids in found for key in ids)

    def lang_of(self, clause_id: str) -> str:
        """The language of a clause's policy."""
        return self.versions[self.texts[clause_id][0]].lang

    def _in_force(self, clause_id: str, one: Posed) -> bool:
        return self.versions[self.texts[clause_id][0]].in_force(one.on)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked by `query`, the clauses that answer it, and what was answered.

    `group` is the language it counts under.
    """

    posed: Posed
    group: str
    wanted: frozenset[str]
    query: Query
    answer: Answer


def read_base(tx: Transaction) -> Base:
    """What is held now."""
    versions = {version.id: version for version in policy_versions(tx)}
    texts: dict[str, tuple[str, str]] = {}
    named: dict[tuple[str, str], set[str]] = {}
    for version in versions:
        for clause in clauses_of(tx, version):
            texts[clause.id] = (version, clause.text)
            for name in (clause.number, clause.label):
                named.setdefault((version, name), set()).add(clause.id)
    return Base(versions, texts, {key: frozenset(ids) for key, ids in named.items()})


def everyone(base: Base) -> tuple[frozenset[str], frozenset[str]]:
    """Every role and unit that some policy is for."""
    versions = base.versions.values()
    roles = frozenset(role for version in versions for role in version.audience)
    return roles, frozenset(unit for version in versions for unit in version.units)


def ask_all(
    ask: Ask,
    base: Base,
    posed: Sequence[Posed],
    roles: frozenset[str],
    units: frozenset[str],
    *,
    report: Report | None = None,
) -> list[Asked]:
    """Every question asked by somebody who holds some roles in some units."""
    asked = []
    for number, one in enumerate(posed):
        if report:
            report("asking the questions", number, len(posed))
        query = Query(one.text, one.on, roles, one.lang, units)
        wanted = base.wanted(one)
        lang = one.lang or language_of(one.text)
        across = bool(wanted) and all(base.lang_of(key) != lang for key in wanted)
        asked.append(Asked(one, CROSS if across else lang, wanted, query, ask(query)))
    return asked


def figures(base: Base, asked: Sequence[Asked]) -> dict[str, float | int | None]:
    """The figures of some questions: this module says what each is."""
    known = [one for one in asked if one.posed.answerable]
    told = [one for one in known if answers(one.answer)]
    cited = [citation.clause_id in one.wanted for one in told for citation in one.answer.citations]
    right = sum(any(c.clause_id in one.wanted for c in one.answer.citations) for one in told)
    refused = [not answers(one.answer) for one in asked if not one.posed.answerable]
    shown = [(one, citation) for one in asked for citation in shown_by(one.answer)]
    return {
        "questions": len(asked),
        "answered": sum(answers(one.answer) for one in asked),
        "refused": sum(not answers(one.answer) for one in asked),
        "closest_only": sum(one.answer.reason == "closest_only" for one in asked),
        "conflicts": sum(one.answer.status == "conflict" for one in asked),
        "answered_share": share(len(told), len(known)),
        "clause_recall": share(right, len(known)),
        "citation_precision": share(sum(cited), len(cited)),
        "refusal_accuracy": share(sum(refused), len(refused)),
        "verbatim": share(sum(_verbatim(base, c) for _, c in shown), len(shown)),
        "repealed": sum(not _in_force(base, c, one.query) for one, c in shown),
        "outside": outside(base, asked),
    }


def by_language(base: Base, asked: Sequence[Asked]) -> dict[str, dict[str, float | int | None]]:
    """The figures of each language asked in, and of those answered in the other."""
    groups = sorted({one.group for one in asked}, key=lambda group: (group == CROSS, group))
    return {group: figures(base, [one for one in asked if one.group == group]) for group in groups}


def unknown(asked: Sequence[Asked]) -> list[str]:
    """The places of the questions whose clause is not held: they count as not found."""
    return [one.posed.place for one in asked if one.posed.answerable and not one.wanted]


def answers(answer: Answer) -> bool:
    """Whether it cites clauses as an answer."""
    return answer.status != "refused"


def shown_by(answer: Answer) -> tuple[Citation, ...]:
    """Everything that is quoted, as an answer or as what is closest."""
    return (*answer.citations, *answer.nearest)


def share(part: int, whole: int) -> float | None:
    """A share, to four digits; None of nothing."""
    return round(part / whole, 4) if whole else None


def _verbatim(base: Base, citation: Citation) -> bool:
    return citation.quote in base.texts.get(citation.clause_id, ("", ""))[1]


def _in_force(base: Base, citation: Citation, query: Query) -> bool:
    version = _version(base, citation)
    return version is not None and version.in_force(query.on)


def outside(base: Base, asked: Sequence[Asked]) -> int:
    """How many quotes were of versions that are not open to who asked."""
    quoted = ((_version(base, c), one.query) for one in asked for c in shown_by(one.answer))
    return sum(
        version is None or not version.open_to(query.roles, query.units)
        for version, query in quoted
    )


def _version(base: Base, citation: Citation) -> PolicyRecord | None:
    held = base.texts.get(citation.clause_id)
    return base.versions[held[0]] if held else None
