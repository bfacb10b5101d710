"""Bringing a database to this version's schema, and refusing to work with any other."""

from importlib.resources import files

from sqlalchemy import inspect, text

from bank.calendar import seed_calendar
from bank.database import Database, Transaction, take_turns
from bank.errors import SchemaError

_MIGRATIONS = files("bank") / "migrations"


def migrate(db: Database) -> tuple[str | None, str]:
    """Bring the schema and the calendar up to date, all or nothing.

    Returns the revision before (None for an empty database) and after. Any number of processes
    may call it at once: they take turns, and the later ones find nothing to do.
    """
    # Every command checks the schema, and few migrate it: Alembic takes a quarter of a second.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    with db.write() as tx:
        take_turns(tx, "migrate")
        before, known = _revision(tx), _known()
        _refuse_unknown(before, known)
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = tx
        command.upgrade(config, "head")
        seed_calendar(tx)
    return before, known[-1]


def check(db: Database) -> None:
    """Raise SchemaError, naming the remedy, unless the database is at this version's schema."""
    with db.read() as tx:
        found = _revision(tx)
    known = _known()
    if found == known[-1]:
        return
    _refuse_unknown(found, known)
    state = "is empty" if found is None else f"is at revision {found}"
    raise SchemaError(f"the database {state}; this version needs {known[-1]}: run daybook migrate")


def _refuse_unknown(revision: str | None, known: list[str]) -> None:
    if revision is not None and revision not in known:
        raise SchemaError(
            f"the database is at revision {revision!r}, made by a newer version:"
            " install that version, or restore a backup made by this one"
        )


def _revision(tx: Transaction) -> str | None:
    """Where Alembic has noted that the database is, as one that it has never seen does not."""
    if not inspect(tx).has_table("alembic_version"):
        return None
    found: str | None = tx.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _known() -> list[str]:
    """This version's revisions in order, as their files are named: 0001_first_day.py."""
    names = (file.name for file in (_MIGRATIONS / "versions").iterdir())
    return sorted(name[:4] for name in names if name[:4].isdigit() and name.endswith(".py"))
