"""FastAPI on uvicorn: SQLAlchemy's ORM, pydantic models, as its guides teach it."""
