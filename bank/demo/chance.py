"""Chance that comes out the same every time: a generator of its own for each subject and client.

So a client's story depends on the seed and the client alone, never on what was written before it.
"""

from random import Random


def dice(seed: int, *about: object) -> Random:
    """The generator of a subject, such as ("visits", "K000017")."""
    return Random(f"{seed}/" + "/".join(map(str, about)))  # noqa: S311 - test data, not secrets
