"""Markets: what is known of each target environment."""

import pytest

from momo import ConfigurationError, InvalidValue, Msisdn, decimals_of, market_of


@pytest.mark.parametrize(
    ("target", "currency", "decimals", "calling_code", "digits"),
    [
        ("sandbox", "EUR", 2, None, None),
        ("mtnuganda", "UGX", 0, "256", 9),
        ("mtnghana", "GHS", 2, "233", 9),
        ("mtnivorycoast", "XOF", 0, "225", 10),
        ("mtnbenin", "XOF", 0, "229", 10),
        ("mtnswaziland", "SZL", 2, "268", 8),
        ("mtnsouthafrica", "ZAR", 2, "27", 9),
    ],
)
def test_a_known_environment_has_its_figures(target, currency, decimals, calling_code, digits):
    market = market_of(target)

    assert (market.currency, market.decimals) == (currency, decimals)
    assert (market.calling_code, market.national_digits) == (calling_code, digits)


def test_a_named_currency_overrides_the_usual_one():
    market = market_of("mtnliberia", "USD")

    assert (market.country, market.currency, market.calling_code) == ("Liberia", "USD", "231")


def test_an_unknown_environment_needs_its_currency():
    assert market_of("mtnmoon", "UGX").decimals == 0

    with pytest.raises(ConfigurationError, match="mtnmoon"):
        market_of("mtnmoon")


def test_a_currency_of_another_shape_is_a_configuration_error():
    with pytest.raises(ConfigurationError, match="currency"):
        market_of("sandbox", "euro")


@pytest.mark.parametrize(("currency", "decimals"), [("XAF", 0), ("TND", 3), ("NGN", 2)])
def test_decimals_are_those_of_iso_4217(currency, decimals):
    assert decimals_of(currency) == decimals


@pytest.mark.parametrize(("target", "number"), [("mtnuganda", "256772123456"), ("sandbox", "46733123450")])
def test_a_number_of_the_country_passes_and_the_sandbox_takes_any(target, number):
    market_of(target).demand_number(Msisdn(number))


@pytest.mark.parametrize(
    ("number", "rule"),
    [("233244123456", r"Uganda, \+256"), ("25677212345", r"9 digits"), ("2567721234567", r"9 digits")],
)
def test_another_countrys_number_is_refused_and_not_told_whole(number, rule):
    with pytest.raises(InvalidValue, match=rule) as refused:
        market_of("mtnuganda").demand_number(Msisdn(number))

    assert number not in str(refused.value)
