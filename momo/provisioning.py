"""Making API users and keys. MTN offers this in its sandbox only; live ones come from the Partner Portal."""

from momo import answers, checks, wire
from momo.models import ApiUser
from momo.transport import Transport


class Provisioning:
    """Makes API users for the product that the subscription key belongs to.

    Args:
        base_url: where the sandbox is.
        subscription_key: of one product; the user then works for that product.
        transport: carries the requests; closing it is the caller's business.
    """

    def __init__(self, base_url: str, subscription_key: str, transport: Transport) -> None:
        self._base_url = checks.base_url(base_url)
        self._subscription_key = subscription_key
        self._transport = transport

    async def create_api_user(self, reference_id: str, callback_host: str) -> None:
        """Make an API user.

        Args:
            reference_id: a UUID version 4; becomes the user's name.
            callback_host: the only host that callbacks may go to; a name, not an address.

        Raises:
            DuplicateReference: there is such a user already.
        """
        request = wire.create_api_user(self._base_url, self._subscription_key, reference_id, callback_host)
        answers.read_created(await self._transport.exchange(request))

    async def get_api_user(self, reference_id: str) -> ApiUser:
        """Return what a user was made with.

        Raises:
            NotFound: there is none.
        """
        request = wire.get_api_user(self._base_url, self._subscription_key, reference_id)
        return answers.read_api_user(await self._transport.exchange(request))

    async def create_api_key(self, reference_id: str) -> str:
        """Make a key for a user and return it; the one before stops working.

        Raises:
            NotFound: there is no such user.
        """
        request = wire.create_api_key(self._base_url, self._subscription_key, reference_id)
        return answers.read_api_key(await self._transport.exchange(request))
