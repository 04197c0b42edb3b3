"""What each switch is for and why it stands where it does, in words: for `--explain`, and for the documents. Data."""

from collections.abc import Iterator, Mapping

from momo.sandbox.faults import FAULTS
from momo.sandbox.profiles import PROFILES
from momo.sandbox.settings import Settings

SWITCHES: Mapping[str, str] = {
    "target_environment": "What X-Target-Environment has to say.",
    "currency": "The only currency taken; Liberia's is unconfirmed (LRD or USD).",
    "amount_decimals": "iso: as many as the currency has; 0 or 2. Whether MTN takes them is unknown for UGX and ZMW.",
    "opening_balance": "What is in each account at the start.",
    "shared_wallet": "One balance for all products, as seen in production.",
    "token_lifetime": "Seconds that a token is good; 3600 is MTN's.",
    "settle_after": "Seconds until an ordinary transaction ends; 0, as MTN's sandbox was measured.",
    "delayed_after": "Seconds until number ...454 ends; about 25 was measured.",
    "not_found_for": "Seconds in which a status is 404 after a 202; users saw that, nobody measured how long.",
    "status_calls_per_second": "More are a 429; 0 for no cap. MTN asks for at most 10 and may not enforce it.",
    "pending_lives": "Seconds after which an open transaction fails; 0 for never. MTN publishes no figure.",
    "reference_ids_live": "Seconds after which a reference id is forgotten and could pay again; 0 for never. Unknown.",
    "callback_mode": "once, none, twice, late, out_of_order or retry; MTN's documents disagree, most say once.",
    "callback_delay": "Seconds that late and out_of_order are late.",
    "callback_verb": "specified, put or post; the specification is silent on transfer and request to pay: PUT here.",
    "http_callbacks": "Take plain http beyond loopback; MTN's current pages want https.",
    "provisioning": "API users and keys over the API; MTN has that in its sandbox only.",
    "disbursement_writes": "False: payments out are a 403 before they are read, as from an address not on MTN's list.",
    "refuse_token_body": "A body on the token call is a 400, as MTN's page says; published clients send one.",
    "users_bound_to_product": "An API user serves the product of its key only; measured in 2026, not so in 2024.",
    "refuse_user_id_as_reference": "The API user's id is no reference id; reported by developers.",
    "refuse_spaces_in_external_id": "Reported by developers.",
    "refuse_empty_notes": "An empty note is a 500; seen in one market, unknown for the sandbox.",
    "v1_deposit_takes_payer": "The old deposit may say payer; a published client does.",
    "upper_case_account_types": "MSISDN is taken for msisdn; MTN says case matters, a published client sends it.",
    "ampersand_is_lost": "A & is answered 202 and then never found; one user saw that.",
    "magic_codes_at_once": "A steering number's code answers the write itself; which of the two MTN does is unknown.",
    "notification_window": "Seconds in which a payer can be notified; 0 for ever. MTN publishes no figure.",
    "cancel_answers_200": "A cancelled invoice is a 200, as specified; the live sandbox said 202.",
    "user_info_needs_consent": "The product's own token gets no user info; the other way is common in examples.",
    "consent_caller": "either, basic or bearer; MTN's specifications disagree.",
    "refund_words": "The words 1 to 13 steer refunds as in MTN's table; unchecked since other words gave a 400.",
    "bounded_refunds": "No more is refunded than was paid; MTN publishes no such rule.",
    "reasons": 'Code -> what is said in its place, as {"NOT_ENOUGH_FUNDS": "INTERNAL_PROCESSING_ERROR"}; the code of '
    "each steering number is not reliably known.",
    "reason_as_text": "reason is a bare string, as in production since 2024.",
    "omit_notes": "payerMessage and payeeNote are missing, as seen in production.",
    "numbers_unquoted": "Numbers where the schema says strings, as in the specification's examples.",
}


def explanation() -> str:
    """Profiles, switches with their defaults, and faults: all that can be chosen."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "Profiles: " + ", ".join(PROFILES)
    yield ""
    yield "Switches (--set NAME=VALUE), with the default of the profile sandbox:"
    for name, value in Settings().as_dict().items():
        yield f"  {name} = {value}\n      {SWITCHES[name]}"
    yield ""
    yield "Faults (--fault NAME,…):"
    for name, fault in sorted(FAULTS.items()):
        yield f"  {name}: {fault.__doc__}"
