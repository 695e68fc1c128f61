"""DuckDB over the archive that `vitrine-report measure` read: the same SQL, as often, on two threads. Prints seconds and rows."""
import json
import statistics
import sys
import time

import duckdb
from opened import opened

job = json.load(sys.stdin)
began = time.perf_counter()
db = opened(job["data"], job["to"])
answer = {"version": duckdb.__version__, "open_s": time.perf_counter() - began, "figures": {}}
for figure in job["figures"]:
    seconds, busy = [], []
    for _ in range(1 + job["times"]):
        began, used = time.perf_counter(), time.process_time()
        rows = len(db.execute(figure["sql"], figure["parameters"]).fetchall())
        seconds.append(time.perf_counter() - began)
        busy.append(time.process_time() - used)
    print(f"{figure['name']}: {seconds}", file=sys.stderr)
    answer["figures"][figure["name"]] = {"warm_s": statistics.median(seconds[1:] or seconds), "cpu_s": statistics.median(busy), "rows": rows}
json.dump(answer, sys.stdout)
