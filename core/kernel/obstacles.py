"""What is in flight in a plugin that somebody means to switch off."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.contracts import lifecycle
from core.contracts.lifecycle import Obstacle
from core.kernel import calls
from core.kernel.models import Delivery, JobRun


def obstacles(slug: str) -> list[Obstacle]:
    """What the plugin names, then what the kernel knows of: events to be told, jobs that run. Two statements."""
    try:
        found = calls.ask(lifecycle.disable_obstacles, slug)
    except calls.ContributionFailed:
        found = [
            Obstacle(_("Le module n’a pas pu dire ce qui est en cours. L’incident est au journal technique."))
        ]
    waiting = Delivery.objects.filter(slug=slug, state=Delivery.State.WAITING).count()
    if waiting:
        words = ngettext(
            "%(count)s annonce attend, elle lui sera transmise à son retour.",
            "%(count)s annonces attendent, elles lui seront transmises à son retour.",
            waiting,
        )
        found.append(Obstacle(words % {"count": waiting}))
    running = JobRun.objects.filter(job__startswith=f"{slug}.", state=JobRun.State.RUNNING).count()
    if running:
        words = ngettext(
            "%(count)s travail est en cours, il ira à son terme.",
            "%(count)s travaux sont en cours, ils iront à leur terme.",
            running,
        )
        found.append(Obstacle(words % {"count": running}))
    return found
