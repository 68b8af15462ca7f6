"""Texts that pages can say in another language, and that are English everywhere else."""

import orjson
import pytest
from pyramid.config import Configurator
from pyramid.i18n import make_localizer
from pyramid.interfaces import ITranslationDirectories

from shoptrack.catalog.resources import CategoryResource
from shoptrack.i18n.translation import MessageFactory, _, translate


@pytest.fixture(scope="module")
def japanese():
    config = Configurator()
    config.add_translation_dirs("shoptrack:locale")
    config.commit()
    return make_localizer("ja", config.registry.getUtility(ITranslationDirectories))


def test_a_message_is_its_english_text():
    message = _("Ensure this field has no more than ${limit} characters.", limit=50)
    assert message == "Ensure this field has no more than 50 characters."
    assert orjson.dumps([message]) == f'["{message}"]'.encode()


def test_a_message_is_said_with_its_values(japanese):
    message = _("Ensure this field has no more than ${limit} characters.", limit=50)
    assert translate(japanese, message) == "50文字以内で入力してください。"


def test_values_are_said_in_the_language_too(japanese):
    message = _(
        "${noun} with this ${field} already exists.",
        noun=CategoryResource.noun(),
        field=CategoryResource.fields[0].verbose_name,
    )
    assert message == "category with this name already exists."
    assert translate(japanese, message) == "この名前のカテゴリーはすでに存在します。"


def test_what_no_catalogue_has_stays_english(japanese):
    message = MessageFactory("a_plugin")("${count} wishes", count=3)
    assert translate(japanese, message) == "3 wishes"
    assert translate(japanese, "something else", "shoptrack") == "something else"


def test_a_text_that_names_no_catalogue_is_looked_for(japanese):
    assert translate(japanese, "stores", "a_plugin", "shoptrack") == "店舗"


def test_a_value_is_never_read_as_a_message(japanese):
    message = _('Invalid pk "${id}" - object does not exist.', id="${noun} stores")
    assert translate(japanese, message) == "ID「${noun} stores」の項目は存在しません。"
