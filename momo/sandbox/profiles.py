"""Ready-made settings: MTN's sandbox, and each of its markets as production is known to differ from it. Data.

Of production it is known (from its users) that `reason` is a bare string, notes may be missing, one wallet and one
API user serve all products, nobody is provisioned over the API, and that too little money rarely says so. The numbers
that steer the sandbox steer here too, or there would be nothing to test with.
"""

from collections.abc import Mapping

from momo.sandbox.settings import Settings

# Target environment -> currency. Liberia has two; --set currency=USD takes the other.
MARKETS: Mapping[str, str] = {
    "mtnbenin": "XOF",
    "mtncameroon": "XAF",
    "mtncongo": "XAF",
    "mtnghana": "GHS",
    "mtnguineaconakry": "GNF",
    "mtnivorycoast": "XOF",
    "mtnliberia": "LRD",
    "mtnnigeria": "NGN",
    "mtnrwanda": "RWF",
    "mtnsouthafrica": "ZAR",
    "mtnsouthsudan": "SSP",
    "mtnswaziland": "SZL",
    "mtnuganda": "UGX",
    "mtnzambia": "ZMW",
}
PROFILES = ("sandbox", *MARKETS)

# Users of these two saw one code for three causes; MTN's own page names the other for the rest.
_ONE_OF_THREE = "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED"
_LOW_BALANCE: Mapping[str, str] = {"mtnbenin": _ONE_OF_THREE, "mtncongo": _ONE_OF_THREE}


def profile(name: str) -> Settings:
    """The settings of a profile, fresh.

    Raises:
        ValueError: there is none of that name.
    """
    if name == "sandbox":
        return Settings()
    if name not in MARKETS:
        raise ValueError(f"no such profile: {name!r}; there are {', '.join(PROFILES)}")
    return Settings(
        target_environment=name,
        currency=MARKETS[name],
        shared_wallet=True,
        users_bound_to_product=False,
        provisioning=False,
        reason_as_text=True,
        omit_notes=True,
        refuse_empty_notes=True,
        reasons={"NOT_ENOUGH_FUNDS": _LOW_BALANCE.get(name, "INTERNAL_PROCESSING_ERROR")},
    )
