"""The order of the whole suite: long tests first, a file's tests together unless they may run apart, nothing lost."""

from __future__ import annotations

from tests.bench.spread import in_order, reordered, unit_of


def arranged(*nodeids: str) -> list[str]:
    return [nodeids[place] for place in in_order(nodeids)]


def test_long_ones_come_first_and_nothing_is_lost():
    small, full = "tests/kernel/test_a.py::test_1", [f"tests/kernel/test_z.py::test_{n}" for n in (2, 1)]
    matrix = "tests/matrix/test_matrix.py::test_a_person[clerk]"
    commands = "tests/test_commands.py::test_migrate"
    assert arranged(small, *full, matrix, commands) == [commands, matrix, *full, small]


def test_files_of_one_size_do_not_mix():
    a, b = ([f"tests/kernel/test_{name}.py::test_{n}" for n in (1, 2)] for name in "ab")
    assert arranged(a[0], b[0], a[1], b[1]) == [*a, *b]


def test_what_shares_no_world_runs_apart():
    assert unit_of("tests/matrix/test_matrix.py::test_a[x::y]") == "tests/matrix/test_matrix.py::test_a[x::y]"
    assert unit_of("tests/kernel/test_a.py::test_a[x::y]") == "tests/kernel/test_a.py"


def test_who_looks_at_the_demo_stays_together():
    assert unit_of("tests/test_commands.py::test_a") == unit_of("tests/test_demo_world.py::test_b")


def test_another_order_loses_nothing():
    tests = [f"tests/kernel/test_a.py::test_{n}" for n in range(20)]
    assert reordered(tests, "reversed") == tests[::-1]
    drawn = reordered(tests, "7")
    assert drawn == reordered(tests, "7") != tests
    assert sorted(drawn) == sorted(tests)
