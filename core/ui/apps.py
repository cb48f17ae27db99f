"""The look of everything: tokens, frames, components, forms, base of PDFs."""

from pathlib import Path

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

BUILD = Path(__file__).parent / "static" / "ui" / "build"


class UiConfig(AppConfig):
    name = "core.ui"
    label = "ui"
    verbose_name = "Présentation"

    def ready(self) -> None:
        from core.ui import appearance  # noqa: F401 - makes the theme known to the configuration

        checks.register(built_assets)
        _speak_french_about_telephones()


def _speak_french_about_telephones() -> None:
    """The library's own French has no words for a number that cannot be called."""
    from phonenumber_field.formfields import PhoneNumberField

    PhoneNumberField.default_error_messages = {
        "invalid": _("Écrivez un numéro de téléphone valide, par exemple 06 12 34 56 78.")
    }


def built_assets(**_: object) -> list[checks.CheckMessage]:
    """Styles, fonts and icons are built, never committed: say so before a page without a look does."""
    missing = [
        name for name in ("app.css", "app.js", "icons.json", "fonts/pdf") if not (BUILD / name).exists()
    ]
    if not missing:
        return []
    return [
        checks.Warning(
            f"Fichiers de présentation absents : {', '.join(missing)}.",
            hint="Lancez « make assets » : les pages s'affichent, mais sans styles ni icônes.",
            id="ui.W001",
        )
    ]
