"""`parvis reset_factor IDENTIFIER --reason "…"`: for the administrator who lost theirs, when nobody else may do it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.accounts import factors
from core.accounts.models import User


class Command(BaseCommand):
    help = "Retire les seconds facteurs d’un compte et ferme ses sessions ; le journal le garde."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("identifier")
        parser.add_argument("--reason", required=True, help="qui l’a demandé, et comment on l’a reconnu")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["identifier"]).first()
        if user is None:
            raise CommandError(f"Aucun compte n’a l’identifiant « {options['identifier']} ».")
        taken = factors.reset(user=user, actor=None, reason=options["reason"])
        self.stdout.write(f"{taken} second(s) facteur(s) retiré(s) ; les sessions de ce compte sont fermées.")
