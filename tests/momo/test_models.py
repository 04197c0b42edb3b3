"""Models: what the records promise beyond holding fields."""

import pytest

from momo import BasicUserInfo, ConfigurationError, Credentials, Status
from momo.models import Token


@pytest.mark.parametrize(
    ("word", "final"),
    [
        ("SUCCESSFUL", True),
        ("FAILED", True),
        ("PENDING", False),
        ("CREATED", False),
        ("successful", False),
        ("NEW", False),
    ],
)
def test_only_two_status_words_are_final(word, final):
    assert Status(word).final is final


def test_a_status_compares_by_its_word():
    assert Status("PENDING") == Status.PENDING
    assert str(Status.FAILED) == "FAILED"


def test_secrets_stay_out_of_reprs():
    shown = repr(Credentials("user", "secret-key", "secret-subscription")) + repr(Token("secret-token", 1))

    assert "secret" not in shown


@pytest.mark.parametrize("fields", [("", "k", "s"), ("u", "", "s"), ("u", "k", "a\nb"), ("u:x", "k", "s")])
def test_credentials_that_cannot_work_are_a_configuration_error(fields):
    with pytest.raises(ConfigurationError):
        Credentials(*fields)


def test_a_full_name_is_what_is_known_of_it():
    assert BasicUserInfo("Sand", "Box").full_name == "Sand Box"
    assert BasicUserInfo(family_name="Box").full_name == "Box"
