"""Keeping the library: its shelves, and what has to be put right in it and in the pages."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.backoffice.reports import Report
from core.backoffice.screens import render_screen
from core.backoffice.tables import Column, drawn
from core.backoffice.viewsets import ScopedModelViewSet
from core.contracts.access import Grant, Trade
from core.contracts.backoffice import Menu, Screen
from core.kernel import clock
from core.pages.library import DocumentTheme, LibraryDocument, Licence, Picture
from plugins.actualites.dead_links import DeadLink, dead_links

SOON = timedelta(days=30)
"""How long before its last day a document asks to be looked at."""


class ThemeViewSet(ScopedModelViewSet):
    """A shelf without documents is not shown: nothing needs to be deleted."""

    model = DocumentTheme
    name = "themes-de-documents"
    icon = "folder-open-1"
    form_fields = ("name", "rank")
    list_display = ("name", "rank")
    ordering = ("rank", "name")
    actions = frozenset({"list", "add", "change"})
    empty_message = gettext_lazy("Aucun thème. Ajoutez le premier : « Règlement intérieur », « Menus »…")

    def scope(self, user: Any) -> QuerySet[DocumentTheme]:
        return DocumentTheme.objects.all()

    def save(self, form: Any, user: Any) -> DocumentTheme:
        theme: DocumentTheme = form.instance
        theme.slug = theme.slug or slugify(theme.name)[:60]
        saved: DocumentTheme = form.save()
        return saved


class NamedReport(Report):
    name: ClassVar[str]
    """Of its address."""


class PictureFilters(forms.Form):
    CHOICES = (
        ("", gettext_lazy("Toutes")),
        ("words", gettext_lazy("Sans description")),
        ("rights", gettext_lazy("Droits à préciser")),
        ("over", gettext_lazy("Droits passés")),
    )
    problem = forms.ChoiceField(label=gettext_lazy("Ce qui manque"), choices=CHOICES, required=False)


NAMED = (Licence.GRANTED, Licence.OPEN, Licence.BY, Licence.BY_SA)
"""Rights that ask for the name of the author."""


def _to_do(picture: Picture) -> str:
    todo = []
    if not picture.description:
        todo.append(_("décrire l’image"))
    if not picture.licence:
        todo.append(_("dire de quel droit elle est utilisée"))
    elif picture.licence in NAMED and not picture.credit:
        todo.append(_("nommer l’auteur"))
    if picture.rights_until and picture.rights_until < clock.today():
        todo.append(_("la retirer ou prolonger ses droits"))
    return ", ".join(todo)


def _picture_url(picture: Picture) -> str:
    return reverse("wagtailimages:edit", args=[picture.pk])


class PicturesReport(NamedReport):
    name = "pictures_report"
    permission = "wagtailimages.change_image"
    title = gettext_lazy("Images à compléter")
    icon = "image"
    filters = PictureFilters
    note = gettext_lazy(
        "Une image sans description est muette pour qui ne la voit pas. Une image dont les droits manquent ou sont "
        "passés ne doit pas rester en ligne."
    )
    empty = gettext_lazy("Toutes les images ont une description et des droits valables.")

    columns = (
        Column(gettext_lazy("Image"), lambda row: row.title, url=_picture_url),
        Column(gettext_lazy("À faire"), _to_do),
        Column(gettext_lazy("Auteur"), lambda row: row.credit),
        Column(gettext_lazy("Droit"), lambda row: row.get_licence_display()),
        Column(gettext_lazy("Droits jusqu’au"), lambda row: row.rights_until),
    )

    def rows(self, asked: Mapping[str, Any]) -> QuerySet[Picture]:
        problems = {
            "words": Q(description=""),
            "rights": Q(licence="") | Q(licence__in=NAMED, credit=""),
            "over": Q(rights_until__lt=clock.today()),
        }
        wanted = Q()
        for problem in [asked["problem"]] if asked["problem"] else problems:
            wanted |= problems[problem]
        return Picture.objects.filter(wanted).order_by("rights_until", "title", "pk")


class DocumentFilters(forms.Form):
    CHOICES = (
        ("", gettext_lazy("Tous")),
        ("over", gettext_lazy("Passés")),
        ("soon", gettext_lazy("Bientôt passés")),
        ("replaced", gettext_lazy("Remplacés")),
    )
    state = forms.ChoiceField(label=gettext_lazy("État"), choices=CHOICES, required=False)


def _state(document: Any) -> str:
    if document.is_replaced:
        return _("remplacé")
    return _("passé") if document.valid_until < clock.today() else _("bientôt passé")


def _tone(document: Any) -> str:
    over = document.is_replaced or document.valid_until < clock.today()
    return "attention" if over else "info"


def _document_url(document: LibraryDocument) -> str:
    return reverse("wagtaildocs:edit", args=[document.pk])


class DocumentsReport(NamedReport):
    name = "documents_report"
    permission = "wagtaildocs.change_document"
    title = gettext_lazy("Documents à revoir")
    icon = "doc-full-inverse"
    filters = DocumentFilters
    note = gettext_lazy(
        "Un document passé ou remplacé a quitté les listes de lui-même ; son adresse répond encore. Remplacez son "
        "fichier, prolongez-le ou supprimez-le."
    )
    empty = gettext_lazy("Aucun document passé, remplacé ou près de sa fin.")

    columns = (
        Column(gettext_lazy("Document"), lambda row: row.title, url=_document_url),
        Column(gettext_lazy("État"), _state, tone=_tone),
        Column(gettext_lazy("Thème"), lambda row: str(row.theme or "")),
        Column(gettext_lazy("Dernier jour"), lambda row: row.valid_until),
        Column(gettext_lazy("Version"), lambda row: row.version, number=True),
        Column(gettext_lazy("Fichier déposé le"), lambda row: row.filed_at),
    )

    def rows(self, asked: Mapping[str, Any]) -> QuerySet[LibraryDocument]:
        today = clock.today()
        states = {
            "over": Q(valid_until__lt=today),
            "soon": Q(valid_until__gte=today, valid_until__lte=today + SOON),
            "replaced": Q(is_replaced=True),
        }
        wanted = Q()
        for state in [asked["state"]] if asked["state"] else states:
            wanted |= states[state]
        heirs = LibraryDocument.objects.filter(replaces=OuterRef("pk"))
        return (
            LibraryDocument.objects.annotate(is_replaced=Exists(heirs))
            .filter(wanted)
            .select_related("theme")
            .order_by("valid_until", "title", "pk")
        )


def _page_url(link: DeadLink) -> str:
    return reverse("wagtailadmin_pages:edit", args=[link.page.pk])


class LinksReport(NamedReport):
    """What is found is no row of the database: it is looked for each time, and has no file."""

    name = "links_report"
    permission = "wagtaildocs.change_document"
    title = gettext_lazy("Liens morts")
    icon = "link"
    note = gettext_lazy(
        "Les liens des pages publiées vers d’autres pages, documents et adresses de ce site. Les sites des autres ne "
        "sont pas appelés."
    )
    empty = gettext_lazy("Aucun lien mort.")
    columns = (
        Column(gettext_lazy("Page"), lambda row: row.page.title, url=_page_url),
        Column(gettext_lazy("Texte du lien"), lambda row: row.words),
        Column(gettext_lazy("Adresse"), lambda row: row.target),
        Column(gettext_lazy("Pourquoi"), lambda row: row.reason, tone=lambda row: "attention"),
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        page = Paginator(dead_links(), self.per_page).get_page(request.GET.get("page"))
        context = {
            "form": self.filters(),
            "note": self.note,
            "facts": [(_("Liens"), page.paginator.count)] if page.paginator.count else [],
            "columns": self.columns,
            "lines": [drawn(self.columns, row) for row in page],
            "page": page,
            "empty": self.empty,
            "exports": [],
        }
        return render_screen(request, self.template_name, context, title=self.title, icon=self.icon)


REPORTS: dict[str, type[NamedReport]] = {
    "images": PicturesReport,
    "documents": DocumentsReport,
    "liens": LinksReport,
}
"""By their address."""

REDIRECTS = tuple(f"wagtailredirects.{act}_redirect" for act in ("add", "change", "delete"))
THEMES = tuple(f"pages.{act}_documenttheme" for act in ("view", "add", "change"))


def grants() -> list[Grant]:
    """Both keep the shelves; addresses that lead elsewhere are set by whoever publishes."""
    return [Grant(Trade.WRITER, THEMES), Grant(Trade.EDITOR, (*THEMES, *REDIRECTS))]


def screens() -> list[Screen]:
    return [
        Screen(
            menu=Menu.COMMUNICATION,
            label=_("Thèmes de documents"),
            icon=ThemeViewSet.icon,
            permission="pages.view_documenttheme",
            viewset=ThemeViewSet,
            weight=50,
        ),
        *(
            Screen(
                menu=Menu.COMMUNICATION,
                label=str(report.title),
                icon=report.icon,
                permission=report.permission,
                url_name=f"actualites:{report.name}",
                weight=weight,
            )
            for weight, report in enumerate(REPORTS.values(), start=60)
        ),
    ]
