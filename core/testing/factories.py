"""Plausible objects of core for tests. Dates stand around the tests' day, 23 November 2026."""

from datetime import date
from typing import Any

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from core.accounts.models import Assignment, User
from core.contracts.access import Trade
from core.families.models import Child, ChildInFamily, Contact, Family, Guardian, Person, Quotient, Schooling
from core.town.models import SchoolYear, Site

PASSWORD = "parvis-demo-2026"  # noqa: S105 - the demo's own


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"compte{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    first_name = "Camille"
    last_name = "Roux"
    password = factory.django.Password(PASSWORD)


class AgentFactory(UserFactory):
    """An agent of one or several trades, everywhere or on one site:
    `AgentFactory(trades=[Trade.BILLING])`, `AgentFactory(trades=[Trade.FIELD], trades__site=site)`."""

    is_staff = True

    @factory.post_generation
    def trades(self, create: bool, extracted: list[Trade] | None, **where: Any) -> None:
        if create and extracted:
            user: Any = self  # the account that was made
            groups = Group.objects.filter(name__in=[trade.value for trade in extracted])
            Assignment.objects.bulk_create(Assignment(user=user, trade=group, **where) for group in groups)
            user.groups.set(groups)


class SiteFactory(DjangoModelFactory[Site]):
    class Meta:
        model = Site

    code = factory.Sequence(lambda n: f"lieu-{n}")
    name = factory.Sequence(lambda n: f"École {n}")
    kind = Site.Kind.SCHOOL_ELEMENTARY


class SchoolYearFactory(DjangoModelFactory[SchoolYear]):
    class Meta:
        model = SchoolYear
        django_get_or_create = ("name",)

    name = "2026-2027"
    zone = "A"
    starts_on = date(2026, 9, 1)
    ends_on = date(2027, 8, 31)


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    first_name = factory.Sequence(lambda n: f"Prénom{n}")
    last_name = "Roux"


class FamilyFactory(DjangoModelFactory[Family]):
    """An empty household: add a `GuardianFactory` and a `ChildFactory`."""

    class Meta:
        model = Family

    name = factory.Sequence(lambda n: f"Famille {n}")
    address = "1 rue de la Garonne"
    postcode = "33530"
    city = "Bassens"


class GuardianFactory(DjangoModelFactory[Guardian]):
    """A guardian with an account; `person__user=None` for none."""

    class Meta:
        model = Guardian

    family = factory.SubFactory(FamilyFactory)
    person = factory.SubFactory(PersonFactory, user=factory.SubFactory(UserFactory))
    position = 1


class ChildFactory(DjangoModelFactory[Child]):
    """A child; `families=[…]` puts it in them, `site=…` gives it a school of the year 2026-2027."""

    class Meta:
        model = Child
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory, birth_date=date(2019, 5, 4))

    @factory.post_generation
    def families(self, create: bool, extracted: list[Family] | None, **kwargs: object) -> None:
        if create:
            for home, family in enumerate(extracted or (), start=1):
                ChildInFamily.objects.create(family=family, child=self, position=home)  # type: ignore[misc]

    @factory.post_generation
    def site(self, create: bool, extracted: Site | None, **kwargs: object) -> None:
        if create and extracted:
            year = SchoolYearFactory()
            Schooling.objects.create(child=self, school_year=year, site=extracted, level="CE1")  # type: ignore[misc]


class ContactFactory(DjangoModelFactory[Contact]):
    class Meta:
        model = Contact

    family = factory.SubFactory(FamilyFactory)
    name = "Jeanne Roux"
    relation = "grand-mère"
    phone = "05 57 00 00 00"


class QuotientFactory(DjangoModelFactory[Quotient]):
    class Meta:
        model = Quotient

    family = factory.SubFactory(FamilyFactory)
    value_cents = 52_000
    month = date(2026, 1, 1)
    valid_from = date(2026, 1, 1)
