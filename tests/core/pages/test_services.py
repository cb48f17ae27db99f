"""What makes a site ready: once, and again without harm."""

import pytest
from django.contrib.auth.models import Group
from wagtail.images.permissions import permission_policy as images
from wagtail.models import GroupPagePermission, Page, Site, Workflow

from core.contracts.access import Trade
from core.pages.models import ContentPage, HomePage
from core.pages.services import ensure_communication_rights, ensure_home
from core.testing.factories import AgentFactory

pytestmark = pytest.mark.django_db


def test_home_is_made_once_and_shown_by_the_site(home: HomePage) -> None:
    assert ensure_home() == home
    site = Site.objects.get()
    assert site.root_page_id == home.pk
    assert site.is_default_site
    assert list(Page.objects.filter(depth=2)) == [home.page_ptr]


def test_rights_are_given_once(home: HomePage) -> None:
    before = GroupPagePermission.objects.count()
    ensure_communication_rights(home)
    assert GroupPagePermission.objects.count() == before
    assert Workflow.objects.filter(active=True).count() == 1


def test_wagtail_groups_in_english_are_gone_unless_used(db: None) -> None:
    moderators = Group.objects.get(name="Moderators")
    AgentFactory().groups.add(moderators)
    ensure_communication_rights(ensure_home())
    assert set(Group.objects.filter(name__in=("Moderators", "Editors"))) == {moderators}


def test_who_writes_cannot_publish(home: HomePage, simple_page: ContentPage) -> None:
    writer, editor = AgentFactory(trades=[Trade.WRITER]), AgentFactory(trades=[Trade.EDITOR])
    billing = AgentFactory(trades=[Trade.BILLING])
    for user, edits, publishes in ((writer, True, False), (editor, True, True), (billing, False, False)):
        rights = simple_page.permissions_for_user(user)
        assert (rights.can_edit(), rights.can_publish()) == (edits, publishes), user.groups.first()
    assert images.user_has_permission(writer, "add")
    assert not images.user_has_permission(billing, "add")


def test_what_is_submitted_goes_to_who_validates(home: HomePage, simple_page: ContentPage) -> None:
    workflow = simple_page.get_workflow()
    assert workflow.name == "Relecture avant publication"
    task = workflow.tasks.get().specific
    assert Trade.EDITOR.value in {group.name for group in task.groups.all()}
    assert Trade.WRITER.value not in {group.name for group in task.groups.all()}
