"""name_match: what is the same person's name, spelled by two people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momo import name_match


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Sarah Nakato", "NAKATO SARAH"),
        ("Sarah Nakato", "sarah namugga nakato"),
        ("Aïssatou Koné", "AISSATOU KONE"),
        ("Nakato", "Sarah Nakato"),
        ("O'Neil-Diop", "o neil diop"),
    ],
)
def test_order_capitals_accents_and_names_of_one_side_do_not_count(name, other):
    assert name_match(name, other) == name_match(other, name) == 100


@pytest.mark.parametrize(
    ("name", "other", "percent"),
    [
        ("Nakato Sarah", "SARAH N. NAKATTO", 96),
        ("Sarah Nakato", "Sarah Okello", 50),
        ("Sarah Nakato", "John Okello", 0),
        ("Corner shop", "Sand Box", 0),
        ("Sarah Sarah", "Sarah Okello", 50),
    ],
)
def test_a_slip_costs_little_and_another_name_all_of_it(name, other, percent):
    assert name_match(name, other) == percent


@pytest.mark.parametrize("nothing", ["", "  ", "---", "\N{COMBINING ACUTE ACCENT}"])
def test_where_there_is_no_name_nothing_fits(nothing):
    assert name_match(nothing, "Sarah") == name_match("Sarah", nothing) == 0


@given(st.text(max_size=30), st.text(max_size=30))
def test_it_is_a_percentage_whatever_the_names_are(name, other):
    assert 0 <= name_match(name, other) <= 100
