"""Accessibility, as far as axe-core can tell."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Only where scripts are off a parser looks into this element.
SCRIPTS_ARE_OFF = """() => {
    const probe = document.createElement("div");
    probe.innerHTML = "<noscript><p></p></noscript>";
    return probe.querySelector("p") !== null;
}"""
# What is right as well is thousands of lines, which take long to come here.
FIND = """async ([context, tags, categories, off]) => {
    const asked = ({ruleId, tags}) =>
        !off.includes(ruleId) && (!categories || tags.some(tag => categories.includes(tag)));
    const values = axe.getRules(tags).filter(asked).map(({ruleId}) => ruleId);
    const runOnly = {type: "rule", values};
    const found = await axe.run(context, {resultTypes: ["violations"], runOnly});
    return found.violations.flatMap(
        ({id, impact, help, nodes}) => nodes.map(({html}) => `${id} (${impact}): ${help}: ${html}`)
    );
}"""
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def violations(
    page: Page,
    leave_out: Iterable[str] = (),
    rules_off: Iterable[str] = (),
    categories: Collection[str] | None = None,
) -> list[str]:
    """Return what a page, as it is shown now, does wrong.

    :param leave_out: selectors of parts that are not ours
    :param rules_off: names of axe-core's rules that are not asked for
    :param categories: of axe-core's rules, where not all are asked for
    """
    context = {"include": [["html"]], "exclude": [[selector] for selector in leave_out]}
    with scripts_on(page):
        page.evaluate(Axe().axe_script)
        return page.evaluate(FIND, [context, TAGS, categories, [*rules_off]])


@contextmanager
def scripts_on(page: Page) -> Iterator[None]:
    """Let axe-core run in a page without scripts. Those of the page were passed over and stay so."""
    if not page.evaluate(SCRIPTS_ARE_OFF):
        yield
        return
    session = page.context.new_cdp_session(page)
    # A session that has not switched them off itself is not heard.
    for off in (True, False):
        session.send("Emulation.setScriptExecutionDisabled", {"value": off})
    try:
        yield
    finally:
        session.send("Emulation.setScriptExecutionDisabled", {"value": True})
