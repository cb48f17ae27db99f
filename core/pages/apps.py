from datetime import datetime, timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "core.pages"
    label = "pages"
    verbose_name = _("Site public")

    def ready(self) -> None:
        from core.contracts.jobs import Job
        from core.kernel import jobs, journal, retirement
        from core.notifications import topics
        from core.pages import frame, legal, library_acts, writing  # noqa: F401 - legal registers its settings

        topics.register(*writing.TOPICS)
        frame.follow()
        retirement.register(lambda slug: [frame.naming(slug)])
        journal.register(*library_acts.ACTS)
        library_acts.follow()

        jobs.register(
            Job(
                name="publication",
                label=_("Publier et retirer les pages à l’heure prévue"),  # type: ignore[arg-type]
                schedule=timedelta(minutes=5),
                run=publish_scheduled,
            )
        )


def publish_scheduled(now: datetime) -> None:
    """What editors scheduled in Wagtail, which reads the clock itself."""
    from django.core.management import call_command

    call_command("publish_scheduled")
