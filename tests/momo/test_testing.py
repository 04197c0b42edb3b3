"""`RunningSandbox` and pytest's fixture: a sandbox for any client, blocking ones too."""

import json
import os
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import pytest

from momo.sandbox import Sandbox
from momo.sandbox.profiles import profile
from momo.testing import RunningSandbox
from tests.momo.running import passes_with_the_plugin

HERE = Path(__file__).parents[2]
TEST = """
import urllib.request

def test_the_fixture_listens(momo_sandbox):
    assert b"MoMo sandbox" in urllib.request.urlopen(momo_sandbox.url + "/_sandbox/").read()
    assert momo_sandbox.effects == ()
"""


def token_lives(sandbox: RunningSandbox, environment: dict[str, str]) -> int:
    """Fetch a token with nothing but the standard library; its lifetime."""
    passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
    user, key = environment["MOMO_COLLECTION_API_USER"], environment["MOMO_COLLECTION_API_KEY"]
    passwords.add_password(None, sandbox.url, user, key, is_authenticated=True)
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))
    headers = {"Ocp-Apim-Subscription-Key": environment["MOMO_COLLECTION_SUBSCRIPTION_KEY"]}
    request = urllib.request.Request(f"{sandbox.url}/collection/token/", headers=headers, method="POST")  # noqa: S310 - ours
    with opener.open(request, timeout=10) as answer:
        return int(json.load(answer)["expires_in"])


def test_a_blocking_client_is_served_with_the_environment_it_is_given() -> None:
    with RunningSandbox() as sandbox:
        environment = sandbox.environment("collection")
        sandbox.switch(token_lifetime=60)

        assert token_lives(sandbox, environment) == 60
        assert not [name for name in environment if "DISBURSEMENT" in name]


def test_time_passes_only_by_advancing() -> None:
    with RunningSandbox() as sandbox:
        before = sandbox.call(lambda inner: inner.timeline.now())
        sandbox.advance(25)

        assert (before, sandbox.call(lambda inner: inner.timeline.now())) == (0.0, 25.0)


def test_a_callback_that_falls_due_is_answered_before_advance_returns() -> None:
    with RunningSandbox() as sandbox:
        sandbox.call(lambda inner: inner.callbacks.forge(f"{sandbox.url}/nobody", {}, delay=5))
        sandbox.advance(5)

        assert [tried.status for tried in sandbox.call(lambda inner: inner.callbacks.deliveries)] == [404]


def test_a_sandbox_of_ones_own_making_can_be_run() -> None:
    with RunningSandbox(Sandbox(settings=profile("mtnuganda"))) as sandbox:
        environment = sandbox.environment()

        assert (environment["MOMO_TARGET_ENVIRONMENT"], environment["MOMO_CURRENCY"]) == ("mtnuganda", "UGX")
        assert sandbox.statuses == {}


@pytest.mark.slow
def test_pytest_has_the_fixture_from_the_plugin(tmp_path: Path) -> None:
    passes_with_the_plugin(tmp_path, TEST)


@pytest.mark.slow
def test_who_has_installed_the_library_has_the_fixture_without_asking(tmp_path: Path) -> None:
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    installed = tmp_path / f"momo_desk-{project['version']}.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n")
    plugins = "".join(f"{name} = {module}\n" for name, module in project["entry-points"]["pytest11"].items())
    (installed / "entry_points.txt").write_text(f"[pytest11]\n{plugins}")
    words = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), "--fixtures"]

    path = os.pathsep.join([str(tmp_path), str(HERE), os.environ.get("PYTHONPATH", "")])
    ran = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": path})

    assert "momo_sandbox" in ran.stdout, ran.stdout + ran.stderr
