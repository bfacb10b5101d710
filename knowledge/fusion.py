"""From what each candidate shows, leg by leg, to one score: pure arithmetic on frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

FIRST = 50
"""How many of the best candidates have a say in which policy is meant."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How the clauses of one language are weighed.

    BM25's `saturation` (its k1) and `length` (its b) are for words and pairs alike; `title` is how
    often a word of the title or chapter counts there; `rarity` is the power its inverse document
    frequency is taken to. `pairs`, `beside`, `about` and `policy` are the weights of their legs
    beside the words', `near` that of similar wording.

    What a clause is good for beyond its words (`ideas`, `wants`, `rule`, and similar wording by
    `near_instead`) counts the less, the more of the question the best clause covers; from
    `enough` on it counts nothing.
    """

    saturation: float
    length: float
    title: float
    rarity: float
    pairs: float
    beside: float
    about: float
    policy: float
    ideas: float
    wants: float
    rule: float
    near: float
    near_instead: float
    enough: float


ACROSS = "across"
"""The profile for clauses in another language than the question's: ideas, numbers and names."""

# Chosen on half the questions and checked on the other half, colloquial and formal ones at once:
# docs/retrieval.md has the figures. No embedder that ships with us helps Chinese.
PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "en": Profile(
            saturation=0.6, length=0.6, title=0.0, rarity=1.0,
            pairs=0.5, beside=0.15, about=0.3, policy=0.0,
            ideas=2.0, wants=8.0, rule=20.0, near=0.05, near_instead=1.2, enough=0.6,
        ),
        "zh": Profile(
            saturation=1.5, length=0.9, title=1.0, rarity=1.3,
            pairs=0.5, beside=0.0, about=0.0, policy=0.16,
            ideas=3.0, wants=6.0, rule=8.0, near=0.0, near_instead=0.0, enough=0.3,
        ),
        ACROSS: Profile(
            saturation=1.2, length=0.75, title=0.0, rarity=1.0,
            pairs=0.6, beside=0.0, about=0.3, policy=0.3,
            ideas=2.0, wants=4.0, rule=8.0, near=0.0, near_instead=0.0, enough=10.0,
        ),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Legs:
    """What N candidates show, each leg an array of N in the same order.

    `rarity` is what the question's words weigh together, each by how rare it is. In that measure
    `words` and `pairs` are BM25, `beside` both of the better of the clauses before and after,
    `ideas` the ideas shared with the question; `about` is what of the question the title and
    chapter name and `covered` what of it the clause holds, both as shares. `wants` is the share
    of the wanted kinds of fact that the clause states, `rule` is 1 where it rules on anything,
    `near` how alike it is worded, from 0 for the least alike candidate to 1 for the most.
    Candidates with the same number in `policy` stand in one version.
    """

    rarity: float
    words: Floats
    pairs: Floats
    beside: Floats
    about: Floats
    covered: Floats
    ideas: Floats
    wants: Floats
    rule: Floats
    near: Floats
    policy: NDArray[np.intp]


def fuse(legs: Legs, profile: Profile) -> Floats:
    """Every candidate's score; around 1 when a clause says all of the question, once and briefly.

    The words decide where some clause holds them; where none does, what the clauses mean does.
    """
    whole = max(legs.rarity, 1e-6)
    lacking = lack(legs, profile)
    spoken = legs.words + profile.pairs * legs.pairs + profile.beside * legs.beside
    meant = profile.ideas * legs.ideas + profile.wants * legs.wants + profile.rule * legs.rule
    scores = (
        (spoken + lacking * meant) / whole
        + profile.about * legs.about
        + (profile.near + lacking * profile.near_instead) * legs.near
    )
    total: Floats = scores + profile.policy * _said_by_policy(scores, legs.policy)
    return total


def lack(legs: Legs, profile: Profile) -> float:
    """How much the question's own words leave open: 1 when nobody holds any, 0 at `enough`."""
    best = float(legs.covered.max(initial=0.0))
    return max(0.0, 1.0 - best / profile.enough)


def _said_by_policy(scores: Floats, policy: NDArray[np.intp]) -> Floats:
    """The share that each candidate's policy has of the best candidates' scores."""
    if not len(scores):
        return scores
    best = np.argsort(-scores, kind="stable")[:FIRST]
    sums = np.bincount(policy[best], weights=scores[best], minlength=int(policy.max()) + 1)
    total = float(sums.sum())
    shares: Floats = sums / max(total, 1e-6)
    return shares[policy]
