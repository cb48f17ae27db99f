"""The town of the leaflet: its places, who answers there, and its school years in zone A.

Names, telephone numbers, addresses and hours of payment are those that the town of Bassens prints; what the leaflet
does not say (addresses of the schools, name of the leisure centre) is left out rather than made up. The hours of the
desk are plausible, not true.
"""

from datetime import date, time

from django.db import transaction

from core.town.models import Contact, OpeningHours, Service, Site
from core.town.services import import_calendar, years_to_know

ZONE = "A"
"""Academy of Bordeaux."""

TOWN_HALL = "mairie"
ALSH = "accueil-de-loisirs"
SERVICE = "enfance"

SITES = (
    # code, name, kind, address
    ("maternelle-bousquet", "École maternelle Bousquet", Site.Kind.SCHOOL_NURSERY, ""),
    ("maternelle-chopin", "École maternelle F. Chopin", Site.Kind.SCHOOL_NURSERY, ""),
    ("elementaire-villon", "École élémentaire F. Villon", Site.Kind.SCHOOL_ELEMENTARY, ""),
    ("elementaire-bonheur", "École élémentaire R. Bonheur", Site.Kind.SCHOOL_ELEMENTARY, ""),
    (ALSH, "Accueil de loisirs", Site.Kind.ALSH, ""),
    (TOWN_HALL, "Mairie de Bassens", Site.Kind.TOWN_HALL, "42 avenue Jean Jaurès\n33530 Bassens"),
)

SITE_LABEL = "Accueil périscolaire (ALAE) et accueil de loisirs (ALSH)"
SITE_PHONES = {
    "maternelle-bousquet": "+33670257084",
    "maternelle-chopin": "+33604539116",
    "elementaire-villon": "+33670253552",
    "elementaire-bonheur": "+33621071970",
}

PAYMENT_LABEL = "Pour payer vos factures en mairie, sur rendez-vous"
SERVICE_CONTACTS = (
    # label, phone, e-mail, note
    ("Pour toute question", "+33557808187", "", ""),
    (
        "Pour les inscriptions aux services périscolaires et extrascolaires",
        "",
        "enfance@ville-bassens.fr",
        "",
    ),
    ("Pour les questions liées à vos factures", "", "facturation.eej@ville-bassens.fr", ""),
    (PAYMENT_LABEL, "", "", "Par chèque, en espèces ou en chèques emploi service universel (CESU)."),
    ("Pour payer par carte bancaire", "", "", "Dans votre Espace Famille."),
)
ROLE = "Inscriptions, restauration, accueils avant et après la classe, loisirs, transport scolaire."
DESK_HOURS = tuple(
    (weekday, opens, closes)
    for weekday in list(OpeningHours.Weekday)[:5]
    for opens, closes in ((time(8, 30), time(12)), (time(13), time(17, 30)))
)
PAYMENT_HOURS = (
    (OpeningHours.Weekday.TUESDAY, time(13), time(17, 30)),
    (OpeningHours.Weekday.WEDNESDAY, time(8, 45), time(12)),
    (OpeningHours.Weekday.WEDNESDAY, time(13), time(16, 30)),
    (OpeningHours.Weekday.THURSDAY, time(13), time(17, 30)),
)


@transaction.atomic
def load_town(*, today: date) -> list[str]:
    """Write the town as it is on `today`; twice is once, what agents changed stays. Returns French lines."""
    sites = _sites()
    service = _service(sites[TOWN_HALL])
    _contacts(service, sites)
    calendar = import_calendar(start_years=years_to_know(today, ZONE), zone=ZONE)
    years = ", ".join(calendar.school_years) or "déjà là"
    return [f"Commune : {len(sites)} lieux, années scolaires {years}."]


def _sites() -> dict[str, Site]:
    Site.objects.bulk_create(
        (Site(code=code, name=name, kind=kind, address=address) for code, name, kind, address in SITES),
        ignore_conflicts=True,
    )
    return Site.objects.in_bulk([row[0] for row in SITES], field_name="code")


def _service(town_hall: Site) -> Service:
    service, _ = Service.objects.get_or_create(
        code=SERVICE,
        defaults={
            "name": "Service Éducation Enfance Jeunesse – Secteur Enfance",
            "site": town_hall,
            "role": ROLE,
        },
    )
    return service


def _contacts(service: Service, sites: dict[str, Site]) -> None:
    Contact.objects.bulk_create(
        [
            *(
                Contact(service=service, label=label, phone=phone, email=email, note=note, order=order)
                for order, (label, phone, email, note) in enumerate(SERVICE_CONTACTS, 1)
            ),
            *(
                Contact(site=sites[code], label=SITE_LABEL, phone=phone)
                for code, phone in SITE_PHONES.items()
            ),
        ],
        ignore_conflicts=True,
    )
    counter = Contact.objects.get(service=service, label=PAYMENT_LABEL)
    OpeningHours.objects.bulk_create(
        (
            OpeningHours(weekday=weekday, opens=opens, closes=closes, **owner)
            for owner, hours in (({"contact": counter}, PAYMENT_HOURS), ({"service": service}, DESK_HOURS))
            for weekday, opens, closes in hours
        ),
        ignore_conflicts=True,
    )
