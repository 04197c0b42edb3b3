"""Amounts in words, in both languages."""

from decimal import Decimal

import pytest

from bot.chat.language import speak
from bot.chat.spelling import spell
from bot.domain.transactions import LARGEST_MINOR
from momo import Money


@pytest.mark.parametrize(
    ("amount", "currency", "decimals", "english", "french"),
    [
        ("5000", "UGX", 0, "five thousand Ugandan shillings", "cinq mille shillings ougandais"),
        ("1500", "UGX", 0, "one thousand five hundred Ugandan shillings", "mille cinq cents shillings ougandais"),
        ("1", "EUR", 2, "one euro", "un euro"),
        ("1000000", "XOF", 0, "one million West African CFA francs", "un million de francs CFA (BCEAO)"),
        ("2000000", "EUR", 2, "two million euros", "deux millions d'euros"),
        ("1200000", "UGX", 0, "one million two hundred thousand Ugandan shillings",
         "un million deux cent mille shillings ougandais"),
        ("12.50", "EUR", 2, "twelve euros 50/100", "douze euros 50/100"),
        ("0.05", "EUR", 2, "zero euros 05/100", "zéro euros 05/100"),
        ("3.125", "LYD", 3, "three Libyan dinars 125/1000", "trois dinars libyens 125/1000"),
    ],
)  # fmt: skip
def test_an_amount_is_spelt(amount: str, currency: str, decimals: int, english: str, french: str) -> None:
    money = Money(Decimal(amount), currency)
    assert spell(money, decimals) == english
    with speak("fr"):
        assert spell(money, decimals) == french


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("currency", ["UGX", "XAF", "GHS", "ZMW", "RWF", "CDF", "GNF", "NGN", "SZL", "ZAR", "LRD"])
def test_the_largest_amount_of_every_market_has_words(language: str, currency: str) -> None:
    with speak(language):
        words = spell(Money.from_minor(LARGEST_MINOR, currency, 2), 2)
    assert not any(letter.isdigit() for letter in words)
    assert currency not in words
