"""The fields that shopping records get."""

from shoptrack.resources import Extension, Integer, LongText

from shoptrack_record_notes.models import RecordNote
from shoptrack_record_notes.translation import _


class RecordNotes(Extension):
    """A note and a tax rate on each shopping record."""

    model = RecordNote
    fields = (
        LongText("note", verbose_name=_("note"), max_length=1000, required=False),
        Integer(
            "tax_rate",
            verbose_name=_("tax rate"),
            description="In percent.",
            minimum=0,
            maximum=100,
            default=8,
        ),
    )
