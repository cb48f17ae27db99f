"""What the town publishes, for whoever wants to reuse it: public, read only."""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request

from core.api.permissions import Public
from plugins.actualites.models import DocumentEntry, NewsPage
from plugins.actualites.selectors import latest_news, public_entries

PICTURE = "width-1200|format-webp"

app_name = "actualites"


class PictureSerializer(serializers.Serializer[Any]):
    adresse = serializers.URLField()
    description = serializers.CharField()
    largeur = serializers.IntegerField()
    hauteur = serializers.IntegerField()


class DocumentSerializer(serializers.Serializer[Any]):
    """A document of the library, whatever joins it: `source` leads to it."""

    titre = serializers.CharField(source="document.title")
    adresse = serializers.SerializerMethodField()
    type = serializers.CharField(source="document.file_extension")
    taille = serializers.IntegerField(source="document.file_size", help_text=_("En octets."))

    @extend_schema_field(serializers.URLField())
    def get_adresse(self, joined: Any) -> str:
        request: Request = self.context["request"]
        return request.build_absolute_uri(joined.document.url)


class EntrySerializer(DocumentSerializer):
    description = serializers.CharField()
    ajoute_le = serializers.DateTimeField(source="document.created_at")


class NewsSerializer(serializers.Serializer[NewsPage]):
    id = serializers.IntegerField(source="pk")
    titre = serializers.CharField(source="title")
    chapo = serializers.CharField(source="lead")
    date = serializers.DateField()
    service = serializers.CharField(source="author_service")
    adresse = serializers.SerializerMethodField()
    image = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_adresse(self, news: NewsPage) -> str:
        request: Request = self.context["request"]
        return request.build_absolute_uri(news.get_url(request))

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
        }


class ArticleSerializer(NewsSerializer):
    corps = serializers.SerializerMethodField(help_text=_("Texte de l’actualité, en HTML."))
    documents = DocumentSerializer(many=True)

    def get_corps(self, news: NewsPage) -> str:
        return str(news.body.render_as_block())


@extend_schema(tags=["Actualités"])
class NewsList(generics.ListAPIView[NewsPage]):
    permission_classes = [Public]
    serializer_class = NewsSerializer

    def get_queryset(self) -> "QuerySet[NewsPage]":
        return latest_news().prefetch_related("picture__renditions")

    @extend_schema(summary="Les actualités, de la plus récente à la plus ancienne")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)


@extend_schema(tags=["Actualités"])
class Article(generics.RetrieveAPIView[NewsPage]):
    permission_classes = [Public]
    serializer_class = ArticleSerializer

    def get_queryset(self) -> "QuerySet[NewsPage]":
        return latest_news().prefetch_related("documents__document")

    @extend_schema(summary="Une actualité et ses documents")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)


@extend_schema(tags=["Actualités"])
class DocumentList(generics.ListAPIView[DocumentEntry]):
    permission_classes = [Public]
    serializer_class = EntrySerializer

    def get_queryset(self) -> "QuerySet[DocumentEntry]":
        return public_entries()

    @extend_schema(summary="Les documents à télécharger, du plus récent au plus ancien")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)


index = [(_("Actualités"), "news"), (_("Documents"), "documents")]
urlpatterns = [
    path("actualites/", NewsList.as_view(), name="news"),
    path("actualites/<int:pk>/", Article.as_view(), name="article"),
    path("documents/", DocumentList.as_view(), name="documents"),
]
