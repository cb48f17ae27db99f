import uuid

import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models

import core.pages.audiences


def label(name: str, singular: str, plural: str) -> migrations.CreateModel:
    return migrations.CreateModel(
        name=name,
        fields=[
            ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
            ("name", models.CharField(max_length=60, unique=True, verbose_name="nom")),
            ("slug", models.SlugField(editable=False, max_length=60, unique=True, verbose_name="adresse")),
        ],
        options={
            "verbose_name": singular,
            "verbose_name_plural": plural,
            "ordering": ("name",),
            "abstract": False,
        },
    )


def field(name: str, column: models.Field) -> migrations.AddField:
    return migrations.AddField(model_name="newspage", name=name, field=column)


class Migration(migrations.Migration):
    dependencies = [("actualites", "0002_library"), ("town", "0001_initial")]

    operations = [
        label("Category", "rubrique", "rubriques"),
        label("Keyword", "mot-clé", "mots-clés"),
        label("Quarter", "quartier", "quartiers"),
        field(
            "pinned",
            models.BooleanField(
                default=False,
                help_text="En tête de l’accueil et de la liste, avant les plus récentes.",
                verbose_name="épinglée",
            ),
        ),
        field(
            "readers",
            core.pages.audiences.AudienceField(
                blank=True,
                default="",
                help_text="Rien de coché : tout le monde lit. Sinon, seules les familles cochées, une fois connectées ; les autres ne voient ni le titre ni l’adresse. Les images de la médiathèque restent publiques.",
                verbose_name="réservé à",
            ),
        ),
        field(
            "sites",
            modelcluster.fields.ParentalManyToManyField(
                blank=True,
                help_text="Rien de coché : toute la commune. Cela aide à trouver l’actualité, sans la réserver.",
                related_name="+",
                to="town.site",
                verbose_name="écoles et lieux concernés",
            ),
        ),
        field(
            "category",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="news",
                to="actualites.category",
                verbose_name="rubrique",
            ),
        ),
        field(
            "keywords",
            modelcluster.fields.ParentalManyToManyField(
                blank=True, related_name="news", to="actualites.keyword", verbose_name="mots-clés"
            ),
        ),
        field(
            "quarters",
            modelcluster.fields.ParentalManyToManyField(
                blank=True, related_name="news", to="actualites.quarter", verbose_name="quartiers concernés"
            ),
        ),
        migrations.AlterField(
            model_name="newspage",
            name="author_service",
            field=models.CharField(
                blank=True,
                help_text="Le service de la mairie qui répond aux questions sur cette actualité.",
                max_length=120,
                verbose_name="service auteur",
            ),
        ),
        migrations.AlterField(
            model_name="newspage",
            name="date",
            field=models.DateField(
                blank=True,
                help_text="Laissez vide : ce sera le jour de la mise en ligne.",
                null=True,
                verbose_name="date de publication",
            ),
        ),
    ]
