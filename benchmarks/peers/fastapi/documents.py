"""What is sent and answered: pydantic models."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Integer = Annotated[int, Field(ge=-(2**31), lt=2**31)]
Quantity = Annotated[Decimal, Field(max_digits=10, decimal_places=3)]


class Document(BaseModel):
    """The base of what is answered; it is read from a row's attributes."""

    model_config = ConfigDict(from_attributes=True)


class Named(Document):
    """A category, a unit, a manufacturer or an origin."""

    id: int
    name: str


class StoreOut(Named):
    """A store."""

    location: str


class ProductOut(Named):
    """A product with what it refers to."""

    category: Named
    unit: Named
    manufacturer: Named | None
    origin: Named | None


class RecordOut(Document):
    """A record with its store and its product."""

    id: int
    price: int
    purchase_date: date
    store: StoreOut
    quantity: Decimal
    product: ProductOut


class RecordIn(BaseModel):
    """A new record."""

    price: Integer
    purchase_date: date
    store_id: int
    quantity: Quantity
    product_id: int


class RecordChange(BaseModel):
    """What changes of a record; what is not sent stays."""

    price: Integer = 0
    purchase_date: date = date.min
    store_id: int = 0
    quantity: Quantity = Decimal(0)
    product_id: int = 0


class Credentials(BaseModel):
    """A name and a password."""

    username: str
    password: str


class Tokens(BaseModel):
    """What somebody who signed in gets."""

    refresh: str
    access: str
