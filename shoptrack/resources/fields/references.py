"""References to rows of other resources, and the ids that rows have."""

import re
from typing import TYPE_CHECKING, Any, Unpack

from shoptrack.i18n.translation import _
from shoptrack.resources.fields.base import MAX_NUMBER_LENGTH, Common, Field, JSONSchema, Refused

if TYPE_CHECKING:
    from shoptrack.resources.resource import Resource

ID: JSONSchema = {"type": "integer", "format": "int64"}
OR_ID = "x-or-id"  # marks schemas; no document shows it
ROW_ID: JSONSchema = {"$ref": "#/definitions/RowId"}  # what is answered of a hidden row


class Reference(Field):
    """A row of another resource: read as its document, written as its id.

    :param resource: the other resource
    :param unique: whether no two rows refer to the same one
    """

    def __init__(
        self,
        name: str,
        resource: "type[Resource]",
        *,
        unique: bool = False,
        **common: Unpack[Common],
    ):
        self.resource = resource
        self.unique = unique
        common.setdefault("verbose_name", resource.noun())
        super().__init__(name, **common)

    @property
    def key(self) -> str:
        """Return its name in bodies."""
        return f"{self.name}_id"

    def load(self, value: Any) -> int | None:
        """Return the id; an empty text stands for null, as forms send it."""
        return super().load(None if value == "" else value)

    def parse(self, value: Any) -> int:
        """Take a number, or text of digits."""
        return parse_id(value)

    def sample(self) -> dict[str, Any]:
        """Return an example of the other resource."""
        return self.resource.example()

    def takes(self) -> JSONSchema:
        """Return the other row's id."""
        return {**ID, "description": f"The {self.resource.noun()}'s id."}

    def answers(self) -> JSONSchema:
        """Return the other resource's document."""
        return or_id({"$ref": f"#/definitions/{self.resource.component()}"})


def or_id(schema: JSONSchema) -> JSONSchema:
    """Return the schema of a row's document, in whose place its id is answered to callers who may not view the row.

    The API's description says so where there are such callers.
    """
    return {**schema, OR_ID: True}


def parse_id(value: Any) -> int:
    """Return an id that is sent as a number, or as text of digits.

    :raises Refused: it is neither, or no row can have it
    """
    if isinstance(value, str) and re.fullmatch(r"-?\d+", text := value.strip()):
        if len(text) > MAX_NUMBER_LENGTH:
            raise unknown_id(text[:MAX_NUMBER_LENGTH])
        value = int(text)
    if isinstance(value, bool) or not isinstance(value, int):
        kind = type(value).__name__
        raise Refused(_("Incorrect type. Expected pk value, received ${kind}.", kind=kind))
    if not is_id(value):
        raise unknown_id(value)
    return value


def unknown_id(value: int | str) -> Refused:
    """Return the refusal of an id that no row has."""
    return Refused(_('Invalid pk "${id}" - object does not exist.', id=value))


def is_id(number: int) -> bool:
    """Tell whether a number fits in 64 bits; databases fail on larger ones."""
    return -(2**63) <= number < 2**63
