"""Ten of the checks as plain Python functions over rows already in memory, for the ratio in checks.rs.

Reads rows as JSON from standard input, prints the seconds that one pass takes and how many it found."""

import json
import sys
import time

CHECKS = [
    lambda p: p["relation"] is None,
    lambda p: p["nationality"] is None,
    lambda p: p["labour"] is None,
    lambda p: p["age"] is not None and p["age"] < 16 and p["labour"] in ("普通劳动力", "技能劳动力", "弱劳动力或半劳动力"),
    lambda p: p["health"] == "健康" and p["age"] is not None and 16 <= p["age"] <= 59 and p["state"] is None
    and p["education"] is not None and p["labour"] in ("丧失劳动力", "无劳动力"),
    lambda p: p["resident"] is False and p["employee"] is False,
    lambda p: p["resident"] is True and p["employee"] is True,
    lambda p: p["education"] is not None and p["state"] is not None,
    lambda p: p["post"] is not None and p["age"] is not None and p["age"] >= 70,
    lambda p: p["per_person"] is not None and p["per_person"] < 6900 and p["target"] is None,
]

rows = json.load(sys.stdin)
found = 0
started = time.perf_counter()
for row in rows:
    for check in CHECKS:
        if check(row):
            found += 1
print(time.perf_counter() - started, found)
