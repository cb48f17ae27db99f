"""The demo's families that are not there yet: registrations that wait, and one letter that opens an account."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib.auth.hashers import make_password
from django.db import transaction

from core.accounts.models import User
from core.contracts.demo import Demo
from core.families.demo import PASSWORD
from core.families.models import Guardian, Person
from core.kernel.clock import PARIS
from core.opening import registration, services
from core.opening.letter import activation_letter
from core.requests import services as requests
from core.requests.models import ServiceRequest


def _data(
    user: User, birth_date: str, phone: str, address: str, city: str, children: list[Any], note: str = ""
) -> Any:
    return {
        "adult": {
            "civility": "",
            "first_name": user.first_name,
            "last_name": user.last_name,
            "birth_date": birth_date,
            "phone": phone,
            "email": user.email,
        },
        "home": {"address": address, "postcode": "33530" if city == "Bassens" else "33310", "city": city},
        "children": [
            {"first_name": first, "last_name": last, "birth_date": born} for first, last, born in children
        ],
        "note": note,
    }


@transaction.atomic
def load_opening(*, demo: Demo) -> list[str]:
    """Four registrations in different states and one activation letter, once. Returns French lines."""
    if ServiceRequest.objects.filter(kind=registration.CODE).exists():
        return ["Ouverture des comptes : déjà là."]
    agent = User.objects.get(username="enfance")
    nouveau = User.objects.get(username="nouveau")
    year = demo.today.year
    held = _new("ines.barrau", "Inès", "Barrau"), _new("karim.belkacem", "Karim", "Belkacem")
    known = _somebody_known()
    same = _new("deja.connu", known.person.first_name, known.person.last_name)

    def at(days: int, hour: int) -> datetime:
        return datetime.combine(demo.today - timedelta(days=days), time(hour, 12), PARIS)

    def sent(user: User, days: int, data: Any) -> ServiceRequest:
        made = registration.write(user=user, data=data, now=at(days, 20), submission=demo_id(demo, user))
        return requests.submit(request_id=made.pk, actor=user, now=at(days, 20))

    child = Person.objects.filter(child__families=known.family)[0]
    sent(
        nouveau, 3,
        _data(nouveau, "1991-04-18", "+33612345601", "4 rue du Port", "Bassens",
              [("Gabin", "Sarrat", f"{year - 4}-02-11")],
              "Nous arrivons de Libourne le mois prochain."),
    )  # fmt: skip
    first = sent(
        held[0], 9,
        _data(held[0], "1987-11-02", "+33612345602", "12 rue des Lilas", "Bassens",
              [("Jade", "Barrau", f"{year - 7}-06-30"), ("Noé", "Barrau", f"{year - 5}-01-08")]),
    )  # fmt: skip
    requests.ask(
        request_id=first.pk,
        actor=agent,
        text="Bonjour, pouvez-vous passer en mairie avec un justificatif de domicile de moins de trois mois ?",
        now=at(7, 10),
    )
    last = sent(
        held[1], 12,
        _data(held[1], "1984-08-23", "+33612345603", "8 avenue du Maréchal-Leclerc", "Lormont",
              [("Sofia", "Belkacem", f"{year - 6}-09-17")]),
    )  # fmt: skip
    requests.take(request_id=last.pk, actor=agent, now=at(11, 9))
    sent(
        same, 1,
        _data(same, "1986-05-05", str(known.person.phone), known.family.address, known.family.city,
              [(child.first_name, child.last_name, f"{child.birth_date:%Y-%m-%d}")]),
    )  # fmt: skip
    waiting = Guardian.objects.filter(person__user=None).exclude(pk=known.pk).select_related("person").first()
    if waiting:
        given = services.issue(person_id=waiting.person_id, channel="letter", actor=agent, now=at(1, 9))
        activation_letter(given)
    return ["Ouverture des comptes : 4 demandes, une lettre d’activation à lire dans /demo/courrier/."]


def demo_id(demo: Demo, user: User) -> UUID:
    return uuid5(NAMESPACE_URL, f"{demo.seed}:{user.username}")


def _new(username: str, first_name: str, last_name: str) -> User:
    return User.objects.create(
        username=username,
        first_name=first_name,
        last_name=last_name,
        email=f"{username}@parvis.example",
        password=make_password(PASSWORD),
    )


def _somebody_known() -> Guardian:
    """A guardian without an account, who asks as if the town did not know the family."""
    return (
        Guardian.objects.filter(person__user=None, family__child_links__isnull=False)
        .select_related("person", "family")
        .order_by("family__name", "position")
        .distinct()[7]
    )
