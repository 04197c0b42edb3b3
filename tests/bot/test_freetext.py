"""Plain sentences that mean a command."""

import pytest

from bot.chat.freetext import command_in


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("pay 0772123456 5k rent", "pay", "0772123456 5k rent"),
        ("Pay: 0772123456 5k", "pay", "0772123456 5k"),
        ("payer 0772123456 5000 loyer", "pay", "0772123456 5000 loyer"),
        ("Demander 0772123456 5000", "request", "0772123456 5000"),
        ("rembourser 7K3MQP tout", "refund", "7K3MQP tout"),
        ("déposer 0772123456 5000", "deposit", "0772123456 5000"),
        ("DÉPOSER", "deposit", ""),
        ("  ask  0772123456", "request", "0772123456"),
    ],
)
def test_a_sentence_that_begins_with_a_verb_is_a_command(text: str, command: str, rest: str) -> None:
    assert command_in(text) == (command, rest)


@pytest.mark.parametrize("text", ["hello", "", "payment done?", "0772123456 5k", "please pay 0772123456"])
def test_any_other_sentence_is_none(text: str) -> None:
    assert command_in(text) is None
