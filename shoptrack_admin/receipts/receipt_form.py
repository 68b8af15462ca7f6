"""The form of a receipt: its lines, with what was bought last, by few statements however many lines there are."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from shoptrack_admin.receipts.last_purchases import LastPurchase, find_last_purchases, read_id
from shoptrack_admin.receipts.sent_receipt import (
    FIRST,
    PAPER_TOTAL,
    PRODUCT,
    ReceiptFields,
    SentReceipt,
    add_messages,
)
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.rows.widgets import CONFIRMED, Widget, make_reference_widgets, make_widget
from shoptrack_admin.translation import _, translate_for_request

EMPTY_LINES = 10
DRAFT = "draft"  # the input with the name of the draft that a script keeps in the browser
DRAFT_BYTES, MAX_DRAFT_LENGTH = 9, 40
COPIED_LINE = "lines-new-"  # the prefix of the line that a script copies


@dataclass(frozen=True)
class Line:
    """A line of the form.

    :param prefix: of the names of its inputs
    :param widgets: of the product, the quantity and the price, and then of the fields of plugins
    """

    prefix: str
    widgets: Sequence[Widget]
    last: LastPurchase

    @property
    def others(self) -> Sequence[Widget]:
        """Return the inputs of the fields of plugins."""
        return self.widgets[len(FIRST) :]


def make_sent_form(request, receipt: SentReceipt) -> dict[str, Any]:
    """Return the template's values for a form that was sent, with further empty lines."""
    used = receipt.prefixes
    first = int(used[-1].split("-")[1]) + 1 if used else 0
    wanted = EMPTY_LINES if "more" in receipt.values else max(1, EMPTY_LINES - len(used))
    number = min(wanted, max(0, receipt.fields.max_lines - len(used)))
    with_questions = bool(receipt.questions) and not receipt.errors
    add_messages(receipt.errors, receipt.questions)
    if receipt.errors:
        request.response.status_int = 400
    form = make_form(
        request,
        receipt.admin,
        receipt.values,
        [*used, *_make_prefixes(number, first)],
        receipt.errors,
    )
    form["confirmed"] = _get_confirmed(receipt)
    form["with_questions"] = with_questions
    if used and receipt.total is not None:
        form["total"] = request.number_format.format_amount(receipt.total)
    return form


def make_form(
    request,
    admin: ResourceAdmin,
    values: Mapping[str, str],
    prefixes: Sequence[str] = (),
    errors: Mapping[str, list[str]] | None = None,
) -> dict[str, Any]:
    """Return the template's values.

    :param values: of the inputs, by their names
    :param prefixes: of the lines; by default some empty ones
    :param errors: messages by the names of inputs
    """
    fields = ReceiptFields.of(admin)
    made = _make_lines(
        request, fields, values, [*(prefixes or _make_prefixes(EMPTY_LINES)), COPIED_LINE]
    )
    *lines, copied_line = made
    labels = _make_labels(request, fields, lines)
    order = ["", *labels]
    draft = values.get(DRAFT, "")[:MAX_DRAFT_LENGTH]
    return {
        "shared": [make_widget(request, one, values) for one in fields.shared],
        "lines": lines,
        "copied_line": copied_line,
        "max_lines": fields.max_lines,
        "paper_total": values.get(PAPER_TOTAL, ""),
        "total": "",
        "labels": labels,
        "errors": {name: (errors or {})[name] for name in sorted(errors or {}, key=order.index)},
        "confirmed": {},
        "with_questions": False,
        "draft": draft or secrets.token_urlsafe(DRAFT_BYTES),
        "records_path": _find_records_path(request, admin),
        "script": _make_script_data(request),
    }


def _make_prefixes(number: int, first: int = 0) -> list[str]:
    return [f"lines-{n}-" for n in range(first, first + number)]


def _make_lines(
    request, fields: ReceiptFields, values: Mapping[str, str], prefixes: Sequence[str]
) -> list[Line]:
    columns = []
    for one in fields.line:
        if one.resource is not None:
            columns.append(make_reference_widgets(request, one, values, prefixes))
            continue
        default = one.to_form(one.dump(one.default), request.number_format)
        column = []
        for prefix in prefixes:
            # An input that is off, as a checkbox, is not sent with its line.
            text = "" if prefix + PRODUCT in values else default
            widget = make_widget(request, one, {one.key: values.get(prefix + one.key, text)})
            column.append(replace(widget, prefix=prefix))
        columns.append(column)
    lines = list(zip(*columns, strict=True))
    ids = [read_id(widgets[0].value) for widgets in lines]
    last = find_last_purchases(
        request, read_id(values.get("store_id", "")), {id for id in ids if id is not None}
    )
    return [
        Line(prefix, widgets, last.get(id or 0, LastPurchase()))
        for prefix, widgets, id in zip(prefixes, lines, ids, strict=True)
    ]


def _make_labels(request, fields: ReceiptFields, lines: Sequence[Line]) -> dict[str, str]:
    """Return the labels of the inputs for the summary of errors, in their order."""
    labels = {one.key: one.verbose_name for one in fields.shared}
    for number, line in enumerate(lines, 1):
        for widget in line.widgets:
            name = translate_for_request(request, widget.field.verbose_name)
            labels[widget.name] = _("Line ${number}, ${label}", number=number, label=name)
    return labels | {PAPER_TOTAL: _("total on paper")}


def _get_confirmed(receipt: SentReceipt) -> dict[str, str]:
    """Return the values that the next save confirms, or an earlier one has confirmed, by the names of inputs."""
    confirmed = {
        name: text for name, text in receipt.values.items() if name.startswith(CONFIRMED) and text
    }
    confirmed |= {CONFIRMED + name: receipt.values.get(name, "") for name in receipt.questions}
    if PAPER_TOTAL in receipt.questions:
        confirmed[CONFIRMED + PAPER_TOTAL] = receipt.confirmation
    return confirmed


def _find_records_path(request, admin: ResourceAdmin) -> str | None:
    """Return the path of the list with the records of the receipt that was saved last."""
    store, day = request.GET.get("store_id"), request.GET.get("purchase_date")
    if not (store and day and admin.is_allowed(request, "view")):
        return None
    query = {"store_id": store, "purchase_date__gte": day, "purchase_date__lte": day}
    return f"{admin.path(request)}?{urlencode(query)}"


def _make_script_data(request) -> dict[str, str]:
    """Return what the script needs to add amounts as the server does, and to keep a draft."""
    numbers = request.number_format
    return {
        "draft-key": f"shoptrack-receipt-{request.identity.id}",
        "saved": request.GET.get("saved", "")[:MAX_DRAFT_LENGTH],
        "last-purchases": request.route_path("admin:last-purchases"),
        "digits": str(numbers.currency.digits),
        "decimal-mark": numbers.write_number(Decimal("0.5"))[1],
        "group-mark": numbers.format_number(1000)[1],
        "zero": numbers.format_amount(0),
        "negative": numbers.format_amount(-1),
    }
