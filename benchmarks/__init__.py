"""Benchmark: ShopTrack beside servers that answer the same requests from the same rows. ``make bench`` runs it."""
