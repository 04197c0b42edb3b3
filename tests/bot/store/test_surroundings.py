import os
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from bot.store.space import MB
from bot.store.surroundings import PLENTY, Surroundings, file_system, look, mend, too_wide, warnings

PATH = Path("/data/till.db")
MOUNTS = "overlay / overlay rw 0 0\n/dev/vdb /data ext4 rw 0 0\nserver:/x /data/remote nfs4 rw 0 0\n"
US, SOMEBODY = 10001, 10002


def found(mode: int, *, uid: int = US, links: int = 1) -> os.stat_result:
    return os.stat_result((mode, 0, 0, links, uid, 0, 0, 0, 0, 0))


def disk(free: int) -> os.statvfs_result:
    return os.statvfs_result((1, 1, free, free, free, 0, 0, 0, 0, 255))


GOOD = Surroundings(
    path=PATH,
    uid=US,
    mounts=MOUNTS,
    disk=disk(PLENTY),
    directory=found(stat.S_IFDIR | 0o700),
    files={PATH: found(stat.S_IFREG | 0o600)},
    alone=True,
)
WIDE_DIRECTORY = replace(GOOD, directory=found(stat.S_IFDIR | 0o755))
WIDE_FILE = replace(GOOD, files={PATH: found(stat.S_IFREG | 0o644)})


def test_of_what_is_as_it_should_be_nothing_is_said() -> None:
    assert list(warnings(GOOD)) == []
    assert too_wide(GOOD) == {}


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (replace(GOOD, uid=0), "runs as root"),
        (WIDE_DIRECTORY, r"/data is open to other users \(mode 0755\): the bot narrows it to 0700"),
        (replace(WIDE_DIRECTORY, alone=False), r"/data is open .*: narrow it with chmod"),
        (WIDE_FILE, r"/data/till\.db is open to other users \(mode 0644\): the bot narrows it to 0600"),
        (replace(GOOD, path=Path("/data/remote/till.db"), files={}), "network file system"),
        (replace(GOOD, files={PATH: found(stat.S_IFREG | 0o600, links=2)}), r"till\.db has 2 hard links"),
        (replace(GOOD, disk=disk(PLENTY - MB)), "only 499 MB are free"),
    ],
    ids=["root", "wide directory", "shared directory", "wide file", "network", "hard links", "little room"],
)
def test_what_is_not_as_it_should_be_is_said_in_one_sentence(seen: Surroundings, words: str) -> None:
    (finding,) = warnings(seen)
    assert re.search(words, f"{finding.said}: {finding.advice}")


@pytest.mark.parametrize(
    "seen",
    [
        replace(GOOD, directory=found(stat.S_IFDIR | 0o755, uid=SOMEBODY)),
        replace(WIDE_DIRECTORY, alone=False),
        replace(GOOD, uid=0, directory=found(stat.S_IFDIR | 0o1777, uid=0), files={}),
        replace(GOOD, files={PATH: found(stat.S_IFREG | 0o644, uid=SOMEBODY)}),
    ],
    ids=["another user's directory", "other things in it", "root's", "another user's file"],
)
def test_what_is_not_ours_alone_is_left_as_it_is(seen: Surroundings) -> None:
    assert too_wide(seen) == {}


def test_rights_that_are_too_wide_are_narrowed(tmp_path: Path) -> None:
    path, lock = tmp_path / "till.db", tmp_path / "till.db.lock"
    for file in (path, lock):
        file.touch()
        file.chmod(0o644)
    mend(look(path))
    assert [stat.S_IMODE(file.stat().st_mode) for file in (path, lock)] == [0o600, 0o600]
    assert not [one for one in warnings(look(path)) if "open to other users" in one.said and str(path) in one.said]


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/data/till.db", "ext4"), ("/data/remote/till.db", "nfs4"), ("/database/till.db", "overlay")],
)
def test_a_file_is_on_the_nearest_mount_above_it(path: str, kind: str) -> None:
    assert file_system(Path(path), MOUNTS) == kind


def test_a_mount_with_a_blank_and_a_user_space_one_are_read() -> None:
    assert file_system(Path("/my data/till.db"), "x /my\\040data fuse.sshfs rw 0 0\nnonsense\n") == "sshfs"
