"""Made-up candidates of made-up questions, for what learns to order them."""

import numpy as np

from knowledge.counting import Counted
from knowledge.features import Sight, look
from knowledge.fusion import Legs
from knowledge.memory import Remembered
from knowledge.surroundings import AROUND
from knowledge.tuning import Case

DIMENSIONS = 4


def sight(random: np.random.Generator, count: int, tokens: int = 5) -> Sight:
    """Some candidates with random figures; the tokens are those of the question."""
    names = tuple(f"t{number}" for number in random.permutation(40)[:tokens])
    counts = random.integers(0, 3, size=(count, tokens)).astype(np.float32)
    rarities = random.uniform(1, 5, size=tokens).astype(np.float32)
    words = Counted(names, counts, random.uniform(0.5, 2, count).astype(np.float32), rarities)
    pairs = Counted(
        tuple(f"{name}_p" for name in names[1:]),
        counts[:, 1:],
        words.lengths,
        rarities[1:],
    )

    def some():
        return random.random(count).astype(np.float32)

    legs = Legs(
        rarity=float(rarities.sum()),
        words=words.scores(0.9, 0.6).sum(axis=1),
        pairs=pairs.scores(0.9, 0.6).sum(axis=1),
        beside=some(),
        about=some(),
        covered=some(),
        ideas=some(),
        wants=some(),
        rule=(some() > 0.5).astype(np.float32),
        near=some(),
        policy=random.integers(0, 3, count),
    )
    vectors = random.normal(size=(count, DIMENSIONS)).astype(np.float32)
    return Sight(
        rows=np.sort(random.permutation(1_000)[:count]),
        legs=legs,
        fused=some() * 0.02,
        words=words,
        pairs=pairs,
        positions=some(),
        vectors=vectors,
        vector=random.normal(size=DIMENSIONS).astype(np.float32),
        pair_weight=0.5,
        around=random.random((count, len(AROUND))).astype(np.float32),
        named=np.zeros(count, dtype=np.bool_),
    )


def cases(number: int, *, tells: bool, count: int = 8) -> list[Case]:
    """Questions with one relevant candidate each, which the default ranks as by chance.

    Where it `tells`, the relevant one's `about` is the highest of all.
    """
    random = np.random.default_rng(7)
    made = []
    for _ in range(number):
        seen = sight(random, count)
        right = int(random.integers(count))
        if tells:
            seen.legs.about[right] = 1.5
        asked = Remembered(
            frozenset(seen.words.tokens), seen.vector, frozenset({int(seen.rows[right])})
        )
        made.append(Case(asked, look(seen)))
    return made
