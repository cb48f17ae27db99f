"""About three hundred plausible households of the demo, and the accounts that the documentation names.

Nobody here exists: names are drawn from common ones with a fixed seed.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from core.accounts.models import Assignment, User
from core.contracts.access import Trade
from core.contracts.demo import Demo
from core.families.custody import Home
from core.families.models import (
    Authorisation,
    Child,
    ChildInFamily,
    Contact,
    CustodyRule,
    Family,
    Guardian,
    Person,
    Quotient,
    Schooling,
)
from core.kernel.clock import PARIS
from core.town.models import SchoolYear, Site

PASSWORD = "parvis-demo-2026"  # noqa: S105 - printed by `make demo`
FAMILIES = 300

AGENTS: tuple[tuple[str, str, str, Trade, str], ...] = (
    # username, first name, last name, trade, code of the only site ("": the whole town)
    ("redaction", "Inès", "Castaing", Trade.WRITER, ""),
    ("validation", "Hugo", "Ferrand", Trade.EDITOR, ""),
    ("enfance", "Sylvie", "Darrieux", Trade.CHILDHOOD, ""),
    ("facturation", "Marc", "Lesage", Trade.BILLING, ""),
    ("regie", "Fatou", "Ndiaye", Trade.CASHIER, ""),
    ("directeur", "Paul", "Etcheverry", Trade.SITE_MANAGER, "accueil-de-loisirs"),
    ("animateur", "Lina", "Moreau", Trade.FIELD, "elementaire-villon"),
    ("cuisine", "Joël", "Barrère", Trade.KITCHEN, ""),
    ("admin", "Anne", "Peyrat", Trade.ADMIN, ""),
)

FIRST_NAMES = [
    "Adam",
    "Adèle",
    "Agathe",
    "Alba",
    "Alice",
    "Amir",
    "Anna",
    "Arthur",
    "Aya",
    "Basile",
    "Camille",
    "Capucine",
    "Charlie",
    "Chloé",
    "Côme",
    "Eden",
    "Éléonore",
    "Élio",
    "Élise",
    "Emma",
    "Émile",
    "Enzo",
    "Ethan",
    "Eva",
    "Gabin",
    "Gabriel",
    "Giulia",
    "Hugo",
    "Ibrahim",
    "Inaya",
    "Inès",
    "Iris",
    "Isaac",
    "Jade",
    "Jean",
    "Jeanne",
    "Jules",
    "Juliette",
    "Kaïs",
    "Lana",
    "Léa",
    "Léna",
    "Léo",
    "Léonie",
    "Liam",
    "Lina",
    "Livia",
    "Lola",
    "Lou",
    "Louis",
    "Louise",
    "Lucas",
    "Lucie",
    "Maël",
    "Malo",
    "Manon",
    "Marceau",
    "Margaux",
    "Marius",
    "Martin",
    "Maya",
    "Mia",
    "Milo",
    "Mohamed",
    "Naël",
    "Nina",
    "Nino",
    "Noah",
    "Noé",
    "Nour",
    "Olivia",
    "Paul",
    "Raphaël",
    "Robin",
    "Romane",
    "Rose",
    "Sacha",
    "Salomé",
    "Sofia",
    "Théo",
    "Tiago",
    "Victor",
    "Victoria",
    "Yanis",
    "Zélie",
    "Zoé",
]
ADULT_NAMES = [
    "Alexandre",
    "Amélie",
    "Anaïs",
    "Antoine",
    "Audrey",
    "Aurélie",
    "Benjamin",
    "Céline",
    "Clément",
    "Cyril",
    "David",
    "Delphine",
    "Élodie",
    "Émilie",
    "Fatima",
    "Florian",
    "Guillaume",
    "Hélène",
    "Jérôme",
    "Julie",
    "Julien",
    "Karim",
    "Laetitia",
    "Laurent",
    "Leïla",
    "Marie",
    "Marion",
    "Mathieu",
    "Mélanie",
    "Mickaël",
    "Nadia",
    "Nicolas",
    "Pauline",
    "Pierre",
    "Rachid",
    "Romain",
    "Sabrina",
    "Samira",
    "Sandrine",
    "Sébastien",
    "Sonia",
    "Sophie",
    "Stéphane",
    "Thomas",
    "Vincent",
]
LAST_NAMES = [
    "Abadie",
    "Alves",
    "Arnaud",
    "Bakri",
    "Barbier",
    "Bastide",
    "Belkacem",
    "Benoit",
    "Bernard",
    "Bertin",
    "Bonnet",
    "Bouchet",
    "Boyer",
    "Brun",
    "Camara",
    "Carpentier",
    "Castets",
    "Chevalier",
    "Cissé",
    "Clavel",
    "Colin",
    "Costa",
    "Daguerre",
    "Da",
    "Silva",
    "David",
    "Delmas",
    "Denis",
    "Diallo",
    "Dubernet",
    "Dubois",
    "Ducasse",
    "Dufau",
    "Dupuy",
    "Durand",
    "Fabre",
    "Faure",
    "Fernandes",
    "Ferreira",
    "Fontaine",
    "Fournier",
    "Garcia",
    "Gauthier",
    "Girard",
    "Gomez",
    "Guérin",
    "Haddad",
    "Henry",
    "Labat",
    "Labrousse",
    "Lacoste",
    "Lafitte",
    "Lagarde",
    "Lambert",
    "Larrieu",
    "Laurent",
    "Lefèvre",
    "Legrand",
    "Lopez",
    "Maillard",
    "Marchand",
    "Martin",
    "Martinez",
    "Mercier",
    "Meyer",
    "Morel",
    "Moulin",
    "Noël",
    "Olivier",
    "Pereira",
    "Perrin",
    "Petit",
    "Picard",
    "Pons",
    "Ramos",
    "Renaud",
    "Rey",
    "Richard",
    "Rivière",
    "Robert",
    "Roche",
    "Rousseau",
    "Roy",
    "Sanchez",
    "Sarrazin",
    "Simon",
    "Sow",
    "Tessier",
    "Thomas",
    "Tran",
    "Traoré",
    "Vidal",
    "Vincent",
    "Ziani",
]
STREETS = (
    "rue de la Garonne",
    "avenue Jean-Jaurès",
    "rue des Lilas",
    "allée des Peupliers",
    "rue du 8-Mai-1945",
    "chemin des Vignes",
    "rue Pablo-Neruda",
    "place de la Commune-de-Paris",
    "quai Français",
    "rue du Moulin",
)
LEVELS = {3: "PS", 4: "MS", 5: "GS", 6: "CP", 7: "CE1", 8: "CE2", 9: "CM1", 10: "CM2"}
NURSERY_AGES = (3, 4, 5)
SECTORS = (("maternelle-bousquet", "elementaire-villon"), ("maternelle-chopin", "elementaire-bonheur"))


@dataclass(slots=True)
class Rows:
    """What is to be written, gathered first so that each table takes one statement."""

    people: list[Person] = field(default_factory=list)
    families: list[Family] = field(default_factory=list)
    guardians: list[Guardian] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    links: list[ChildInFamily] = field(default_factory=list)
    schoolings: list[Schooling] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    quotients: list[Quotient] = field(default_factory=list)
    rules: list[CustodyRule] = field(default_factory=list)
    words: list[Authorisation] = field(default_factory=list)

    def write(self) -> None:
        Person.objects.bulk_create(self.people)
        Family.objects.bulk_create(self.families)
        Guardian.objects.bulk_create(self.guardians)
        Child.objects.bulk_create(self.children)
        ChildInFamily.objects.bulk_create(self.links)
        Schooling.objects.bulk_create(self.schoolings)
        Contact.objects.bulk_create(self.contacts)
        Quotient.objects.bulk_create(self.quotients)
        CustodyRule.objects.bulk_create(self.rules)
        Authorisation.objects.bulk_create(self.words)


class Households:
    """Draws households for a demo day, and gathers their rows."""

    def __init__(self, demo: Demo) -> None:
        self.rng: Random = demo.random("families")
        self.today = demo.today
        self.years = list(SchoolYear.objects.filter(starts_on__lte=demo.today).order_by("starts_on"))
        self.sites = {site.code: site for site in Site.objects.all()}
        self.rows = Rows()
        self.handles: Counter[str] = Counter()

    def adult(self, first_name: str, last_name: str, user: User | None = None) -> Person:
        handle = (
            unicodedata.normalize("NFD", f"{first_name}.{last_name}".lower())
            .encode("ascii", "ignore")
            .decode()
        )
        person = Person(
            user=user,
            first_name=first_name,
            last_name=last_name,
            email=user.email if user else self._address(handle),
            phone=f"06 {10 + self.rng.randint(10, 99) % 20} {self.rng.randint(10, 99)} 00 {self.rng.randint(10, 99)}",
        )
        self.rows.people.append(person)
        return person

    def _address(self, handle: str) -> str:
        """Two persons of one name have two addresses, as anywhere."""
        self.handles[handle] += 1
        rank = self.handles[handle]
        return f"{handle}{rank if rank > 1 else ''}@example.org"

    def family(
        self, name: str, adults: Sequence[Person], quotient: int | None, resident: bool = True
    ) -> Family:
        family = Family(
            name=name,
            address=f"{self.rng.randint(1, 90)} {self.rng.choice(STREETS)}",
            postcode="33530" if resident else "33560",
            city="Bassens" if resident else "Carbon-Blanc",
            resident=resident,
        )
        number = f"{self.rng.randint(1_000_000, 9_999_999)}" if quotient else ""
        self.rows.families.append(family)
        self.rows.guardians += [
            Guardian(
                family=family,
                person=person,
                position=position,
                payer_share=100 if position == 1 else 0,
                benefits_regime=Guardian.Regime.CAF if number and position == 1 else "",
                benefits_number=number if position == 1 else "",
            )
            for position, person in enumerate(adults, start=1)
        ]
        if self.rng.random() < 0.7:
            self.rows.contacts.append(
                Contact(
                    family=family,
                    name=f"{self.rng.choice(ADULT_NAMES)} {adults[0].last_name}",
                    relation=self.rng.choice(["grand-mère", "grand-père", "tante", "oncle", "voisine"]),
                    phone=f"05 56 {self.rng.randint(10, 99)} 00 {self.rng.randint(10, 99)}",
                    may_pick_up=True,
                )
            )
        if quotient is not None:
            self._quotients(family, quotient)
        return family

    def _quotients(self, family: Family, value: int) -> None:
        """One value from the first school year known, another from the last January."""
        first = self.years[0].starts_on.replace(month=1, day=1)
        january = self.today.replace(month=1, day=1)
        for month, cents in ((first, value * 100 - 1500), (january, value * 100)):
            if not any(q.family is family and q.valid_from == month for q in self.rows.quotients[-1:]):
                self.rows.quotients.append(
                    Quotient(family=family, value_cents=max(cents, 0), month=month, valid_from=month)
                )

    def child(
        self, first_name: str, last_name: str, age: int, sector: int, families: Iterable[Family]
    ) -> Child:
        """`age` is the one reached in the civil year in which the current school year begins."""
        current = self.years[-1].starts_on.year
        birth = date(current - age, 1, 1) + timedelta(days=self.rng.randrange(365))
        person = Person(first_name=first_name, last_name=last_name, birth_date=birth)
        child = Child(person=person)
        self.rows.people.append(person)
        self.rows.children.append(child)
        self.rows.links += [
            ChildInFamily(family=family, child=child, position=home)
            for home, family in enumerate(families, start=1)
        ]
        for year in self.years:
            reached = age - (current - year.starts_on.year)
            if reached in LEVELS:
                site = self.sites[SECTORS[sector][reached not in NURSERY_AGES]]
                self.rows.schoolings.append(
                    Schooling(child=child, school_year=year, site=site, level=LEVELS[reached])
                )
        return child

    def shared(self, child: Child) -> None:
        """Even weeks in the first home, which has the second half of the holidays in even years; and two parents who
        do not say the same of the child's image."""
        self.rows.rules.append(
            CustodyRule(
                child=child,
                valid_from=self.years[0].starts_on,
                kind=CustodyRule.Kind.PARITY,
                home=Home.FIRST,
                first_half_even=Home.SECOND,
            )
        )
        said = datetime.combine(self.years[-1].starts_on, time(18), PARIS).astimezone(UTC)
        homes = [link.family for link in self.rows.links if link.child is child]
        kinds = Authorisation.Kind
        for home, refused in zip(homes, ((), (kinds.IMAGE,)), strict=True):
            guardian = next(row for row in self.rows.guardians if row.family is home)
            self.rows.words += [
                Authorisation(
                    child=child, guardian=guardian, kind=kind, allowed=kind not in refused, said_at=said
                )
                for kind in (kinds.IMAGE, kinds.OUTINGS, kinds.HOSPITAL)
            ]

    def drawn(self) -> None:
        """One household among many."""
        rng = self.rng
        last_name = rng.choice(LAST_NAMES)
        adults = [
            self.adult(
                rng.choice(ADULT_NAMES),
                last_name if rank == 0 or rng.random() < 0.6 else rng.choice(LAST_NAMES),
            )
            for rank in range(1 if rng.random() < 0.25 else 2)
        ]
        quotient = None if rng.random() < 0.08 else int(min(2600, max(120, rng.gauss(850, 420))))
        names = sorted({adult.last_name for adult in adults})
        family = self.family("Famille " + " et ".join(names), adults, quotient, resident=rng.random() > 0.06)
        sector = rng.randrange(2)
        for age in rng.sample(range(3, 11), k=rng.choices([1, 2, 3], weights=[55, 36, 9])[0]):
            self.child(rng.choice(FIRST_NAMES), last_name, age, sector, [family])


