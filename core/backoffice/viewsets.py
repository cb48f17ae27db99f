"""Bases of every model screen of agents.

Wagtail checks rights model by model, its choosers none at all. Here each address checks its permission and reads only
what `scope(user)` gives: the object's access function. Outside of it, or without the permission: 404.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, URLResolver, include, path
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from core.backoffice import forms as native
from core.kernel.access import agent_rule, rule

NATIVE_WIDGETS: dict[type[models.Field[Any, Any]], type[forms.Widget]] = {
    models.DateTimeField: native.NativeDateTime,
    models.DateField: native.NativeDate,
    models.TimeField: native.NativeTime,
}


def native_widget(field: models.Field[Any, Any]) -> dict[str, type[forms.Widget]]:
    """`{"widget": …}` for a date, an hour or both, nothing for the rest."""
    for kind, widget in NATIVE_WIDGETS.items():
        if isinstance(field, kind):
            return {"widget": widget}
    return {}


class _ScopedView:
    """Mixed before Wagtail's own view. `scoped` is the viewset."""

    scoped: ClassVar[Any]
    request: HttpRequest

    def _scope(self) -> QuerySet[Any]:
        return self.scoped.scope(self.request.user)


class NativeFilterSet(WagtailFilterSet):
    @classmethod
    def filter_for_lookup(cls, field: Any, lookup_type: str) -> Any:
        filter_class, params = super().filter_for_lookup(field, lookup_type)
        return filter_class, {**params, **native_widget(field)}


class YesNoColumn(Column):
    """Words, where Wagtail would write « False » or a red cross."""

    def get_value(self, instance: Any) -> str:
        return str(_("oui") if super().get_value(instance) else _("non"))


class _ScopedIndex(_ScopedView):
    base_filterset_class = NativeFilterSet
    add_item_label = _("Ajouter")

    def get_base_queryset(self) -> QuerySet[Any]:
        return self._scope()

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
    """Saves through the viewset, and lets a chooser's field take nothing outside its own scope."""

    form: forms.BaseForm
    log_action: ClassVar[str]

    def get_form(self, form_class: Any = None) -> forms.BaseForm:
        form: forms.BaseForm = super().get_form(form_class)  # type: ignore[misc]
        for field in form.fields.values():
            if chooser := getattr(field.widget, "scoped_chooser", None):
                field.queryset = chooser.scope(self.request.user)  # type: ignore[attr-defined]
        return form

    def save_instance(self) -> Any:
        changed = self.form.has_changed()
        instance = self.scoped.save(self.form, self.request.user)
        log(instance, self.log_action, title=_anonymous(instance), content_changed=changed)
        return instance

    def get_success_buttons(self) -> list[Any]:
        return super().get_success_buttons() if "change" in self.scoped.actions else []  # type: ignore[misc]


class _ScopedAdd(_ScopedForm):
    log_action = "wagtail.create"
    success_message = _("C’est enregistré : %(object)s.")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *trail, last = super().get_breadcrumbs_items()  # type: ignore[misc]
        return [*trail, {**last, "label": _("Ajouter")}]


class _ScopedEdit(_ScopedForm, _ScopedObject):
    log_action = "wagtail.edit"
    success_message = _("C’est enregistré : %(object)s.")


class _ScopedDelete(_ScopedObject):
    object: Any
    success_message = _("C’est supprimé : %(object)s.")

    def delete_action(self) -> None:
        with transaction.atomic():
            log(self.object, "wagtail.delete", title=_anonymous(self.object), deleted=True)
            self.object.delete()


class _ScopedInspect(_ScopedView):
    pk: Any

    def get_object(self, queryset: Any = None) -> Any:
        return get_object_or_404(self._scope(), pk=self.pk)


class _ScopedChoose(_ScopedView):
    def get_object_list(self) -> QuerySet[Any]:
        return self._scope()

    def can_create(self) -> bool:
        return False


class _ScopedChosen(_ScopedView):
    def get_object(self, pk: Any) -> Any:
        return get_object_or_404(self._scope(), pk=pk)

    def get_objects(self, pks: Any) -> QuerySet[Any]:
        return self._scope().filter(pk__in=pks)

    def get_edit_item_url(self, item: Any) -> None:
        return None


def _anonymous(instance: models.Model) -> str:
    """What Wagtail's log keeps of an object: its kind and its key, never a name."""
    return f"{instance._meta.verbose_name} {instance.pk}"


class _Guarded:
    """What both viewsets share: views bound to the viewset, behind the permission of their act."""

    model: type[models.Model]
    name: str

    def scope(self, user: Any) -> QuerySet[Any]:
        """The rows that this agent may reach: the object's access function."""
        raise NotImplementedError(f"{type(self).__name__}.scope")

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
    the list, and `scope`. `actions` leaves out what must not exist. Exports exist where `list_export` names columns.
    """

    add_to_reference_index = False
    copy_view_enabled = False
    actions: frozenset[str] = frozenset({"list", "add", "change", "delete"})
    list_display: Any = ("__str__",)
    empty_message: Any = ""
    index_results_template_name = "backoffice/index_results.html"
    chooser: type["ScopedChooserViewSet"] | None = None

    def save(self, form: Any, user: Any) -> Any:
        """Write what the form holds; call a service here when there is one."""
        return form.save()

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
