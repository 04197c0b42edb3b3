"""What a number is once it was removed, and how long everything personal is kept at least."""

from datetime import timedelta

from momo import Msisdn

# In the place of a number: nobody's, since no country has the calling code 999. The database takes it for nothing else.
REMOVED = Msisdn("9" * 15)
# For a week MTN may be asked about what ended, and sent updates may come again.
KEPT_AT_LEAST = timedelta(days=8)


def is_removed(msisdn: Msisdn) -> bool:
    """Tell whether a number was removed, and name and note with it."""
    return msisdn == REMOVED
