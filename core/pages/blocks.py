"""What editors compose pages with."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

RICH_TEXT = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]


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


class DocumentsBlock(blocks.ListBlock):
    """Documents to download, with their type and size."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(DocumentChooserBlock(label=_("Document")), **kwargs)

    class Meta:
        label = _("Documents à télécharger")
        icon = "doc-full"
        template = "pages/blocks/documents.html"


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


class BodyBlock(blocks.StreamBlock):
    """The body of a page: any of these, in any order."""

    heading = blocks.CharBlock(
        label=_("Intertitre"), icon="title", max_length=120, template="pages/blocks/heading.html"
    )
    text = blocks.RichTextBlock(
        label=_("Texte"), icon="pilcrow", features=RICH_TEXT, template="pages/blocks/text.html"
    )
    picture = PictureBlock()
    documents = DocumentsBlock()
    alert = AlertBlock()
