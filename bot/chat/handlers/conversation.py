"""The one conversation of PTB's: which update goes to which step. What the steps do is in `forms` and `contacts`."""

from telegram import Message, Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, ConversationHandler, MessageHandler, filters

from bot.chat import freetext
from bot.chat.access import ANSWER, OWN_TEXT, OWN_WORDS
from bot.chat.context import FORMS, App, Context
from bot.chat.handlers import contacts, forms
from bot.chat.handlers.asking import Step
from bot.chat.keyboards import OF_STEPS, Verb


class _FreeOrder(filters.MessageFilter):
    """A sentence that begins like a command, while no question is open that it could be the answer to."""

    def __init__(self, app: App) -> None:
        super().__init__(name="free order")
        self._app = app

    def filter(self, message: Message) -> bool:
        if message.from_user is None or freetext.command_in(message.text or "") is None:
            return False
        return not self._app.user_data.get(message.from_user.id, {}).get(str(message.chat.id))


def conversation(app: App) -> ConversationHandler[Context]:
    """Return the conversation, kept in the till's database."""
    begins = "|".join(sorted(contacts.BEGINS))
    return ConversationHandler(
        entry_points=[
            CommandHandler(["pay", "request", "deposit", "refund"], forms.command, filters=OWN_WORDS),
            CommandHandler("contacts", contacts.command, filters=OWN_WORDS),
            CallbackQueryHandler(contacts.begin, pattern=f"^{Verb.CONTACT}:({begins}):"),
            MessageHandler(OWN_TEXT & filters.ChatType.PRIVATE & _FreeOrder(app), forms.words),
        ],
        states={step: _handlers(step) for step in Step},
        fallbacks=[CommandHandler("cancel", forms.leave, filters=OWN_WORDS)],
        allow_reentry=True,
        name=FORMS,
        persistent=True,
    )


def _handlers(step: Step) -> list[BaseHandler[Update, Context, object]]:
    verbs = "|".join(sorted(OF_STEPS))
    return [
        MessageHandler(ANSWER, forms.typed(step)),
        CommandHandler("skip", forms.skipped(step), filters=OWN_WORDS),
        CommandHandler("back", forms.returned(step), filters=OWN_WORDS),
        CallbackQueryHandler(forms.pressed(step), pattern=f"^({verbs}):"),
    ]
