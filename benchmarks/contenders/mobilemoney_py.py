"""mobilemoney.py (aiohttp): it can ask to pay, and has no call for the status of that."""

import uuid

from mobilemoney import Client
from mobilemoney.request.route import Route

BODY = {
    "amount": "5",
    "currency": "EUR",
    "externalId": "bench",
    "payer": {"partyIdType": "MSISDN", "partyId": "256772123456"},
    "payerMessage": "rent",
    "payeeNote": "May",
}


async def contender(setup):
    Route.BASE["sandbox"] = setup["url"]
    client = Client()
    client.is_sandbox()
    collection = client.collection(setup["subscription_key"])
    authorization = client.bearer_token(setup["token"])

    async def pay():
        reference_id = str(uuid.uuid4())
        ok, _ = await collection.request_to_pay(authorization, reference_id, "sandbox", BODY)
        assert ok
        return reference_id

    return pay, None
