"""The Dockerfile's steps without an engine, and the program that they make: ``make image-steps``.

What lives here: a folder that stands for the image's root, each step carried out in it, and a trial of what came of
it between the sandbox and the playground's Telegram. What only an engine can do (base image, users, layers) is said
and left out. How the Dockerfile is read is in `tests/support/deployment.py`.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from bot.playground.botapi import BotApi
from bot.playground.server import BotApiServer
from momo.sandbox import Sandbox, SandboxServer

from .journeys.harness import free_port
from .support.deployment import COMPOSE, ROOT, Step, is_sent, secret_files, steps

HOST, TOKEN = "127.0.0.1", "1000001:" + "t" * 35
# Where the program may write: the volume, and what compose.yaml makes of memory.
OWN = ("data", "tmp")
# To root no mode says no; without capabilities they hold for it as for anybody.
POWERLESS = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"] if os.geteuid() == 0 else []
# Of the machine: how to reach the package index. Nothing else comes into the steps from outside.
PASSED = re.compile(r"HOME$|(PIP|UV|SSL)_|.*_proxy$", re.IGNORECASE)
START_SECONDS, STOP_SECONDS = 120.0, 30.0


@dataclass
class Image:
    """A folder in place of the image's root, and what the steps have said so far."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)
    place: str = "/"
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def moved(self, text: str) -> str:
        """Return a text whose paths at the root begin at this folder."""
        return re.sub(r"(?<![\w./])/(?=(?:venv|app|data)\b)", f"{self.root}/", text)

    def path(self, name: str) -> Path:
        return self.root / self.place.lstrip("/") / name.lstrip("/")

    def take(self, step: Step) -> None:
        """Carry out one step, or say that it is left out."""
        print(f"{step.word} {step.rest}"[:118], flush=True)
        action = getattr(self, f"_{step.word.lower()}", None)
        if action is None:
            print("    left to the engine")
        else:
            action(step.rest)

    def _from(self, rest: str) -> None:
        wanted = re.match(r"python:(\d+\.\d+)", rest)
        if wanted is None or wanted[1] != f"{sys.version_info.major}.{sys.version_info.minor}":
            raise SystemExit(f"this is Python {sys.version.split()[0]}, and the image is made from {rest}")
        base = self.root / "base"
        if not base.exists():
            subprocess.run([sys.executable, "-m", "venv", base], check=True)
        self.place, self.env = "/", {"PATH": f"{base}/bin:/usr/local/bin:/usr/bin:/bin"}

    def _workdir(self, rest: str) -> None:
        self.place = rest
        self.path("").mkdir(exist_ok=True)

    def _copy(self, rest: str) -> None:
        *sources, target = rest.split()
        if sources[0].startswith("--from="):
            if not (self.root / target.lstrip("/")).exists():
                raise SystemExit(f"there is no {target} to copy")
            return
        for source in sources:
            _copy(ROOT / source, self.path(target) / Path(source).name if target.endswith("/") else self.path(target))

    def _run(self, rest: str) -> None:
        if rest.startswith("useradd"):
            print("    left to the engine")
            return
        passed = {name: value for name, value in os.environ.items() if PASSED.match(name)}
        subprocess.run(["/bin/sh", "-c", self.moved(rest)], cwd=self.path(""), env=passed | self.env, check=True)

    def _env(self, rest: str) -> None:
        for name, _, value in (pair.partition("=") for pair in rest.split()):
            self.env[name] = self.moved(value).replace("$PATH", self.env["PATH"])

    def _healthcheck(self, rest: str) -> None:
        self.health = json.loads(rest.partition("CMD ")[2])

    def _cmd(self, rest: str) -> None:
        self.command = json.loads(rest)


def _copy(source: Path, target: Path) -> None:
    """Copy what the engine would be sent of a file or folder."""
    if source.is_file():
        shutil.copy(source, target)
        return
    for file in source.rglob("*"):
        place = target / file.relative_to(source)
        if file.is_file() and is_sent(str(file.relative_to(ROOT))):
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, place)


