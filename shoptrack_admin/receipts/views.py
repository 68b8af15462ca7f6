"""The page that enters a receipt: one save adds all its lines, or none."""

from collections.abc import Sequence
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from shoptrack.catalog.resources import ProductResource
from shoptrack.db import get_today
from shoptrack.errors import ItemErrors
from shoptrack.plugins import AdminContributions
from shoptrack.records.resources import ShoppingRecordResource
from shoptrack.resources import Repository, StoredRow
from shoptrack_admin.receipts.last_purchases import find_last_store
from shoptrack_admin.receipts.receipt_form import DRAFT, MAX_DRAFT_LENGTH, make_form, make_sent_form
from shoptrack_admin.receipts.sent_receipt import SentReceipt, add_messages, read_receipt
from shoptrack_admin.rows.resource_admin import ResourceAdmin
from shoptrack_admin.translation import _

MAX_WARNINGS, MAX_LABEL_LENGTH = 5, 40  # that are shown; they are kept in a cookie


def show_form(request) -> dict[str, Any]:
    """Show an empty receipt of today, in the store of the last one."""
    today = get_today(request.registry).isoformat()
    values = {"store_id": str(find_last_store(request) or ""), "purchase_date": today}
    return make_form(request, _get_admin(request), values)


def save(request) -> Any:
    """Add all lines, or show what is wrong with them."""
    admin = _get_admin(request)
    receipt = read_receipt(request, admin)
    if receipt.is_searching or "more" in request.form:
        receipt.errors, receipt.questions = {}, {}
        return make_sent_form(request, receipt)
    if receipt.errors or receipt.questions:
        return make_sent_form(request, receipt)
    try:
        rows = admin.repository.create_many(request.db, receipt.bodies)
    except ItemErrors as invalid:
        for position, messages in invalid.items.items():
            add_messages(receipt.errors, receipt.get_input_names(int(position), messages))
        return make_sent_form(request, receipt)
    _add_flash_messages(request, receipt, rows)
    query = {"saved": request.form.get(DRAFT, "")[:MAX_DRAFT_LENGTH]}
    if admin.is_allowed(request, "view"):
        shared = [one.key for one in receipt.fields.shared]
        query |= {key: receipt.values[key] for key in shared}
    return HTTPSeeOther(request.route_path("admin:receipt", _query=query))


def _get_admin(request) -> ResourceAdmin:
    repository = Repository.of(request.registry, ShoppingRecordResource.path)
    return ResourceAdmin(repository, AdminContributions.of(request.registry))


def _add_flash_messages(request, receipt: SentReceipt, rows: Sequence[StoredRow]) -> None:
    """Say what was saved, and what is unlikely about it."""
    repository = receipt.admin.repository
    total = request.number_format.format_amount(receipt.total or 0)
    message = _(
        "The receipt was saved. Lines: ${count}. Total: ${total}.", count=len(rows), total=total
    )
    request.messages.add(message)
    warnings = repository.find_warnings(request.db, rows, request.has_permission)
    hidden = receipt.admin.get_hidden(request)
    for warning in warnings[:MAX_WARNINGS]:
        (document,) = repository.make_documents([rows[warning.position]], hidden)
        label = ProductResource.label_of(document["product"])[:MAX_LABEL_LENGTH]
        message = _("${product}: ${message}", product=label, message=warning.detail)
        request.messages.add(message, "warning")
    if len(warnings) > MAX_WARNINGS:
        more = _("Further warnings: ${count}.", count=len(warnings) - MAX_WARNINGS)
        request.messages.add(more, "warning")
