"""What was sent behind an address, sorted out: unknown names and repetitions are refused."""

from collections.abc import Collection, Iterable

from shoptrack.api.schema import Errors

ONCE = "Sent twice. Send it once."


def sort_out(
    pairs: Iterable[tuple[str, str]], possible: Collection[str], several: Collection[str] = ()
) -> tuple[dict[str, str], Errors]:
    """Return the text of each parameter, and the sentences about those that cannot be taken.

    :param possible: the names that mean something
    :param several: the names of which each value may be sent by itself; they come back joined by commas,
        since generated clients repeat the name, whatever the description says of commas
    """
    sent: dict[str, str] = {}
    repeated: dict[str, list[str]] = {}
    errors: Errors = {}
    for name, text in pairs:
        if name not in possible:
            named = ", ".join(sorted(possible))
            errors[name] = [f"Unknown parameter. Possible are: {named}."]
        elif name in several:
            repeated.setdefault(name, []).append(text)
        elif name in sent:
            errors[name] = [ONCE]
        sent[name] = text
    return sent | {name: ",".join(texts) for name, texts in repeated.items()}, errors
