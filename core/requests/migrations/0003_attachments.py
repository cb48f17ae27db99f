import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_types"),
        ("requests", "0002_ranks"),
    ]

    operations = [
        migrations.CreateModel(
            name="RequestAttachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_agent", models.BooleanField(verbose_name="par un agent")),
                ("at", models.DateTimeField(verbose_name="joint le")),
                ("rank", models.PositiveIntegerField(verbose_name="rang")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="documents.supportingdocument",
                        verbose_name="pièce",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="requests.servicerequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "pièce jointe d’une demande",
                "verbose_name_plural": "pièces jointes d’une demande",
                "ordering": ("rank", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "document"), name="requests_document_joined_once"
                    )
                ],
            },
        ),
    ]
