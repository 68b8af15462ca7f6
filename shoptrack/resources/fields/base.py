"""What all fields have in common.

A field knows how a value is sent (``load``), how it is answered (``render``), how both are described (``takes``,
``answers``), and what is checked in the database.
"""

from collections.abc import Callable
from typing import Any, TypedDict

import colander

from shoptrack.i18n.translation import _

REQUIRED = _("This field is required.")
NOT_NULL = _("This field may not be null.")
TOO_LARGE = _("String value too large.")
MAX_NUMBER_LENGTH = 1000  # characters of a number that is sent as text

JSONSchema = dict[str, Any]


class Refused(ValueError):
    """A value is not one of the field's; ``args`` are the sentences."""


class Common(TypedDict, total=False):
    """What every field takes."""

    required: bool
    verbose_name: str
    description: str
    example: Any


class Field:
    """One member of a resource's documents.

    :param name: its name in documents
    :param required: whether it must be sent and may not be null
    :param verbose_name: what people call it, as in "purchase date"; by default its name, spelled so
    :param description: what it is, for the API's description
    :param example: a value as it is answered, for the same
    """

    unique: bool = False
    render: Callable[[Any], Any] | None = None  # makes the document's value of the column's

    def __init__(
        self,
        name: str,
        *,
        required: bool = True,
        verbose_name: str = "",
        description: str = "",
        example: Any = None,
    ):
        self.name = name
        self.required = required
        self.verbose_name = verbose_name or name.replace("_", " ")
        self.description = description
        self.example = self.sample() if example is None else example

    @property
    def key(self) -> str:
        """Return its name in bodies, which is the model's attribute too."""
        return self.name

    def load(self, value: Any) -> Any:
        """Return the Python value of what was sent.

        :raises Refused: it is not one of the field's
        """
        if value is None:
            if self.required:
                raise Refused(NOT_NULL)
            return None
        return self.parse(value)

    def parse(self, value: Any) -> Any:
        """Return the Python value of what was sent, which is not null."""
        raise NotImplementedError

    def sample(self) -> Any:
        """Return an example for fields that were given none."""
        return None

    def takes(self) -> JSONSchema:
        """Return the schema of what is sent, in the words of Swagger 2.0; null is told apart."""
        return self.answers()

    def answers(self) -> JSONSchema:
        """Return the schema of what is answered, in the words of Swagger 2.0; null is told apart."""
        raise NotImplementedError(
            f"{type(self).__name__}.answers must return the schema of the field's values."
        )

    def rendered(self, value: Any) -> Any:
        """Return the document's value of the column's."""
        return value if value is None or self.render is None else self.render(value)

    def node(self) -> colander.SchemaNode:
        """Return the field as a node of a colander schema."""
        return colander.SchemaNode(
            FieldType(self),
            name=self.key,
            missing=colander.required if self.required else colander.drop,
            missing_msg=REQUIRED,
        )


class FieldType(colander.SchemaType):
    """The colander type of every field.

    Colander's own types cannot tell null, an empty text and a missing value apart.
    """

    def __init__(self, field: Field):
        self.field = field

    def deserialize(self, node, cstruct):
        """Return the field's value for what was sent."""
        if cstruct is colander.null:
            return colander.null
        try:
            return self.field.load(cstruct)
        except Refused as refused:
            raise colander.Invalid(node, list(refused.args)) from None
