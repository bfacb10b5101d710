"""What can stop the library, one line each.

KnowledgeError
├── QuestionError   a question that cannot be asked (its code says why; `bot` words it)
├── SyncError       the folder of policies cannot be taken at all; nothing was changed
├── ReadingError    one file cannot be read; the others still are
├── GlossaryError   a file of glossary entries that cannot be taken; the old ones stay
├── ModelError      the configured model cannot be opened; questions are answered without it
├── EvaluationError passages or questions to measure with that cannot be taken
└── TuningError     questions that cannot be learnt from, or nothing to learn them with
"""

from typing import Literal

QUESTION_LIMIT = 2_000
"""Longest question, in characters."""


class KnowledgeError(Exception):
    """Something about the policies that its message says how to put right."""


class QuestionError(KnowledgeError):
    """A question that cannot be asked: empty, or longer than QUESTION_LIMIT characters."""

    def __init__(self, code: Literal["empty", "too_long"], length: int) -> None:
        """Keep the code, and the question's length in characters."""
        super().__init__(f"question refused ({code}): {length} characters")
        self.code = code
        self.length = length


class SyncError(KnowledgeError):
    """The folder of policies cannot be taken; what was there before stays."""


class EmbedderError(KnowledgeError):
    """The configured embedder cannot be opened, or gives no vectors."""


class ReadingError(KnowledgeError):
    """One file cannot be read as a policy; its message is the reason, without the path."""


class GlossaryError(KnowledgeError):
    """A file of glossary entries cannot be taken; its message names the entry and the remedy."""


class ModelError(KnowledgeError):
    """The configured model cannot be opened; its message names the setting and the remedy."""


class EvaluationError(KnowledgeError):
    """A file to measure with cannot be taken; its message names the line."""


class TuningError(KnowledgeError):
    """Questions cannot be learnt from or confirmed; its message says which and why."""
