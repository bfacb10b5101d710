"""What a person can be told went wrong; every other exception is unforeseen.

BotError
├── SettingError     an environment variable holds what it may not
└── Refusal          a request that was understood and turned down, in the asker's words
"""

from collections.abc import Mapping


class BotError(Exception):
    """Something the reader can put right; the message is one line."""


class SettingError(BotError):
    """An environment variable holds what it may not."""


class Refusal(BotError):  # noqa: N818 - it is an answer, not a failure
    """A request turned down. `key` and `values` name a sentence of bot/wording."""

    def __init__(self, key: str, **values: object) -> None:
        """Name the sentence; it is put into words where the asker's language is known."""
        super().__init__(key)
        self.key = key
        self.values: Mapping[str, object] = values
