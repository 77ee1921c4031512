# SPDX-License-Identifier: GPL-2.0
"""latency: round trips against size and burst."""
from .plot import Plot
from .text import groups, micro, table

_QUANTILES = "p50", "p90", "p99", "p99.9", "max"


def _rows(group):
    for _, same in groups(group, "switch", "packet-size", "burst-size"):
        for result in same:
            latency = result["latency-ns"]
            yield (result["switch"], result["packet-size"], result["burst-size"],
                   *(micro(latency[key]) for key in _QUANTILES), result["lost"])


def _plots(group, fixed, moving, label, rate):
    plots = []
    for (value,), same in groups(group, fixed):
        if len({result[moving] for result in same}) < 2:
            continue
        unit = "B" if fixed == "packet-size" else "frames in a burst"
        plot = Plot(f"latency-{moving.partition('-')[0]}-{value}-{rate}",
                    f"Round trip, median, {value} {unit}, {rate} pps", label,
                    "microseconds", logx=True)
        for result in same:
            plot.add(result["switch"], result[moving], result["latency-ns"]["p50"], 1e-3)
        plots.append(plot)
    return plots


def section(results):
    """Parts of the page: title, table, plots."""
    parts = []
    for (rate,), group in groups(results, "rate"):
        head = ("switch", "bytes", "burst", *(f"{key}, us" for key in _QUANTILES), "lost")
        parts.append((f"Round trips at {rate} requests per second",
                      table(head, _rows(group)),
                      _plots(group, "burst-size", "packet-size", "frame size, bytes", rate) +
                      _plots(group, "packet-size", "burst-size", "frames of a burst", rate)))
    return parts
