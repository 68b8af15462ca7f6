"""Texts that are said in the reader's language.

In Python they are marked by ``_``, in templates by ``_`` or ``{% trans %}``. What is only known when a page is made,
such as the names of resources or the sentences about a form, passes the filter ``translated``.
"""

from pyramid.i18n import TranslationStringFactory

DOMAIN = "shoptrack_admin"
_ = TranslationStringFactory(DOMAIN)
