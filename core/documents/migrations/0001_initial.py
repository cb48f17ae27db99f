import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.documents.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("families", "0005_imports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentType",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "code",
                    models.SlugField(
                        help_text="Il paraît dans les adresses : « justificatif-domicile ».",
                        max_length=40,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                ("label", models.CharField(max_length=100, verbose_name="nom")),
                (
                    "hint",
                    models.CharField(
                        blank=True,
                        help_text="Quel papier convient, de quand il date, ce qu’on peut cacher.",
                        max_length=300,
                        verbose_name="ce que les familles lisent",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[("household", "la famille"), ("child", "un enfant")],
                        max_length=9,
                        verbose_name="concerne",
                    ),
                ),
                (
                    "reading",
                    models.CharField(
                        choices=[
                            ("plain", "papier ordinaire : tous les responsables du foyer"),
                            ("money", "revenus : les responsables qui lisent les prix"),
                            (
                                "health",
                                "santé : les responsables qui exercent l’autorité parentale, accès restreint",
                            ),
                        ],
                        default="plain",
                        max_length=6,
                        verbose_name="qui le lit",
                    ),
                ),
                (
                    "shared",
                    models.BooleanField(
                        default=False,
                        help_text="Seulement s’il ne porte ni l’adresse ni les revenus d’un parent.",
                        verbose_name="commun aux deux foyers de l’enfant",
                    ),
                ),
                (
                    "valid_months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(240),
                        ],
                        verbose_name="valable (mois)",
                    ),
                ),
                (
                    "fixed_end",
                    models.CharField(
                        blank=True,
                        help_text="Un jour de l’année : « 31/08 ».",
                        max_length=5,
                        validators=[core.documents.models.check_day_of_year],
                        verbose_name="valable jusqu’au",
                    ),
                ),
                (
                    "keeps_files",
                    models.BooleanField(
                        default=True,
                        help_text="Sinon il est détruit dès qu’un agent l’a vérifié ; il reste « vérifié par, le ».",
                        verbose_name="garder le fichier",
                    ),
                ),
                ("asked", models.BooleanField(default=False, verbose_name="demandé à toutes les familles")),
                (
                    "from_age",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="dès l’âge de"),
                ),
                (
                    "to_age",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="jusqu’à l’âge de (compris)"
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField(default=50, verbose_name="rang")),
                ("active", models.BooleanField(default=True, verbose_name="utilisé")),
            ],
            options={
                "verbose_name": "nature de pièce",
                "verbose_name_plural": "natures de pièces",
                "ordering": ("rank", "label"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("shared", False), ("subject", "child"), _connector="OR"),
                        name="documents_shared_is_about_a_child",
                        violation_error_message="Seul un papier de l’enfant peut être commun aux deux foyers.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shared", False), models.Q(("reading", "money"), _negated=True), _connector="OR"
                        ),
                        name="documents_shared_tells_no_money",
                        violation_error_message="Les revenus d’un parent ne se partagent pas avec l’autre foyer.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_months__isnull", True), ("fixed_end", ""), _connector="OR"
                        ),
                        name="documents_one_validity",
                        violation_error_message="Choisissez une durée en mois ou un jour de l’année, pas les deux.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_age__isnull", True),
                            ("to_age__isnull", True),
                            ("to_age__gte", models.F("from_age")),
                            _connector="OR",
                        ),
                        name="documents_ages",
                        violation_error_message="Le premier âge dépasse le second.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("subject", "child"),
                            models.Q(("from_age__isnull", True), ("to_age__isnull", True)),
                            _connector="OR",
                        ),
                        name="documents_ages_of_a_child",
                        violation_error_message="Un âge ne se demande que pour un papier de l’enfant.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupportingDocument",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("family", "la famille"), ("town", "la mairie")],
                        default="family",
                        max_length=6,
                        verbose_name="vient de",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=150, verbose_name="titre")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="précision")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Reçu, à vérifier"),
                            ("checked", "Vérifié"),
                            ("refused", "Refusé"),
                            ("expired", "Périmé"),
                        ],
                        default="received",
                        max_length=8,
                        verbose_name="état",
                    ),
                ),
                ("deposited_at", models.DateTimeField(verbose_name="déposé le")),
                (
                    "issued_on",
                    models.DateField(blank=True, null=True, verbose_name="date écrite sur le document"),
                ),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valable jusqu’au")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="vérifié le")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="raison du refus")),
                (
                    "files_destroyed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="fichiers détruits le"),
                ),
                (
                    "submission",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="envoi"),
                ),
                (
                    "child",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="families.child",
                        verbose_name="enfant",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="vérifié par",
                    ),
                ),
                (
                    "deposited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="déposé par",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="families.family",
                        verbose_name="famille",
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="documents.documenttype",
                        verbose_name="nature",
                    ),
                ),
            ],
            options={
                "verbose_name": "pièce",
                "verbose_name_plural": "pièces",
                "ordering": ("-deposited_at", "pk"),
                "permissions": [
                    ("read_health_document", "Peut lire les pièces de santé"),
                    ("read_money_document", "Peut lire les pièces sur les revenus"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="rang")),
                (
                    "file",
                    models.FileField(
                        max_length=200,
                        storage=core.documents.models.private_storage,
                        upload_to="",
                        verbose_name="fichier",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="nom")),
                (
                    "content_type",
                    models.CharField(
                        choices=[("image/jpeg", "photo"), ("application/pdf", "PDF")],
                        max_length=20,
                        verbose_name="type",
                    ),
                ),
                ("size", models.PositiveIntegerField(verbose_name="taille (octets)")),
                ("digest", models.CharField(max_length=64, verbose_name="empreinte")),
                ("pages", models.PositiveSmallIntegerField(default=1, verbose_name="pages")),
                ("width", models.PositiveIntegerField(default=0, verbose_name="largeur")),
                ("height", models.PositiveIntegerField(default=0, verbose_name="hauteur")),
                (
                    "scan",
                    models.CharField(
                        choices=[
                            ("passed", "rien à signaler"),
                            ("waiting", "l’antivirus n’a pas encore répondu"),
                        ],
                        default="passed",
                        max_length=7,
                        verbose_name="antivirus",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                ("next_scan_at", models.DateTimeField(blank=True, null=True, verbose_name="prochain essai")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="documents.supportingdocument",
                        verbose_name="pièce",
                    ),
                ),
            ],
            options={
                "verbose_name": "fichier d’une pièce",
                "verbose_name_plural": "fichiers d’une pièce",
                "ordering": ("position",),
            },
        ),
        migrations.AddIndex(
            model_name="supportingdocument",
            index=models.Index(
                condition=models.Q(("state", "received")), fields=["deposited_at"], name="documents_to_check"
            ),
        ),
        migrations.AddIndex(
            model_name="supportingdocument",
            index=models.Index(
                condition=models.Q(("state", "checked"), ("valid_until__isnull", False)),
                fields=["valid_until"],
                name="documents_to_expire",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportingdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["received", "checked", "refused", "expired"])),
                name="documents_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportingdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "received")),
                    models.Q(models.Q(("state", "received"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="documents_decided_has_a_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportingdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="documents_refused_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportingdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("origin", "family"), ("type__isnull", False)),
                    models.Q(("origin", "town"), models.Q(("title", ""), _negated=True)),
                    _connector="OR",
                ),
                name="documents_say_what_they_are",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportingdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("origin", "family"),
                    models.Q(("state__in", ("received", "refused")), _negated=True),
                    _connector="OR",
                ),
                name="documents_of_the_town_are_not_checked",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportingdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "expired"), _negated=True),
                    ("valid_until__isnull", False),
                    _connector="OR",
                ),
                name="documents_expired_had_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportingdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("files_destroyed_at__isnull", True), ("decided_at__isnull", False), _connector="OR"
                ),
                name="documents_destroyed_once_decided",
            ),
        ),
        migrations.AddIndex(
            model_name="documentfile",
            index=models.Index(
                condition=models.Q(("scan", "waiting")), fields=["next_scan_at"], name="documents_to_scan"
            ),
        ),
        migrations.AddConstraint(
            model_name="documentfile",
            constraint=models.UniqueConstraint(
                fields=("document", "position"), name="documents_file_position_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="documentfile",
            constraint=models.UniqueConstraint(fields=("document", "digest"), name="documents_file_once"),
        ),
        migrations.AddConstraint(
            model_name="documentfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("content_type__in", ("image/jpeg", "application/pdf"))),
                name="documents_two_kinds_of_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_scan_at__isnull", True), ("scan", "passed")),
                    models.Q(("next_scan_at__isnull", False), ("scan", "waiting")),
                    _connector="OR",
                ),
                name="documents_scan_has_its_hour",
            ),
        ),
    ]
