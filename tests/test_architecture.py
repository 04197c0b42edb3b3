"""The layers, read from the imports: each may use only what stands above it in the list of the design."""

import ast
import functools
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

import momo

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for package in ("momo", "bot") for path in (ROOT / package).rglob("*.py"))
BOT = [path for path in SOURCES if path.is_relative_to(ROOT / "bot")]

# From the lowest up; those in one group are siblings, and none imports another.
LAYERS = (
    {"momo"},
    {"bot.setting_values", "bot.tracing"},
    {"bot.settings", "bot.logs"},
    {"bot.domain"},
    {"bot.store"},
    {"bot.service"},
    {"bot.chat", "bot.web", "bot.jobs", "bot.playground"},
    {"bot.wiring"},
    {"bot.checking", "bot.extracting"},
    {"bot.commands"},
    {"bot.app"},
    {"bot.__main__"},
)
HEIGHT = {part: height for height, parts in enumerate(LAYERS) for part in parts}
# The playground runs the whole bot against itself: these modules are small programs on top of everything.
PROGRAMS = {"bot.playground.demo", "bot.playground.tour", "bot.playground.world"}

SQL = re.compile(
    r"\b(SELECT\b.+\bFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX|TRIGGER)|PRAGMA\s)",
    re.DOTALL,
)
IMPURE = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "monotonic"),
    ("time", "sleep"),
    ("uuid", "uuid4"),
    ("os", "urandom"),
}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(module: str) -> str:
    """The layer's part that a module belongs to: ``bot.chat`` for ``bot.chat.cards``."""
    first, _, rest = module.partition(".")
    return first if first == "momo" or not rest else f"{first}.{rest.partition('.')[0]}"


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports_of(path: Path) -> Iterator[tuple[str, str | None]]:
    """Every import, wherever it stands: (module, name), the name None for ``import module``."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from ((str(node.module), alias.name) for alias in node.names)


def parts_used(path: Path) -> set[str]:
    """The parts of our own that a file imports from."""
    modules = {f"{module}.{name}" if module == "bot" else module for module, name in imports_of(path)}
    return {part_of(module) for module in modules if module.partition(".")[0] in {"bot", "momo"}}


def offences(paths: Iterable[Path], of: Callable[[Path], Iterable[object]]) -> dict[str, list[object]]:
    """What offends in each of these files; nothing of a file in which nothing does."""
    found = {str(path.relative_to(ROOT)): sorted(of(path), key=str) for path in paths}
    return {name: offending for name, offending in found.items() if offending}


def in_parts(*parts: str) -> list[Path]:
    return [path for path in BOT if part_of(name_of(path)) in parts]


def outside(*parts: str) -> list[Path]:
    return [path for path in BOT if part_of(name_of(path)) not in parts]


def test_a_module_imports_only_from_lower_layers_and_its_own_part() -> None:
    def from_above(path: Path) -> set[str]:
        own = part_of(name_of(path))
        return parts_used(path) - {part for part, height in HEIGHT.items() if height < HEIGHT[own]} - {own}

    assert offences([path for path in BOT if name_of(path) not in PROGRAMS | {"bot"}], from_above) == {}


def test_the_library_knows_nothing_of_the_bot() -> None:
    library = [path for path in SOURCES if path not in BOT]
    assert {part for path in library for part in parts_used(path)} == {"momo"}


def test_every_part_of_the_bot_has_its_place() -> None:
    assert {part_of(name_of(path)) for path in BOT} - {"bot"} <= set(HEIGHT)


def test_the_bot_uses_only_what_the_library_exports() -> None:
    exported = {("momo", name) for name in momo.__all__}

    def hidden(path: Path) -> set[tuple[str, str | None]]:
        used = {(module, name) for module, name in imports_of(path) if module.partition(".")[0] == "momo"}
        if part_of(name_of(path)) == "bot.playground":
            used = {(m, n) for m, n in used if not m.startswith(("momo.sandbox", "momo.testing"))}
        return used - exported

    assert offences(BOT, hidden) == {}


def test_telegrams_types_stay_in_the_chat() -> None:
    def of_telegram(path: Path) -> set[str]:
        return {module for module, _ in imports_of(path) if module.partition(".")[0] == "telegram"}

    assert offences(outside("bot.chat", "bot.playground"), of_telegram) == {}


def test_sql_stays_in_the_store() -> None:
    def asked(path: Path) -> Iterator[str]:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
                yield node.value
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield from {"execute", "executemany", "executescript"} & {node.func.attr}

    assert offences(outside("bot.store"), asked) == {}


def test_rules_have_no_clock_and_no_chance_of_their_own() -> None:
    def impure(path: Path) -> Iterator[object]:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                yield from {(node.value.id, node.attr)} & IMPURE
        yield from {"random", "secrets", "time"} & {module for module, _ in imports_of(path)}

    assert offences(in_parts("bot.domain", "bot.store", "bot.service"), impure) == {}


def test_the_rules_wait_for_nothing_and_know_no_database() -> None:
    def waiting(path: Path) -> Iterator[object]:
        yield from (node for node in ast.walk(tree_of(path)) if isinstance(node, (ast.AsyncFunctionDef, ast.Await)))
        yield from {"sqlite3", "aiosqlite", "asyncio", "aiohttp"} & {module for module, _ in imports_of(path)}

    assert offences(in_parts("bot.domain"), waiting) == {}


@pytest.mark.parametrize(
    ("rule", "offending"),
    [
        (test_a_module_imports_only_from_lower_layers_and_its_own_part, "from bot.chat import cards"),
        (test_the_bot_uses_only_what_the_library_exports, "from momo.wire import token"),
        (test_telegrams_types_stay_in_the_chat, "from telegram import Bot"),
        (test_sql_stays_in_the_store, 'ASKED = "SELECT 1 FROM txn"'),
        (test_sql_stays_in_the_store, "conn.execute(ASKED)"),
        (test_rules_have_no_clock_and_no_chance_of_their_own, "datetime.now()"),
        (test_rules_have_no_clock_and_no_chance_of_their_own, "import random"),
        (test_the_rules_wait_for_nothing_and_know_no_database, "async def pay(): ..."),
        (test_the_rules_wait_for_nothing_and_know_no_database, "import sqlite3"),
    ],
)
def test_each_rule_is_broken_by_what_it_forbids(
    rule: Callable[[], None], offending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guilty = ROOT / "bot" / "domain" / "settling.py"
    monkeypatch.setitem(globals(), "tree_of", lambda path: ast.parse(offending if path == guilty else ""))
    with pytest.raises(AssertionError, match="settling"):
        rule()


def where_floats_are_made(node: ast.AST, where: str = "") -> Iterator[str]:
    """The name of the function and the statement around each call of ``float``."""
    for child in ast.iter_child_nodes(node):
        here = where
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            here = child.name
        elif isinstance(child, ast.stmt) and not hasattr(child, "body"):
            here = f"{where}: {ast.unparse(child)}"
        elif isinstance(child, ast.Call) and isinstance(child.func, ast.Name) and child.func.id == "float":
            yield where
        yield from where_floats_are_made(child, here)


def test_only_seconds_are_ever_made_a_float_and_money_never() -> None:
    def no_seconds(path: Path) -> list[str]:
        return [where for where in where_floats_are_made(tree_of(path)) if "second" not in where.lower()]

    assert offences([p for p in SOURCES if "sandbox" not in p.parts and "playground" not in p.parts], no_seconds) == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def pay(amount):\n    return send(float(amount))", ["pay: return send(float(amount))"]),
        ("async def pay(a):\n    if a:\n        b = [float(x) for x in a]", ["pay: b = [float(x) for x in a]"]),
        ("LIMIT = float('5')", [": LIMIT = float('5')"]),
        ("def pay(amount: float) -> float: ...", []),
    ],
)
def test_a_float_is_found_wherever_it_is_made(source: str, found: list[str]) -> None:
    assert list(where_floats_are_made(ast.parse(source))) == found


def test_drawing_is_not_paid_for_at_the_start() -> None:
    loaded = "import sys, bot.app; print([name for name in ('matplotlib', 'fpdf', 'openpyxl') if name in sys.modules])"

    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, check=True, text=True).stdout == "[]\n"
