from importlib.util import find_spec

import pytest

pytestmark = pytest.mark.skipif(
    find_spec("shoptrack_admin") is None, reason="There is no administration."
)


def test_the_form_of_a_record_has_the_fields(admin, record):
    page = admin.get(f"/admin/shopping-records/{record.id}/")
    form = next(form for form in page.forms.values() if "tax_rate" in form.fields)
    assert form["tax_rate"].value == "8"
    form["note"] = "too dear"
    form.submit("save", status=303)
    assert "too dear" in admin.get("/admin/shopping-records/export.csv").text
