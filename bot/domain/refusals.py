"""Why the desk says no to a person: one exception, one list of reasons.

The chat turns a reason and its facts into a sentence; nothing is lost by a refusal, because the
database transaction it was raised in is rolled back.
"""

from enum import StrEnum


class Why(StrEnum):
    """The reasons, by what the person can do about them."""

    NO_ROLE = "no_role"
    AWAY = "away"
    ROLE_NOT_ENOUGH = "role_not_enough"
    NOT_YOUR_CARD = "not_your_card"
    NOT_AN_APPROVER = "not_an_approver"
    OWN_APPROVAL = "own_approval"
    NOBODY_CAN_APPROVE = "nobody_can_approve"
    OWNERS_ONLY = "owners_only"
    OWNER_ROLE_FIXED = "owner_role_fixed"
    UNKNOWN_REFERENCE = "unknown_reference"
    CARD_EXPIRED = "card_expired"
    ALREADY_CHOSEN = "already_chosen"
    ALREADY = "already"
    STILL_ASKING_NAME = "still_asking_name"
    NOT_REFUNDABLE_KIND = "not_refundable_kind"
    TRANSFER_NOT_REFUNDABLE = "transfer_not_refundable"
    NOT_SUCCESSFUL_YET = "not_successful_yet"
    NUMBER_REMOVED = "number_removed"
    NOTHING_LEFT = "nothing_left"
    MORE_THAN_LEFT = "more_than_left"
    DESK_CLOSED = "desk_closed"
    EXPORT_IN_WORK = "export_in_work"
    NO_RECEIPT = "no_receipt"
    MTN_MAY_STILL_KNOW = "mtn_may_still_know"
    TOO_OLD = "too_old"
    TOO_MANY_DRAFTS = "too_many_drafts"
    OVER_LIMIT = "over_limit"
    FROZEN = "frozen"
    DISK_NEARLY_FULL = "disk_nearly_full"
    NOT_FROZEN = "not_frozen"
    AGREED_ALREADY = "agreed_already"
    NOT_OVER_YET = "not_over_yet"
    NUMBER_SAVED = "number_saved"
    CONTACT_NAME_TAKEN = "contact_name_taken"
    TOO_MANY_CONTACTS = "too_many_contacts"
    NO_SUCH_CONTACT = "no_such_contact"
    SEVERAL_CONTACTS = "several_contacts"
    ADMIN_CHAT_IS_NO_DESK = "admin_chat_is_no_desk"


class Refusal(Exception):
    """The desk said no. ``why`` is the reason, ``facts`` what the sentence needs."""

    def __init__(self, why: Why, **facts: object) -> None:
        super().__init__(why.value)
        self.why = why
        self.facts = facts
