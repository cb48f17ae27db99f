"""What Wagtail's own library held passes to ours, with the same keys, so that pages still lead to it."""

from typing import Any

from django.core.files.storage import default_storage, storages
from django.core.management.color import no_style
from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    from django.utils.text import slugify

    documents, versions = (
        apps.get_model("pages", "LibraryDocument"),
        apps.get_model("pages", "DocumentVersion"),
    )
    for old in apps.get_model("wagtaildocs", "Document").objects.order_by("pk"):
        new = documents(**_same(old), slug=f"{slugify(old.title)[:60]}-{old.pk}", filed_at=old.created_at)
        if default_storage.exists(old.file.name):
            with default_storage.open(old.file.name) as file:
                new.file.name = storages["private"].save(old.file.name, file)
            default_storage.delete(old.file.name)
        new.save()
        documents.objects.filter(pk=new.pk).update(created_at=old.created_at)
        versions.objects.create(
            document=new,
            number=1,
            file=new.file.name,
            size=new.file_size,
            digest=new.file_hash,
            filed_at=old.created_at,
        )
    pictures = apps.get_model("pages", "Picture")
    for old in apps.get_model("wagtailimages", "Image").objects.order_by("pk"):
        pictures.objects.bulk_create([pictures(**_same(old))])
        pictures.objects.filter(pk=old.pk).update(created_at=old.created_at)
    connection = schema_editor.connection
    for statement in connection.ops.sequence_reset_sql(no_style(), [documents, pictures]):
        schema_editor.execute(statement)


def _same(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0002_library"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
