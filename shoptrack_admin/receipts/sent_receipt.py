"""A receipt as its form sends it: what all lines share, and the lines."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from shoptrack.i18n import InvalidNumber
from shoptrack.resources import Field
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.rows.widgets import (
    CONFIRMED,
    SEARCH,
    SEARCHED_BEFORE,
    find_questions,
    make_body,
)
from shoptrack_admin.translation import _

SHARED = ("store", "purchase_date")  # fields of all lines
FIRST = ("product", "quantity", "price")  # fields of a line, before those of plugins
PAPER_TOTAL = "paper_total"
MAX_LINES, MAX_INPUTS = 150, 950  # a form has at most 1,000 fields
PRODUCT = "product_id"
LINE_NAME = re.compile(r"(?:search-|searched-|confirmed-)?(lines-([0-9]{1,4})-).+")
MISSING = {
    "store_id": _("Choose a store."),
    "purchase_date": _("Enter the day."),
    PRODUCT: _("Choose a product."),
    "quantity": _("Enter the quantity."),
    "price": _("Enter the price."),
}

Messages = dict[str, list[str]]  # by the names of inputs


@dataclass(frozen=True)
class ReceiptFields:
    """The fields of shopping records, by where the form has them."""

    shared: list[Field]
    line: list[Field]

    @classmethod
    def of(cls, admin: ResourceAdmin) -> "ReceiptFields":
        """Return the fields of an application, those of plugins included."""
        fields = {one.name: one for one in admin.resource.fields if not one.read_only}
        shared = [fields.pop(name) for name in SHARED]
        return cls(shared, [*(fields.pop(name) for name in FIRST), *fields.values()])

    @property
    def max_lines(self) -> int:
        """Return how many lines a form can have."""
        inputs = sum(3 if one.resource else 1 for one in self.line)
        return min(MAX_LINES, MAX_INPUTS // inputs)


@dataclass
class SentReceipt:
    """A sent form.

    :param values: the texts of all inputs by name, those of a line as ``lines-0-price``
    :param prefixes: of the names of each line that is not empty
    :ivar errors: what is wrong, by the names of inputs
    :ivar questions: about unlikely values that the user has not confirmed, by the names of inputs
    :ivar bodies: of the lines, as for the API
    :ivar total: of the prices, in the currency's smallest unit; ``None`` if one of them is invalid
    :ivar paper_total: that of the paper; ``None`` if it was not entered
    """

    admin: ResourceAdmin
    fields: ReceiptFields
    values: Mapping[str, str]
    prefixes: list[str]
    errors: Messages = field(default_factory=dict)
    questions: Messages = field(default_factory=dict)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    total: int | None = 0
    paper_total: int | None = None

    @property
    def is_searching(self) -> bool:
        """Return whether the form was sent to search for choices, not to be saved.

        Scripts search without sending the form. They send no ``searched-``.
        """
        return any(
            text != self.values.get(SEARCH + name.removeprefix(SEARCHED_BEFORE), "")
            for name, text in self.values.items()
            if name.startswith(SEARCHED_BEFORE)
        )

    @property
    def confirmation(self) -> str:
        """Return the value that confirms the difference between the totals."""
        return f"{self.paper_total}/{self.total}"

    def get_line(self, prefix: str) -> dict[str, str]:
        """Return the texts of a line and of what all lines share, by the keys of fields."""
        line = {}
        for start, fields in (("", self.fields.shared), (prefix, self.fields.line)):
            for one, mark in product(fields, ("", CONFIRMED)):
                if (name := f"{mark}{start}{one.key}") in self.values:
                    line[mark + one.key] = self.values[name]
        return line

    def get_input_names(self, position: int, messages: Messages) -> Messages:
        """Return the messages about a line by the names of inputs.

        :param position: of the line's body
        :param messages: by the keys of fields; those about the whole line have other keys
        """
        shared = {one.key for one in self.fields.shared}
        own = {one.key for one in self.fields.line}
        prefix = self.prefixes[position]
        return {
            key if key in shared else prefix + (key if key in own else PRODUCT): found
            for key, found in messages.items()
        }


def read_receipt(request, admin: ResourceAdmin) -> SentReceipt:
    """Read the form, and find what is wrong or unlikely about it without the database."""
    fields, values = ReceiptFields.of(admin), request.form
    numbered = {int(match[2]): match[1] for name in values if (match := LINE_NAME.fullmatch(name))}
    prefixes = [
        prefix
        for _number, prefix in sorted(numbered.items())
        if not _is_empty(request, fields, values, prefix)
    ]
    receipt = SentReceipt(admin, fields, values, prefixes)
    for position in range(len(prefixes)):
        _read_line(request, receipt, position)
    if not prefixes:
        _read_shared(receipt)
        receipt.errors[""] = [_("Enter at least one line.")]
    if len(prefixes) > fields.max_lines:
        message = _(
            "A receipt has at most ${most} lines. Enter the others as another one.",
            most=fields.max_lines,
        )
        receipt.errors[""] = [message]
    _read_total(request, receipt)
    return receipt


def _is_empty(request, fields: ReceiptFields, values: Mapping[str, str], prefix: str) -> bool:
    """Return whether a line has nothing but defaults. A search without a choice is no empty line."""
    for one in fields.line:
        name = prefix + one.key
        default = one.to_form(one.dump(one.default), request.number_format)
        texts = (values.get(name, ""), values.get(SEARCH + name, ""))
        if any(text.strip() and text != default for text in texts):
            return False
    return True


def _read_line(request, receipt: SentReceipt, position: int) -> None:
    line, schema = receipt.get_line(receipt.prefixes[position]), receipt.admin.resource.schema
    missing: Messages = {
        key: [text] for key, text in MISSING.items() if not line.get(key, "").strip()
    }
    body = make_body(request, receipt.admin, line)
    receipt.bodies.append(body)
    values, invalid = schema.load(dict(body))
    add_messages(receipt.errors, receipt.get_input_names(position, invalid | missing))
    asked = find_questions(request, receipt.admin, body, {}, line)
    questions = {key: found for key, found in asked.items() if key not in invalid | missing}
    add_messages(receipt.questions, receipt.get_input_names(position, questions))
    if receipt.total is not None:
        price = values.get("price")
        receipt.total = None if price is None else receipt.total + price


def _read_shared(receipt: SentReceipt) -> None:
    for one in receipt.fields.shared:
        if not receipt.values.get(one.key, "").strip():
            receipt.errors[one.key] = [MISSING[one.key]]


def _read_total(request, receipt: SentReceipt) -> None:
    """Compare the total with that on paper, and ask about a difference once."""
    text = receipt.values.get(PAPER_TOTAL, "")
    if not text.strip():
        return
    numbers = request.number_format
    try:
        receipt.paper_total = numbers.parse_amount(text)
    except InvalidNumber as error:
        receipt.errors[PAPER_TOTAL] = list(error.args)
        return
    if receipt.total in (None, receipt.paper_total) or not receipt.prefixes:
        return
    if receipt.values.get(CONFIRMED + PAPER_TOTAL) != receipt.confirmation:
        receipt.questions[PAPER_TOTAL] = [
            _make_question(request, receipt.total, receipt.paper_total)
        ]


def _make_question(request, total: int, paper_total: int) -> str:
    write = request.number_format.format_amount
    amounts = {"total": write(total), "difference": write(abs(total - paper_total))}
    if total > paper_total:
        return _(
            "The lines add up to ${total}, ${difference} more than on paper. Save again to store them.",
            **amounts,
        )
    return _(
        "The lines add up to ${total}, ${difference} less than on paper. Save again to store them.",
        **amounts,
    )


def add_messages(messages: Messages, others: Messages) -> None:
    """Add messages by name, each of them once."""
    for name, found in others.items():
        own = messages.setdefault(name, [])
        own += [message for message in found if message not in own]
