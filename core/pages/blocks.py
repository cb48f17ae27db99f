"""What editors compose pages with: `BodyBlock` is the text of every page of the town, those of plugins included.

Each block says what it looks like through `preview_value`: the editor shows it, and a test renders and checks them all.
None of them calls another site: a map is a picture and an address, a video a file of the town or a link.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock

from core.town.selectors import contact_choices

RICH_TEXT = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]
SHORT_TEXT = ["bold", "italic", "link", "document-link"]
LONG_TEXT = [*SHORT_TEXT, "ol", "ul"]

ADDRESS = RegexValidator(
    r"^(/(?!/)|https://|mailto:|tel:)\S+$|^/$",
    _("Commencez par / pour une page de ce site, ou par https://."),
)

LOREM = "<p>Le bus passe devant chaque école, du lundi au vendredi. <b>Une carte par enfant.</b></p>"


def _first_picture() -> Any:
    return get_image_model().objects.order_by("pk").first()


def _first_documents() -> list[Any]:
    return list(get_document_model().objects.order_by("pk")[:2])


def _preview(*, picture: str, **values: Any) -> Any:
    """Values for the preview of a block whose field `picture` takes the first picture of the library."""
    return staticmethod(lambda: values | {picture: _first_picture()})


class Linking(blocks.StructValue):
    """A value that leads somewhere: `url`, "" when it leads nowhere or to a page that nobody may read now."""

    @property
    def url(self) -> str:
        from core.pages.selectors import href

        page = self.get("page")
        return href(page) if page else self.get("address") or ""


class LinkBlock(blocks.StructBlock):
    """Base of the blocks that lead to a page of the site or to an address."""

    must_lead = False

    page = blocks.PageChooserBlock(label=_("Page du site"), required=False)
    address = blocks.CharBlock(
        label=_("Ou adresse"),
        required=False,
        max_length=500,
        validators=[ADDRESS],
        help_text=_("Par exemple /contacts/ ou https://www.service-public.fr/"),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned.get("page") and cleaned.get("address"):
            raise blocks.StructBlockValidationError(
                {"address": ValidationError(_("Choisissez une page ou une adresse, pas les deux."))}
            )
        if self.must_lead and not (cleaned.get("page") or cleaned.get("address")):
            raise blocks.StructBlockValidationError(
                {"page": ValidationError(_("Choisissez une page, ou donnez une adresse."))}
            )
        return cleaned

    class Meta:
        value_class = Linking


class PictureBlock(blocks.StructBlock):
    """A picture of the library, with what it shows in words, and a caption if it needs one."""

    image = ImageBlock(label=_("Image"))
    caption = blocks.CharBlock(
        label=_("Légende"),
        required=False,
        max_length=200,
        help_text=_("Lue sous l’image ; le crédit y a sa place."),
    )

    class Meta:
        label = _("Image")
        icon = "image"
        template = "pages/blocks/picture.html"
        preview_value = _preview(picture="image", caption="La place, un matin de marché.")


class GalleryBlock(blocks.ListBlock):
    """Several pictures side by side, each with its words."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(PictureBlock(), min_num=2, max_num=24, **kwargs)

    def get_preview_value(self) -> Any:
        return self.normalize([{"image": _first_picture(), "caption": "La place"}] * 2)

    class Meta:
        label = _("Galerie")
        icon = "image"
        template = "pages/blocks/gallery.html"


class QuoteBlock(blocks.StructBlock):
    """What somebody said."""

    text = blocks.TextBlock(label=_("Citation"), max_length=600, help_text=_("Sans guillemets."))
    author = blocks.CharBlock(label=_("Qui parle"), required=False, max_length=80)
    role = blocks.CharBlock(label=_("Fonction"), required=False, max_length=120)

    class Meta:
        label = _("Citation")
        icon = "openquote"
        template = "pages/blocks/quote.html"
        preview_value: Any = {
            "text": "Le matin, la cour est à eux.",
            "author": "Une animatrice",
            "role": "Accueil périscolaire",
        }


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question ou titre"), max_length=160)
    answer = blocks.RichTextBlock(label=_("Réponse"), features=LONG_TEXT)

    class Meta:
        label = _("Question")


