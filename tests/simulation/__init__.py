"""The whole bot on virtual time, with a hostile MTN, a hostile Telegram, careless people and sudden death.

Here is everything that drives `bot.app.Bot` and judges it from outside. No rule of the bot is repeated here but
in `invariants.py` and `endings.py`, in words of their own.
"""
