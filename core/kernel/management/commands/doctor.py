"""`parvis doctor`: the health of every part, in words; exit status 1 when one does not work."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from core.kernel.doctor import PARTS, examine


class Command(BaseCommand):
    help = "Dit si chaque partie fonctionne. Code de sortie 1 si l’une d’elles est en panne."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        width = max(len(part) for part in PARTS)
        broken = 0
        for finding in examine():
            broken += not finding.works
            word = "ok      " if finding.works else "EN PANNE"
            self.stdout.write(f"{finding.part:<{width}}  {word}  {finding.words}")
        if broken:
            sys.exit(1)
