# SPDX-License-Identifier: GPL-2.0
"""scale: total and per receiver, against participants."""
from .plot import Plot
from .text import groups, loss, mpps, table


def section(results):
    """Parts of the page: title, table, plots."""
    parts = []
    for (burst, size), group in groups(results, "burst-size", "packet-size"):
        title = f"Pairs side by side, {size} B, burst {burst}"
        plots = [Plot(f"scale-total-{burst}-{size}", title, "pairs",
                      "total received, Mpps"),
                 Plot(f"scale-each-{burst}-{size}", title, "pairs",
                      "mean of a receiver, Mpps")]
        rows = []
        for _, same in groups(group, "switch", "participants"):
            for result in same:
                pairs = int(result["participants"].partition("vs")[0])
                plots[0].add(result["switch"], pairs, result["total-pps"], 1e-6)
                plots[1].add(result["switch"], pairs, result["mean-pps"], 1e-6)
                rows.append((result["switch"], result["participants"],
                             mpps(result["total-pps"]), mpps(result["mean-pps"]),
                             f"{result['fairness']:.3f}", loss(result)))
        head = ("switch", "S", "total T, Mpps", "mean M of a receiver, Mpps",
                "fairness (Jain)", "lost, %")
        parts.append((title, table(head, rows), plots))
    return parts
