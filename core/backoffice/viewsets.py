"""Bases of every model screen of agents.

Wagtail checks rights model by model, its choosers none at all. Here each address checks its permission and reads only
what `scope(user)` gives, on the sites where the agent holds that permission (`reach`). Outside: 404.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.coreutils import multigetattr
from wagtail.log_actions import log

from core.accounts import roles
from core.backoffice import exports, reach, tables
from core.backoffice import forms as native
from core.backoffice.overtaken import overtaken, watch
from core.backoffice.search import found_by
from core.kernel.access import agent_rule, rule
from core.town.models import Site

if TYPE_CHECKING:
    from core.backoffice.bulk import BulkAct

NATIVE_WIDGETS: dict[type[models.Field[Any, Any]], type[forms.Widget]] = {
    models.DateTimeField: native.NativeDateTime,
    models.DateField: native.NativeDate,
    models.TimeField: native.NativeTime,
}


BOUNDS = {"gte": _("À partir du"), "lte": _("Jusqu’au (compris)")}
"""Labels of the two ends of a filter on days."""


def native_widget(field: models.Field[Any, Any]) -> dict[str, type[forms.Widget]]:
    """`{"widget": …}` for a date, an hour or both, nothing for the rest."""
    for kind, widget in NATIVE_WIDGETS.items():
        if isinstance(field, kind):
            return {"widget": widget}
    return {}


class _ChooserSearch(BaseFilterForm):
    """The search of a chooser's window, as tolerant as that of the lists."""

    scoped: ClassVar[Any]
    q = forms.CharField(
        label=_("Chercher"), widget=forms.TextInput(attrs={"autocomplete": "off"}), required=False
    )

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        objects = super().filter(objects)
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        return self.scoped.find(objects, self.search_query) if self.is_searching else objects


class _ScopedView:
    """Mixed before Wagtail's own view. `scoped` is the viewset."""

    scoped: ClassVar[Any]
    act: ClassVar[str] = "view"
    request: HttpRequest

    def _scope(self) -> QuerySet[Any]:
        return self.scoped.reached(self.request.user, self.act)


class NativeFilterSet(WagtailFilterSet):
    @classmethod
    def filter_for_lookup(cls, field: Any, lookup_type: str) -> Any:
        filter_class, params = super().filter_for_lookup(field, lookup_type)
        if lookup_type in BOUNDS and native_widget(field):
            params = {**params, "label": BOUNDS[lookup_type]}
        return filter_class, {**params, **native_widget(field)}


class YesNoColumn(Column):
    """Words, where Wagtail would write « False » or a red cross."""

    def get_value(self, instance: Any) -> str:
        return str(_("oui") if super().get_value(instance) else _("non"))


class PickColumn(Column):
    """The box by which a row takes part in what is done to several at once; it belongs to the form below the list."""

    header_template_name = "backoffice/pick_header.html"
    cell_template_name = "backoffice/pick_cell.html"


class _ScopedIndex(_ScopedView):
    base_filterset_class = NativeFilterSet
    add_item_label = _("Ajouter")

    def get_base_queryset(self) -> QuerySet[Any]:
        return self._scope()

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().filter_queryset(queryset)  # type: ignore[misc]
        asked = self.is_searching or self.is_filtering  # type: ignore[attr-defined]
        return rows if asked else self.scoped.unasked(rows)

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.is_searching:  # type: ignore[attr-defined]
            return queryset
        return self.scoped.find(queryset, self.search_query)  # type: ignore[attr-defined]

    @cached_property
    def columns(self) -> list[Any]:
        columns: list[Any] = super().columns  # type: ignore[misc]
        return [PickColumn("pk", label=""), *columns] if self.bulk_acts else columns

    @cached_property
    def header_buttons(self) -> list[Any]:
        ours = [
            HeaderButton(label, url=reverse(url_name), icon_name="plus")
            for label, url_name, permission in self.scoped.links
            if self.request.user.has_perm(permission)
        ]
        return [*super().header_buttons, *ours]  # type: ignore[misc]

    @cached_property
    def bulk_acts(self) -> list[Any]:
        """What this agent may do to several rows at once."""
        return [bulk for bulk in self.scoped.bulk if self.request.user.has_perm(bulk.needs(self.scoped))]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(*args, **kwargs)  # type: ignore[misc]
        acts = [(bulk, reverse(self.scoped.get_url_name(f"bulk_{bulk.name}"))) for bulk in self.bulk_acts]
        return {**found, "bulk_acts": acts}

    def as_spreadsheet(self, queryset: QuerySet[Any], spreadsheet_format: str) -> HttpResponseBase:
        columns = [
            tables.Column(self._heading(queryset, field), partial(self._exported, field))
            for field in self.list_export  # type: ignore[attr-defined]
        ]
        return exports.spreadsheet(self.request, queryset, columns, name=self.scoped.name)

    def _heading(self, queryset: QuerySet[Any], field: str) -> str:
        return str(self.scoped.export_headings.get(field) or self.get_heading(queryset, field))  # type: ignore[attr-defined]

    @staticmethod
    def _exported(field: str, row: Any) -> Any:
        return multigetattr(row, f"get_{field}_display" if hasattr(row, f"get_{field}_display") else field)

    def _get_custom_column(self, field_name: str, column_class: type = Column, **kwargs: Any) -> Any:
        names = {
            field.name for field in self.scoped.model._meta.fields if isinstance(field, models.BooleanField)
        }
        if column_class is Column and field_name in names:
            column_class = YesNoColumn
        return super()._get_custom_column(field_name, column_class, **kwargs)  # type: ignore[misc]

    @cached_property
    def no_results_message(self) -> str:
        if self.is_searching or self.is_filtering:  # type: ignore[attr-defined]
            return super().no_results_message  # type: ignore[misc]
        return self.scoped.empty_message or super().no_results_message  # type: ignore[misc]


