"""Demo: a believable household's shopping, to try ShopTrack with and to measure it by."""

from shoptrack.cli.demo.commands import demo
from shoptrack.cli.demo.loader import load_demo

__all__ = ["demo", "load_demo"]
