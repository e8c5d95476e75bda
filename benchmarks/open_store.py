"""How long it takes to open the store in a warm process: the median of twenty times.

.venv/bin/python benchmarks/open_store.py
"""

from statistics import median
from time import perf_counter

from placebook.catalogue.load import Catalogue
from placebook.evidence.store import Store
from placebook.paths import Project

project = Project.find()
catalogue = Catalogue.open(project)
Store.open(project, catalogue.sources, catalogue.areas).check_all()
times = []
for _ in range(20):
    begun = perf_counter()
    Store.open(project, catalogue.sources, catalogue.areas)
    times.append(perf_counter() - begun)
print(f"opening the store: {median(times) * 1000:.0f} ms, {len(catalogue.sources)} sources")
