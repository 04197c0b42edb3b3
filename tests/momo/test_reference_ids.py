"""Reference ids that are worked out: the same for the same seed, and of the only kind MTN takes."""

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from momo import InvalidValue, checks, new_reference_id, reference_id_from, reference_ids

READABLE = st.text(st.characters(codec="utf-8"), min_size=1)


@settings(deadline=None)
@given(READABLE, st.text(st.characters(codec="utf-8")))
def test_a_seed_has_one_id_and_it_is_a_version_4(seed, key):
    reference_id = reference_id_from(seed, key=key)

    assert reference_id_from(seed, key=key) == reference_id
    assert checks.uuid4("reference_id", reference_id) == reference_id
    assert uuid.UUID(reference_id).version == 4


@settings(deadline=None)
@given(READABLE, READABLE)
def test_other_seeds_and_other_keys_have_other_ids(one, other):
    assert (reference_id_from(one) == reference_id_from(other)) == (one == other)
    assert reference_id_from(one) != reference_id_from(one, key="k")


def test_the_scheme_is_the_one_that_is_written_down():
    assert reference_id_from("order 7") == "820792b4-6b6e-4dbb-9e93-de82fc5d5ae1"
    assert "820792b4-6b6e-4dbb-9e93-de82fc5d5ae1" in str(reference_ids.__doc__)


@pytest.mark.parametrize("seed", ["", None, 7, b"order 7"])
def test_a_seed_is_a_text(seed):
    with pytest.raises(InvalidValue, match="seed"):
        reference_id_from(seed)


def test_chance_gives_a_new_one_each_time():
    ids = {new_reference_id() for _ in range(100)}

    assert len(ids) == 100
    assert {uuid.UUID(one).version for one in ids} == {4}
