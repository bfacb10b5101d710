"""What recognisers find, taken out of a text for good: for logs, which need no way back."""

from knowledge.masking.folding import fold
from knowledge.masking.recognisers import joined, recognise


def redact(text: str) -> str:
    """The text with the kind alone, such as [CARD], in place of whatever names somebody."""
    folded = fold(text)
    pieces: list[str] = []
    at = 0
    for span in joined(recognise(folded.text)):
        start, end = folded.span(span.start, span.end)
        pieces += [text[at:start], f"[{span.kind}]"]
        at = end
    return "".join([*pieces, text[at:]])
