"""Prints how many lines and branches of each folder the tests reach: ``coverage_by_folder.py coverage.json``."""

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

COUNTS = ("num_statements", "covered_lines", "num_branches", "covered_branches")


def main(path: str) -> None:
    """Read coverage's JSON report, and print a table."""
    folders: dict[str, Counter] = defaultdict(Counter)
    for name, file in json.loads(Path(path).read_text())["files"].items():
        counts = {count: file["summary"][count] for count in COUNTS}
        folders["/".join(Path(name).parts[:2][: len(Path(name).parts) - 1])].update(counts)
        folders["all"].update(counts)
    print(f"{'folder':36}{'lines':>7}{'reached':>9}{'branches':>10}{'reached':>9}")
    for folder, counts in sorted(folders.items(), key=lambda item: (item[0] == "all", item[0])):
        lines, covered_lines, branches, covered_branches = (counts[count] for count in COUNTS)
        print(
            f"{folder:36}{lines:7}{_percent(covered_lines, lines):>9}"
            f"{branches:10}{_percent(covered_branches, branches):>9}"
        )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""


if __name__ == "__main__":
    main(*sys.argv[1:])