class _ScopedObject(_ScopedView):
    def get_queryset(self) -> QuerySet[Any]:
        return self._scope()

    @cached_property
    def can_delete(self) -> bool:
        return "delete" in self.scoped.actions and super().can_delete  # type: ignore[misc]

    def get_last_updated_info(self) -> None:
        return None

    def get_side_panels(self) -> Any:
        return MediaContainer([])


class _ScopedForm(_ScopedView):
    """Saves through the viewset; a field for a site or with a chooser takes nothing outside what the agent reaches."""

    form: forms.BaseForm
    log_action: ClassVar[str]

    def get_form(self, form_class: Any = None) -> forms.BaseForm:
        form: forms.BaseForm = super().get_form(form_class)  # type: ignore[misc]
        for field in form.fields.values():
            if chooser := getattr(field.widget, "scoped_chooser", None):
                field.queryset = chooser.reached(self.request.user)  # type: ignore[attr-defined]
            elif self.scoped.site and getattr(getattr(field, "queryset", None), "model", None) is Site:
                sites = field.queryset  # type: ignore[attr-defined]
                field.queryset = reach.within(  # type: ignore[attr-defined]
                    self.request.user, self.scoped.permission(self.act), sites, site="pk"
                )
                if roles.sites_of(self.request.user, self.scoped.permission(self.act)) is not roles.ALL:
                    field.required = True  # no site at all would mean every site
        return form

    def save_instance(self) -> Any:
        changed = self.form.has_changed()
        instance = self.scoped.save(self.form, self.request.user)
        log(instance, self.log_action, title=_anonymous(instance), content_changed=changed)
        return instance

    def get_success_buttons(self) -> list[Any]:
        return super().get_success_buttons() if "change" in self.scoped.actions else []  # type: ignore[misc]


class _ScopedAdd(_ScopedForm):
    """A form that is sent twice adds one row: the second one is told."""

    act = "add"
    log_action = "wagtail.create"
    success_message = _("C’est enregistré : %(object)s.")

    def is_valid(self, form: Any) -> bool:
        if not super().is_valid(form):  # type: ignore[misc]
            return False
        if self._is_there(form):
            form.add_error(None, _("C’est déjà enregistré, à l’identique."))
            self.produced_error_code, self.produced_error_message = "twice", self.get_error_message()  # type: ignore[attr-defined]
            return False
        return True

    def _is_there(self, form: Any) -> bool:
        """Whether a row says the same in every column of the form."""
        said = {
            field.attname: getattr(form.instance, field.attname)
            for field in form.instance._meta.concrete_fields
            if field.name in form.cleaned_data and not isinstance(field, models.JSONField | models.FileField)
        }
        absent = {f"{name}__isnull": True for name, value in said.items() if value is None}
        held = {name: value for name, value in said.items() if value is not None}
        return bool(said) and self.scoped.model._base_manager.filter(**held, **absent).exists()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *trail, last = super().get_breadcrumbs_items()  # type: ignore[misc]
        return [*trail, {**last, "label": _("Ajouter")}]


