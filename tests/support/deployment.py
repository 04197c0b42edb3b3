"""What the files say by which the program is put to work: Dockerfile, .dockerignore, compose files, systemd unit."""

import configparser
import re
from pathlib import Path, PurePosixPath
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
COMPOSE, WEBHOOK = "compose.yaml", "compose.webhook.yaml"
UNIT = ROOT / "docs" / "momo-desk.service"
_VARIABLE = re.compile(r'^      ([A-Z_]+): "?([^"\n]+)"?$', re.MULTILINE)


class Step(NamedTuple):
    """One instruction of the Dockerfile; `stage` counts from 0."""

    stage: int
    word: str
    rest: str


def steps() -> list[Step]:
    """Return the Dockerfile's instructions in their order, long ones in one line."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    found, stage = [], -1
    for line in text.replace("\\\n", " ").splitlines():
        word, _, rest = line.strip().partition(" ")
        stage += word == "FROM"
        if word:
            found.append(Step(stage, word, rest.strip()))
    return found


def image_environment() -> dict[str, str]:
    """Return the variables of the image itself."""
    last = max(step.stage for step in steps())
    pairs = (pair for step in steps() if (step.stage, step.word) == (last, "ENV") for pair in step.rest.split())
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}


def is_sent(path: str) -> bool:
    """Tell whether .dockerignore lets a path into the build; the last line that fits it or a folder of it decides."""
    sent, parts = True, [path, *map(str, PurePosixPath(path).parents)][:-1]
    for line in (ROOT / ".dockerignore").read_text().split():
        pattern = re.escape(line.removeprefix("!")).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
        if any(re.fullmatch(pattern, part) for part in parts):
            sent = line.startswith("!")
    return sent


def compose_environment(*files: str) -> dict[str, str]:
    """Return what these files put into the bot's environment, the later over the earlier."""
    return {name: value for file in files for name, value in _VARIABLE.findall((ROOT / file).read_text())}


def secret_files(*files: str) -> dict[str, str]:
    """Return the path that each secret has in the container, by the secret's setting."""
    given = compose_environment(*files)
    return {name.removesuffix("_FILE"): path for name, path in given.items() if name.endswith("_FILE")}


def unit() -> configparser.ConfigParser:
    """Return the systemd unit; of a name that stands there twice, the last."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNIT)
    return parser
