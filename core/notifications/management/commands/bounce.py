"""`parvis bounce < report` : a message came back. For the mail server's alias of returned messages."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.kernel import clock
from core.notifications import bounces


class Command(BaseCommand):
    help = "Marks the addresses that a delivery report (RFC 3464, on the standard input) or --address says failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--address", default="", help="mark this address, without a report")
        parser.add_argument("--status", default="", help="the code of the refusal, 5.1.1 for instance")

    def handle(self, *args: Any, address: str, status: str, **options: Any) -> None:
        failed = [(address, status)] if address else bounces.read(sys.stdin.buffer.read())
        for one, code in failed:
            try:
                bounces.record(address=one, status=code, now=clock.now(), actor=None)
            except ValueError as error:
                raise CommandError(f"not the code of a lasting refusal: {code}") from error
        self.stdout.write(f"{len(failed)} marked")
