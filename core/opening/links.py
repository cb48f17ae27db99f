"""An account becomes that of a person."""

from core.accounts.models import User
from core.families.models import Person
from core.opening.errors import HasAPerson


def link(*, person: Person, user: User) -> None:
    """Write the link, in the caller's transaction. Raises HasAPerson."""
    if Person.objects.filter(user=user).exists():
        raise HasAPerson
    person.user = user
    person.save(update_fields=["user"])
    if not user.first_name and not user.last_name:
        user.first_name, user.last_name = person.first_name[:150], person.last_name[:150]
        user.save(update_fields=["first_name", "last_name"])
