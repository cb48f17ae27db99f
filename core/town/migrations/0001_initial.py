import uuid

import django.core.validators
import django.db.models.deletion
import phonenumber_field.modelfields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PublicHoliday",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("date", models.DateField(unique=True, verbose_name="jour")),
                ("name", models.CharField(max_length=60, verbose_name="nom")),
            ],
            options={
                "verbose_name": "jour férié",
                "verbose_name_plural": "jours fériés",
                "ordering": ["date"],
            },
        ),
        migrations.CreateModel(
            name="SchoolYear",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=9,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator("^\\d{4}-\\d{4}$", "Écrivez « 2026-2027 ».")
                        ],
                        verbose_name="nom",
                    ),
                ),
                (
                    "zone",
                    models.CharField(
                        choices=[("A", "zone A"), ("B", "zone B"), ("C", "zone C")],
                        max_length=1,
                        verbose_name="zone",
                    ),
                ),
                ("starts_on", models.DateField(unique=True, verbose_name="rentrée")),
                (
                    "ends_on",
                    models.DateField(
                        help_text="Veille de la rentrée suivante.", unique=True, verbose_name="dernier jour"
                    ),
                ),
                (
                    "school_weekdays",
                    models.CharField(
                        default="1245",
                        help_text="1 pour lundi, 2 pour mardi… : « 1245 » pour la semaine de quatre jours.",
                        max_length=7,
                        verbose_name="jours de classe",
                    ),
                ),
                (
                    "is_confirmed",
                    models.BooleanField(
                        default=False,
                        help_text="Dates comparées au calendrier officiel de l’académie.",
                        verbose_name="dates vérifiées",
                    ),
                ),
            ],
            options={
                "verbose_name": "année scolaire",
                "verbose_name_plural": "années scolaires",
                "ordering": ["starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                        name="town_schoolyear_dates",
                        violation_error_message="L’année scolaire finit avant de commencer.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("school_weekdays__regex", "^1?2?3?4?5?6?7?$"),
                            models.Q(("school_weekdays", ""), _negated=True),
                        ),
                        name="town_schoolyear_weekdays",
                        violation_error_message="Écrivez les jours de classe en chiffres croissants, par exemple « 1245 ».",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="nom")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("school_nursery", "école maternelle"),
                            ("school_elementary", "école élémentaire"),
                            ("school_primary", "école primaire (maternelle et élémentaire)"),
                            ("alsh", "accueil de loisirs"),
                            ("town_hall", "mairie"),
                            ("other", "autre lieu"),
                        ],
                        max_length=20,
                        verbose_name="nature",
                    ),
                ),
                ("address", models.TextField(blank=True, verbose_name="adresse")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="ouvert à partir du")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True,
                        help_text="Dernier jour d’ouverture.",
                        null=True,
                        verbose_name="ouvert jusqu’au",
                    ),
                ),
            ],
            options={
                "verbose_name": "lieu",
                "verbose_name_plural": "lieux",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="town_site_valid_dates",
                        violation_error_message="Le dernier jour d’ouverture vient avant le premier.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("code", models.SlugField(max_length=60, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="nom")),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="town.site",
                        verbose_name="lieu d’accueil",
                    ),
                ),
            ],
            options={
                "verbose_name": "service",
                "verbose_name_plural": "services",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("label", models.CharField(max_length=120, verbose_name="pour quoi")),
                (
                    "phone",
                    phonenumber_field.modelfields.PhoneNumberField(
                        blank=True, max_length=128, region="FR", verbose_name="téléphone"
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="adresse électronique")),
                ("note", models.TextField(blank=True, verbose_name="précision")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="town.service",
                        verbose_name="service",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="town.site",
                        verbose_name="lieu",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "ordering": ["order", "label"],
            },
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("first_day", models.DateField(verbose_name="premier jour")),
                ("last_day", models.DateField(verbose_name="dernier jour")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("closed", "fermeture"),
                            ("bridge", "pont"),
                            ("training", "journée de formation"),
                            ("strike", "grève"),
                        ],
                        default="closed",
                        max_length=10,
                        verbose_name="nature",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        help_text="Ce que lisent les familles.", max_length=120, verbose_name="raison"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        help_text="Laissez vide pour tous les lieux.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closures",
                        to="town.site",
                        verbose_name="lieu",
                    ),
                ),
            ],
            options={
                "verbose_name": "fermeture",
                "verbose_name_plural": "fermetures",
                "ordering": ["first_day"],
            },
        ),
        migrations.CreateModel(
            name="HolidayPeriod",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=60, verbose_name="nom")),
                (
                    "kind",
                    models.CharField(
                        choices=[("holidays", "vacances"), ("bridge", "pont")],
                        default="holidays",
                        max_length=10,
                        verbose_name="nature",
                    ),
                ),
                ("first_day", models.DateField(verbose_name="premier jour sans classe")),
                ("last_day", models.DateField(verbose_name="dernier jour sans classe")),
                (
                    "school_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holiday_periods",
                        to="town.schoolyear",
                        verbose_name="année scolaire",
                    ),
                ),
            ],
            options={
                "verbose_name": "période de vacances",
                "verbose_name_plural": "périodes de vacances",
                "ordering": ["first_day"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="town_holidayperiod_dates",
                        violation_error_message="Le dernier jour vient avant le premier.",
                    ),
                    models.UniqueConstraint(fields=("school_year", "name"), name="town_holidayperiod_name"),
                    models.UniqueConstraint(fields=("first_day",), name="town_holidayperiod_first_day"),
                    models.UniqueConstraint(fields=("last_day",), name="town_holidayperiod_last_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "lundi"),
                            (2, "mardi"),
                            (3, "mercredi"),
                            (4, "jeudi"),
                            (5, "vendredi"),
                            (6, "samedi"),
                            (7, "dimanche"),
                        ],
                        verbose_name="jour",
                    ),
                ),
                ("opens", models.TimeField(verbose_name="ouvre à")),
                ("closes", models.TimeField(verbose_name="ferme à")),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours",
                        to="town.contact",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours",
                        to="town.service",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours",
                        to="town.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "horaire d’ouverture",
                "verbose_name_plural": "horaires d’ouverture",
                "ordering": ["weekday", "opens"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("contact__isnull", False), ("service__isnull", True), ("site__isnull", True)
                            ),
                            models.Q(
                                ("contact__isnull", True), ("service__isnull", False), ("site__isnull", True)
                            ),
                            models.Q(
                                ("contact__isnull", True), ("service__isnull", True), ("site__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="town_hours_one_owner",
                        violation_error_message="Un horaire est celui d’un contact, d’un service ou d’un lieu.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__gte", 1), ("weekday__lte", 7)),
                        name="town_hours_weekday",
                        violation_error_message="Ce jour n’existe pas.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes__gt", models.F("opens"))),
                        name="town_hours_closes_after_opens",
                        violation_error_message="L’heure de fermeture vient avant l’heure d’ouverture.",
                    ),
                    models.UniqueConstraint(
                        fields=("contact", "weekday", "opens"), name="town_hours_contact"
                    ),
                    models.UniqueConstraint(
                        fields=("service", "weekday", "opens"), name="town_hours_service"
                    ),
                    models.UniqueConstraint(fields=("site", "weekday", "opens"), name="town_hours_site"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("service__isnull", False), ("site__isnull", True)),
                    models.Q(("service__isnull", True), ("site__isnull", False)),
                    _connector="OR",
                ),
                name="town_contact_one_owner",
                violation_error_message="Un contact est celui d’un service ou d’un lieu.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("phone", ""), _negated=True),
                    models.Q(("email", ""), _negated=True),
                    models.Q(("note", ""), _negated=True),
                    _connector="OR",
                ),
                name="town_contact_says_something",
                violation_error_message="Donnez un téléphone, une adresse électronique ou une précision.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                fields=("service", "label"), name="town_contact_service_label"
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(fields=("site", "label"), name="town_contact_site_label"),
        ),
        migrations.AddIndex(
            model_name="closure",
            index=models.Index(fields=["last_day", "first_day"], name="town_closure_days"),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))),
                name="town_closure_dates",
                violation_error_message="Le dernier jour vient avant le premier.",
            ),
        ),
    ]
