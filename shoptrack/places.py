"""Where something stands in the code, as messages tell it: file and line."""

import inspect
from traceback import extract_tb
from typing import Any


def of_action(info: Any) -> str:
    """Return where something was brought.

    :param info: of an action of Pyramid's configuration
    """
    return f"{info.file}, line {info.line}"


def of_class(kind: type) -> str:
    """Return a class by its name, and where it stands."""
    try:
        file, (_, line) = inspect.getsourcefile(kind), inspect.getsourcelines(kind)
    except (OSError, TypeError):  # made without a file
        return f"{kind.__module__}.{kind.__qualname__}"
    return f"{kind.__qualname__} ({file}, line {line})"


def of_error(error: Exception, *folders: str) -> str | None:
    """Return where in files an error came up, the innermost place.

    :param folders: how the paths of these files begin
    :returns: ``None`` where it came up elsewhere
    """
    frames = [f for f in extract_tb(error.__traceback__) if f.filename.startswith(folders)]
    return f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else None
