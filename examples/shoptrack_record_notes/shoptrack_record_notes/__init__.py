"""A plugin for ShopTrack: a note and a tax rate on each shopping record."""

from shoptrack_record_notes.extension import RecordNotes


def includeme(config):
    """Plug the notes into ShopTrack."""
    config.add_migrations("record_notes", "shoptrack_record_notes:revisions")
    config.add_translation_dirs("shoptrack_record_notes:locale")
    config.extend_resource("shopping-records", RecordNotes)
