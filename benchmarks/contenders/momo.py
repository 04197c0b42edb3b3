"""This project's client."""

import uuid
from decimal import Decimal

from momo import Credentials, MomoClient, Money, Msisdn

AMOUNT, PAYER = Money(Decimal(5), "EUR"), Msisdn("256772123456")


async def contender(setup):
    client = MomoClient(
        setup["url"],
        "sandbox",
        collection=Credentials(setup["user"], setup["key"], setup["subscription_key"]),
        calls_per_second=None,  # it is the speed that is measured here, not MTN's limit
    )
    collection = client.collection

    async def pay():
        reference_id = str(uuid.uuid4())
        await collection.request_to_pay(
            reference_id, AMOUNT, PAYER, external_id="bench", payer_message="rent", payee_note="May"
        )
        return reference_id

    async def status(reference_id):
        assert (await collection.request_to_pay_status(reference_id)).status.word == "SUCCESSFUL"

    return pay, status
