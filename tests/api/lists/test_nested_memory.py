"""What a long list keeps of its nested documents, as the system counts memory."""

import subprocess
import sys
from pathlib import Path

import pytest

PRODUCTS = 20_000
KEEPING = f"""
from pathlib import Path
from shoptrack.resources.serializers import make_json_fragment

def mebibytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

def product(id):
    return {{"id": id, "name": f"Milk {{id}}", "category": {{"id": 1, "name": "Dairy"}}, "unit": None}}

before = mebibytes()
kept = [make_json_fragment(product(id)) for id in range({PRODUCTS})]
print(mebibytes() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not tell")
def test_a_nested_document_takes_hardly_more_than_its_text():
    """Two hundred bytes each; a process of its own, since this one's memory has holes."""
    told = subprocess.run(
        [sys.executable, "-c", KEEPING], capture_output=True, text=True, check=True
    )
    assert float(told.stdout) < 12
