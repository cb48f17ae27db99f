from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("families", "0003_carry_over")]
    operations = [
        migrations.RemoveField(
            model_name="family",
            name="benefits_number",
        ),
        migrations.AddConstraint(
            model_name="childinfamily",
            constraint=models.UniqueConstraint(
                fields=("child", "position"),
                name="child_home_once",
                violation_error_message="Cet enfant a déjà ce foyer : un enfant vit dans deux foyers au plus.",
            ),
        ),
        migrations.AddConstraint(
            model_name="childinfamily",
            constraint=models.CheckConstraint(
                condition=models.Q(("position__in", (1, 2))),
                name="child_two_homes_at_most",
                violation_error_message="Un enfant vit dans deux foyers au plus.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True), models.Q(("phone", ""), _negated=True)
                ),
                name="contact_can_be_called",
            ),
        ),
        migrations.AddConstraint(
            model_name="family",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True),
                    models.Q(("merged_into", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="family_not_merged_into_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="guardian",
            constraint=models.CheckConstraint(
                condition=models.Q(("parental_authority", True), ("may_see_health", False), _connector="OR"),
                name="guardian_health_needs_authority",
                violation_error_message="La santé et les autorisations sont réservées à qui exerce l’autorité parentale.",
            ),
        ),
        migrations.AddConstraint(
            model_name="guardian",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("benefits_number", ""),
                    models.Q(
                        models.Q(("benefits_regime", ""), _negated=True),
                        ("benefits_number__regex", "^[0-9A-Z]{1,15}$"),
                    ),
                    _connector="OR",
                ),
                name="guardian_benefits_number",
                violation_error_message="Dites si ce numéro est celui de la CAF ou de la MSA.",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("birth_place_code", ""),
                    ("birth_place_code__regex", "^(\\d{5}|2[AB]\\d{3})$"),
                    _connector="OR",
                ),
                name="person_birth_place_code",
                violation_error_message="Écrivez le code INSEE, par exemple « 33063 ».",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("first_name", ""), _negated=True), models.Q(("last_name", ""), _negated=True)
                ),
                name="person_has_names",
            ),
        ),
    ]
