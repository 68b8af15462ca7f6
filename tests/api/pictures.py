"""A plugin that stores pictures as files, and takes and gives a price list as CSV."""

import csv
from io import TextIOWrapper
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO
from uuid import uuid4

from pyramid.response import FileResponse

from shoptrack.errors import BadRequest, NotFound
from shoptrack.rest import (
    FILE,
    Header,
    RangeNotSatisfiable,
    ResponseDescription,
    Service,
    csv_export,
    describe_view,
    object_schema,
    read_body,
    select_media_type,
    stream,
)
from shoptrack.settings import SettingsTable, setting

MEBIBYTE = 1024 * 1024
SIGNS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
CSV = "text/csv"
STORED = object_schema(bytes={"type": "integer"})
PRICE = object_schema(name={"type": "string"}, price={"type": "integer"})
DISPOSITION = Header("Content-Disposition", "The name of the file.", is_required=False)
CONTENT_RANGE = Header("Content-Range", "Which range it is, as in `bytes 0-9/1234`.")
LAST_MODIFIED = Header("Last-Modified", "When it was stored.")


class PictureSettings(SettingsTable):
    """Settings of pictures."""

    folder: Path = setting(Path("."), "SHOPTRACK_PICTURES_FOLDER", expected="a folder")


def find_picture(request) -> Path:
    """Return the file of a picture."""
    path = PictureSettings.of(request.registry).folder / request.matchdict["name"]
    if not path.exists():
        raise NotFound
    return path


def recognise(file: BinaryIO) -> str | None:
    """Return the media type of a picture, by its first bytes."""
    start = file.read(8)
    file.seek(0)
    return next((kind for kind, sign in SIGNS.items() if start.startswith(sign)), None)


@describe_view(responses=[ResponseDescription(201, "What was stored.", STORED)])
def store_picture(request):
    """Store a picture."""
    if recognise(request.body_file) != request.content_type:
        raise BadRequest("The file is not what its Content-Type says.")
    folder = PictureSettings.of(request.registry).folder
    draft = folder / f".{uuid4().hex}"  # renamed once it is whole
    try:
        with draft.open("xb") as file:
            copyfileobj(request.body_file, file)
        draft.replace(folder / request.matchdict["name"])
    finally:
        draft.unlink(missing_ok=True)
    request.response.status_int = 201
    return {"bytes": request.content_length}


@describe_view(
    responses=[
        ResponseDescription(200, "The picture.", headers=[LAST_MODIFIED]),
        ResponseDescription(206, "A range of it.", FILE, headers=[LAST_MODIFIED, CONTENT_RANGE]),
        ResponseDescription(304, "It has not changed.", headers=[LAST_MODIFIED]),
        RangeNotSatisfiable,
    ]
)
def read_picture(request):
    """Answer a picture."""
    path = find_picture(request)
    with path.open("rb") as file:
        media_type = recognise(file)
    select_media_type(request, [media_type])  # the client may accept the other one only
    return FileResponse(path, request=request, content_type=media_type)


@describe_view(responses=[ResponseDescription(200, "The bytes.", FILE, [DISPOSITION])])
def stream_picture(request):
    """Answer a picture in chunks that are made while they are sent."""
    path = find_picture(request)

    def read_chunks():
        with path.open("rb") as file:
            while chunk := file.read(65_536):
                yield chunk

    return stream(
        request, read_chunks(), content_type="application/octet-stream", filename="写真.bin"
    )


@describe_view(
    body=object_schema(note={"type": "string"}),
    responses=[
        ResponseDescription(200, "What was sent.", object_schema(bytes={"type": "integer"}))
    ],
)
def annotate(request):
    """Take a note, as JSON or as a text."""
    if request.content_type == "text/plain":
        return {"bytes": len(request.body)}
    return {"bytes": len(read_body(request)["note"])}


def get_prices(request) -> dict[str, int]:
    return request.registry.setdefault("prices", {})


@describe_view(
    responses=[ResponseDescription(200, "How many.", object_schema(rows={"type": "integer"}))]
)
def import_prices(request):
    """Read a price list."""
    try:
        lines = TextIOWrapper(request.body_file, "utf-8", newline="")
        prices = {row["name"]: int(row["price"]) for row in csv.DictReader(lines)}
    except (UnicodeDecodeError, KeyError, ValueError) as error:
        raise BadRequest(f"This is no price list: {error}") from None
    get_prices(request).update(prices)
    return {"rows": len(prices)}


@describe_view(
    responses=[
        ResponseDescription(200, "The prices.", {"type": "array", "items": PRICE}, [DISPOSITION])
    ]
)
def export_prices(request):
    """Answer the price list."""
    prices = get_prices(request)
    if select_media_type(request, ("application/json", CSV)) == CSV:
        return csv_export.response(request, "prices.csv", ("name", "price"), prices.items())
    return [{"name": name, "price": price} for name, price in prices.items()]


def add_picture_service(config):
    service = Service("picture", "/api/pictures/{name:[a-z]+}/", description="A picture.")
    service.add_view(
        "PUT",
        store_picture,
        accepts=("image/png", "image/jpeg"),
        max_body_size=80 * MEBIBYTE,
        permission="pictures:change",
    )
    service.add_view(
        "GET", read_picture, answers=("image/png", "image/jpeg"), permission="pictures:view"
    )
    config.add_service(service)


def includeme(config):
    """Serve pictures and prices."""
    config.add_settings_table(PictureSettings)
    config.add_permissions({"pictures:view": "view pictures", "pictures:change": "change pictures"})
    add_picture_service(config)
    chunks = Service("chunks", "/api/pictures/{name:[a-z]+}/chunks/", description="Its bytes.")
    chunks.add_view(
        "GET", stream_picture, answers="application/octet-stream", permission="pictures:view"
    )
    config.add_service(chunks)
    notes = Service("notes", "/api/notes/", description="Notes.")
    notes.add_view(
        "POST",
        annotate,
        accepts=("application/json", "text/plain"),
        max_body_size=MEBIBYTE,
        permission="pictures:change",
    )
    config.add_service(notes)
    prices = Service("prices", "/api/prices/", description="The price list.")
    prices.add_view("POST", import_prices, accepts=CSV, permission="pictures:change")
    prices.add_view(
        "GET", export_prices, answers=("application/json", CSV), permission="pictures:view"
    )
    config.add_service(prices)
