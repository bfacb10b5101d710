"""Which policy a clause means when it names another, out of those somebody may read."""

from collections.abc import Sequence

from bank.policies import LinkRecord, PolicyRecord

_AROUND = " 《》「」“”\"'"


def target_of(
    link: LinkRecord, policy: PolicyRecord, readable: Sequence[PolicyRecord]
) -> PolicyRecord | None:
    """The version a reference of one of `policy`'s clauses points into.

    `readable` are the versions in force on a day that a person may read: what is not among them
    is not known to be there. None too when two of them go by that name.
    """
    if not link.target_policy:
        return policy
    name = _plain(link.target_policy)
    named = [other for other in readable if name in (_plain(other.title), other.policy)]
    return named[0] if len(named) == 1 else None


def _plain(name: str) -> str:
    return " ".join(name.strip(_AROUND).lower().removeprefix("the ").split())
