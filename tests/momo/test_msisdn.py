"""Msisdn: digits only, masked where it might be logged."""

import pytest

from momo import InvalidValue, Msisdn


def test_a_number_is_its_digits():
    assert str(Msisdn("46733123453")) == "46733123453"
    assert Msisdn("46733123453") == Msisdn("46733123453")


@pytest.mark.parametrize(
    "text", ["", "+46733123453", "0733123453", "4673312", "4673312345346733", "4673312345a", "٤٦٧٣٣١٢٣٤٥٣", None]
)
def test_anything_else_is_refused(text):
    with pytest.raises(InvalidValue, match="msisdn"):
        Msisdn(text)


def test_a_masked_number_hides_four_digits():
    assert Msisdn("46733123453").masked() == "4673••••453"
    assert Msisdn("46733123").masked() == "4••••123"


def test_neither_repr_nor_error_shows_a_whole_number():
    with pytest.raises(InvalidValue) as caught:
        Msisdn("+46733123453")

    assert "46733123453" not in repr(Msisdn("46733123453"))
    assert "46733123453" not in str(caught.value)
