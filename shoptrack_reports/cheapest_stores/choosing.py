"""Which store, and which two, have most of a shopping list for the least money. Free of databases.

What each store wants for each product that it has is given by ids: ``{store: {product: cost}}``.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations

Costs = Mapping[int, Fraction]
Offers = Mapping[int, Costs]
Pair = tuple[int, int]

PARTS = 10**6  # costs of pairs are compared in so many parts of one first, cut off to whole numbers
NOT_THERE = 1 << 62  # the same for all pairs that are compared, as they lack equally many products


def ranked(offers: Offers) -> list[int]:
    """Return the stores: those that lack the fewest products first, of these the cheapest."""
    return sorted(offers, key=lambda store: (-len(offers[store]), total(offers[store]), store))


def total(costs: Costs) -> Fraction:
    """Return what all products cost together."""
    return sum(costs.values(), Fraction())


def best_pair(ranking: Sequence[int], offers: Offers) -> Pair | None:
    """Return the two stores that together lack the fewest products, of these the cheapest.

    :param ranking: all stores; of pairs that are equally good, the one that comes first is taken
    :returns: ``None`` where one store is as good alone
    """
    pairs = _fullest(ranking, offers)
    if not pairs:
        return None
    costs = {
        (one, other): together(offers[one], offers[other])
        for one, other in _nearly_cheapest(pairs, offers)
    }
    pair = min(costs, key=lambda pair: total(costs[pair]))
    alone = offers[ranking[0]]
    as_good = len(alone) == len(costs[pair]) and total(alone) == total(costs[pair])
    return None if as_good else pair


def together(one: Costs, other: Costs) -> Costs:
    """Return what products cost where each is bought in the cheaper of two stores."""
    return {id: min(costs[id] for costs in (one, other) if id in costs) for id in {**one, **other}}


def shares(one: Costs, other: Costs) -> tuple[list[int], list[int]]:
    """Return which products are bought in each of two stores; in the first what costs the same."""
    first = [id for id, cost in one.items() if id not in other or cost <= other[id]]
    return first, [id for id in other if id not in first]


def _fullest(ranking: Sequence[int], offers: Offers) -> list[Pair]:
    """Return the pairs of stores that together lack the fewest products."""
    bits = {id: 1 << place for place, id in enumerate(_products(offers))}
    has = {store: sum(bits[id] for id in offers[store]) for store in ranking}
    counts = {
        (one, other): (has[one] | has[other]).bit_count() for one, other in combinations(ranking, 2)
    }
    most = max(counts.values(), default=0)
    return [pair for pair, count in counts.items() if count == most]


def _nearly_cheapest(pairs: Sequence[Pair], offers: Offers) -> list[Pair]:
    """Return the pairs of which the cheapest is one; adding fractions would take long for all."""
    products = _products(offers)
    rough = {store: [_rough(costs.get(id)) for id in products] for store, costs in offers.items()}
    totals = {(one, other): sum(map(min, rough[one], rough[other])) for one, other in pairs}
    # What was cut off is less than one for each product.
    limit = min(totals.values()) + len(products)
    return [pair for pair, cost in totals.items() if cost <= limit]


def _products(offers: Offers) -> list[int]:
    return list({id: None for costs in offers.values() for id in costs})


def _rough(cost: Fraction | None) -> int:
    return NOT_THERE if cost is None else int(cost * PARTS)
