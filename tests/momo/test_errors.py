"""The error tree: what each error says about the money."""

import pytest

from momo import errors
from momo.errors import InvalidValue, MomoError, Outcome

NOT_APPLIED = {
    "ConfigurationError",
    "InvalidValue",
    "ConnectionFailed",
    "BadRequest",
    "AuthenticationFailed",
    "PermissionDenied",
    "RateLimited",
    "Refused",
}
TREE = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, MomoError)]


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_only_definite_errors_say_not_applied(kind):
    expected = Outcome.NOT_APPLIED if kind.__name__ in NOT_APPLIED else Outcome.UNKNOWN

    assert kind.default_outcome is expected


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_every_error_is_drawn_in_the_tree(kind):
    line = next(line for line in errors.__doc__.splitlines() if f"{kind.__name__} " in line)

    if kind is not MomoError and not kind.__subclasses__():
        assert line.endswith(kind.default_outcome.name)


def test_an_outcome_can_be_corrected_for_one_error_alone():
    lost, other = errors.ResponseLost("lost"), errors.ResponseLost("lost")

    lost.outcome = Outcome.NOT_APPLIED

    assert other.outcome is Outcome.UNKNOWN


def test_an_invalid_value_names_field_rule_and_value():
    error = InvalidValue("currency", "three letters", "x" * 200)

    assert isinstance(error, ValueError)
    assert (error.field, error.rule, error.value) == ("currency", "three letters", "x" * 80)
    assert str(error).startswith("currency must be three letters, not 'xxx")


def test_an_api_error_tells_status_code_and_words():
    error = errors.ServerError(500, "NEW_CODE", "Something new.")

    assert (error.status, error.code, error.message) == (500, "NEW_CODE", "Something new.")
    assert str(error) == "HTTP 500 NEW_CODE Something new."
