"""The arithmetic of the audit chain: keyed digests, each over the one before it.

A row's seal is HMAC-SHA256 over the seal before it and the row's own canonical JSON. So no row
can be changed, taken out, put in or moved without the key, which is never in the database.
"""

import hmac
import json
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from bank.errors import AuditKeyError

SHORTEST_KEY = 32
"""Characters a key has at least."""


@dataclass(frozen=True)
class AuditKeys:
    """The key that seals, first, and those it replaced, which older rows were sealed with."""

    keys: tuple[bytes, ...]

    @classmethod
    def parse(cls, text: str) -> "AuditKeys":
        """Keys apart by white space or commas, the newest first. Raises AuditKeyError."""
        words = text.replace(",", " ").split()
        if not words:
            raise AuditKeyError("there is no audit key")
        if any(len(word) < SHORTEST_KEY for word in words):
            raise AuditKeyError(f"an audit key has at least {SHORTEST_KEY} characters")
        return cls(tuple(word.encode() for word in words))

    def __repr__(self) -> str:
        """The keys' names alone: a key is never shown."""
        return f"AuditKeys({', '.join(self.by_name)})"

    @cached_property
    def by_name(self) -> dict[str, bytes]:
        """Every key by its name, which tells nothing of it."""
        return {key_name(key): key for key in self.keys}

    @property
    def current(self) -> bytes:
        """The key that seals."""
        return self.keys[0]

    @property
    def current_name(self) -> str:
        """The name of the key that seals."""
        return key_name(self.keys[0])


def key_name(key: bytes) -> str:
    """What a key is called in the log: the same everywhere, and of no use for finding the key."""
    return seal(key, "", "the name of an audit key")[:16]


def seal(key: bytes, before: str, content: str) -> str:
    """The seal of some canonical content that follows what was sealed before, as hex."""
    return hmac.digest(key, f"{before}\n{content}".encode(), "sha256").hex()


def fingerprint(key: bytes, content: object) -> str:
    """A digest of words or values that nobody without the key can guess them from."""
    return seal(key, "fingerprint", canonical(content))


def plain_digest(content: object) -> str:
    """A digest that anybody can check: for what was written before there was a key."""
    return sha256(canonical(content).encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two seals are the same."""
    return hmac.compare_digest(one.encode(), other.encode())


_ENCODER = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def canonical(content: object) -> str:
    """The one way to write a value down as JSON."""
    return _ENCODER.encode(content)
