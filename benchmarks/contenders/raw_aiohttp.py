"""The yardstick: the same exchanges with aiohttp and nothing else, as short as a careful person would write them."""

import json
import uuid

import aiohttp


async def contender(setup):
    session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20))
    url = f"{setup['url']}/collection/v1_0/requesttopay"
    headers = {
        "Authorization": f"Bearer {setup['token']}",
        "Ocp-Apim-Subscription-Key": setup["subscription_key"],
        "X-Target-Environment": "sandbox",
    }

    async def pay():
        reference_id = str(uuid.uuid4())
        body = {
            "amount": "5",
            "currency": "EUR",
            "externalId": "bench",
            "payer": {"partyIdType": "MSISDN", "partyId": "256772123456"},
            "payerMessage": "rent",
            "payeeNote": "May",
        }
        sent = {**headers, "X-Reference-Id": reference_id, "Content-Type": "application/json"}
        async with session.post(url, data=json.dumps(body).encode(), headers=sent) as response:
            await response.read()
            assert response.status == 202
        return reference_id

    async def status(reference_id):
        async with session.get(f"{url}/{reference_id}", headers=headers) as response:
            assert response.status == 200
            assert json.loads(await response.read())["status"] == "SUCCESSFUL"

    return pay, status
