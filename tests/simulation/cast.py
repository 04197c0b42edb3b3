"""Who is there and where: people, chats, desks, roles, numbers. Data only; all of it made up."""

OWNER, ADMIN, SECOND, SHOP_CASHIER, MARKET_CASHIER, BOTH_CASHIER, AUDITOR, OUTSIDER = range(1001, 1009)
NAMES = {
    OWNER: "Owner", ADMIN: "Admin", SECOND: "Second", SHOP_CASHIER: "Cashier One", MARKET_CASHIER: "Cashier Two",
    BOTH_CASHIER: "Cashier Three", AUDITOR: "Auditor", OUTSIDER: "Outsider",
}  # fmt: skip
SHOP, MARKET, ADMINS = -5001, -1_000_000_005_002, -1_000_000_009_001
FOREIGN = -1_000_000_007_001  # a group that nobody opens as a till
DESKS = {SHOP: "Shop", MARKET: "Market"}
SHOP_DESK, MARKET_DESK, EVERY_DESK = 1, 2, 0
ROLES = (
    (ADMIN, EVERY_DESK, "admin"),
    (SECOND, EVERY_DESK, "admin"),
    (SHOP_CASHIER, SHOP_DESK, "cashier"),
    (MARKET_CASHIER, MARKET_DESK, "cashier"),
    (BOTH_CASHIER, SHOP_DESK, "cashier"),
    (BOTH_CASHIER, MARKET_DESK, "cashier"),
    (AUDITOR, SHOP_DESK, "auditor"),
)
# Who types where: makers with their chats.
SEATS = (
    (SHOP_CASHIER, SHOP),
    (SHOP_CASHIER, SHOP_CASHIER),
    (MARKET_CASHIER, MARKET),
    (BOTH_CASHIER, SHOP),
    (BOTH_CASHIER, MARKET),
    (ADMIN, SHOP),
    (OWNER, MARKET),
)
APPROVAL_LIMIT = 100
HOST = "till.example"
# The last three digits steer the sandbox: none, declined, expired, never ends, late; and refused at once.
ORDINARY = ("46733123901", "46733123902", "46733123903", "46733123904")
FAILING = ("46733123451", "46733123452")
NEVER_ENDING, LATE = "46733123453", "46733123454"
REFUSED = ("46733123455", "46733123457")

MOVERS = frozenset({"owner", "admin", "cashier"})
DECIDERS = frozenset({"owner", "admin"})
