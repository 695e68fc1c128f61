"""DuckDB over the archive that `vitrine-report measure` read: the same SQL, as often, on two threads. Prints seconds and rows."""
import json
import statistics
import sys
import time

import duckdb

job = json.load(sys.stdin)
db = duckdb.connect()
db.execute("SET threads = 2")
began = time.perf_counter()
for table, under in (("events", ""), ("items", "items/")):
    files = f"{job['data']}/archive/{under}day=*/*.parquet".replace("'", "''")
    db.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{files}', hive_partitioning = false)")
db.execute(
    """
    CREATE TABLE watched AS
    WITH ends AS (
      SELECT view_id, watched FROM events WHERE type = 'view_end' AND view_id IS NOT NULL AND NOT bot AND time < $to
      QUALIFY row_number() OVER (PARTITION BY view_id ORDER BY seq DESC, time DESC, event_id DESC) = 1
    ), stretches AS (SELECT view_id, unnest(CAST(watched AS DOUBLE[][])) AS stretch FROM ends)
    SELECT view_id, stretch[1] AS start_s, stretch[2] AS end_s FROM stretches WHERE stretch[2] > stretch[1]
    """,
    {"to": job["to"]},
)
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
