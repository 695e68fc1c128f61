"""Runs texts of SQL in DuckDB over a collector's archive; a second engine that has read none of the report's code."""
import json
import sys

import duckdb

job = json.load(sys.stdin)
db = duckdb.connect()
db.execute("SET threads = 2")
for table, under in (("events", ""), ("items", "items/")):
    files = f"{job['data']}/archive/{under}day=*/*.parquet"
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
answers = []
for query in job["queries"]:
    found = db.execute(query["sql"], query["parameters"])
    columns = [column[0] for column in found.description]
    rows = [
        [cell if cell is None or isinstance(cell, (str, float)) else int(cell) for cell in row]
        for row in found.fetchall()
    ]
    answers.append({"columns": columns, "rows": rows})
json.dump(answers, sys.stdout)
