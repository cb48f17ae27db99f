"""Who reads what: everybody, signed-in families, or those of some sites and activities.

    audiences(request)                        # keys of whoever asks, read once a request
    visible_to(NewsPage.objects.all(), request)
    readable(NewsPage.objects.all(), keys_of(context))

What is not for somebody does not exist: nothing of it in a list, a search, a feed, a map of the site or the API, and
404 at its address. Every function that is given no keys answers for a visitor.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django import forms
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.compare import FieldComparison, TextDiff, register_comparison_class
from wagtail.admin.panels import FieldPanel

from core.contracts.audiences import FAMILIES, KEY, family_audiences, of_site
from core.contracts.family import FamilyContext
from core.families.access import contexts
from core.kernel import clock
from core.kernel.access import is_agent
from core.kernel.calls import collect
from core.town.models import Site

M = TypeVar("M", bound=models.Model)

Keys = frozenset[str]

NOBODY: Keys = frozenset()
"""The keys of a visitor: what is for everybody is all there is."""


# Who asks -------------------------------------------------------------------------------------------------------------


def keys_of(context: FamilyContext) -> Keys:
    """The audiences of a household: its schools, then what plugins say of it, a query a plugin."""
    schools = (of_site(child.site_id) for child in context.children if child.site_id)
    groups = (audience.key for audience in collect(family_audiences, family=context))
    return frozenset((FAMILIES, *schools, *groups))


def audiences(request: HttpRequest) -> Keys:
    """The audiences of all the households of whoever asks, read once a request; none for a visitor."""
    found: Keys | None = getattr(request, "_audiences", None)
    if found is None:
        known = getattr(request, "user", None)
        households = contexts(request) if known is not None and known.is_authenticated else ()
        found = NOBODY.union(*map(keys_of, households))
        request._audiences = found  # type: ignore[attr-defined]
    return found


def may_read(request: HttpRequest, publication: "Reserved") -> bool:
    """Whether it is for whoever asks. An agent reads it too at its own address, not in the lists of families."""
    if not publication.readers:
        return True
    if not publication.keys.isdisjoint(audiences(request)):
        return True
    known = getattr(request, "user", None)
    return known is not None and is_agent(known)


# What is read ---------------------------------------------------------------------------------------------------------


def condition(keys: Keys, field: str = "readers") -> Q:
    """Rows for everybody, and those for one of these audiences. `field` is the path to an `AudienceField`."""
    found = Q(**{field: ""})
    for key in sorted(keys):
        found |= Q(**{f"{field}__contains": f" {key} "})
    return found


def readable(rows: "QuerySet[M]", keys: Keys = NOBODY, *, field: str = "readers") -> "QuerySet[M]":
    """The rows that somebody with these keys may read. No statement more."""
    return rows.filter(condition(keys, field))


def visible_to(rows: "QuerySet[M]", request: HttpRequest, *, field: str = "readers") -> "QuerySet[M]":
    """The rows that whoever asks may read."""
    return readable(rows, audiences(request), field=field)


# How it is kept and chosen --------------------------------------------------------------------------------------------


def joined(keys: Iterable[str]) -> str:
    """Keys as a column holds them, each between spaces, so that one is found whole."""
    kept = sorted(set(keys))
    return f" {' '.join(kept)} " if kept else ""


def offered() -> list[tuple[str, str]]:
    """What an editor may choose: (key, label)."""
    sites = Site.objects.open_on(clock.today()).exclude(kind=Site.Kind.TOWN_HALL)
    groups = collect(family_audiences, family=None)
    return [
        (FAMILIES, _("Toutes les familles, une fois connectées")),
        *(
            (of_site(pk), _("Familles : %(name)s") % {"name": name})
            for pk, name in sites.values_list("pk", "name")
        ),
        *((group.key, _("Familles : %(name)s") % {"name": group.label}) for group in groups),
    ]


def gone() -> str:
    return _("Un public qui n’existe plus : personne d’autre ne lit à sa place")


class _Boxes(forms.CheckboxSelectMultiple):
    """A key that is offered no more stays ticked: unticked by itself, it would open the publication to everybody."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        known = list(self.choices)
        keys = {key for key, _label in known}
        self.choices = [*known, *((key, gone()) for key in value if key not in keys)]
        return super().optgroups(name, value, attrs)


class AudienceFormField(forms.MultipleChoiceField):
    widget = _Boxes

    def prepare_value(self, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        return joined(super().clean(value))

    def valid_value(self, value: str) -> bool:
        return bool(KEY.fullmatch(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(self.prepare_value(initial) or ()) != set(data or ())


class AudienceField(models.TextField):
    """Keys of audiences, `joined`; empty: for everybody."""

    def formfield(self, **kwargs: Any) -> Any:
        return AudienceFormField(
            choices=offered, required=False, label=self.verbose_name, help_text=self.help_text
        )


class AudienceComparison(FieldComparison):
    """Two versions of a page side by side: labels, where the column holds keys."""

    def _words(self, keys: str) -> str:
        labels = dict(offered())
        return ", ".join(labels.get(key, gone()) for key in keys.split()) or _("Tout le monde")

    def htmldiff(self) -> SafeString:
        html: SafeString = TextDiff(
            [("deletion", self._words(self.val_a)), ("addition", self._words(self.val_b))]
        ).to_html()
        return html


register_comparison_class(AudienceField, comparison_class=AudienceComparison)


class AudiencePanel(FieldPanel):
    """Where the editors of a page choose who reads it."""

    def __init__(self, field_name: str = "readers", **kwargs: Any) -> None:
        super().__init__(field_name, **{"heading": gettext_lazy("Qui peut lire"), **kwargs})


class Reserved(models.Model):
    """A publication that may be for some readers only."""

    readers = AudienceField(
        gettext_lazy("réservé à"),
        blank=True,
        default="",
        help_text=gettext_lazy(
            "Rien de coché : tout le monde lit. Sinon, seules les familles cochées, une fois connectées ; "
            "les autres ne voient ni le titre ni l’adresse. Les images de la médiathèque restent publiques."
        ),
    )

    class Meta:
        abstract = True

    @property
    def keys(self) -> Keys:
        return frozenset(self.readers.split())
