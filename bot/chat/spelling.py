"""Amounts in words, as on a cheque: a zero too many is heard where it is not seen."""

from decimal import Decimal

from babel.numbers import get_currency_name
from num2words import num2words  # type: ignore[import-untyped]

from bot.chat.language import current
from momo import Money

# In French a round million asks for "de" before what is counted, and before a vowel for "d'".
ROUND = ("million", "millions", "milliard", "milliards")
VOWELS = "aeiouéèêhy"


def spell(amount: Money, decimals: int) -> str:
    """Return an amount in words with its currency's name, as in "one thousand five hundred Ugandan shillings".

    What is less than a whole unit is written as a fraction: "twelve euros 50/100".
    """
    language = current()
    whole = int(amount.amount)
    words = num2words(whole, lang=language).replace(",", "")
    name = get_currency_name(amount.currency, count=1 if whole == 1 else 2, locale=language)
    said = f"{words}{_link(words, name) if language == 'fr' else ' '}{name}"
    part = int((amount.amount - whole) * Decimal(10) ** decimals)
    return f"{said} {part:0{decimals}}/{10**decimals}" if part else said


def _link(words: str, name: str) -> str:
    if not words.endswith(ROUND):
        return " "
    return " d'" if name[0].lower() in VOWELS else " de "
