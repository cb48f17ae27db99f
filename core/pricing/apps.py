from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PricingConfig(AppConfig):
    name = "core.pricing"
    label = "pricing"
    verbose_name = _("Tarifs")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.contracts.journal import Act
        from core.kernel import journal, retirement
        from core.pricing.composing import DECISION_KEPT
        from core.pricing.selectors import of_service
        from core.pricing.services import IMPORTED, PUBLISHED

        journal.register(
            Act(IMPORTED, _("Brouillon de tarif enregistré"), shown_to_family=False),  # type: ignore[arg-type]
            Act(PUBLISHED, _("Tarif publié"), shown_to_family=False),  # type: ignore[arg-type]
            Act(DECISION_KEPT, _("Texte de délibération joint"), shown_to_family=False),  # type: ignore[arg-type]
        )

        # A service is named as its plugin, with the dashes of an address or without.
        retirement.register(lambda slug: [of_service(slug, slug.replace("_", "-"))])
