"""The list of mutations moves with the code."""

import ast
from collections import Counter

import pytest

from .run import ROOT, read_mutations

MUTATIONS = read_mutations()


def test_each_has_an_id_of_its_own():
    counts = Counter(mutation.id for mutation in MUTATIONS)
    assert [id for id, number in counts.items() if number > 1] == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.id)
def test_each_changes_one_text_that_the_code_has_and_names_tests_that_there_are(mutation):
    assert mutation.is_found(), f"{mutation.file} does not have this exactly once: {mutation.old}"
    text = mutation.path.read_text(encoding="utf-8")
    changed = text.replace(mutation.old, mutation.new)
    # A file that cannot be read at all would prove nothing.
    assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(text))
    assert mutation.tests
    assert [path for path in mutation.tests if not (ROOT / path).exists()] == []
