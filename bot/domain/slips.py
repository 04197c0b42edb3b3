"""Slips of the finger in phone numbers."""


def one_slip(typed: str, meant: str) -> bool:
    """Tell whether one number is the other with a single digit changed, or two neighbours swapped."""
    if len(typed) != len(meant):
        return False
    wrong = [place for place, (one, other) in enumerate(zip(typed, meant, strict=True)) if one != other]
    if len(wrong) == 2:
        first, second = wrong
        return second == first + 1 and typed[first] == meant[second] and typed[second] == meant[first]
    return len(wrong) == 1
