"""The declarative base, and the column types every table shares."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from sqlalchemy import BigInteger, Dialect, MetaData, String, types
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Base(DeclarativeBase):
    """Every table's base: constraint names are the same on both engines."""

    metadata = MetaData(naming_convention=NAMES)


class Instant(types.TypeDecorator[datetime]):
    """An aware moment, stored as whole microseconds since 1970 UTC.

    An integer compares and sorts alike on SQLite and PostgreSQL and never loses its zone.
    A naive datetime is refused: it would silently mean another moment elsewhere.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Turn an aware datetime into microseconds."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value.isoformat()}")
        return (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Turn microseconds back into an aware UTC datetime."""
        del dialect
        return None if value is None else EPOCH + timedelta(microseconds=value)


Id = Annotated[str, mapped_column(String(64))]
Key = Annotated[str, mapped_column(String(64), primary_key=True)]
Day = Annotated[int, mapped_column()]
"""A calendar day as `date.toordinal()`."""
Fen = Annotated[int, mapped_column(BigInteger)]
"""Money in integer fen (1/100 CNY)."""
BatchId = Annotated[int | None, mapped_column()]
"""The drop a row's values came with (import_batch.id); null where Daybook's own people wrote it."""
Moment = Annotated[datetime, mapped_column(Instant)]
