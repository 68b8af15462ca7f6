"""Demo: a realistic household's shopping, for trying ShopTrack and for measuring its speed."""

from shoptrack.cli.demo.commands import demo
from shoptrack.cli.demo.loader import load_demo

__all__ = ["demo", "load_demo"]
