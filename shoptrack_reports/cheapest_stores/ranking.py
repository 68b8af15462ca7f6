"""Rank stores and pairs of stores by the cost of a shopping list there. No database is needed.

Offers are costs by store and product id: ``{store: {product: cost}}``.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations

Costs = Mapping[int, Fraction]
Offers = Mapping[int, Costs]
Pair = tuple[int, int]

# Costs of pairs are compared as rounded integers first.
ROUGH_FACTOR = 10**6
# All compared pairs lack equally many products, so that it does not change their order.
MISSING_COST = 1 << 62


def rank_stores(offers: Offers) -> list[int]:
    """Return the stores by number of missing products, then by total cost."""
    return sorted(offers, key=lambda store: (-len(offers[store]), sum_costs(offers[store]), store))


def sum_costs(costs: Costs) -> Fraction:
    """Return the total cost of all products."""
    return sum(costs.values(), Fraction())


def find_best_pair(ranking: Sequence[int], offers: Offers) -> Pair | None:
    """Return the cheapest of those pairs of stores that together lack the fewest products.

    :param ranking: all stores; of equally good pairs the first one wins
    :returns: ``None`` if one store alone is as good
    """
    pairs = _find_fullest_pairs(ranking, offers)
    if not pairs:
        return None
    costs = {
        (one, other): merge_costs(offers[one], offers[other])
        for one, other in _find_nearly_cheapest(pairs, offers)
    }
    pair = min(costs, key=lambda pair: sum_costs(costs[pair]))
    alone = offers[ranking[0]]
    as_good = len(alone) == len(costs[pair]) and sum_costs(alone) == sum_costs(costs[pair])
    return None if as_good else pair


def merge_costs(one: Costs, other: Costs) -> Costs:
    """Return each product's cost in the cheaper of two stores."""
    return {id: min(costs[id] for costs in (one, other) if id in costs) for id in {**one, **other}}


def split_products(one: Costs, other: Costs) -> tuple[list[int], list[int]]:
    """Return the products to buy in each of two stores; equal costs count for the first."""
    first = [id for id, cost in one.items() if id not in other or cost <= other[id]]
    return first, [id for id in other if id not in first]


def _find_fullest_pairs(ranking: Sequence[int], offers: Offers) -> list[Pair]:
    """Return the pairs of stores that together lack the fewest products."""
    bits = {id: 1 << place for place, id in enumerate(_get_products(offers))}
    has = {store: sum(bits[id] for id in offers[store]) for store in ranking}
    counts = {
        (one, other): (has[one] | has[other]).bit_count() for one, other in combinations(ranking, 2)
    }
    max_count = max(counts.values(), default=0)
    return [pair for pair, count in counts.items() if count == max_count]


def _find_nearly_cheapest(pairs: Sequence[Pair], offers: Offers) -> list[Pair]:
    """Return candidates for the cheapest pair, since adding up fractions is slow for all pairs."""
    products = _get_products(offers)
    rough = {
        store: [_round_roughly(costs.get(id)) for id in products] for store, costs in offers.items()
    }
    totals = {(one, other): sum(map(min, rough[one], rough[other])) for one, other in pairs}
    # Each product's cost was rounded down by less than one.
    limit = min(totals.values()) + len(products)
    return [pair for pair, cost in totals.items() if cost <= limit]


def _get_products(offers: Offers) -> list[int]:
    return list({id: None for costs in offers.values() for id in costs})


def _round_roughly(cost: Fraction | None) -> int:
    return MISSING_COST if cost is None else int(cost * ROUGH_FACTOR)
