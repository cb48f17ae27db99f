"""`parvis plugin enable|disable|retire NAME`, `parvis plugin check`."""

import sys
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.contracts.lifecycle import Obstacle
from core.kernel import clock, inspection, retirement
from core.kernel.services import InFlight, PluginNeeded, UnknownPlugin, switch_plugin


class Command(BaseCommand):
    help = "Active, désactive, vérifie ou retire un module."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        for act, words in (("enable", "activer"), ("disable", "désactiver")):
            switch = acts.add_parser(act, help=f"{words} ; les processus en marche suivent")
            switch.add_argument("name")
            if act == "disable":
                switch.add_argument("--yes", action="store_true", help="malgré ce qui est en cours")
        acts.add_parser("check", help="démarrer chaque module seul et nommer ceux qui échouent")
        retire = acts.add_parser("retire", help="exporter ses données puis l’effacer de la base")
        retire.add_argument("name")
        retire.add_argument("--yes", action="store_true", help="agir ; sans cela, seul le plan est montré")
        retire.add_argument("--export", type=Path, help="fichier à écrire (un objet JSON par ligne)")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "check":
            self._check()
            return
        name: str = options["name"]
        try:
            if act == "retire":
                self._retire(name, options["export"], options["yes"])
            else:
                self._switch(name, act == "enable", options.get("yes", False))
        except UnknownPlugin as error:
            raise CommandError(f"Aucun module ne s’appelle « {name} ».") from error

    def _switch(self, name: str, enabled: bool, yes: bool) -> None:
        switched = partial(
            switch_plugin, slug=name, enabled=enabled, actor="ligne de commande", at=clock.now()
        )
        try:
            try:
                changed = switched()
            except InFlight as error:
                self._in_flight(name, error.obstacles, yes)
                changed = switched(despite=[obstacle.what for obstacle in error.obstacles])
        except PluginNeeded as error:
            others = ", ".join(error.slugs)
            reason = f"activez d’abord {others}" if enabled else f"{others} en a besoin"
            raise CommandError(f"Le module {name} reste comme il est : {reason}.") from error
        word = "activé" if enabled else "désactivé"
        self.stdout.write(f"{name} : {word}." if changed else f"{name} était déjà {word}.")

    def _in_flight(self, name: str, obstacles: list[Obstacle], yes: bool) -> None:
        self.stdout.write(f"En cours dans {name} :")
        for obstacle in obstacles:
            self.stdout.write(f"  - {obstacle.what}")
        if not yes:
            raise CommandError(
                f"Le module {name} reste activé. Relancez avec --yes pour le désactiver malgré cela."
            )

    def _check(self) -> None:
        text, in_order = inspection.report(inspection.check())
        self.stdout.write(text)
        if not in_order:
            sys.exit(1)

    def _retire(self, name: str, target: Path | None, act: bool) -> None:
        planned = retirement.plan(name)
        target = target or Path(f"{name}-{clock.today().isoformat()}.jsonl")
        self._show(planned, target)
        if planned.obstacles:
            raise CommandError("Le module reste. " + " ".join(planned.obstacles))
        if not act:
            self.stdout.write("Rien n’est fait. Relancez avec --yes pour retirer le module.")
            return
        try:
            retirement.retire(slug=name, target=target, actor="ligne de commande", at=clock.now())
        except FileExistsError as error:
            raise CommandError(f"Le fichier {target} existe déjà : choisissez-en un autre.") from error
        self.stdout.write(
            f"Le module {name} est retiré. Désinstallez sa distribution, puis lancez « parvis migrate »."
        )

    def _show(self, planned: retirement.Plan, target: Path) -> None:
        self.stdout.write(f"Retirer « {planned.plugin.name} » ({planned.plugin.slug}) :")
        total = sum(count for _label, count in planned.rows)
        tables = ", ".join(f"{label} {count}" for label, count in planned.rows)
        for words in (
            f"exporter vers {target} : {total} lignes{f' ({tables})' if tables else ''}",
            f"supprimer du site : {planned.pages} pages",
            f"défaire : {', '.join(planned.migrations) or 'aucune migration'}",
            f"effacer : {planned.permissions} permissions, {planned.content_types} types de contenu",
            f"effacer : {planned.kernel_rows} lignes du noyau (réglages, annonces, travaux)",
            f"effacer : {planned.core_rows} lignes gardées pour lui par le socle (tarifs de son service)",
            "garder : le journal des bascules, et ce que d’autres modules ont tiré de lui (factures émises)",
        ):
            self.stdout.write(f"  - {words}")
