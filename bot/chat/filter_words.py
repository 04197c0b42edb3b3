"""The words by which people filter transactions, English and French side by side: both are always understood.

Small letters without accents; how typed words are brought to that is in ``filters``.
"""

from bot.domain.transactions import Kind, State

WAITING = frozenset({State.AWAITING_APPROVAL, State.READY, State.UNKNOWN, State.PENDING, State.REVIEW})

_STATES: dict[str, frozenset[State]] = {
    "successful success succeeded paid ok reussi reussie reussis reussies succes paye payee payes payees": frozenset(
        {State.SUCCESSFUL}
    ),
    "failed failure failures fail echoue echouee echoues echouees echec echecs": frozenset(
        {State.FAILED, State.REJECTED, State.UNSENT}
    ),
    "open waiting pending ouvert ouverte ouverts ouvertes attente en-attente": WAITING,
    "unknown inconnu inconnue inconnus inconnues": frozenset({State.UNKNOWN}),
    "review a-verifier": frozenset({State.REVIEW}),
    "approval approbation": frozenset({State.AWAITING_APPROVAL}),
    "cancelled canceled annule annulee annules annulees": frozenset({State.CANCELLED}),
    "expired expire expiree expires expirees": frozenset({State.EXPIRED}),
    "rejected refused rejete rejetee rejetes rejetees refuse refusee refuses refusees": frozenset({State.REJECTED}),
    "draft drafts brouillon brouillons": frozenset({State.DRAFT}),
    "unsent": frozenset({State.UNSENT}),
}
_KINDS: dict[str, Kind] = {
    "pay payment payments transfer transfers payer paiement paiements transfert transferts": Kind.TRANSFER,
    "request requests demande demandes demander": Kind.REQUEST_TO_PAY,
    "refund refunds remboursement remboursements rembourser": Kind.REFUND,
    "deposit deposits depot depots deposer": Kind.DEPOSIT,
}

STATES = {word: states for words, states in _STATES.items() for word in words.split()}
KINDS = {word: kind for words, kind in _KINDS.items() for word in words.split()}
BY = frozenset({"by", "par"})
MINE = frozenset({"me", "mine", "moi"})
# Two words that make one filter.
PAIRS = frozenset({"en attente", "a verifier"})
EVERY_WORD = sorted(STATES.keys() | KINDS.keys())
