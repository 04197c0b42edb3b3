"""Programs that hypothesis writes: the same ones in every test run. Thousands more by `--machine`."""

from tests.simulation import machine

PROGRAMS, STEPS = 25, 25


def test_no_program_breaks_an_invariant() -> None:
    machine.play(PROGRAMS, STEPS, derandomize=True)


def test_a_program_with_nothing_wrong_pays() -> None:
    till = machine.Till()
    till.begin(limit=None)
    till.type_order("pay", "5", 0)
    till.press("ok", "maker", 3)
    till.time_passes(40.0)
    states = [row["state"] for row in till.world.conn.execute("SELECT state FROM txn")]
    till.teardown()
    assert states == ["SUCCESSFUL"]
