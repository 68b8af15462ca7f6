"""Reading ``.env`` by python-dotenv's rules, without interpolation, so that ``$`` stays itself."""

import io
import re
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from shoptrack.settings.errors import ConfigurationError

_NAME = re.compile(r"\s*(?:export\s+)?(\w+)\s*=")


def read_dotenv(path: Path) -> dict[str, str | None]:
    """Return the variables of the file; none where there is no such file.

    :raises ConfigurationError: the file, or a line of it, cannot be read
    """
    variables = {}
    for binding in parse_stream(io.StringIO(_text(path))):
        if binding.error:
            raise ConfigurationError(_broken_line(path, binding))
        if binding.key is not None:
            variables[binding.key] = binding.value
    return variables


def _text(path: Path) -> str:
    # Raised outside of the handlers: the error of a decoder holds the whole file.
    try:
        return path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        return ""
    except UnicodeDecodeError as error:
        reason = f"{path} is not UTF-8 (byte {error.start} cannot be read). Save it as UTF-8."
    except OSError as error:
        reason = (
            f"{path} cannot be read: {error.strerror}. Let ShopTrack's user read it, or remove it."
        )
    raise ConfigurationError(reason)


def _broken_line(path: Path, binding: Binding) -> str:
    """Name the line, and its variable, but not the value, which may be a secret."""
    text = binding.original.string
    blank = text[: len(text) - len(text.lstrip())]
    line = binding.original.line + blank.count("\n")
    name = _NAME.match(text)
    which = f" ({name[1]})" if name else ""
    return (
        f"Line {line} of {path}{which} is no NAME=value. Close every quote that is opened; a value "
        "with quotes or ' #' in it stands between single quotes, where \\' is a single quote."
    )