class AccordionBlock(blocks.ListBlock):
    """Questions and answers, closed until somebody opens them. No script."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(QuestionBlock(), **kwargs)

    class Meta:
        label = _("Questions et réponses")
        icon = "help"
        template = "pages/blocks/accordion.html"
        preview_value: Any = [
            {"question": "Qui peut prendre le bus ?", "answer": LOREM},
            {"question": "Et le mercredi ?", "answer": "<p>Il ne passe pas.</p>"},
        ]


class ActionBlock(LinkBlock):
    """What the page wants one to do: a sentence and one button."""

    must_lead = True

    text = blocks.CharBlock(label=_("Phrase"), required=False, max_length=200)
    label = blocks.CharBlock(
        label=_("Texte du bouton"), max_length=60, help_text=_("Un verbe d’abord : « Demander un compte ».")
    )

    class Meta:
        label = _("Appel à agir")
        icon = "link"
        template = "pages/blocks/action.html"
        preview_value: Any = {
            "text": "Les inscriptions sont ouvertes.",
            "label": "Inscrire mon enfant",
            "address": "/contacts/",
        }


class CardBlock(LinkBlock):
    title = blocks.CharBlock(label=_("Titre"), max_length=80)
    text = blocks.TextBlock(label=_("Texte"), required=False, max_length=300)
    image = ImageBlock(label=_("Image"), required=False)

    class Meta:
        label = _("Carte")


class CardsBlock(blocks.ListBlock):
    """Things side by side, each with the way to more."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(CardBlock(), min_num=2, max_num=12, **kwargs)

    def get_preview_value(self) -> Any:
        first = {"title": "À pied", "text": "Quatre circuits accompagnés.", "address": "/contacts/"}
        return self.normalize(
            [{**first, "image": _first_picture()}, {"title": "En bus", "text": "Deux lignes."}]
        )

    class Meta:
        label = _("Cartes")
        icon = "grip"
        template = "pages/blocks/cards.html"


class TableBlock(TypedTableBlock):
    """A table with a caption: text, or amounts aligned on the right. Rows become cards on a phone."""

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        columns = [
            ("text", blocks.RichTextBlock(label=_("Texte"), features=SHORT_TEXT, required=False)),
            ("amount", blocks.CharBlock(label=_("Nombre ou montant"), required=False, max_length=40)),
        ]
        super().__init__(local_blocks or columns, **kwargs)

    class Meta:
        label = _("Tableau")
        icon = "table"
        template = "pages/blocks/table.html"
        preview_value: Any = {
            "caption": "Le bus du matin",
            "columns": [{"type": "text", "heading": "Arrêt"}, {"type": "amount", "heading": "Heure"}],
            "rows": [{"values": ["Place de la mairie", "8 h 05"]}, {"values": ["École Villon", "8 h 15"]}],
        }


