"""What makes a site ready for the communication team. Each act may be repeated: what is there stays as it is."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from core.contracts.access import Trade
from core.pages.models import HomePage

WRITE = ("add_page", "change_page")
PUBLISH = (*WRITE, "publish_page", "lock_page", "unlock_page")
LIBRARY = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")


@transaction.atomic
def ensure_home() -> HomePage:
    """The home page and the Wagtail site that shows it, made if there is none. Wagtail's page of welcome goes away."""
    home = HomePage.objects.first()
    if home is None:
        name = settings.PARVIS_COMMUNE
        home = HomePage(title=name, slug="accueil", draft_title=name)
        Page.get_first_root_node().add_child(instance=home)
        home.save_revision().publish()
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    if site.root_page_id != home.pk:
        site.root_page = home
        site.hostname = address.hostname or "localhost"
        site.port = address.port or (443 if address.scheme == "https" else 80)
        site.site_name = settings.PARVIS_COMMUNE
        site.save()
        for page in Page.objects.filter(depth=2, content_type__model="page", numchild=0):
            page.delete()
    return home


@transaction.atomic
def ensure_communication_rights(home: HomePage) -> None:
    """Who writes adds and changes pages and cannot publish; who validates publishes, and approves what is submitted.

    Rights are given on the home page, so they hold for the pages of every plugin; the library of pictures and documents
    is open to both. Wagtail's own groups and workflow, which are in English and belong to nobody here, are replaced.
    """
    rights = {
        Trade.WRITER: WRITE,
        Trade.EDITOR: PUBLISH,
        Trade.ADMIN: (*PUBLISH, "bulk_delete_page"),
    }
    library = Collection.get_first_root_node()
    for trade, names in rights.items():
        group, _created = Group.objects.get_or_create(name=trade.value)
        for permission in Permission.objects.filter(
            content_type__app_label="wagtailcore", codename__in=names
        ):
            GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)
        for permission in Permission.objects.filter(
            content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=LIBRARY
        ):
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=library, permission=permission
            )
    Group.objects.filter(name__in=("Moderators", "Editors"), user__isnull=True).delete()
    _ensure_workflow(home)


def _ensure_workflow(home: HomePage) -> None:
    if WorkflowPage.objects.filter(page=home).exists():
        return
    Workflow.objects.filter(name="Moderators approval").update(active=False)
    workflow = Workflow.objects.create(name=_("Relecture avant publication"))
    task = GroupApprovalTask.objects.create(name=_("Validation par la communication"))
    task.groups.set(Group.objects.filter(name__in=(Trade.EDITOR.value, Trade.ADMIN.value)))
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=home)
