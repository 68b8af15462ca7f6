"""Demo: a believable household's shopping, to try ShopTrack with and to measure it by."""

from shoptrack.demo.commands import demo
from shoptrack.demo.loader import fill

__all__ = ["demo", "fill"]
