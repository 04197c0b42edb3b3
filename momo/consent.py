"""Calls an account holder has to agree to first. How that consent is asked for is not built yet."""

from momo import answers, wire
from momo.exchange import Exchange
from momo.models import UserInfo
from momo.wire import Access


class Consent:
    """Calls made with the token that a consent gave, in place of the product's own."""

    def __init__(self, access: Access, exchange: Exchange) -> None:
        self._access = access
        self._exchange = exchange

    async def user_info(self, consent_token: str) -> UserInfo:
        """Return all an account holder agreed to show.

        Args:
            consent_token: the access token of that consent.
        """
        request = wire.user_info(self._access)
        return await self._exchange.read_as(consent_token, request, answers.read_user_info)
