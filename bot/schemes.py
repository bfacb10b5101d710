"""The bank's schemes: the files of the folder DAYBOOK_SCHEMES."""

from pathlib import Path

from bot.errors import BotError
from scoring.scheme import PACKAGED, Scheme, load_scheme
from scoring.versions import PRODUCTS_OWN, Schemes

BIGGEST = 1_000_000
"""Bytes of a scheme's file."""


def read_schemes(folder: Path | None) -> Schemes:
    """Every scheme of a folder, none without one.

    Raises SchemeError, naming file and line, for the first mistake, and BotError for a folder or
    file that cannot be read, or for two files that would be in force at once.
    """
    if folder is None:
        return PRODUCTS_OWN
    if not folder.is_dir():
        raise BotError(f"DAYBOOK_SCHEMES {folder} is no folder: make it, or name another one")
    found = [(path, read_scheme(path)) for path in sorted(folder.glob("*.toml"))]
    seen: dict[tuple[object, ...], Path] = {}
    for path, scheme in found:
        for key in ((scheme.id, scheme.version), (scheme.role, scheme.from_day, scheme.version)):
            if key in seen:
                raise BotError(
                    f"{path}: version {scheme.version} of {scheme.id} stands in {seen[key].name} "
                    "too, or begins on the same day: give one of the two another version"
                )
            seen[key] = path
        if scheme.id == PACKAGED:
            raise BotError(f"{path}: id: {PACKAGED} is the product's own: give the copy another id")
    return Schemes(tuple(scheme for _, scheme in found))


def read_scheme(path: Path) -> Scheme:
    """The scheme of a file. Raises SchemeError, and BotError when it cannot be read."""
    try:
        if path.stat().st_size > BIGGEST:
            raise BotError(f"{path} is larger than a scheme: name a scheme's TOML file")
        return load_scheme(path.read_text(encoding="utf-8"), str(path))
    except UnicodeDecodeError:
        raise BotError(f"{path} is not UTF-8 text: save it as UTF-8") from None
    except OSError as error:
        raise BotError(f"{path} cannot be read ({error.strerror}): name a TOML file") from None