def _user(username: str, first_name: str, last_name: str, password: str, agent: bool = False) -> User:
    return User(
        is_staff=agent,
        username=username,
        first_name=first_name,
        last_name=last_name,
        email=f"{username}@parvis.example",
        password=password,
    )


def _accounts(password: str) -> dict[str, User]:
    parents = [
        _user("parent", "Nora", "Lacaze", password),
        _user("coparent", "Thomas", "Lacaze", password),
        _user("voisin", "Bruno", "Castex", password),
        _user("nouveau", "Élodie", "Sarrat", password),
    ]
    agents = [_user(username, first, last, password, agent=True) for username, first, last, *_ in AGENTS]
    User.objects.bulk_create([*parents, *agents])
    groups = {group.name: group for group in Group.objects.all()}
    membership = User.groups.through
    membership.objects.bulk_create(
        membership(user_id=user.pk, group_id=groups[agent[3].value].pk)
        for user, agent in zip(agents, AGENTS, strict=True)
    )
    sites = {site.code: site for site in Site.objects.all()}
    Assignment.objects.bulk_create(
        Assignment(user=user, trade=groups[agent[3].value], site=sites[agent[4]] if agent[4] else None)
        for user, agent in zip(agents, AGENTS, strict=True)
    )
    return {user.username: user for user in parents}


@transaction.atomic
def load_families(*, demo: Demo) -> list[str]:
    """Write accounts and households, once: what the demo's users changed afterwards stays. Returns French lines."""
    if User.objects.filter(username="parent").exists():
        return ["Familles : déjà là."]
    users = _accounts(make_password(PASSWORD))
    draw = Households(demo)
    nora = draw.adult("Nora", "Lacaze", users["parent"])
    home = draw.family("Famille Lacaze", [nora], 520)
    thomas = draw.adult("Thomas", "Lacaze", users["coparent"])
    other_home = draw.family("Famille Lacaze (Thomas)", [thomas], 910)
    draw.shared(draw.child("Léa", "Lacaze", 7, 0, [home, other_home]))
    draw.child("Sami", "Lacaze", 4, 0, [home])
    bruno = draw.adult("Bruno", "Castex", users["voisin"])
    draw.child("Maxime", "Castex", 9, 1, [draw.family("Famille Castex", [bruno], 1310)])
    for _ in range(FAMILIES - 3):
        draw.drawn()
    draw.rows.write()
    return [f"Familles : {len(draw.rows.families)} foyers, {len(draw.rows.children)} enfants."]