class _ScopedEdit(_ScopedForm, _ScopedObject):
    """A row that somebody else changed since the form was shown is not written over: it is told, then confirmed."""

    act = "change"
    log_action = "wagtail.edit"
    success_message = _("C’est enregistré : %(object)s.")

    def get_form(self, form_class: Any = None) -> forms.BaseForm:
        form = super().get_form(form_class)
        watch(form, form.instance)  # type: ignore[attr-defined]
        return form

    def is_valid(self, form: Any) -> bool:
        if not super().is_valid(form):  # type: ignore[misc]
            return False
        if overtaken(form):
            self.produced_error_code, self.produced_error_message = "overtaken", self.get_error_message()  # type: ignore[attr-defined]
            return False
        return True


class _ScopedDelete(_ScopedObject):
    act = "delete"
    object: Any
    success_message = _("C’est supprimé : %(object)s.")

    def delete_action(self) -> None:
        with transaction.atomic():
            log(self.object, "wagtail.delete", title=_anonymous(self.object), deleted=True)
            self.scoped.remove(self.object, self.request.user)


class _ScopedInspect(_ScopedView):
    pk: Any

    def get_object(self, queryset: Any = None) -> Any:
        return get_object_or_404(self._scope(), pk=self.pk)


class _ScopedChoose(_ScopedView):
    def get_object_list(self) -> QuerySet[Any]:
        return self._scope()

    def get_filter_form_class(self) -> type[BaseFilterForm]:
        return type("FilterForm", (_ChooserSearch,), {"scoped": self.scoped})

    def can_create(self) -> bool:
        return False


class _ScopedChosen(_ScopedView):
    def get_object(self, pk: Any) -> Any:
        try:
            return get_object_or_404(self._scope(), pk=pk)
        except ValidationError:  # no key at all
            raise Http404 from None

    def get_objects(self, pks: Any) -> QuerySet[Any]:
        try:
            return self._scope().filter(pk__in=pks)
        except ValidationError:
            raise Http404 from None

    def get_edit_item_url(self, item: Any) -> None:
        return None


def _anonymous(instance: models.Model) -> str:
    """What Wagtail's log keeps of an object: its kind and its key, never a name."""
    return f"{instance._meta.verbose_name} {instance.pk}"


