"""New names: reference ids, callback tokens, short codes, nonces. Randomness is handed in."""

import base64
from typing import Protocol
from uuid import UUID

# No 0/O, 1/I/L, U: read out over a noisy counter, none is taken for another.
SHORT_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SHORT_CODE_LENGTH = 6


class Entropy(Protocol):
    """What ``random.Random`` and ``random.SystemRandom`` both offer."""

    def getrandbits(self, k: int, /) -> int: ...
    def choice(self, seq: str, /) -> str: ...
    def uniform(self, a: float, b: float) -> float: ...


class Mint:
    """Makes the names by which a transaction, its callbacks and its buttons are known."""

    def __init__(self, entropy: Entropy) -> None:
        self.entropy = entropy

    def reference_id(self) -> str:
        """Return a new version 4 UUID: MTN's X-Reference-Id."""
        return str(UUID(int=self.entropy.getrandbits(128), version=4))

    def callback_token(self) -> str:
        """Return 256 bits as 43 url-safe characters: the last part of a callback's path."""
        return self._url_safe(256)

    def nonce(self) -> str:
        """Return 128 bits as 22 url-safe characters: what makes a button's data unforgeable."""
        return self._url_safe(128)

    def key(self) -> bytes:
        """Return 256 bits, to key hashes of personal data with."""
        return self.entropy.getrandbits(256).to_bytes(32)

    def short_code(self) -> str:
        """Return the six characters by which people name a transaction."""
        return "".join(self.entropy.choice(SHORT_CODE_ALPHABET) for _ in range(SHORT_CODE_LENGTH))

    def _url_safe(self, bits: int) -> str:
        raw = self.entropy.getrandbits(bits).to_bytes(bits // 8)
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
