"""Removes exceptions from requests, so that they free their memory.

Pyramid keeps a handled exception on its request. The exception references its traceback, its frames, and thereby the
request with its body: a cycle that only a full garbage collection breaks, which is rare. A few failed requests could
occupy hundreds of megabytes.
"""

from types import FrameType, TracebackType

from pyramid.request import Request
from pyramid.threadlocal import RequestContext


class ForgetfulRouter:
    """Pyramid's router, whose requests drop their exceptions at the end of their context.

    An execution policy such as pyramid_retry's reads them until then.
    """

    def __init__(self, router):
        self._router = router

    def __getattr__(self, name: str):
        return getattr(self._router, name)

    def request_context(self, environ) -> RequestContext:
        """Return the context of a new request."""
        return ForgetfulContext(self._router.request_context(environ).request)


class ForgetfulContext(RequestContext):
    """A request context that drops the request's exceptions at its end."""

    def end(self) -> None:
        """End the context."""
        super().end()
        forget_exceptions(self.request)


def forget_exceptions(request: Request) -> None:
    """Drop a request's exceptions and their tracebacks."""
    attributes = request.__dict__
    exc_info = attributes.pop("exc_info", None)
    for error in (attributes.pop("exception", None), exc_info[1] if exc_info else None):
        if error is not None:
            drop_tracebacks(error)


def drop_tracebacks(error: BaseException) -> None:
    """Drop the tracebacks of an exception, its causes and its contexts."""
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
    """Clear the variables of all finished frames.

    A frame references its caller, and a variable of the caller may be the traceback, as in pyramid_tm's tween.
    """
    seen: set[int] = set()
    while traceback is not None:
        frame: FrameType | None = traceback.tb_frame
        while frame is not None and id(frame) not in seen:
            seen.add(id(frame))
            try:
                frame.clear()
            except RuntimeError:  # it is still running, and so are its callers
                break
            frame = frame.f_back
        traceback = traceback.tb_next
