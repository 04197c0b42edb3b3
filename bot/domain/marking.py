"""Marking a sentence where it is written; translated it is in the chat, where somebody reads it."""


def later(sentence: str) -> str:
    """Mark a sentence for the catalogues; it is translated when ``chat.language._`` is applied to it."""
    return sentence
