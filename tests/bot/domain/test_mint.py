import random
import re
from uuid import UUID

from bot.domain.mint import SHORT_CODE_ALPHABET, Mint

MINT = Mint(random.Random(3))


def test_a_reference_id_is_a_uuid_of_version_4_in_lower_case() -> None:
    reference_id = MINT.reference_id()
    assert UUID(reference_id).version == 4
    assert reference_id == reference_id.lower()


def test_a_callback_token_fits_into_a_path() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", MINT.callback_token())


def test_a_nonce_leaves_room_in_64_bytes_of_button_data() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", MINT.nonce())


def test_a_short_code_has_no_letters_that_look_alike() -> None:
    assert not set(SHORT_CODE_ALPHABET) & set("0O1ILU")
    assert re.fullmatch(f"[{SHORT_CODE_ALPHABET}]{{6}}", MINT.short_code())


def test_a_hash_key_has_256_bits() -> None:
    assert len(MINT.key()) == 32


def test_names_come_from_the_chance_handed_in_and_from_nothing_else() -> None:
    one, same = Mint(random.Random(5)), Mint(random.Random(5))
    assert [one.reference_id(), one.nonce()] == [same.reference_id(), same.nonce()]
    assert one.nonce() != one.nonce()
