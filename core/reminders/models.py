"""How somebody wants to be reminded: the rhythm of the message, the calendar of a household."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.models import RandomId


class Digest(models.Model):
    """The message « Je pense à » of one account: its rhythm, and what it said last.

    `told_on` is the last day on which the account was looked at, whether there was something to say or not; `told` is
    the digest of what it said then: the same things are not written again the day after. No row is `Rhythm.WEEKLY`.
    """

    class Rhythm(models.TextChoices):
        DAILY = "daily", _("chaque jour où il y a du nouveau")
        WEEKLY = "weekly", _("une fois par semaine, le lundi")
        NEVER = "never", _("jamais")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="digest",
        verbose_name=_("compte"),
    )
    rhythm = models.CharField(_("rythme"), max_length=6, choices=Rhythm, default=Rhythm.WEEKLY)
    told_on = models.DateField(_("dernier passage"), null=True, blank=True)
    told = models.CharField(_("empreinte"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("rythme du message « Je pense à »")
        verbose_name_plural = _("rythmes du message « Je pense à »")
        constraints = [
            models.CheckConstraint(
                condition=Q(rhythm__in=("daily", "weekly", "never")), name="reminders_known_rhythm"
            )
        ]

    def __str__(self) -> str:
        return self.rhythm


class CalendarFeed(RandomId):
    """The calendar of what one account has to think of for one household, read without signing in.

    Its address holds a secret of which only the digest is kept: it is shown once. `household` is the key of
    `core.families.selectors.Household`: two homes never share a calendar.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="calendar_feeds",
        verbose_name=_("compte"),
    )
    household = models.UUIDField(_("foyer"))
    digest = models.CharField(_("empreinte"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("fait le"))
    read_at = models.DateTimeField(_("lu le"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendrier privé")
        verbose_name_plural = _("calendriers privés")
        constraints = [
            models.UniqueConstraint(fields=["user", "household"], name="reminders_one_calendar_each")
        ]

    def __str__(self) -> str:
        return str(self.pk)
