"""mtn-momo-client (synchronous, httpx), with the pooled client it allows one to give it."""

import httpx
from momo_api.models.config import Config
from momo_api.models.payment_request import PaymentRequest
from momo_api.products.collection import CollectionApi


def contender(setup):
    config = Config.collection(setup["subscription_key"], setup["user"], setup["key"])
    pool = httpx.Client(timeout=20, limits=httpx.Limits(max_connections=100, max_keepalive_connections=100))
    collection = CollectionApi(config, setup["url"], "sandbox", pool)
    request = PaymentRequest.make("5", "256772123456", "bench", "EUR", "rent", "May")

    def pay():
        return collection.request_to_pay(request)

    def status(reference_id):
        assert collection.get_payment_status(reference_id).status == "SUCCESSFUL"

    return pay, status
