"""Which requests are hit by which fault: an ordered list of rules, the first that fits wins."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from momo.sandbox.call import Call
from momo.sandbox.faults import FAULTS, Treatment

MATCH_NAMES = frozenset({"method", "path", "operation", "reference_id"})


@dataclass(frozen=True, slots=True)
class Match:
    """What a rule looks at; None fits everything. `path` is a regular expression found anywhere in it."""

    method: str | None = None
    path: str | None = None
    operation: str | None = None
    reference_id: str | None = None

    def fits(self, call: Call, operation: str, reference_id: str | None) -> bool:
        """Whether the rule is about this call."""
        return (
            self.method in {None, call.method}
            and (self.path is None or re.search(self.path, call.path) is not None)
            and self.operation in {None, operation}
            and self.reference_id in {None, reference_id}
        )


@dataclass(slots=True)
class Rule:
    """A fault, the calls it is for, and how many of them it lets pass (`skip`) and hits (`count`)."""

    name: str
    treatment: Treatment
    match: Match
    count: int | None  # None: for ever
    skip: int
    probability: float

    @property
    def used_up(self) -> bool:
        """Whether it will never hit again."""
        return self.count == 0


class FaultPlan:
    """The rules in force. Chance comes from the generator given, so a seed repeats a run."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._rules: list[Rule] = []

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that can still hit."""
        return tuple(self._rules)

    def add(
        self,
        name: str,
        *,
        method: str | None = None,
        path: str | None = None,
        operation: str | None = None,
        reference_id: str | None = None,
        count: int | None = 1,
        skip: int = 0,
        probability: float = 1.0,
        args: Mapping[str, object] | None = None,
    ) -> Rule:
        """Let the fault *name* (see `faults.FAULTS`) hit the next *count* calls that fit; None for all.

        Example:
            plan.add("lose_answer", operation="transfer")
            plan.add("slow", method="GET", count=None, probability=0.1, args={"seconds": 3})

        Raises:
            ValueError: there is no such fault, it does not take these *args*, or the path is no pattern.
        """
        if name not in FAULTS:
            raise ValueError(f"no such fault: {name!r}; there are {', '.join(sorted(FAULTS))}")
        try:
            treatment = FAULTS[name](**(args or {}))
            re.compile(path or "")
        except (TypeError, re.error) as problem:
            raise ValueError(f"{name}: {problem}") from problem
        rule = Rule(name, treatment, Match(method, path, operation, reference_id), count, skip, probability)
        self._rules.append(rule)
        return rule

    def add_rule(self, rule: Mapping[str, Any]) -> Rule:
        """Add a rule as JSON has it: {"name", "match": {…}, "count", "skip", "probability", "args"}.

        Raises:
            ValueError, TypeError, KeyError: it is none.
        """
        fields = dict(rule)
        match = fields.pop("match", {})
        if unknown := sorted(set(match) - MATCH_NAMES):
            raise ValueError(f"cannot match by {', '.join(unknown)}")
        return self.add(str(fields.pop("name")), **match, **fields)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._rules.clear()

    def pick(self, call: Call, operation: str, reference_id: str | None) -> Rule | None:
        """The rule that hits this call, counted down; None if it passes."""
        for rule in self._rules:
            if rule.match.fits(call, operation, reference_id) and self._hits(rule):
                self._rules = [kept for kept in self._rules if not kept.used_up]
                return rule
        return None

    def _hits(self, rule: Rule) -> bool:
        if rule.skip > 0:
            rule.skip -= 1
            return False
        if rule.probability < 1.0 and self._rng.random() >= rule.probability:
            return False
        if rule.count is not None:
            rule.count -= 1
        return True
