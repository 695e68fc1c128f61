"""Runs texts of SQL in DuckDB over a collector's archive; a second engine that has read none of the report's code."""
import json
import sys

from opened import opened

job = json.load(sys.stdin)
db = opened(job["data"], job["to"])
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
