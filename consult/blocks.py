"""What editors compose the file of a consultation with: the blocks of every page, and those of a consultation."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from pages.blocks import BodyBlock


class MomentBlock(blocks.StructBlock):
    when = blocks.CharBlock(label=_("when"), max_length=60)
    what = blocks.CharBlock(label=_("what happens"), max_length=160)

    class Meta:
        label = _("moment")


class TimelineBlock(blocks.StructBlock):
    moments = blocks.ListBlock(MomentBlock(), label=_("moments"), min_num=1, max_num=20)

    class Meta:
        label = _("timeline")
        icon = "history"
        template = "consult/blocks/timeline.html"


class VideoBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("title of the video"), max_length=120)
    url = blocks.URLBlock(label=_("address of the video"), max_length=500)
    length = blocks.CharBlock(label=_("length, and whether it is subtitled"), max_length=80, required=False)

    class Meta:
        label = _("link to a video")
        icon = "media"
        template = "consult/blocks/video.html"


class ConsultationBlock(BodyBlock):
    timeline = TimelineBlock()
    video = VideoBlock()
