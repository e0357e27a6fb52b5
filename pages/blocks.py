"""The few blocks that editors compose with: words, figures, a quote, a picture, a document, an act."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

# What people read as rich text; anything else pasted in is dropped by the editor.
FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class FigureBlock(blocks.StructBlock):
    value = blocks.CharBlock(label=_("figure"), max_length=20)
    label = blocks.CharBlock(label=_("what it counts"), max_length=80)
    note = blocks.CharBlock(label=_("out of how many, and when"), max_length=120)


class FiguresBlock(blocks.StructBlock):
    items = blocks.ListBlock(FigureBlock(), label=_("figures"), min_num=1, max_num=4)

    class Meta:
        label = _("figures")
        icon = "order"
        template = "pages/blocks/figures.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("words"), max_length=600)
    source = blocks.CharBlock(label=_("who, when"), max_length=120)

    class Meta:
        label = _("quote")
        icon = "openquote"
        template = "pages/blocks/quote.html"


class ActBlock(blocks.StructBlock):
    label = blocks.CharBlock(label=_("words of the button"), max_length=60)
    url = blocks.CharBlock(label=_("address, on this site or elsewhere"), max_length=300)

    class Meta:
        label = _("button")
        icon = "link"
        template = "pages/blocks/act.html"


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("document"))
    note = blocks.CharBlock(label=_("what is in it"), max_length=160, required=False)

    class Meta:
        label = _("document")
        icon = "doc-full"
        template = "pages/blocks/document.html"


class PictureBlock(ImageBlock):
    class Meta:
        label = _("picture")
        icon = "image"
        template = "pages/blocks/picture.html"


class BodyBlock(blocks.StreamBlock):
    words = blocks.RichTextBlock(label=_("words"), features=FEATURES, template="pages/blocks/words.html")
    figures = FiguresBlock()
    quote = QuoteBlock()
    picture = PictureBlock()
    document = DocumentBlock()
    act = ActBlock()
