from django.db import migrations

TRADES = (
    "Communication – rédaction",
    "Communication – validation",
    "Enfance",
    "Facturation",
    "Régie",
    "Direction de site",
    "Animation",
    "Cuisine",
    "Administration",
)


def keep_trades(apps, schema_editor):
    """Whoever was in the group of a trade has that trade, everywhere and for good."""
    User = apps.get_model("accounts", "User")
    Assignment = apps.get_model("accounts", "Assignment")
    held = User.groups.through.objects.filter(group__name__in=TRADES).values_list("user_id", "group_id")
    Assignment.objects.bulk_create(Assignment(user_id=user, trade_id=group) for user, group in held)
    User.objects.filter(groups__name__in=TRADES).update(is_staff=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_roles")]

    operations = [migrations.RunPython(keep_trades, migrations.RunPython.noop)]
