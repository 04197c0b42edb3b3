"""mtnmomo (synchronous, requests): a token and a connection for every call."""

from mtnmomo.collection import Collection


def contender(setup):
    collection = Collection(
        {
            "BASE_URL": setup["url"],
            "ENVIRONMENT": "sandbox",
            "COLLECTION_USER_ID": setup["user"],
            "COLLECTION_API_SECRET": setup["key"],
            "COLLECTION_PRIMARY_KEY": setup["subscription_key"],
        }
    )

    def pay():
        return collection.requestToPay("0772123456", "5", "bench", "May", "rent", "EUR")["transaction_ref"]

    def status(reference_id):
        assert collection.getTransactionStatus(reference_id)["status"] == "SUCCESSFUL"

    return pay, status
