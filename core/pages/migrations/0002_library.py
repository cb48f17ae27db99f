import uuid

import django.db.models.deletion
import modelsearch.index
import taggit.managers
import wagtail.images.models
import wagtail.models.media
from django.conf import settings
from django.db import migrations, models

import core.kernel.clock
import core.pages.audiences
import core.pages.library


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0001_initial"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("town", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtailimages", "0027_image_description"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentTheme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="nom")),
                (
                    "slug",
                    models.SlugField(editable=False, max_length=60, unique=True, verbose_name="adresse"),
                ),
                (
                    "rank",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Le plus petit nombre est montré en premier.",
                        verbose_name="ordre",
                    ),
                ),
            ],
            options={
                "verbose_name": "thème de documents",
                "verbose_name_plural": "thèmes de documents",
                "ordering": ["rank", "name"],
            },
        ),
        migrations.CreateModel(
            name="LibraryDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "readers",
                    core.pages.audiences.AudienceField(
                        blank=True,
                        default="",
                        help_text="Rien de coché : tout le monde lit. Sinon, seules les familles cochées, une fois connectées ; les autres ne voient ni le titre ni l’adresse. Les images de la médiathèque restent publiques.",
                        verbose_name="réservé à",
                    ),
                ),
                ("title", models.CharField(max_length=255, verbose_name="title")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("file_size", models.PositiveBigIntegerField(editable=False, null=True)),
                ("file_hash", models.CharField(blank=True, editable=False, max_length=40)),
                (
                    "key",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="clé"),
                ),
                (
                    "slug",
                    models.SlugField(
                        blank=True,
                        help_text="Faite du titre si vous la laissez vide. Elle reste la même quand vous remplacez le fichier : ne la changez plus une fois le document annoncé.",
                        max_length=80,
                        unique=True,
                        verbose_name="adresse du fichier",
                    ),
                ),
                (
                    "file",
                    models.FileField(
                        storage=core.pages.library.private_storage,
                        upload_to="documents",
                        verbose_name="fichier",
                    ),
                ),
                (
                    "description",
                    models.CharField(
                        blank=True,
                        help_text="Une phrase, lue sous le titre.",
                        max_length=300,
                        verbose_name="à quoi il sert",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("fr", "français"),
                            ("fr-x-falc", "facile à lire et à comprendre (FALC)"),
                            ("en", "anglais"),
                            ("ar", "arabe"),
                            ("es", "espagnol"),
                            ("pt", "portugais"),
                            ("tr", "turc"),
                            ("uk", "ukrainien"),
                        ],
                        default="fr",
                        max_length=12,
                        verbose_name="langue",
                    ),
                ),
                (
                    "valid_from",
                    models.DateField(
                        blank=True,
                        help_text="Avant ce jour, personne ne le lit.",
                        null=True,
                        verbose_name="à partir du",
                    ),
                ),
                (
                    "valid_until",
                    models.DateField(
                        blank=True,
                        help_text="Après ce jour, il quitte de lui-même les listes et la recherche.",
                        null=True,
                        verbose_name="jusqu’au (compris)",
                    ),
                ),
                (
                    "version",
                    models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                (
                    "filed_at",
                    models.DateTimeField(
                        default=core.kernel.clock.now, editable=False, verbose_name="fichier déposé le"
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        default=wagtail.models.media.get_root_collection_id,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.collection",
                        verbose_name="collection",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        help_text="L’ancien document quitte les listes ; son adresse mène à celui-ci.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replaced_by",
                        to="pages.librarydocument",
                        verbose_name="remplace",
                    ),
                ),
                (
                    "school_year",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="town.schoolyear",
                        verbose_name="année scolaire",
                    ),
                ),
                (
                    "tags",
                    taggit.managers.TaggableManager(
                        blank=True,
                        help_text=None,
                        through="taggit.TaggedItem",
                        to="taggit.Tag",
                        verbose_name="tags",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        blank=True,
                        help_text="Sans thème, il ne paraît que dans les pages où vous le placez.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="pages.documenttheme",
                        verbose_name="thème",
                    ),
                ),
                (
                    "uploaded_by_user",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by user",
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "abstract": False,
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "file",
                    models.FileField(
                        storage=core.pages.library.private_storage,
                        upload_to="documents",
                        verbose_name="fichier",
                    ),
                ),
                ("size", models.PositiveBigIntegerField(null=True, verbose_name="taille")),
                ("digest", models.CharField(blank=True, max_length=40)),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="ce qui change")),
                ("filed_at", models.DateTimeField(verbose_name="déposé le")),
                (
                    "filed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="déposé par",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="pages.librarydocument",
                    ),
                ),
            ],
            options={
                "verbose_name": "version d’un document",
                "verbose_name_plural": "versions d’un document",
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=255, verbose_name="title")),
                (
                    "file",
                    wagtail.images.models.WagtailImageField(
                        height_field="height",
                        upload_to=wagtail.images.models.get_upload_to,
                        verbose_name="file",
                        width_field="width",
                    ),
                ),
                (
                    "description",
                    models.CharField(blank=True, default="", max_length=255, verbose_name="description"),
                ),
                ("width", models.IntegerField(editable=False, verbose_name="width")),
                ("height", models.IntegerField(editable=False, verbose_name="height")),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="created at"),
                ),
                ("focal_point_x", models.PositiveIntegerField(blank=True, null=True)),
                ("focal_point_y", models.PositiveIntegerField(blank=True, null=True)),
                ("focal_point_width", models.PositiveIntegerField(blank=True, null=True)),
                ("focal_point_height", models.PositiveIntegerField(blank=True, null=True)),
                ("file_size", models.PositiveIntegerField(editable=False, null=True)),
                ("file_hash", models.CharField(blank=True, db_index=True, editable=False, max_length=40)),
                (
                    "credit",
                    models.CharField(
                        blank=True,
                        help_text="Le nom écrit sous l’image.",
                        max_length=120,
                        verbose_name="auteur",
                    ),
                ),
                (
                    "licence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("own", "réalisée par la commune"),
                            ("granted", "autorisation de l’auteur"),
                            ("lo", "Licence Ouverte 2.0"),
                            ("cc0", "domaine public (CC0)"),
                            ("by", "CC BY 4.0"),
                            ("by-sa", "CC BY-SA 4.0"),
                        ],
                        help_text="Sans réponse, l’image figure dans la liste « Images à compléter ».",
                        max_length=10,
                        verbose_name="droit de l’utiliser",
                    ),
                ),
                (
                    "rights_until",
                    models.DateField(
                        blank=True,
                        help_text="Vide : sans limite. Après ce jour, l’image figure dans la liste « Images à compléter ».",
                        null=True,
                        verbose_name="droits jusqu’au",
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        default=wagtail.models.media.get_root_collection_id,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.collection",
                        verbose_name="collection",
                    ),
                ),
                (
                    "tags",
                    taggit.managers.TaggableManager(
                        blank=True,
                        help_text=None,
                        through="taggit.TaggedItem",
                        to="taggit.Tag",
                        verbose_name="tags",
                    ),
                ),
                (
                    "uploaded_by_user",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by user",
                    ),
                ),
            ],
            options={
                "verbose_name": "image",
                "verbose_name_plural": "images",
                "abstract": False,
            },
            bases=(wagtail.images.models.ImageFileMixin, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="PictureRendition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("filter_spec", models.CharField(db_index=True, max_length=255)),
                (
                    "file",
                    wagtail.images.models.WagtailImageField(
                        height_field="height",
                        storage=wagtail.images.models.get_rendition_storage,
                        upload_to=wagtail.images.models.get_rendition_upload_to,
                        width_field="width",
                    ),
                ),
                ("width", models.IntegerField(editable=False)),
                ("height", models.IntegerField(editable=False)),
                ("focal_point_key", models.CharField(blank=True, default="", editable=False, max_length=16)),
                (
                    "image",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="renditions",
                        to="pages.picture",
                    ),
                ),
            ],
            bases=(wagtail.images.models.ImageFileMixin, models.Model),
        ),
        migrations.AddConstraint(
            model_name="librarydocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from__isnull", True),
                    ("valid_until__isnull", True),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="pages_document_dates",
                violation_error_message="Le dernier jour vient avant le premier.",
            ),
        ),
        migrations.AddConstraint(
            model_name="librarydocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replaces__isnull", True),
                    models.Q(("replaces", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="pages_document_not_its_own_heir",
                violation_error_message="Un document ne remplace pas lui-même.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentversion",
            constraint=models.UniqueConstraint(
                fields=("document", "number"), name="pages_documentversion_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="picturerendition",
            constraint=models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"), name="pages_rendition_once"
            ),
        ),
    ]
