from datetime import time

import pytest

from core.town.hours import hour, in_words


@pytest.mark.parametrize(
    ("value", "said"), [(time(9), "9 h"), (time(13, 30), "13 h 30"), (time(8, 5), "8 h 05")]
)
def test_hour_is_said_with_no_break_spaces(value: time, said: str) -> None:
    assert hour(value) == said.replace(" ", "\u00a0")


def said(*rows: tuple[int, time, time]) -> list[str]:
    return [str(line).replace("\u00a0", " ") for line in in_words(rows)]


def test_hours_of_the_leaflet_are_said_as_the_leaflet_does() -> None:
    assert said(
        (4, time(13), time(17, 30)),
        (3, time(13), time(16, 30)),
        (3, time(8, 45), time(12)),
        (2, time(13), time(17, 30)),
    ) == [
        "les mardis et jeudis de 13 h à 17 h 30",
        "les mercredis de 8 h 45 à 12 h et de 13 h à 16 h 30",
    ]


def test_days_in_a_row_are_said_from_first_to_last() -> None:
    assert said(*[(day, time(9), time(17)) for day in range(1, 6)]) == ["du lundi au vendredi de 9 h à 17 h"]


def test_three_days_apart_are_listed() -> None:
    assert said(*[(day, time(9), time(12)) for day in (1, 2, 4)]) == [
        "les lundis, mardis et jeudis de 9 h à 12 h"
    ]


def test_no_hours_say_nothing() -> None:
    assert in_words([]) == ()
