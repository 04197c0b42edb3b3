"""Notes: whatever is typed, MTN accepts what is sent."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momo import InvalidValue, clean_note
from momo.notes import demand_clean


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Café l'Étoile", "Cafe l Etoile"),
        ("rent (May) #2 & water", "rent May 2 water"),
        ("two\nlines\tand  spaces", "two lines and spaces"),
        ("Ɔkyeame ɖo ŋu", "Okyeame do nu"),
        ("5–6, no. 1_a", "5-6, no. 1_a"),
        ("", "Payment"),
        ("😀 ()#", "Payment"),
    ],
)
def test_a_note_is_cleaned(typed, sent):
    assert clean_note(typed, "Payment") == sent


@given(text=st.text(), fallback=st.text())
def test_a_note_is_never_empty_too_long_or_refused(text, fallback):
    note = clean_note(text, fallback)

    assert re.fullmatch(r"[A-Za-z0-9.,_-]([A-Za-z0-9 .,_-]{0,158}[A-Za-z0-9.,_-])?", note)
    assert demand_clean("note", note) == clean_note(note, fallback) == note


def test_a_long_note_is_cut():
    assert clean_note("a" * 159 + " b", "x") == "a" * 159


@pytest.mark.parametrize("text", ["", "   ", "a&b", "it's", "a" * 161, "two\nlines"])
def test_a_note_that_was_not_cleaned_is_refused(text):
    with pytest.raises(InvalidValue, match="payee_note"):
        demand_clean("payee_note", text)
