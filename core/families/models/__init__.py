"""People and households: facts and the invariants that the database keeps."""

from core.families.models.common import Authorisation, CommonProposal
from core.families.models.custody import CourtDecision, CustodyException, CustodyRule, PickUpBan
from core.families.models.imports import FamilyImport
from core.families.models.mandates import Mandate, MandateChild
from core.families.models.money import BillingTouch, Quotient
from core.families.models.people import (
    Acts,
    Child,
    ChildInFamily,
    Contact,
    Family,
    Guardian,
    Person,
    Schooling,
)

__all__ = [
    "Acts",
    "Authorisation",
    "BillingTouch",
    "Child",
    "ChildInFamily",
    "CommonProposal",
    "Contact",
    "CourtDecision",
    "CustodyException",
    "CustodyRule",
    "Family",
    "FamilyImport",
    "Guardian",
    "Mandate",
    "MandateChild",
    "Person",
    "PickUpBan",
    "Quotient",
    "Schooling",
]