class _Guarded:
    """What both viewsets share: views bound to the viewset, behind the permission of their act."""

    model: type[models.Model]
    name: str
    search_fields: Any = ()
    site: str | None = None
    service: str | None = None
    """Paths from a row to the site, and to the code of the service, that a role may be bound to; None for neither."""

    def scope(self, user: Any) -> QuerySet[Any]:
        """The rows that this agent may know of: the object's access function. Sites are `reached`'s affair."""
        raise NotImplementedError(f"{type(self).__name__}.scope")

    def reached(self, user: Any, act: str = "view") -> QuerySet[Any]:
        """What an agent reaches for an act: every view of the bases reads this, and nothing else."""
        return reach.within(
            user, self.permission(act), self.scope(user), site=self.site, service=self.service
        )

    def find(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        """Rows in which each word typed is found, whatever its accents, capitals and hyphens."""
        return found_by(rows, typed, self.search_fields)

    @cached_property
    def url_namespace(self) -> str:
        return f"{self.model._meta.app_label}_{self.name.replace('-', '_')}"

    def bound(self, mixin: type, view_class: type) -> type:
        return type(view_class.__name__, (mixin, view_class), {"scoped": self})

    def permission(self, act: str) -> str:
        return f"{self.model._meta.app_label}.{act}_{self.model._meta.model_name}"

    def guarded(self, act: str, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return rule(agent_rule(self.permission(act)))(view)


class ScopedModelViewSet(_Guarded, ModelViewSet):
    """List, add, change, delete and inspect one model, never outside `scope(user)`.

    A subclass gives `model`, `name` (the French path under `/gestion/`), `icon`, the form (`form_fields` or panels),
    the list, and `scope`. `actions` leaves out what must not exist. Exports exist where `list_export` names columns;
    `bulk` names what may be done to several rows at once.
    """

    add_to_reference_index = False
    copy_view_enabled = False
    actions: frozenset[str] = frozenset({"list", "add", "change", "delete"})
    list_display: Any = ("__str__",)
    empty_message: Any = ""
    index_results_template_name = "backoffice/index_results.html"
    chooser: type["ScopedChooserViewSet"] | None = None
    bulk: tuple[type["BulkAct"], ...] = ()
    links: tuple[tuple[Any, str, str], ...] = ()
    """Buttons above the list: (label, name of the url, permission)."""
    export_headings: dict[str, Any] = {}
    """Heads of the columns of `list_export` whose name is not that of a field of the model."""

    def save(self, form: Any, user: Any) -> Any:
        """Write what the form holds; call a service here when there is one."""
        return form.save()

    def remove(self, instance: Any, user: Any) -> None:
        """Delete a row, in the transaction of the view; call a service here when there is one."""
        instance.delete()

    def unasked(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of a list that is opened without a search nor a filter: all, unless the past is in the way."""
        return rows

    def listed(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows of the list with the search and the filters of the address."""
        view = self.index_view.view_class(**self.index_view.view_initkwargs)
        view.setup(request)
        rows: QuerySet[Any] = view.get_queryset()
        return rows

    @cached_property
    def inspect_view_enabled(self) -> bool:
        return "inspect" in self.actions

    def formfield_for_dbfield(self, db_field: Any, **kwargs: Any) -> Any:
        return super().formfield_for_dbfield(db_field, **native_widget(db_field), **kwargs)

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_common_view_kwargs(**kwargs)
        found |= {"history_url_name": None, "usage_url_name": None}
        for act, name in (("add", "add"), ("change", "edit"), ("delete", "delete")):
            if act not in self.actions:
                found[f"{name}_url_name"] = None
        return found

    def construct_view(self, view_class: type, **kwargs: Any) -> Any:
        return super().construct_view(self.bound(self._mixins[view_class], view_class), **kwargs)

    @cached_property
    def _mixins(self) -> dict[type, type]:
        return {
            self.index_view_class: _ScopedIndex,
            self.add_view_class: _ScopedAdd,
            self.edit_view_class: _ScopedEdit,
            self.delete_view_class: _ScopedDelete,
            self.inspect_view_class: _ScopedInspect,
        }

    def get_urlpatterns(self) -> list[URLPattern | URLResolver]:
        key = f"<{self.pk_path_converter}:pk>"
        routes: list[URLPattern | URLResolver] = [
            path("", self.guarded("view", self.index_view), name="index"),
            path("resultats/", self.guarded("view", self.index_results_view), name="index_results"),
        ]
        if "add" in self.actions:
            routes.append(path("nouveau/", self.guarded("add", self.add_view), name="add"))
        if self.chooser:
            chooser = self.chooser(name="choix", url_namespace=f"{self.url_namespace}:choix")
            chooser.on_register()
            routes.append(path("choix/", include((chooser.get_urlpatterns(), "choix"))))
        for bulk in self.bulk:
            address = path(f"lot/{bulk.name}/", bulk.as_view(self), name=f"bulk_{bulk.name}")
            routes.append(address)
        if "inspect" in self.actions:
            routes.append(path(f"{key}/fiche/", self.guarded("view", self.inspect_view), name="inspect"))
        if "delete" in self.actions:
            routes.append(path(f"{key}/supprimer/", self.guarded("delete", self.delete_view), name="delete"))
        if "change" in self.actions:
            routes.append(path(f"{key}/", self.guarded("change", self.edit_view), name="edit"))
        return routes

    def on_register(self) -> None:
        """Only what the screen of groups needs: no menu entry, no address finder, no reference index."""
        self.register_permissions()

    @property
    def title(self) -> str:
        return capfirst(str(self.model._meta.verbose_name_plural))


class ScopedChooserViewSet(_Guarded, ChooserViewSet):
    """A window where an agent picks one row of `scope(user)`; it creates nothing."""

    def construct_view(self, view_class: type, **kwargs: Any) -> Any:
        choosing = view_class.__name__ in ("ChooseView", "ChooseResultsView")
        return super().construct_view(
            self.bound(_ScopedChoose if choosing else _ScopedChosen, view_class), **kwargs
        )

    @cached_property
    def widget_class(self) -> type[forms.Widget]:
        widget: type[forms.Widget] = super().widget_class
        widget.scoped_chooser = self  # type: ignore[attr-defined]
        return widget

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.guarded("view", self.choose_view), name="choose"),
            path("resultats/", self.guarded("view", self.choose_results_view), name="choose_results"),
            path("choisi/<str:pk>/", self.guarded("view", self.chosen_view), name="chosen"),
            path("choisis/", self.guarded("view", self.chosen_multiple_view), name="chosen_multiple"),
        ]
