"""A collector's archive in DuckDB, on two threads: the tables that the report's figures name."""
import duckdb


def opened(data, to):
    db = duckdb.connect()
    db.execute("SET threads = 2")
    for table, under in (("events", ""), ("items", "items/")):
        files = f"{data}/archive/{under}day=*/*.parquet".replace("'", "''")
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
        {"to": to},
    )
    return db
