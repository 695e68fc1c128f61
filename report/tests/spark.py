"""Runs texts of SQL in Spark over a collector's archive, as they are; parameters are bound, under Spark's own sign for them."""
import json
import os
import re
import sys
from decimal import Decimal

# What Spark says of itself does not go among the answers.
answers_to = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

from pyspark.sql import SparkSession  # noqa: E402
from pyspark.sql.functions import col, expr, row_number  # noqa: E402
from pyspark.sql.window import Window  # noqa: E402


def opened(data, to):
    spark = (
        SparkSession.builder.master("local[2]")
        .appName("vitrine")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    for table, under in (("events", ""), ("items", "items/")):
        spark.read.parquet(f"{data}/archive/{under}day=*/*.parquet").createOrReplaceTempView(table)
    last = Window.partitionBy("view_id").orderBy(col("seq").desc(), col("time").desc(), col("event_id").desc())
    (
        spark.table("events")
        .where((col("type") == "view_end") & col("view_id").isNotNull() & ~col("bot") & (col("time") < to))
        .withColumn("place", row_number().over(last))
        .where(col("place") == 1)
        .select("view_id", expr("explode(from_json(watched, 'array<array<double>>')) AS stretch"))
        .select("view_id", expr("stretch[0] AS start_s"), expr("stretch[1] AS end_s"))
        .where("end_s > start_s")
        .createOrReplaceTempView("watched")
    )
    return spark


def cell(value):
    if value is None or isinstance(value, (str, float, bool)):
        return int(value) if isinstance(value, bool) else value
    return float(value) if isinstance(value, Decimal) else int(value)


job = json.load(sys.stdin)
spark = opened(job["data"], job["to"])
answers, refused = [], []
for query in job["queries"]:
    sql = re.sub(r"\$([a-z_]+)", r":\1", query["sql"])
    try:
        found = spark.sql(sql, args=query["parameters"])
        answers.append({"columns": found.columns, "rows": [[cell(value) for value in row] for row in found.collect()]})
    except Exception as error:
        refused.append(f"{query['sql'].splitlines()[0]} {query['parameters'].get('by')}: {str(error)[:600]}")
spark.stop()
for words in refused:
    print(words, file=sys.stderr)
if refused:
    sys.exit(1)
json.dump(answers, answers_to)
answers_to.close()
