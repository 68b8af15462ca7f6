"""After-commit callbacks of a session."""

import logging
from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

log = logging.getLogger(__name__)


def after_commit(db: Session, call: Callable[[], None]) -> None:
    """Call a function after the session's transaction commits; never after a rollback.

    An exception of the function is logged and has no other effect.
    """

    def hook(committed: bool) -> None:
        if committed:
            try:
                call()
            except Exception:
                log.exception("After-commit callback failed")

    if "manager" in db.info:
        db.info["manager"].get().addAfterCommitHook(hook)
    else:
        _call_after_transaction(db, hook)


def _call_after_transaction(db: Session, hook: Callable[[bool], None]) -> None:
    """Call a function at the end of the transaction; its argument is whether the transaction was committed."""
    committed, waits = False, True

    def commit(session: Session) -> None:
        nonlocal committed
        committed = not session.in_nested_transaction()  # otherwise a savepoint was released

    def end(session: Session, transaction: SessionTransaction) -> None:
        nonlocal waits
        # A listener cannot remove itself during its call, so later transactions of the session call it, too.
        if waits and transaction.parent is None:
            waits = False
            hook(committed)

    event.listen(db, "after_commit", commit)
    event.listen(db, "after_transaction_end", end)
