"""Reading a plain sentence in a private chat as a command: "pay 0772123456 5k rent", "payer Boutique 5000".

What lives here: the verbs, in both languages. What must not: what stands behind them; that is the command's own line.
"""

from bot.chat.filters import fold

_VERBS = {
    "pay": "pay send payer paye paie envoyer envoie",
    "request": "request ask demander demande",
    "refund": "refund rembourser rembourse",
    "deposit": "deposit deposer depose verser",
}
_COMMANDS = {verb: command for command, verbs in _VERBS.items() for verb in verbs.split()}


def command_in(text: str) -> tuple[str, str] | None:
    """Return the command a sentence begins with and what stands behind it; None where it begins with none."""
    verb, _, rest = text.strip().partition(" ")
    command = _COMMANDS.get(fold(verb).rstrip(":,"))
    return None if command is None else (command, rest.strip())
