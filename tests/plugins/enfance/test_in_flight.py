"""What an agent reads before enfance is switched off."""

from datetime import date

from core.contracts.lifecycle import disable_obstacles
from core.kernel.calls import ask
from plugins.enfance.in_flight import obstacles
from plugins.enfance.models import Session
from tests.plugins.enfance.factories import NOW, Town, paris


def test_windows_and_places_are_counted(town: Town) -> None:
    """The window of the Christmas holidays is open on the tests' day."""
    past, coming = town.session(date(2026, 11, 10)), town.session(date(2026, 12, 1))
    Session.objects.filter(pk=past.pk).update(taken=5)
    Session.objects.filter(pk=coming.pk).update(taken=2)
    told = [obstacle.what for obstacle in obstacles(today=NOW.date(), now=NOW)]
    assert told == [
        "La période de réservation « Vacances de Noël » est ouverte.",
        "2 places sont réservées aujourd’hui ou plus tard, et les familles ne pourront plus les annuler.",
    ]
    assert [obstacle.what for obstacle in ask(disable_obstacles, "enfance")] == told
    assert obstacles(today=date(2027, 3, 1), now=paris("2027-03-01 12:00")) == []
