"""`parvis demo`: the demo commune, told by core and then by each plugin, dependencies first. Twice is once."""

from argparse import ArgumentParser
from datetime import date
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.contracts.demo import Demo, load_demo
from core.documents.demo import load_documents
from core.families.demo import AGENTS, PASSWORD, load_families
from core.kernel import clock
from core.kernel.calls import strict
from core.kernel.outbox import silence
from core.opening.demo import load_opening
from core.pages.demo import load_pages
from core.town.demo import load_town

PARENTS = ("parent", "coparent", "voisin", "nouveau")


class Command(BaseCommand):
    help = "Remplit la commune de démonstration ; la relancer ne change rien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--today", type=date.fromisoformat, help="le jour de la démonstration (AAAA-MM-JJ)"
        )

    def handle(self, *args: Any, today: date | None, **options: Any) -> None:
        if not settings.PARVIS_DEMO:
            raise CommandError("La démonstration ne se charge pas dans une commune réelle.")
        if today:
            settings.PARVIS_TODAY = today.isoformat()
        start = perf_counter()
        demo = Demo(today=today or clock.today())
        with silence():  # nobody waits for letters about the past
            lines = [*load_town(today=demo.today), *load_families(demo=demo), *load_opening(demo=demo)]
            lines += load_documents(demo=demo)
            lines += load_pages(demo=demo)
            lines += [line for _, line in strict(load_demo, demo=demo)]
        for line in lines:
            self.stdout.write(f"  {line}")
        self.stdout.write(f"  Prêt en {perf_counter() - start:.1f} s.")
        accounts = ", ".join([*PARENTS, *(agent[0] for agent in AGENTS)])
        self.stdout.write(f"Comptes : {accounts}. Mot de passe de tous : {PASSWORD}")
