"""The layers, read from the imports: each may use only what stands above it in the list of the design."""

import ast
import functools
import re
import subprocess
import sys
from collections.abc import Iterator
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


def name_for(value: object) -> str:
    return str(value.relative_to(ROOT)) if isinstance(value, Path) else str(value)


def each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=name_for)


@each([path for path in BOT if name_of(path) not in PROGRAMS | {"bot"}])
def test_a_module_imports_only_from_lower_layers_and_its_own_part(path: Path) -> None:
    own = part_of(name_of(path))
    allowed = {part for part, height in HEIGHT.items() if height < HEIGHT[own]} | {own}
    assert parts_used(path) <= allowed


def test_the_library_knows_nothing_of_the_bot() -> None:
    library = [path for path in SOURCES if path not in BOT]
    assert {part for path in library for part in parts_used(path)} == {"momo"}


def test_every_part_of_the_bot_has_its_place() -> None:
    assert {part_of(name_of(path)) for path in BOT} - {"bot"} <= set(HEIGHT)


@each([path for path in BOT if "momo" in path.read_text("utf-8")])
def test_the_bot_uses_only_what_the_library_exports(path: Path) -> None:
    used = {(module, name) for module, name in imports_of(path) if module.partition(".")[0] == "momo"}
    if part_of(name_of(path)) == "bot.playground":
        used = {(m, n) for m, n in used if not m.startswith(("momo.sandbox", "momo.testing"))}
    assert {module for module, _ in used} <= {"momo"}
    assert {name for _, name in used} <= set(momo.__all__)


@each([path for path in BOT if part_of(name_of(path)) not in {"bot.chat", "bot.playground"}])
def test_telegrams_types_stay_in_the_chat(path: Path) -> None:
    assert not [module for module, _ in imports_of(path) if module.partition(".")[0] == "telegram"]


@each([path for path in BOT if part_of(name_of(path)) != "bot.store"])
def test_sql_stays_in_the_store(path: Path) -> None:
    nodes = list(ast.walk(tree_of(path)))
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [text for text in texts if SQL.search(text)] == []
    called = [node.func.attr for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    assert not {"execute", "executemany", "executescript"} & set(called)


@each([path for path in BOT if part_of(name_of(path)) in {"bot.domain", "bot.store", "bot.service"}])
def test_rules_have_no_clock_and_no_chance_of_their_own(path: Path) -> None:
    uses = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)]
    names = {(node.value.id, node.attr) for node in uses if isinstance(node.value, ast.Name)}
    assert not names & IMPURE
    assert not {"random", "secrets", "time"} & {module for module, _ in imports_of(path)}


@each([path for path in BOT if part_of(name_of(path)) == "bot.domain"])
def test_the_rules_wait_for_nothing_and_know_no_database(path: Path) -> None:
    assert not [n for n in ast.walk(tree_of(path)) if isinstance(n, (ast.AsyncFunctionDef, ast.Await))]
    assert not {"sqlite3", "aiosqlite", "asyncio", "aiohttp"} & {module for module, _ in imports_of(path)}


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


@each([p for p in SOURCES if "sandbox" not in p.parts and "playground" not in p.parts])
def test_only_seconds_are_ever_made_a_float_and_money_never(path: Path) -> None:
    assert [where for where in where_floats_are_made(tree_of(path)) if "second" not in where.lower()] == []


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
