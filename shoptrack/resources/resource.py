"""A resource: one description, from which routes, validation, documents, errors, permissions and pages are made."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache, cached_property, reduce
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from shoptrack.errors import DomainError, ValidationError
from shoptrack.i18n.translation import _
from shoptrack.resources.extensions import Additions, Extension, MakeFilter, Validator
from shoptrack.resources.fields import Field
from shoptrack.resources.row_warnings import WarningFinder
from shoptrack.resources.schema import Schema
from shoptrack.resources.visibility import SHOW_ALL, Hidden, HiddenRow, write_visible


class Resource:
    """Rows of one table, served at ``/api/<path>/`` by six verbs.

    Subclasses declare attributes, and override methods for anything else. Documents have the id first, then
    the fields in the order in which they are declared. Each application has an instance of its own.

    :cvar extensions: the extensions by plugins, in one application (``bind``)
    :cvar fields: all fields, those of the extensions last
    :cvar filters: conditions of the list that plugins add
    :cvar validators: functions that check changes of rows
    :cvar errors: that plugins raise when rows change
    :cvar warning_finders: functions that find what is unlikely about rows
    """

    model: ClassVar[Any]  # a mapped class with an integer ``id``
    path: ClassVar[str]
    fields: Sequence[Field]
    # names of fields whose values together are unique, by a constraint of the table
    unique_together: ClassVar[Sequence[Sequence[str]]] = ()
    # names of the fields by which people tell rows apart; by default the unique ones, else all
    natural_key: ClassVar[Sequence[str]] = ()
    has_equal_rows: ClassVar[bool] = False  # whether two rows with the same values mean two things
    # names of fields that the form of a new row keeps from the row that was added before
    kept_fields: ClassVar[Sequence[str]] = ()
    # names of fields that pages change in many rows at once
    bulk_fields: ClassVar[Sequence[str]] = ()
    default_order: ClassVar[Sequence[str]] = ("id",)
    verbose_name: ClassVar[str] = ""  # the name of one row, a message of shoptrack.i18n
    verbose_name_plural: ClassVar[str] = ""
    extensions: ClassVar[Sequence[Extension]] = ()
    filters: ClassVar[Sequence[MakeFilter]] = ()
    validators: ClassVar[Sequence[Validator]] = ()
    errors: ClassVar[Sequence[type[DomainError]]] = ()
    warning_finders: ClassVar[Sequence[WarningFinder]] = ()

    @classmethod
    def bind(cls, additions: Additions) -> "Resource":
        """Return the resource of an application whose plugins add to it.

        :raises ConfigurationError: a field of an extension has a name that is taken
        """
        if not additions:
            return cls()
        fields = (*cls.fields, *(field for one in additions.extensions for field in one.fields))
        # A subclass, so that additions of one application reach neither others nor documents that nest the rows.
        named = {name: getattr(cls, name) for name in ("__doc__", "__module__", "__qualname__")}
        members = {**named, **vars(additions), "fields": fields}
        return type(cls.__name__, (cls,), members)()

    @classmethod
    def own_fields(cls) -> Sequence[Field]:
        """Return the fields that are not of an extension."""
        return cls.fields[: len(cls.fields) - sum(len(one.fields) for one in cls.extensions)]

    @classmethod
    def model_of(cls, field: Field) -> Any:
        """Return the model that stores a field."""
        return next((one.model for one in cls.extensions if field in one.fields), cls.model)

    @classmethod
    def find_fields(cls, path: str) -> tuple[Field, ...]:
        """Return the fields on the way to a field of this resource, or of one that it refers to.

        :param path: the fields' names, as in ``product__category``
        :returns: none if there is no such field
        """
        name, _separator, rest = path.partition("__")
        field = next((one for one in cls.fields if one.name == name), None)
        if field is None or not rest:
            return () if field is None else (field,)
        found = field.resource.find_fields(rest) if field.resource else ()
        return (field, *found) if found else ()

    @classmethod
    def noun(cls) -> str:
        """Return the name of one row in a sentence, as in "shopping record"."""
        name = cls.model.__name__
        words = "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
        return cls.verbose_name or words

    @classmethod
    def plural(cls) -> str:
        """Return the name of several rows, as in "shopping records"."""
        return cls.verbose_name_plural or cls.path.replace("-", " ")

    @classmethod
    def label(cls, document: dict[str, Any]) -> str:
        """Return the label of a document's row: its first text, or its noun and its id."""
        for field in cls.fields:
            if field.is_label and document[field.name]:
                return document[field.name]
        return f"{cls.noun()} {document['id']}"

    @classmethod
    def label_of(cls, document: dict[str, Any]) -> str:
        """Return ``label`` of a document with hidden parts: the noun and the id if the label needs these parts."""
        hidden = isinstance(document, HiddenRow)
        label = None if hidden else write_visible(document, cls.label, None)
        return f"{cls.noun()} {document['id']}" if label is None else label

    @classmethod
    def component(cls) -> str:
        """Return the name of the documents' schema in the OpenAPI document.

        With extensions it is another one, since documents of other resources nest the row without them.
        """
        return f"Extended{cls.model.__name__}" if cls.extensions else cls.model.__name__

    @classmethod
    def example(cls) -> dict[str, Any]:
        """Return an example of a document."""
        return {"id": 1, **{field.name: field.example for field in cls.fields}}

    @classmethod
    def make_unique_message(cls, *fields: Field) -> str:
        """Return the message that another row has the value of a unique field, or the values of several together."""
        names = (field.verbose_name for field in fields)
        named = reduce(lambda one, other: _("${one} and ${other}", one=one, other=other), names)
        return _("${noun} with this ${field} already exists.", noun=cls.noun(), field=named)

    @classmethod
    def find_factors(
        cls,
        db: Session,
        rows: Sequence[dict[str, Any]],
        kept: dict[str, Any],
        convert: Fraction | None,
        hidden: Hidden = SHOW_ALL,
    ) -> dict[int, Fraction]:
        """Return the factors of the rows whose referrers have to be converted when they are merged, by id.

        They apply to the fields that are ``measured_by`` the reassigned reference. By default there are none. Rows
        with units, such as products, override this.

        :param rows: the documents of the rows that are deleted
        :param kept: the document of the row that stays
        :param convert: the factor that the user gave, ``None`` for none
        :param hidden: view permissions that the user lacks, so that errors name only what the user may view
        :raises Conflict: the values cannot be converted
        :raises ValidationError: the rows have nothing to convert
        """
        if convert is not None:
            message = _("References to ${rows} have no quantities to convert.", rows=cls.plural())
            raise ValidationError({"convert": [message]})
        return {}

    @classmethod
    def permission(cls, verb: str) -> str:
        """Return the permission for ``view``, ``add``, ``change`` or ``delete``."""
        return f"{cls.path}:{verb}"

    @classmethod
    @cache
    def view_permissions(cls) -> frozenset[str]:
        """Return the permissions to view a row and all that its document nests."""
        nested = (field.resource.view_permissions() for field in cls.fields if field.resource)
        return frozenset({cls.permission("view")}).union(*nested)

    @classmethod
    def references(cls) -> list[Any]:
        """Return the fields that refer to other resources."""
        return [field for field in cls.fields if field.resource is not None]

    @cached_property
    def schema(self) -> Schema:
        """Return the schema of bodies."""
        return Schema(self.component(), self.fields)

    @classmethod
    def get_table_names(cls, hidden: Hidden = SHOW_ALL) -> set[str]:
        """Return the tables of a document.

        :param hidden: view permissions that the caller lacks; the tables that require them are left out
        """
        nested = (
            field.resource.get_table_names(hidden)
            for field in cls.references()
            if field.resource.permission("view") not in hidden
        )
        batches = (field.batch.tables for field in cls.fields if field.batch)
        models = (cls.model, *(one.model for one in cls.extensions))
        tables = {model.__tablename__ for model in models if model is not None}
        return tables.union(*nested, *batches)


class ServedResources(dict[str, Resource]):
    """The resources that one application serves, by their paths."""

    @classmethod
    def of(cls, registry: Any) -> "ServedResources":
        """Return the application's."""
        return registry.setdefault(cls, cls())

    @property
    def tables(self) -> set[str]:
        """Return the tables of all resources."""
        return set().union(*(resource.get_table_names() for resource in self.values()))


AnyResource = Resource | type[Resource]
