"""``parvis tariff check FILE…``: tariffs against their own examples, without a database."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.contracts.pricing import Tariff
from core.pricing.engine import run_examples
from core.pricing.explain import typeset
from core.pricing.format import examine
from core.pricing.reading import InvalidTariffError, Problem, load

ALL_PASS, SOME_FAIL, NOT_VALID = 0, 1, 2


class Command(BaseCommand):
    help = "Vérifie des fichiers de tarif et leurs exemples."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        check = actions.add_parser("check", help="lit chaque fichier et calcule ses exemples")
        check.add_argument("files", nargs="+", metavar="FICHIER")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit status 0: all pass; 1: an example fails; 2: a file is not valid."""
        tariffs = [(name, self._read(name)) for name in options["files"]]
        count = passed = 0
        for name, tariff in tariffs:
            for result in run_examples(tariff) if tariff else ():
                count += 1
                if result.failure is None:
                    passed += 1
                else:
                    self.stdout.write(name + typeset(f" : « {result.example.name} » : {result.failure}"))
        if any(tariff is not None for _, tariff in tariffs):
            self.stdout.write(f"{count} examples, {passed} passed")
        if any(tariff is None for _, tariff in tariffs):
            sys.exit(NOT_VALID)
        if passed < count:
            sys.exit(SOME_FAIL)

    def _read(self, name: str) -> Tariff | None:
        try:
            examination = examine(load(Path(name).read_bytes()))
        except OSError as error:
            reason = (
                "ce fichier n’existe pas" if isinstance(error, FileNotFoundError) else "lecture impossible"
            )
            self._tell(name, Problem("", reason))
            return None
        except InvalidTariffError as invalid:
            for problem in invalid.problems:
                self._tell(name, problem)
            return None
        for problem in examination.problems:
            self._tell(name, problem)
        return examination.tariff

    def _tell(self, name: str, problem: Problem) -> None:
        prefix = "avertissement : " if problem.level == "warning" else ""
        self.stderr.write(name + typeset(f" : {prefix}{problem}"), style_func=str)
