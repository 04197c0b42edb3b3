"""What is wrong with something a person typed: one reason, one right example.

What lives here: the refusal itself, and what the parsers make it of. What must not: sentences; the messages turn
a reason into one in the person's language.
"""

import unicodedata
from enum import StrEnum

_SHOWN = 64


class BadReason(StrEnum):
    """Why typed text was refused."""

    AMOUNT_MISSING = "amount_missing"
    AMOUNT_NOT_ASCII = "amount_not_ascii"
    AMOUNT_NOT_A_NUMBER = "amount_not_a_number"
    AMOUNT_NEGATIVE = "amount_negative"
    AMOUNT_PLUS_SIGN = "amount_plus_sign"
    AMOUNT_EXPONENT = "amount_exponent"
    AMOUNT_UNDERSCORE = "amount_underscore"
    AMOUNT_ZERO = "amount_zero"
    AMOUNT_LEADING_ZERO = "amount_leading_zero"
    AMOUNT_GROUPING = "amount_grouping"
    AMOUNT_TOO_MANY_DECIMALS = "amount_too_many_decimals"
    AMOUNT_TOO_LARGE = "amount_too_large"
    AMOUNT_OTHER_CURRENCY = "amount_other_currency"

    NUMBER_MISSING = "number_missing"
    NUMBER_NOT_ASCII = "number_not_ascii"
    NUMBER_LETTERS = "number_letters"
    NUMBER_OTHER_CHARACTERS = "number_other_characters"
    NUMBER_DOUBLE_ZERO = "number_double_zero"
    NUMBER_TOO_SHORT = "number_too_short"
    NUMBER_TOO_LONG = "number_too_long"
    NUMBER_OTHER_COUNTRY = "number_other_country"
    NUMBER_WRONG_START = "number_wrong_start"

    ORDER_UNCLEAR = "order_unclear"

    REFERENCE_MISSING = "reference_missing"
    REFERENCE_SHAPE = "reference_shape"
    CORRECTION_MISSING = "correction_missing"

    RECEIPT_CODE_MISSING = "receipt_code_missing"
    RECEIPT_CODE_SHAPE = "receipt_code_shape"
    CONTACT_UNCLEAR = "contact_unclear"
    CONTACT_NAME_MISSING = "contact_name_missing"
    CONTACT_NAME_SHAPE = "contact_name_shape"

    ROLE_MISSING = "role_missing"
    ROLE_UNKNOWN = "role_unknown"
    USER_ID_MISSING = "user_id_missing"
    USER_ID_SHAPE = "user_id_shape"
    LANGUAGE_UNKNOWN = "language_unknown"

    FILTER_UNCLEAR = "filter_unclear"
    FILTERS_TOO_MANY = "filters_too_many"
    FILTERS_MISSING = "filters_missing"

    PERIOD_MISSING = "period_missing"
    PERIOD_SHAPE = "period_shape"
    PERIOD_NO_SUCH_DAY = "period_no_such_day"
    PERIOD_BACKWARDS = "period_backwards"
    PERIOD_AHEAD = "period_ahead"
    PERIOD_TOO_LONG = "period_too_long"

    WISH_SHAPE = "wish_shape"


class BadInput(Exception):
    """Typed text cannot be what was asked for.

    Attributes:
        reason: what is wrong with it.
        example: something right, made from what was typed where that makes sense.
        typed: what was typed, shortened.
    """

    def __init__(self, reason: BadReason, example: str, typed: str) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.example = example
        self.typed = typed[:_SHOWN]


class Unfit(Exception):
    """A refusal on its way through a parser, which has no example for it yet."""

    def __init__(self, reason: BadReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def ascii_digits(text: str) -> str:
    """Return `text` with the digits of other scripts as ASCII: to make an example of, never to be paid."""
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in text)
