"""Who eats the same: the one list of menus that is a plain table."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.backoffice.viewsets import ScopedModelViewSet
from core.contracts.access import Grant, Trade
from core.contracts.backoffice import Menu, Screen
from core.kernel import clock
from core.town.models import Site
from plugins.actualites.models import MenuGroup


class MenuGroupForm(forms.ModelForm[MenuGroup]):
    class Meta:
        model = MenuGroup
        fields = ("name", "slug", "days", "sites", "position")
        widgets: ClassVar = {"sites": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Site.objects.open_on(clock.today()).exclude(kind=Site.Kind.TOWN_HALL)
        self.fields["sites"].queryset = here  # type: ignore[attr-defined]


class MenuGroupViewSet(ScopedModelViewSet):
    model = MenuGroup
    name = "groupes-de-convives"
    icon = "group"
    list_display = ("name", "days", "position")
    ordering = ("position", "name")
    empty_message = _("Aucun groupe. Ajoutez « Écoles » : les menus s’écrivent groupe par groupe.")

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[Any]]:
        return MenuGroupForm

    def scope(self, user: Any) -> QuerySet[MenuGroup]:
        return MenuGroup.objects.all()


WRITE = ("view_menuweek", "change_menuweek")
GROUPS = tuple(f"{act}_menugroup" for act in ("view", "add", "change", "delete"))


def grants() -> list[Grant]:
    """Menus are written by the kitchen and by Communication; who eats together is decided by whoever publishes."""
    return [
        Grant(Trade.KITCHEN, tuple(f"actualites.{name}" for name in WRITE)),
        Grant(Trade.WRITER, tuple(f"actualites.{name}" for name in WRITE)),
        Grant(Trade.EDITOR, tuple(f"actualites.{name}" for name in (*WRITE, *GROUPS))),
    ]


def screens() -> list[Screen]:
    return [
        Screen(
            menu=Menu.COMMUNICATION,
            label=_("Menus de la cantine"),  # type: ignore[arg-type]
            icon="calendar",
            permission="actualites.view_menuweek",
            url_name="actualites:weeks",
            weight=40,
        ),
        Screen(
            menu=Menu.COMMUNICATION,
            label=_("Groupes de convives"),  # type: ignore[arg-type]
            icon="group",
            permission="actualites.view_menugroup",
            viewset=MenuGroupViewSet,
            weight=41,
        ),
    ]
