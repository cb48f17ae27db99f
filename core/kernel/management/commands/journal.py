"""`parvis journal verify`: is the journal what was written? `parvis journal seal`: seal what waits, now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.kernel import clock, guards, seals


class Command(BaseCommand):
    help = "Vérifie que rien n’a été changé dans le journal (verify), ou scelle ce qui attend (seal)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=("verify", "seal"))

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        if what == "seal":
            self.stdout.write(f"{seals.seal_all(clock.now())} entrées scellées.")
            return
        verdict = seals.verify()
        for chain, (number, digest) in verdict.heads.items():
            self.stdout.write(f"{seals.Chain(chain).label} : sceau {number}, empreinte {digest}")
        self.stdout.write(f"{verdict.entries} entrées vérifiées, {verdict.waiting} à sceller.")
        words = [
            f"{seals.Chain(fault.chain).label}, sceau {fault.number} : {fault.words}"
            for fault in verdict.faults
        ]
        words += [f"garde de la base absente : {name}" for name in guards.missing()]
        if words:
            raise CommandError("\n".join(words))