class DocumentsBlock(blocks.ListBlock):
    """Documents to download, with their type and size."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(DocumentChooserBlock(label=_("Document")), **kwargs)

    class Meta:
        label = _("Documents à télécharger")
        icon = "doc-full"
        template = "pages/blocks/documents.html"
        preview_value = staticmethod(_first_documents)


class WhoBlock(blocks.ChoiceBlock):
    """A service or a place by its key. What is stored is read as it is: a page asks once what still exists."""

    def normalize_choice(self, value: Any) -> Any:
        return value


class ReachBlock(blocks.StructBlock):
    """Base of the blocks that show a service or a place of the town's tables: edited there once, shown everywhere."""

    who = WhoBlock(label=_("Service ou lieu"), choices=contact_choices)

    def get_context(
        self, value: Mapping[str, Any], parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        from core.pages.selectors import contacts

        request = (parent_context or {}).get("request")
        return {
            **super().get_context(value, parent_context),
            "group": contacts(request).group(value.get("who") or ""),
        }

    def get_preview_value(self) -> Any:
        choices = contact_choices()
        return self.normalize({"who": choices[0][0] if choices else ""})


class ContactBlock(ReachBlock):
    """The card of a service or a place: role, telephone, e-mail, address, hours."""

    class Meta:
        label = _("Fiche de contact")
        icon = "mail"
        template = "pages/blocks/contact.html"


class HoursBlock(ReachBlock):
    """The opening hours of a service or a place, and whether it is open now."""

    class Meta:
        label = _("Horaires d’ouverture")
        icon = "time"
        template = "pages/blocks/hours.html"


class MapBlock(blocks.StructBlock):
    """Where something is: a picture of a map if there is one, the address, and a link to a map. Nothing is embedded."""

    title = blocks.CharBlock(label=_("Lieu"), max_length=120)
    street = blocks.TextBlock(label=_("Adresse"), max_length=200)
    image = ImageBlock(label=_("Plan dessiné"), required=False)
    access = blocks.TextBlock(
        label=_("Comment venir"),
        required=False,
        max_length=300,
        help_text=_("Bus, stationnement, accès en fauteuil."),
    )
    latitude = blocks.DecimalBlock(
        label=_("Latitude"), required=False, min_value=-90, max_value=90, max_digits=8, decimal_places=5
    )
    longitude = blocks.DecimalBlock(
        label=_("Longitude"), required=False, min_value=-180, max_value=180, max_digits=8, decimal_places=5
    )

    class Meta:
        label = _("Plan et accès")
        icon = "site"
        template = "pages/blocks/map.html"
        preview_value = _preview(
            picture="image", title="Mairie", street="42 avenue Jean Jaurès\n33530 Bassens",
            access="Bus 7, arrêt Mairie. Entrée de plain-pied.", latitude=44.90248, longitude=-0.51738,
        )  # fmt: skip


class VideoBlock(blocks.StructBlock):
    """A video of the town's own, played here, or a link to one elsewhere. Nobody is followed: nothing is embedded."""

    title = blocks.CharBlock(label=_("Titre"), max_length=120)
    file = DocumentChooserBlock(
        label=_("Fichier"), required=False, help_text=_("MP4 ou WebM, déposé dans les documents.")
    )
    address = blocks.URLBlock(label=_("Ou adresse d’une vidéo"), required=False)
    image = ImageBlock(label=_("Image d’attente"), required=False)
    length = blocks.CharBlock(
        label=_("Durée"), required=False, max_length=20, help_text=_("Par exemple « 2 min 30 ».")
    )
    transcript = blocks.RichTextBlock(
        label=_("Ce qui est dit et montré"),
        features=LONG_TEXT,
        help_text=_("Pour qui n’entend pas ou ne voit pas : la loi le demande."),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if bool(cleaned.get("file")) == bool(cleaned.get("address")):
            raise blocks.StructBlockValidationError(
                {"file": ValidationError(_("Choisissez un fichier, ou donnez une adresse."))}
            )
        if cleaned.get("file") and cleaned["file"].file_extension.lower() not in ("mp4", "webm"):
            raise blocks.StructBlockValidationError(
                {"file": ValidationError(_("Choisissez un fichier MP4 ou WebM."))}
            )
        return cleaned

    class Meta:
        label = _("Vidéo")
        icon = "media"
        template = "pages/blocks/video.html"
        preview_value = _preview(
            picture="image", title="Une matinée à la cantine", length="2 min 30",
            address="https://exemple.fr/video", transcript="<p>Les enfants entrent, prennent un plateau…</p>",
        )  # fmt: skip


class AlertBlock(blocks.StructBlock):
    """One thing that must not be missed."""

    tone = blocks.ChoiceBlock(
        label=_("Importance"),
        choices=[("info", _("À savoir")), ("attention", _("Attention"))],
        default="info",
    )
    title = blocks.CharBlock(
        label=_("Titre"),
        required=False,
        max_length=80,
        help_text=_("Remplace « À savoir » ou « Attention »."),
    )
    text = blocks.RichTextBlock(label=_("Texte"), features=["bold", "italic", "link"])

    class Meta:
        label = _("Encadré")
        icon = "warning"
        template = "pages/blocks/alert.html"
        preview_value: Any = {
            "tone": "attention",
            "title": "",
            "text": "<p>La piscine ferme à 18 h ce soir.</p>",
        }


class FigureBlock(blocks.StructBlock):
    number = blocks.CharBlock(
        label=_("Chiffre"), max_length=20, help_text=_("Par exemple « 7 300 » ou « 86 % ».")
    )
    label = blocks.CharBlock(label=_("Ce qu’il compte"), max_length=120)

    class Meta:
        label = _("Chiffre")


class FiguresBlock(blocks.ListBlock):
    """A few numbers that say much."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(FigureBlock(), min_num=2, max_num=6, **kwargs)

    class Meta:
        label = _("Chiffres clés")
        icon = "order"
        template = "pages/blocks/figures.html"
        preview_value: Any = [
            {"number": "4", "label": "écoles"},
            {"number": "620", "label": "repas servis chaque jour"},
        ]


class MomentBlock(blocks.StructBlock):
    when = blocks.CharBlock(label=_("Quand, ou numéro d’étape"), max_length=60)
    title = blocks.CharBlock(label=_("Titre"), max_length=120)
    text = blocks.RichTextBlock(label=_("Texte"), features=LONG_TEXT, required=False)

    class Meta:
        label = _("Moment")


class TimelineBlock(blocks.ListBlock):
    """Steps or dates, one after the other."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(MomentBlock(), min_num=2, max_num=20, **kwargs)

    class Meta:
        label = _("Étapes ou dates")
        icon = "list-ol"
        template = "pages/blocks/timeline.html"
        preview_value: Any = [
            {"when": "En mars", "title": "Le dossier s’ouvre", "text": LOREM},
            {"when": "En mai", "title": "Les places sont données", "text": ""},
        ]


class HeadingBlock(blocks.CharBlock):
    class Meta:
        label = _("Intertitre")
        icon = "title"
        template = "pages/blocks/heading.html"
        preview_value = "Le bus : chaque matin"


class TextBlock(blocks.RichTextBlock):
    class Meta:
        label = _("Texte")
        icon = "pilcrow"
        template = "pages/blocks/text.html"
        preview_value = LOREM


class BodyBlock(blocks.StreamBlock):
    """The body of a page: any of these, in any order."""

    heading = HeadingBlock(max_length=120, group=_("Écrire"))
    text = TextBlock(features=RICH_TEXT, group=_("Écrire"))
    quote = QuoteBlock(group=_("Écrire"))
    alert = AlertBlock(group=_("Écrire"))
    accordion = AccordionBlock(group=_("Écrire"))
    timeline = TimelineBlock(group=_("Écrire"))
    picture = PictureBlock(group=_("Montrer"))
    gallery = GalleryBlock(group=_("Montrer"))
    video = VideoBlock(group=_("Montrer"))
    table = TableBlock(group=_("Montrer"))
    figures = FiguresBlock(group=_("Montrer"))
    action = ActionBlock(group=_("Mener ailleurs"))
    cards = CardsBlock(group=_("Mener ailleurs"))
    documents = DocumentsBlock(group=_("Mener ailleurs"))
    contact = ContactBlock(group=_("La commune"))
    hours = HoursBlock(group=_("La commune"))
    map = MapBlock(group=_("La commune"))
