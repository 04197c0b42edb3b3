"""The image, as far as its recipe tells: no root, nothing secret, nothing copied that need not be."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
RECIPE = (ROOT / "Dockerfile").read_text()
LAST_STAGE = RECIPE[RECIPE.rindex("\nFROM ") :]


def test_the_container_runs_as_nobody_special() -> None:
    user, uid = re.search(r"^USER (\w+)$", LAST_STAGE, re.MULTILINE), re.search(r"--uid (\d+) ", LAST_STAGE)

    assert (user or ["", "root"])[1] != "root"
    assert int((uid or ["", "0"])[1]) >= 10_000
    assert LAST_STAGE.index("USER") < LAST_STAGE.index("\nCMD")


def test_only_the_data_volume_is_for_writing() -> None:
    assert re.findall(r"^VOLUME (.*)$", LAST_STAGE, re.MULTILINE) == ["/data"]
    assert "-m 0700 /data" in LAST_STAGE
    assert "chmod" not in LAST_STAGE


def test_no_secret_is_named_in_the_image() -> None:
    secrets = re.findall(r"^([A-Z_]*(?:TOKEN|KEY|SECRET)[A-Z_]*)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

    assert secrets
    assert [name for name in secrets if name in RECIPE] == []
    assert not re.search(r"^ARG ", RECIPE, re.MULTILINE)


def test_only_what_is_named_is_copied_into_the_image() -> None:
    copied = [word for line in re.findall(r"^COPY (.*)$", RECIPE, re.MULTILINE) for word in line.split()[:-1]]

    assert set(copied) <= {
        ".ci/uv.txt",
        "pyproject.toml",
        "uv.lock",
        "README.md",
        "LICENSE",
        "momo",
        "bot",
        "--from=build",
        "/venv",
    }


def test_the_locked_versions_are_installed_and_no_others() -> None:
    assert "uv sync --locked" in RECIPE
    assert "apt-get" not in RECIPE
