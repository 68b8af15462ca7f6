"""RESULTS-scaling.md: what becomes slow first, as records and people become more."""

from datetime import date
from pathlib import Path

from benchmarks import markdown
from benchmarks.backends import TITLES
from benchmarks.scaling import people_tables, size_tables
from benchmarks.scaling.results import Results

HEAD = """# Results of scaling

`make bench-scaling` wrote this on {day}. [README.md](README.md) says how it measures. Figures with brackets are
medians, with the least and the largest; p50, p95 and p99 are the milliseconds within which 50, 95 and 99 of a
hundred requests were answered whole.

"""


def write(folder: Path, results: Results, facts: dict[str, str]) -> Path:
    """Write RESULTS-scaling.md, and return its path.

    :param facts: about the machine and the run, by name
    """
    parts = [HEAD.format(day=date.today()) + markdown.facts(facts)]
    for backend, title in TITLES.items():
        sizes = {
            records: size for (name, records), size in results.sizes.items() if name == backend
        }
        if sizes:
            parts += size_tables.sections(title, sizes)
    parts.append(people_tables.section(results.stages))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "RESULTS-scaling.md"
    path.write_text("\n".join(filter(None, parts)), encoding="utf-8")
    return path