@dataclass
class Trial:
    """The image's program without any right, in a folder where it can write nothing but its data."""

    image: Image
    settings: dict[str, str]

    def __post_init__(self) -> None:
        for name in OWN:
            (self.image.root / name).mkdir(exist_ok=True)
        secrets = self.image.root / "secrets"
        secrets.mkdir()
        for name, path in secret_files(COMPOSE).items():
            file = secrets / Path(path).name
            file.write_text(self.settings.pop(name))
            self.settings[f"{name}_FILE"] = str(file)
        subprocess.run(["/bin/chmod", "-R", "a-w", self.image.root], check=True)
        for name in OWN:
            (self.image.root / name).chmod(0o700)

    async def begin(self, command: list[str], *, quiet: bool = False) -> asyncio.subprocess.Process:
        root, own = self.image.root, {"TMPDIR": str(self.image.root / "tmp"), "HOME": str(self.image.root)}
        env = self.image.env | own | self.settings
        program = [shutil.which(command[0], path=env["PATH"]) or command[0], *command[1:]]
        error = subprocess.DEVNULL if quiet else None
        return await asyncio.create_subprocess_exec(*POWERLESS, *program, cwd=root, env=env, stderr=error)

    async def holds(self, command: list[str]) -> bool:
        """Run a command that only says yes or no."""
        return await (await self.begin(command, quiet=True)).wait() == 0

    async def play(self) -> dict[str, bool]:
        """Check, run, ask for its health, stop; return what held."""
        before = self._files()
        check = [*self.image.command[:-1], "check"]
        held = {"the check passes": await (await self.begin(check)).wait() == 0}
        bot = await self.begin(self.image.command)
        held["the health check passes while it runs"] = await self._healthy(bot)
        began = time.monotonic()
        if bot.returncode is None:
            bot.terminate()
        held["SIGTERM ends it in time with 0"] = await asyncio.wait_for(bot.wait(), STOP_SECONDS) == 0
        print(f"stopped after {time.monotonic() - began:.1f} s")
        held["the health check fails when it is gone"] = not await self.holds(self.image.health)
        held["nothing was written but data"] = self._files() == before
        held["no package for developers is in it"] = not await self.holds(["python", "-c", "import pytest"])
        return held

    async def _healthy(self, bot: asyncio.subprocess.Process) -> bool:
        until = time.monotonic() + START_SECONDS
        while bot.returncode is None and time.monotonic() < until:
            if await self.holds(self.image.health):
                return True
            await asyncio.sleep(1)
        return False

    def _files(self) -> set[Path]:
        root = self.image.root
        return {file for file in root.rglob("*") if file.relative_to(root).parts[0] not in OWN}


def settings(sandbox: Sandbox, momo_url: str, telegram_url: str) -> dict[str, str]:
    """Return settings for a world on loopback."""
    given = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram_url,
        "MOMO_BASE_URL": momo_url,
        "MOMO_TARGET_ENVIRONMENT": "sandbox",
        "OWNER_IDS": "1001",
        "LISTEN_PORT": str(free_port()),
    }
    for product in ("collection", "disbursement"):
        user, key = sandbox.provision(product, HOST)
        names = {"API_USER": user, "API_KEY": key, "SUBSCRIPTION_KEY": product[0] * 32}
        given |= {f"MOMO_{product.upper()}_{name}": value for name, value in names.items()}
    return given


async def try_out(image: Image) -> dict[str, bool]:
    """Play the trial between the sandbox and the playground's Telegram."""
    sandbox = Sandbox()
    momo, telegram = SandboxServer(sandbox), BotApiServer(BotApi(TOKEN))
    await momo.start(HOST, 0)
    try:
        return await Trial(image, settings(sandbox, momo.url, await telegram.start(HOST, 0))).play()
    finally:
        await telegram.stop()
        await momo.stop()


def main() -> int:
    """Take the steps and play the trial; return 0 if all held."""
    with tempfile.TemporaryDirectory(prefix="momo-desk-image-") as folder:
        image = Image(Path(folder).resolve())
        for step in steps():
            image.take(step)
        held = asyncio.run(try_out(image))
        subprocess.run(["/bin/chmod", "-R", "u+w", image.root], check=True)
    for claim, is_true in held.items():
        print("held  " if is_true else "BROKEN", claim)
    return 0 if all(held.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
