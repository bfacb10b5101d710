"""LangChain can send every prompt to a service of its maker's: here it never does."""

import os
from collections.abc import MutableMapping
from typing import Final

SWITCHES: Final = (
    "LANGSMITH_TRACING",
    "LANGSMITH_TRACING_V2",
    "LANGCHAIN_TRACING",
    "LANGCHAIN_TRACING_V2",
)


def forbid_tracing(environment: MutableMapping[str, str] = os.environ) -> None:
    """Turn tracing off for this process and those it starts, whatever the environment says.

    To be called before anything of LangChain's is used: it reads its switches once.
    """
    environment.update(dict.fromkeys(SWITCHES, "false"))
