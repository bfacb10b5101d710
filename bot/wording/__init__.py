"""Every sentence a person reads, in English and Chinese, and how figures are written.

A sentence lives under one key in `en.toml` and `zh.toml`, with `{values}` in braces. A key that
counts has two forms, `one` and `other`, chosen by its value `n`.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from string import Formatter

LANGS = ("en", "zh")


class WordingError(LookupError):
    """A sentence was asked for that does not exist, or with other values than it takes."""


def say(lang: str, key: str, **values: object) -> str:
    """The sentence of a key in a language, with its values in place.

    Raises WordingError when the key is unknown or the values are not exactly the ones it takes.
    """
    form = _form(sentences(lang), key, values)
    wanted = fields(form)
    extra = set(values) - wanted - {"n"}
    if extra or wanted - set(values):
        raise WordingError(f"{key} takes {sorted(wanted)}, and was given {sorted(values)}")
    return form.format_map(values)


def knows(key: str) -> bool:
    """Whether there is a sentence of that key."""
    return key in sentences("en")


def fields(form: str) -> set[str]:
    """The names of the values a sentence takes."""
    return {name for _, name, _, _ in Formatter().parse(form) if name}


@cache
def sentences(lang: str) -> Mapping[str, str | Mapping[str, str]]:
    """Every sentence of a language by dotted key."""
    text = resources.files("bot.wording").joinpath(f"{lang}.toml").read_text(encoding="utf-8")
    return dict(_flatten(tomllib.loads(text)))


def _form(known: Mapping[str, str | Mapping[str, str]], key: str, values: object) -> str:
    try:
        form = known[key]
    except KeyError:
        raise WordingError(f"there is no sentence {key!r}") from None
    if isinstance(form, str):
        return form
    if not isinstance(values, Mapping) or "n" not in values:
        raise WordingError(f"{key} needs n to choose its form")
    return form["one"] if values["n"] == 1 else form["other"]


def _flatten(
    table: Mapping[str, object], prefix: str = ""
) -> list[tuple[str, str | Mapping[str, str]]]:
    found: list[tuple[str, str | Mapping[str, str]]] = []
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping) and set(value) != {"one", "other"}:
            found += _flatten(value, f"{key}.")
        elif isinstance(value, Mapping):
            found.append((key, {form: str(text) for form, text in value.items()}))
        else:
            found.append((key, str(value)))
    return found
