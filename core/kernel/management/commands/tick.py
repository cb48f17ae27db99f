"""`parvis tick`: periodic jobs and deliveries that are due. Every minute, from as many machines as one likes."""

from typing import Any

from django.core.management.base import BaseCommand

from core.kernel import clock, jobs, outbox, state


class Command(BaseCommand):
    help = "Fait les travaux et les annonces dont l’heure est venue ; à lancer chaque minute."

    def handle(self, *args: Any, **options: Any) -> None:
        with state.snapshot():
            for outcome in jobs.run_due(now=clock.now()):
                if outcome.error:
                    self.stderr.write(f"{outcome.entry.job.label} : échec ({outcome.error}), sera repris.")
                else:
                    seconds = f"{outcome.took.total_seconds():.1f}".replace(".", ",")
                    self.stdout.write(f"{outcome.entry.job.label} : fait en {seconds} s.")
            told = outbox.deliver_due(now=clock.now())
        if told[True]:
            self.stdout.write(f"Annonces transmises : {told[True]}.")
        if told[False]:
            self.stderr.write(f"Annonces en échec : {told[False]}.")
