"""How far ShopTrack carries: more records, more people, more processes. ``make bench-scaling``."""
