"""`daybook demo`: a synthetic bank, whole or night by night, to be taken in at once."""


def test_a_bank_comes_as_one_drop_or_as_a_history_and_its_nights(shell, tmp_path):
    small = ("--managers", 4, "--clients", 12)
    one, code = shell.json("demo", tmp_path / "one", *small)
    assert (one["drops"], code) == ([str(tmp_path / "one")], 0)
    found, code = shell.json("demo", tmp_path / "nights", *small, "--nightly", 2)
    names = ("history", "2026-11-13", "2026-11-16")
    assert (found["drops"], code) == ([str(tmp_path / "nights" / name) for name in names], 0)


def test_people_are_told_what_to_take_in_next(shell, tmp_path):
    made = shell.run("demo", tmp_path, "--managers", 4, "--clients", 12, "--nightly", 1)
    assert made.stderr.splitlines() == [
        f"a demo bank stands in {tmp_path}: take it in with daybook import {tmp_path}/history",
        f"and then its next night: daybook import {tmp_path}/2026-11-16",
    ]


def test_too_few_managers_and_too_many_nights_are_refused(shell, tmp_path):
    few = shell.run("demo", tmp_path / "x", "--managers", 3)
    assert few.exit_code != 0
    assert "at least 4 managers" in few.stderr
    many = shell.run("demo", tmp_path / "x", "--nightly", 21)
    assert many.exit_code != 0
    assert not (tmp_path / "x").exists()
