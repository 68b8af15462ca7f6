"""FlashMessages that are shown on the page that follows."""

import json
from base64 import urlsafe_b64encode

import pytest
from pyramid.request import Request

from shoptrack_admin.messages import COOKIE, MAX_TEXT_LENGTH, FlashMessages

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def say(app):
    """Return a function that adds messages, and returns the cookie that keeps them."""

    def say(*texts):
        with app.request_context(Request.blank("/admin/").environ) as request:
            messages = FlashMessages(request)
            for text in texts:
                messages.add(text)
            messages._store(request, request.response)
        (cookie,) = request.response.headers.getall("Set-Cookie")
        return cookie

    return say


def shown(client, cookie, **options):
    headers = {"Cookie": cookie.partition(";")[0]}
    answer = client.get("/admin/login/", headers=headers, **options)
    return answer, [message.text for message in answer.html.find_all(class_="message")]


def test_a_message_is_shown_once(visitor, say):
    answer, texts = shown(visitor, say("The store was added."))
    assert texts == ["The store was added."]
    (deletion,) = [c for c in answer.headers.getall("Set-Cookie") if c.startswith(f"{COOKIE}=")]
    assert deletion.startswith(f"{COOKIE}=; Max-Age=0; Path=/admin/")


def test_a_message_is_escaped(visitor, say):
    answer, texts = shown(visitor, say("<script>alert(1)</script> was added."))
    assert texts == ["<script>alert(1)</script> was added."]
    assert "<script>alert" not in answer


def test_only_so_many_fit_and_they_are_cut(visitor, say):
    cookie = say(*(f"{number}" + "あ" * 1000 for number in range(9)))
    assert len(cookie) < 4096
    _, texts = shown(visitor, cookie)
    assert [text[0] for text in texts] == ["5", "6", "7", "8"]
    assert all(len(text) == MAX_TEXT_LENGTH for text in texts)


def test_the_cookie_is_for_these_pages_alone(say):
    assert say("a").endswith("; Path=/admin/; secure; HttpOnly; SameSite=Strict")


def test_nobody_else_can_put_a_message_there(visitor):
    forged = urlsafe_b64encode(json.dumps([["You won.", "success"]]).encode()).decode()
    for value in (forged, "A" * 200 + forged, "", "x"):
        _, texts = shown(visitor, f"{COOKIE}={value}")
        assert texts == []
