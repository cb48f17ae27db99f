"""Writing tariffs and explanations."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.contracts.pricing import Explanation
from core.kernel import documents, journal
from core.pricing import format as tariff_format
from core.pricing.engine import ExampleResult, run_examples
from core.pricing.models import FrozenTariffError, PriceExplanation, TariffVersion

IMPORTED, PUBLISHED = "pricing.tariff_imported", "pricing.tariff_published"
BUNDLE_KEY = "tarif."


class FailedExamplesError(Exception):
    """A tariff whose own examples fail is not published; ``failures`` says which and why."""

    def __init__(self, failures: tuple[ExampleResult, ...]) -> None:
        super().__init__("\n".join(f"{result.example.name} : {result.failure}" for result in failures))
        self.failures = failures


@transaction.atomic
def import_tariff(*, document: Mapping[str, Any], actor: Any = None) -> TariffVersion:
    """A draft made from a document; it replaces the draft of the same code and start.

    The same document imported again gives the version that is there, published or not. Raises
    InvalidTariffError (nothing is written) and FrozenTariffError when another document is already published
    for that code and that start. With an `actor`, the journal says it.
    """
    tariff = tariff_format.parse(document)
    known = TariffVersion.objects.select_for_update().filter(code=tariff.code, valid_from=tariff.valid_from)
    version = known.first() or TariffVersion(code=tariff.code, valid_from=tariff.valid_from)
    if version.digest == tariff.digest:
        return version
    if version.status == TariffVersion.Status.PUBLISHED:
        raise FrozenTariffError(f"{version.code} {version.valid_from} is published")
    version.name = tariff.name
    version.service = tariff.service
    version.unit = tariff.unit.code
    version.document = dict(document)
    version.digest = tariff.digest
    version.decision_number = tariff.decision.number if tariff.decision else ""
    version.decision_date = tariff.decision.date if tariff.decision else None
    version.valid_to = tariff.valid_to
    version.save()
    if actor is not None:
        journal.record(actor=actor, act=IMPORTED, object=version, changes={"digest": [None, version.digest]})
    return version


def export_tariffs() -> dict[str, Any]:
    """Every version as one sealed file of the configuration, drafts included; `import_tariffs` reads it."""
    versions = TariffVersion.objects.order_by("code", "valid_from")
    ranks: Counter[str] = Counter()
    entries = []
    for version in versions:
        ranks[version.code] += 1
        key = f"{BUNDLE_KEY}{version.code}.{version.valid_from}"
        entries.append(documents.Entry(key, ranks[version.code], version.document))
    return documents.pack(entries)


@transaction.atomic
def import_tariffs(*, bundle: Any, actor: Any) -> list[TariffVersion]:
    """Each tariff of a sealed file as a draft, all or nothing; one that is there already stays as it is.

    Raises BundleRefused (not such a file, or changed since), and what `import_tariff` raises.
    """
    entries = documents.unpack(bundle)
    if foreign := [entry.key for entry in entries if not entry.key.startswith(BUNDLE_KEY)]:
        raise documents.BundleRefused(
            _("Ce fichier contient autre chose que des tarifs : %(keys)s.") % {"keys": ", ".join(foreign)}
        )
    return [import_tariff(document=entry.document, actor=actor) for entry in entries]


@transaction.atomic
def publish(*, version: TariffVersion, actor: Any = None) -> TariffVersion:
    """Make a draft the rule, for ever. Raises FailedExamplesError; a published version stays as it is."""
    version = TariffVersion.objects.select_for_update().get(pk=version.pk)
    if version.status == TariffVersion.Status.PUBLISHED:
        return version
    failures = tuple(result for result in run_examples(version.tariff) if result.failure)
    if failures:
        raise FailedExamplesError(failures)
    version.status = TariffVersion.Status.PUBLISHED
    version.save()
    if actor is not None:
        journal.record(actor=actor, act=PUBLISHED, object=version)
    return version


def store_explanations(explanations: Iterable[Explanation]) -> None:
    """Keep explanations by their digest; those already kept cost nothing more.

    Sorted, so that two transactions that store the same ones wait for each other instead of dead-locking.
    """
    by_digest = {explanation.digest: explanation for explanation in explanations}
    rows = [
        PriceExplanation(digest=digest, steps=by_digest[digest].to_json()) for digest in sorted(by_digest)
    ]
    PriceExplanation.objects.bulk_create(rows, ignore_conflicts=True)
