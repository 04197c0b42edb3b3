"""Moments as the database keeps them: integer milliseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Return *moment* (aware) as milliseconds."""
    return (moment - EPOCH) // MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """Return the aware UTC moment of *milliseconds*."""
    return EPOCH + timedelta(milliseconds=milliseconds)
