"""The household's currency."""

import pytest

from shoptrack.i18n import Currency
from shoptrack.settings import ConfigurationError, Settings, Sources


def read(**environ: str) -> Settings:
    environ = {"SHOPTRACK_DEBUG": "on", **environ}
    return Sources(environ=environ, dotenv_path=None).read(Settings)


def test_it_is_the_yen_unless_another_is_set():
    assert read().currency == Currency("JPY", digits=0)
    assert read(SHOPTRACK_CURRENCY="eur").currency == Currency("EUR", digits=2)


@pytest.mark.parametrize("wrong", ["YEN", "€", "Euro", "XXX", "JPY,EUR"])
def test_an_unknown_code_stops_the_start(wrong):
    with pytest.raises(ConfigurationError) as error:
        read(SHOPTRACK_CURRENCY=wrong)
    assert f"SHOPTRACK_CURRENCY: found {wrong!r} in the environment." in str(error.value)
    assert f"No currency of ISO 4217 has the code {wrong.upper()!r}." in str(error.value)
    assert "It takes a code of ISO 4217, such as JPY, EUR or USD." in str(error.value)
