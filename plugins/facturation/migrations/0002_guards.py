"""The database refuses to change what was issued: triggers, since a constraint cannot say it."""

from typing import Any

from django.db import migrations

from plugins.facturation.migrations import _guards

FROZEN_INVOICE = (
    "id",
    "kind",
    "regie_id",
    "year",
    "number",
    "reference",
    "run_id",
    "payer_id",
    "family_id",
    "debtor_name",
    "debtor_address",
    "period",
    "issued_on",
    "due_on",
    "total_cents",
    "balance_before_cents",
)
APPEND_ONLY = ("facturation_ledgertransaction", "facturation_ledgerentry", "facturation_receipt")


def install(apps: Any, schema_editor: Any) -> None:
    _guards.install(schema_editor, "facturation_invoice", frozen=FROZEN_INVOICE)
    _guards.install(
        schema_editor,
        "facturation_billedline",
        unless="(SELECT state FROM facturation_run WHERE id = OLD.run_id) NOT IN ('issuing', 'issued')",
    )
    for table in APPEND_ONLY:
        _guards.install(schema_editor, table)


def uninstall(apps: Any, schema_editor: Any) -> None:
    for table in ("facturation_invoice", "facturation_billedline", *APPEND_ONLY):
        _guards.uninstall(schema_editor, table)


class Migration(migrations.Migration):
    dependencies = [("facturation", "0001_initial")]
    operations = [migrations.RunPython(install, uninstall)]
