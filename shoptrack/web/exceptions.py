"""What requests remember of errors, and how they are made to forget it.

Pyramid leaves an exception on the request that it handled. The exception has its traceback, the traceback its frames,
and these the request, its body, and all that was made of it: a circle that only a full garbage collection ends, which
is rare. So a few failed requests would hold hundreds of megabytes.
"""

from types import FrameType, TracebackType

from pyramid.request import Request
from pyramid.threadlocal import RequestContext


class ForgetfulRouter:
    """Pyramid's router, whose requests forget the exceptions that they met once nobody asks for them.

    An execution policy such as pyramid_retry's looks at them until it ends the request's context.
    """

    def __init__(self, router):
        self._router = router

    def __getattr__(self, name: str):
        return getattr(self._router, name)

    def request_context(self, environ) -> RequestContext:
        """Return the context of a new request."""
        return ForgetfulContext(self._router.request_context(environ).request)


class ForgetfulContext(RequestContext):
    """A request's context, at whose end the request forgets its exceptions."""

    def end(self) -> None:
        """End the context."""
        super().end()
        forget_exceptions(self.request)


def forget_exceptions(request: Request) -> None:
    """Take the exceptions from a request, and their tracebacks from them."""
    held = request.__dict__
    exc_info = held.pop("exc_info", None)
    for error in (held.pop("exception", None), exc_info[1] if exc_info else None):
        if error is not None:
            drop_tracebacks(error)


def drop_tracebacks(error: BaseException) -> None:
    """Take the traceback from an exception, and from those that it came of."""
    found: list[BaseException | None] = [error]
    seen: set[int] = set()
    while found:
        one = found.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        _clear_frames(one.__traceback__)
        one.__traceback__ = None
        found += (one.__cause__, one.__context__)
        if isinstance(one, BaseExceptionGroup):
            found += one.exceptions


def _clear_frames(traceback: TracebackType | None) -> None:
    """Clear the variables of all frames that have ended.

    A frame names the one that called it, and a variable of that one may be the traceback, as in pyramid_tm's tween.
    """
    seen: set[int] = set()
    while traceback is not None:
        frame: FrameType | None = traceback.tb_frame
        while frame is not None and id(frame) not in seen:
            seen.add(id(frame))
            try:
                frame.clear()
            except RuntimeError:  # it goes on, and so do those that called it
                break
            frame = frame.f_back
        traceback = traceback.tb_next
