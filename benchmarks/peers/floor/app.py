"""The floor's WSGI function: a path, a method, an answer."""

import os
import re
from typing import Any
from urllib.parse import parse_qs

import orjson

from benchmarks.peers.floor.database import connect
from benchmarks.peers.floor.records import DEFAULT_ORDERING, Records
from benchmarks.peers.floor.users import Users

database = connect(os.environ["DATABASE_URL"])
records = Records(database)
users = Users(database, os.environ["SHOPTRACK_SECRET_KEY"])

RECORDS = "/api/shopping-records/"
RECORD = re.compile(rf"{RECORDS}(\d+)/")

Answer = tuple[str, Any, list[tuple[str, str]]]  # status, document, further headers


def application(environ: dict[str, Any], start_response) -> list[bytes]:
    """Answer one request."""
    status, document, headers = answer(environ)
    body = orjson.dumps(document)
    headers += [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response(status, headers)
    return [body]


def answer(environ: dict[str, Any]) -> Answer:
    """Return what a request is answered."""
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    if (method, path) == ("POST", "/api/auth/token/"):
        sent = _body(environ)
        tokens = users.sign_in(sent["username"], sent["password"])
        if tokens is None:
            return "401 Unauthorized", {"detail": "Wrong name or password."}, []
        return "200 OK", tokens, []
    if not users.known(environ.get("HTTP_AUTHORIZATION", "")):
        return "401 Unauthorized", {"detail": "Sign in first."}, []
    if (method, path) == ("GET", "/api/categories/"):
        return "200 OK", records.categories(), []
    if (method, path) == ("GET", RECORDS):
        return _list(parse_qs(environ["QUERY_STRING"]))
    if (method, path) == ("POST", RECORDS):
        return "201 Created", records.create(_body(environ)), []
    if match := RECORD.fullmatch(path):
        return _one(method, int(match[1]), environ)
    return "404 Not Found", {"detail": "Not found."}, []


def _list(parameters: dict[str, list[str]]) -> Answer:
    if "limit" not in parameters:
        return "200 OK", records.all(), []
    ordering = parameters.get("ordering", [DEFAULT_ORDERING])[0]
    page, count = records.page(
        int(parameters["category_id"][0]), ordering, int(parameters["limit"][0])
    )
    return "200 OK", page, [("Total-Count", str(count))]


def _one(method: str, id: int, environ: dict[str, Any]) -> Answer:
    found = records.change(id, _body(environ)) if method == "PATCH" else records.one(id)
    if found is None:
        return "404 Not Found", {"detail": "Not found."}, []
    return "200 OK", found, []


def _body(environ: dict[str, Any]) -> dict[str, Any]:
    return orjson.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
