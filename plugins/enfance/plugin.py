"""Manifest: pure data, read before Django is set up."""

from core.contracts.plugin import PersonalData, Plugin

plugin = Plugin(
    slug="enfance",
    name="Enfance",
    summary="Réserver la cantine et l’accueil de loisirs.",
    audience=frozenset({"families", "agents"}),
    requires_core=">=1.0,<2",
    owner="Parvis",
    django_apps=("plugins.enfance",),
    personal_data=(
        PersonalData("inscriptions des enfants : activité, lieu, dates", ("Enrolment",)),
        PersonalData(
            "réservations des enfants : activité, lieu, date, prix, payeur, qui a réservé ou annulé et quand",
            ("Booking", "BookingShare"),
        ),
    ),
)
