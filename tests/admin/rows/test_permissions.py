"""Every page asks for its permission."""

import pytest

pytestmark = pytest.mark.model_permissions


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(
    ("held", "path", "statuses"),
    [
        ((), "/admin/categories/", (403, 403)),
        (("categories:view",), "/admin/categories/", (200, 405)),
        (("categories:view",), "/admin/categories/export.csv", (200, 405)),
        (("categories:view",), "/admin/categories/choices/", (200, 405)),
        ((), "/admin/categories/choices/", (403, 403)),
        ((), "/admin/categories/export.csv", (403, 403)),
        (("categories:view",), "/admin/categories/{id}/", (200, 403)),
        (("categories:view",), "/admin/categories/add/", (403, 403)),
        (("categories:view",), "/admin/categories/{id}/delete/", (403, 403)),
        (("categories:view",), "/admin/categories/delete/?id={id}", (403, 403)),
        (("categories:view",), "/admin/categories/merge/?id={id}", (403, 403)),
        (("categories:view", "categories:change"), "/admin/categories/{id}/", (200, 400)),
        (("categories:add",), "/admin/categories/add/", (200, 400)),
        (("categories:delete",), "/admin/categories/delete/?id={id}", (200, 303)),
        (("categories:delete",), "/admin/categories/merge/?id={id}", (403, 403)),
    ],
)
def test_a_page_is_refused_without_its_permission(staff_with, make, submit, held, path, statuses):
    client = staff_with(*held)
    address = path.format(id=make.category().id)
    assert client.get(address, expect_errors=True).status_int == statuses[0]
    assert submit(client, address, expect_errors=True).status_int == statuses[1]


@pytest.mark.database("sqlite")
def test_the_menu_and_the_buttons_follow(staff_with, make):
    category = make.category(name="Meat")
    page = staff_with("categories:view").get("/admin/categories/")
    links = {link["href"] for link in page.html.select("nav.menu a")}
    assert links == {"/admin/", "/admin/categories/"}
    assert not page.html.select("input[type=checkbox], a.primary")
    row = page.click("Meat")
    assert not row.html.select("main form, a.danger")
    assert row.html.select_one("dl dd").text.strip() == "Meat"
    more = staff_with("categories:view", "categories:add", "categories:delete")
    page = more.get("/admin/categories/")
    assert page.html.select_one("a.primary")["href"] == "/admin/categories/add/"
    assert more.get(f"/admin/categories/{category.id}/").html.select_one("a.danger")


def test_who_may_not_change_what_refers_to_a_row_moves_nothing(staff_with, make, submit):
    product, other = make.product(), make.category()
    client = staff_with("categories:view", "categories:delete")
    path = f"/admin/categories/{product.category_id}/delete/"
    page = client.get(path)
    assert "You do not have permission to change all rows that use it." in page
    assert "You do not have permission to view all rows that use it." in page
    assert "Products: 1" not in page
    assert not page.html.select("ul.rows a")
    answer = submit(client, path, {"replacement_id": other.id}, status=403)
    assert "You do not have permission to change products." in answer


@pytest.mark.database("sqlite")
def test_a_link_to_what_one_may_not_see_is_plain_text(staff_with, make):
    make.product(name="Milk")
    page = staff_with("products:view").get("/admin/products/")
    assert len(page.html.select("tbody a")) == 1
