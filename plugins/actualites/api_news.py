"""The news, for whoever wants to reuse them: read only, by pages, filtered, cacheable.

A visitor reads what anybody may; a parent's session or token reads what is for that family too.
"""

from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from wagtail.query import PageQuerySet

from core.api.caching import Cacheable
from core.api.permissions import Public
from core.kernel import clock
from core.pages.audiences import audiences
from core.pages.documents import up_to_date
from core.pages.library import LibraryDocument
from core.pages.selectors import address
from plugins.actualites.models import NewsDocument, NewsPage
from plugins.actualites.selectors_news import Filters, by_date, service_names

PICTURE = "width-1200|format-webp"


class PictureSerializer(serializers.Serializer[Any]):
    adresse = serializers.URLField()
    description = serializers.CharField()
    largeur = serializers.IntegerField()
    hauteur = serializers.IntegerField()
    credit = serializers.CharField()


class NamedSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(source="slug")
    nom = serializers.CharField(source="name")


class SiteSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    nom = serializers.CharField(source="name")


class JoinedSerializer(serializers.Serializer[NewsDocument]):
    """A document joined to an article."""

    titre = serializers.CharField(source="document.title")
    adresse = serializers.SerializerMethodField()
    type = serializers.CharField(source="document.file_extension")
    taille = serializers.IntegerField(source="document.file_size", help_text=_("En octets."))

    @extend_schema_field(serializers.URLField())
    def get_adresse(self, joined: NewsDocument) -> str:
        found: str = self.context["request"].build_absolute_uri(joined.document.url)
        return found


class NewsSerializer(serializers.Serializer[NewsPage]):
    id = serializers.IntegerField(source="pk")
    titre = serializers.CharField(source="title")
    chapo = serializers.CharField(source="lead")
    date = serializers.DateField()
    modifiee_le = serializers.DateTimeField(
        source="last_published_at", help_text=_("Dernière mise en ligne.")
    )
    epinglee = serializers.BooleanField(source="pinned")
    reservee = serializers.SerializerMethodField(help_text=_("Vrai si seules certaines familles la lisent."))
    rubrique = NamedSerializer(source="category", allow_null=True)
    mots_cles = NamedSerializer(source="keywords", many=True)
    lieux = SiteSerializer(source="sites", many=True, help_text=_("Aucun : toute la commune."))
    quartiers = NamedSerializer(source="quarters", many=True)
    service = serializers.SerializerMethodField(help_text=_("Nom du service auteur, ou rien."))
    adresse = serializers.SerializerMethodField()
    image = serializers.SerializerMethodField()

    @cached_property
    def _services(self) -> dict[str, str]:
        return service_names()

    def get_reservee(self, news: NewsPage) -> bool:
        return bool(news.readers)

    def get_service(self, news: NewsPage) -> str:
        return self._services.get(news.author_service, news.author_service)

    @extend_schema_field(serializers.URLField())
    def get_adresse(self, news: NewsPage) -> str:
        found: str = self.context["request"].build_absolute_uri(address(news))
        return found

    @extend_schema_field(PictureSerializer(allow_null=True))
    def get_image(self, news: NewsPage) -> dict[str, Any] | None:
        if not news.picture:
            return None
        rendition = news.picture.get_rendition(PICTURE)
        return {
            "adresse": self.context["request"].build_absolute_uri(rendition.url),
            "description": news.picture.description,
            "largeur": rendition.width,
            "hauteur": rendition.height,
            "credit": news.picture.credit_line,
        }


class ArticleSerializer(NewsSerializer):
    corps = serializers.SerializerMethodField(help_text=_("Texte de l’actualité, en HTML."))
    documents = JoinedSerializer(many=True)

    def get_corps(self, news: NewsPage) -> str:
        return str(news.body.render_as_block())


def _asked(name: str, kind: Any, description: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=str(description))


FILTERS = [
    _asked("categorie", OpenApiTypes.STR, _("Code d’une rubrique.")),
    _asked("lieu", OpenApiTypes.STR, _("Code d’une école, d’un lieu ou d’un quartier.")),
    _asked("annee", OpenApiTypes.INT, _("Année de publication, « 2026 ».")),
    _asked("mot", OpenApiTypes.STR, _("Code d’un mot-clé.")),
    _asked("recherche", OpenApiTypes.STR, _("Mots du titre ou du chapô, sans égard aux accents.")),
]


class _News(Cacheable):
    permission_classes = [Public]

    def get_queryset(self) -> "PageQuerySet[NewsPage]":
        return by_date(audiences(self.request)).prefetch_related(
            "picture__renditions", "keywords", "sites", "quarters"
        )


@extend_schema(tags=["Actualités"])
class NewsList(_News, generics.ListAPIView[NewsPage]):
    serializer_class = NewsSerializer

    def filter_queryset(self, queryset: Any) -> Any:
        return Filters.of(self.request.query_params.dict()).among(queryset)

    @extend_schema(summary="Les actualités, de la plus récente à la plus ancienne", parameters=FILTERS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)


@extend_schema(tags=["Actualités"])
class Article(_News, generics.RetrieveAPIView[NewsPage]):
    serializer_class = ArticleSerializer

    def get_queryset(self) -> "PageQuerySet[NewsPage]":
        mine = up_to_date(LibraryDocument.objects.all(), keys=audiences(self.request), today=clock.today())
        joined = NewsDocument.objects.filter(document__in=mine).select_related("document")
        return super().get_queryset().prefetch_related(Prefetch("documents", joined))

    def get_object(self) -> NewsPage:
        self.found: NewsPage = super().get_object()
        return self.found

    @extend_schema(summary="Une actualité et ses documents")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        response = super().get(request, *args, **kwargs)
        if self.found.last_published_at:
            response["Last-Modified"] = http_date(self.found.last_published_at.timestamp())
        return response
