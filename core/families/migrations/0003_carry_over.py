"""What existing rows become: a rank for each home, the benefits number with a guardian, numbers as they are dialled."""

from typing import Any

from django.db import migrations
from phonenumber_field.phonenumber import to_python


def carry_over(apps: Any, schema_editor: Any) -> None:
    links = apps.get_model("families", "ChildInFamily").objects
    seen: dict[Any, int] = {}
    for link in links.order_by("pk"):
        seen[link.child_id] = seen.get(link.child_id, 0) + 1
        if seen[link.child_id] > 1:
            links.filter(pk=link.pk).update(position=seen[link.child_id])
    guardians = apps.get_model("families", "Guardian").objects
    for family in apps.get_model("families", "Family").objects.exclude(benefits_number=""):
        first = guardians.filter(family=family).order_by("position").first()
        number = "".join(sign for sign in family.benefits_number.upper() if sign.isalnum() and sign.isascii())
        if first and number:
            guardians.filter(pk=first.pk).update(benefits_regime="caf", benefits_number=number[:15])
    for model in ("Person", "Contact"):
        rows = apps.get_model("families", model).objects
        for row in rows.exclude(phone=""):
            number = to_python(str(row.phone), region="FR")
            if number and number.is_valid():
                rows.filter(pk=row.pk).update(phone=number)


class Migration(migrations.Migration):
    dependencies = [("families", "0002_people_custody_mandates")]
    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
