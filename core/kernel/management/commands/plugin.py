"""`parvis plugin enable|disable NAME`: the same switch as on the Modules page."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.kernel import clock
from core.kernel.services import PluginNeeded, UnknownPlugin, switch_plugin


class Command(BaseCommand):
    help = "Active ou désactive un module ; les processus en marche suivent à leur prochaine requête."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["enable", "disable"])
        parser.add_argument("name")

    def handle(self, *args: Any, act: str, name: str, **options: Any) -> None:
        enabled = act == "enable"
        try:
            changed = switch_plugin(slug=name, enabled=enabled, actor="ligne de commande", at=clock.now())
        except UnknownPlugin as error:
            raise CommandError(f"Aucun module ne s’appelle « {name} ».") from error
        except PluginNeeded as error:
            others = ", ".join(error.slugs)
            reason = f"activez d’abord {others}" if enabled else f"{others} en a besoin"
            raise CommandError(f"Le module {name} reste comme il est : {reason}.") from error
        word = "activé" if enabled else "désactivé"
        self.stdout.write(f"{name} : {word}." if changed else f"{name} était déjà {word}.")
