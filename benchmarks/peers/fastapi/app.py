"""The application that uvicorn serves."""

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from benchmarks.peers.fastapi import users
from benchmarks.peers.fastapi.database import session
from benchmarks.peers.fastapi.documents import (
    Credentials,
    Named,
    RecordChange,
    RecordIn,
    RecordOut,
    Tokens,
)
from benchmarks.peers.fastapi.models import Category, Product, ShoppingRecord, Store

app = FastAPI()
signed_in = APIRouter(prefix="/api", dependencies=[Depends(users.current_user)])

Db = Annotated[Session, Depends(session)]

ORDERINGS = {
    "purchase_date,id": (ShoppingRecord.purchase_date, ShoppingRecord.id),
    "-purchase_date,-id": (ShoppingRecord.purchase_date.desc(), ShoppingRecord.id.desc()),
}
NESTED = (
    joinedload(ShoppingRecord.store),
    joinedload(ShoppingRecord.product).options(
        joinedload(Product.category),
        joinedload(Product.unit),
        joinedload(Product.manufacturer),
        joinedload(Product.origin),
    ),
)


@app.post("/api/auth/token/")
def sign_in(credentials: Credentials, db: Db) -> Tokens:
    """Take a name and a password, and answer a pair of tokens."""
    return users.sign_in(db, credentials)


@signed_in.get("/categories/", response_model=list[Named])
def read_categories(db: Db):
    """Answer every category."""
    return db.scalars(select(Category).order_by(Category.id)).all()


@signed_in.get("/shopping-records/", response_model=list[RecordOut])
def read_records(
    db: Db,
    response: Response,
    category_id: int | None = None,
    limit: Annotated[int | None, Query(ge=1, le=1000)] = None,
    ordering: str = "purchase_date,id",
):
    """Answer records; with a limit, as many, and the count of all in a header."""
    if ordering not in ORDERINGS:
        raise HTTPException(400)
    statement = select(ShoppingRecord).options(*NESTED).order_by(*ORDERINGS[ordering])
    count = select(func.count()).select_from(ShoppingRecord)
    if category_id is not None:
        statement, count = (
            chosen.join(ShoppingRecord.product).where(Product.category_id == category_id)
            for chosen in (statement, count)
        )
    if limit is not None:
        statement = statement.limit(limit)
        response.headers["Total-Count"] = str(db.scalar(count))
    return db.scalars(statement).all()


@signed_in.get("/shopping-records/{id}/", response_model=RecordOut)
def read_record(id: int, db: Db):
    """Answer one record."""
    return _found(db, id)


@signed_in.post("/shopping-records/", response_model=RecordOut, status_code=201)
def create_record(sent: RecordIn, db: Db):
    """Add a record."""
    _check(db, sent.store_id, sent.product_id)
    record = ShoppingRecord(**sent.model_dump())
    db.add(record)
    db.commit()
    return _found(db, record.id)


@signed_in.patch("/shopping-records/{id}/", response_model=RecordOut)
def change_record(id: int, sent: RecordChange, db: Db):
    """Change what is sent of a record."""
    record = _found(db, id)
    values = sent.model_dump(exclude_unset=True)
    _check(db, values.get("store_id"), values.get("product_id"))
    for name, value in values.items():
        setattr(record, name, value)
    db.commit()
    return record if values.keys().isdisjoint({"store_id", "product_id"}) else _found(db, id)


def _found(db: Session, id: int) -> ShoppingRecord:
    statement = select(ShoppingRecord).options(*NESTED).where(ShoppingRecord.id == id)
    record = db.scalar(statement.execution_options(populate_existing=True))
    if record is None:
        raise HTTPException(404)
    return record


def _check(db: Session, store_id: int | None, product_id: int | None) -> None:
    """Refuse references to nothing."""
    for model, id in ((Store, store_id), (Product, product_id)):
        if id is not None and db.get(model, id) is None:
            raise HTTPException(400)


app.include_router(signed_in)
