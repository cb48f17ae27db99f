"""What is under way: what an agent must know before this plugin is switched off."""

from datetime import date, datetime

from django.db.models import Sum
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.contracts.lifecycle import Obstacle
from plugins.enfance.models import BookingWindow, Session


def obstacles(*, today: date, now: datetime) -> list[Obstacle]:
    """Windows that are open, places held from today on. Two statements."""
    windows = BookingWindow.objects.filter(opens_at__lte=now, closes_at__gt=now)
    found = [
        Obstacle(_("La période de réservation « %(name)s » est ouverte.") % {"name": name})
        for name in windows.values_list("name", flat=True)
    ]
    held = Session.objects.filter(date__gte=today, cancelled=False).aggregate(total=Sum("taken"))["total"]
    if held:
        words = ngettext(
            "%(count)s place est réservée aujourd’hui ou plus tard, et la famille ne pourra plus l’annuler.",
            "%(count)s places sont réservées aujourd’hui ou plus tard, et les familles ne pourront plus les annuler.",
            held,
        )
        found.append(
            Obstacle(words % {"count": number_format(held, force_grouping=True)}, reverse("enfance:sessions"))
        )
    return found
