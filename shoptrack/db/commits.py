"""What waits until a session's changes are certain."""

import logging
from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

log = logging.getLogger(__name__)


def after_commit(db: Session, call: Callable[[], None]) -> None:
    """Have something called once the session's transaction is committed; if it is undone, it never is.

    What it raises goes to the log, as it can't undo anything.
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
    """Call a function when the transaction of a session of its own ends, with whether it was committed."""
    committed, waits = False, True

    def commit(session: Session) -> None:
        nonlocal committed
        committed = not session.in_nested_transaction()  # the end of a savepoint is none

    def end(session: Session, transaction: SessionTransaction) -> None:
        nonlocal waits
        # It goes on to hear of the session's later transactions: no listener can be taken away while it is called.
        if waits and transaction.parent is None:
            waits = False
            hook(committed)

    event.listen(db, "after_commit", commit)
    event.listen(db, "after_transaction_end", end)
