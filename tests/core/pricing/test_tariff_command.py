"""``parvis tariff check``: exit status, one line a failure, and no database."""

import json

import pytest
from django.core.management import CommandError, call_command

from core.pricing.format import SHIPPED
from tests.core.pricing.documents import document


def check(capsys, *paths):
    """Exit status, standard output, standard error."""
    status = 0
    try:
        call_command("tariff", "check", *map(str, paths))
    except SystemExit as exit_:
        status = exit_.code
    out, err = capsys.readouterr()
    return status, out, err


@pytest.fixture
def write(tmp_path):
    def _write(name, value):
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
        return path

    return _write


def test_all_examples_pass(capsys, write):
    assert check(capsys, write("a.json", document())) == (0, "1 examples, 1 passed\n", "")


def test_the_shipped_tariffs_pass(capsys):
    status, out, _ = check(capsys, *sorted(SHIPPED.glob("*.json")))
    assert status == 0, out
    count, rest = out.split(" ", 1)
    assert int(count) >= 93, "the published examples, and those of the bounds"
    assert rest == f"examples, {count} passed\n"


def test_one_line_for_each_failing_example(capsys, write):
    wrong = document()
    wrong["examples"] += [
        {"name": "Faux", "situation": {"qf": "700.01"}, "expected": "2.00"},
        {"name": "Refus", "situation": {"qf": "10"}, "refused": True},
    ]
    good, bad = write("a.json", document()), write("b.json", wrong)
    status, out, err = check(capsys, good, bad)
    assert status == 1
    assert out.splitlines() == [
        f"{bad}\u00a0: «\u00a0Faux\u00a0»\u00a0: attendu 2,00\u00a0€, obtenu 3,00\u00a0€",
        f"{bad}\u00a0: «\u00a0Refus\u00a0»\u00a0: attendu un refus, obtenu 1,00\u00a0€",
        "4 examples, 2 passed",
    ]
    assert err == ""


def test_a_file_that_is_not_valid_is_told_with_path_and_reason(capsys, write):
    broken = document()
    del broken["components"][0]["steps"][0]["brackets"][2]["to"]
    bad = write("b.json", broken)
    status, out, err = check(capsys, bad)
    assert status == 2
    assert out == ""
    assert err.startswith(f"{bad}\u00a0: components[0].steps[0].brackets[2].to\u00a0: la borne haute manque")


def test_a_file_that_is_not_valid_does_not_hide_the_others(capsys, write):
    wrong = document(examples=[{"name": "Faux", "situation": {"qf": "1"}, "expected": "9.00"}])
    status, out, err = check(capsys, write("a.json", "{"), write("b.json", wrong))
    assert status == 2
    assert "Faux" in out
    assert out.endswith("1 examples, 0 passed\n")
    assert "JSON" in err


def test_files_that_cannot_be_read(capsys, tmp_path):
    status, _, err = check(capsys, tmp_path / "absent.json", tmp_path)
    assert status == 2
    assert "absent.json\u00a0: ce fichier n’existe pas" in err
    assert "lecture impossible" in err


def test_a_warning_is_told_and_stops_nothing(capsys, write):
    status, out, err = check(capsys, write("a.json", document(decision=None)))
    assert (status, out) == (0, "1 examples, 1 passed\n")
    assert "avertissement\u00a0: decision" in err


def test_a_file_is_needed():
    with pytest.raises(CommandError):
        call_command("tariff", "check")
