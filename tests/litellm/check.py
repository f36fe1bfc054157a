"""Compares the ledger with what llama.cpp's server counted behind the proxy, and prints the figures."""

import re
import sqlite3
import sys
import urllib.request

path, metrics = sys.argv[1:]
rows = sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute(
    "SELECT kind, tier, outcome, estimated, input, cached, output, cost_pico, total_ms FROM entry WHERE state = 'settled' ORDER BY id"
).fetchall()
assert rows and {"summary", "lookup"} <= {row[0] for row in rows}, rows
for kind, tier, outcome, estimated, used, cached, output, cost, ms in rows:
    assert not estimated and used > 0 and output > 0, (kind, tier, outcome)
    assert cost == (used - cached) * 100_000 + cached * 10_000 + output * 200_000, (kind, used, cached, output, cost)
text = urllib.request.urlopen(metrics, timeout=30).read().decode()
made = int(re.search(r"^llamacpp:tokens_predicted_total (\d+)", text, re.MULTILINE).group(1))
output = sum(row[6] for row in rows)
assert made == output, f"the ledger has {output} reply tokens, the server made {made}"
times = sorted(row[8] for row in rows)
print(
    f"{len(rows)} requests: {sum(row[4] for row in rows)} tokens in ({sum(row[5] for row in rows)} cached), {output} out, "
    f"as the server counted; ${sum(row[7] for row in rows) / 1e12:.6f} at the configured prices; "
    f"{times[0]} to {times[-1]} ms a request, {times[len(times) // 2]} in the middle"
)
