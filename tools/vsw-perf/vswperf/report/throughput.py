# SPDX-License-Identifier: GPL-2.0
"""local and testset: received against offered, and as fast as possible by size."""
from ..ranges import MAX, short
from .plot import Plot
from .text import CPU, cpu, groups, loss, mpps, table


def _name(result):
    return result["switch"]


def _offered(results, place):
    """One picture for each burst, size and number of participants."""
    parts = []
    for (burst, size, who), group in groups(results, "burst-size", "packet-size",
                                            "participants"):
        paced = [result for result in group if result["rate"] != MAX]
        if len({result["rate"] for result in paced}) < 2:
            continue
        plot = Plot(f"{place}offered-{who}-{burst}-{size}",
                    f"Received against offered rate, {size} B, burst {burst}, {who}",
                    "offered, Mpps of each sender", "received, Mpps",
                    logx=True, identity=who == "1vs1")
        for result in paced:
            plot.add(_name(result), result["rate"] / 1e6, result["rx-pps"], 1e-6)
        rows = [(_name(result), short(result["rate"]), mpps(result["tx-pps"]),
                 mpps(result["rx-pps"]), loss(result), cpu(result))
                for _, same in groups(paced, "switch", "rate") for result in same]
        head = ("switch", "offered, pps", "sent, Mpps", "received, Mpps", "lost, %", CPU)
        parts.append((plot.title, table(head, rows), [plot]))
    return parts


def _sizes(results, place):
    """Mpps and Gb/s, one picture each for a burst."""
    parts = []
    for (burst, who), group in groups(results, "burst-size", "participants"):
        best = [result for result in group if result["rate"] == MAX]
        if not best:
            continue
        title = f"As fast as possible, burst {burst}, {who}"
        plots = [Plot(f"{place}size-mpps-{who}-{burst}", title, "frame size, bytes",
                      "received, Mpps", logx=True),
                 Plot(f"{place}size-gbps-{who}-{burst}", title, "frame size, bytes",
                      "received, Gb/s", logx=True)]
        rows = []
        for _, same in groups(best, "switch", "packet-size"):
            for result in same:
                size = result["packet-size"]
                plots[0].add(_name(result), size, result["rx-pps"], 1e-6)
                plots[1].add(_name(result), size, result["rx-pps"], size * 8e-9)
                rows.append((_name(result), size, mpps(result["tx-pps"]),
                             mpps(result["rx-pps"]), f"{result['rx-gbps']:.3f}", loss(result),
                             cpu(result)))
        head = ("switch", "bytes", "sent, Mpps", "received, Mpps", "Gb/s", "lost, %",
                CPU)
        several = len({result["packet-size"] for result in best}) > 1
        parts.append((title, table(head, rows), plots if several else []))
    return parts


def section(results, place=""):
    """Parts of the page: title, table, plots, whose names begin with PLACE."""
    return _offered(results, place) + _sizes(results, place)
