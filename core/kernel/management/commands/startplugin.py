"""`parvis startplugin NAME`: write a plugin that passes conformance at once."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import core
from core import scaffold

TREE = Path(core.__file__).resolve().parents[1]


class Command(BaseCommand):
    help = "Écrit un module qui passe aussitôt les tests de conformité."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="nom du module : minuscules, chiffres et tirets bas")
        parser.add_argument(
            "--with",
            dest="parts",
            default="",
            help=f"parties, séparées par des virgules : {','.join(scaffold.PARTS)}",
        )
        parser.add_argument("--outside", type=Path, help="dossier d’une distribution à part, à créer")

    def handle(self, *args: Any, name: str, parts: str, outside: Path | None, **options: Any) -> None:
        try:
            wanted = [part.strip() for part in parts.split(",") if part.strip()]
            choice = scaffold.Choice.of(name, wanted, outside=outside is not None)
        except ValueError as error:
            raise CommandError(str(error)) from error
        root = (outside or TREE).absolute()
        project = TREE / "pyproject.toml"
        if outside is None and not project.exists():
            raise CommandError("Parvis est installé sans ses sources : ajoutez --outside DOSSIER.")
        try:
            written = scaffold.write(choice, root)
        except FileExistsError as error:
            raise CommandError(f"{error} existe déjà : rien n’est écrit.") from error
        if outside is None:
            scaffold.declare(choice, project)
        self.stdout.write(f"{len(written)} fichiers écrits dans {root}.")
        for step in self._next_steps(choice, root):
            self.stdout.write(f"  {step}")

    def _next_steps(self, choice: scaffold.Choice, root: Path) -> list[str]:
        install = f"pip install --no-deps --no-build-isolation --editable {root}"
        tests = (
            f"pytest {root}"
            if choice.outside
            else f"pytest tests/plugins/{choice.slug} --parvis-plugin={choice.slug}"
        )
        return ["Ensuite :", install, "parvis migrate", "parvis demo", tests]
