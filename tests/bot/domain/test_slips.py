"""Slips of the finger: one digit changed, or two neighbours swapped."""

import pytest

from bot.domain.slips import one_slip


@pytest.mark.parametrize("typed", ["0772123457", "1772123456", "0772213456", "0772123465"])
def test_one_digit_changed_or_two_neighbours_swapped_is_one_slip(typed: str) -> None:
    assert one_slip(typed, "0772123456")


@pytest.mark.parametrize("typed", ["0772123456", "0772123466"[:9], "0772123499", "0772321456", "6772123450"])
def test_the_same_number_another_length_and_more_is_none(typed: str) -> None:
    assert not one_slip(typed, "0772123456")
