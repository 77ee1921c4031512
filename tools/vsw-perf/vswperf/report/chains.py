# SPDX-License-Identifier: GPL-2.0
"""chain, parallel, ndr and ramp: against the number of forwarders."""
from ..ranges import MAX
from .plot import Plot
from .text import CPU, cpu, groups, loss, mpps, table

_SETUP = {"serial": "in a row", "parallel": "side by side"}


def _title(what, setup, size, burst):
    return f"{what}, forwarders {_SETUP[setup]}, {size} B, burst {burst}"


def _rates(results):
    for (setup, size, burst), group in groups(results, "setup", "packet-size", "burst-size"):
        first = {}
        received = Plot(f"{setup}-received-{burst}-{size}",
                        _title("Received", setup, size, burst), "forwarders",
                        "received, Mpps")
        sent = Plot(f"{setup}-sent-{burst}-{size}",
                    _title("Load of the sender", setup, size, burst), "forwarders",
                    "sent, Mpps")
        rows = []
        for _, same in groups(group, "switch", "forwarders"):
            for result in same:
                name, count = result["switch"], result["forwarders"]
                received.add(name, count, result["rx-pps"], 1e-6)
                sent.add(name, count, result["tx-pps"], 1e-6)
                rate = result["rx-pps"]["median"]
                first.setdefault(name, rate)
                ratio = rate / first[name] if first[name] else 0
                rows.append((name, count, mpps(result["tx-pps"]), mpps(result["rx-pps"]),
                             f"{ratio:.2f}", loss(result), cpu(result), result["forwarder"]))
        head = ("switch", "forwarders", "sent, Mpps", "received, Mpps",
                "ratio to the first", "lost, %", CPU, "forwarder")
        yield _title("Throughput", setup, size, burst), table(head, rows), [received, sent]


def chain(results):
    """Parts of the page: title, table, plots."""
    return list(_rates(results))


def _point(step):
    rate = step["tx-pps"]
    return {"median": rate, "min": rate, "max": rate}


def ndr(results):
    """Parts of the page: title, table, plots."""
    parts = []
    for (setup, size, burst), group in groups(results, "setup", "packet-size", "burst-size"):
        title = _title("Largest loss-free rate", setup, size, burst)
        plot = Plot(f"ndr-{setup}-{burst}-{size}", title, "forwarders", "Mpps")
        rows = []
        for _, same in groups(group, "switch", "forwarders"):
            for result in same:
                best = result["best"]
                if best:
                    plot.add(result["switch"], result["forwarders"], _point(best), 1e-6)
                rows.append((result["switch"], result["forwarders"],
                             f"{best['tx-pps'] / 1e6:.3f}" if best else "none found",
                             "yes" if result["at-any-rate"] else "no",
                             f"{result['steps'][0]['loss-percent']:.3g}",
                             len(result["steps"])))
        head = ("switch", "forwarders", "loss-free, Mpps", "at any offered rate",
                "lost as fast as possible, %", "steps")
        parts.append((title, table(head, rows), [plot]))
    return parts


def ramp(results):
    """Parts of the page: title, table, plots."""
    parts = []
    for (setup, size, burst, count), group in groups(results, "setup", "packet-size",
                                                     "burst-size", "forwarders"):
        title = _title(f"Rate raised slowly, {count}", setup, size, burst)
        plot = Plot(f"ramp-{setup}-{count}-{burst}-{size}", title, "offered, Mpps",
                    "received, Mpps", identity=True)
        rows = []
        for result in group:
            for step in result["steps"]:
                if step["offered"] != MAX:
                    rate = step["rx-pps"]
                    plot.add(result["switch"], step["offered"] / 1e6,
                             {"median": rate, "min": rate, "max": rate}, 1e-6)
            knee = result["knee"]
            rows.append((result["switch"], f"{knee['rx-pps'] / 1e6:.3f}" if knee else "none",
                         result["ended-by"], len(result["steps"])))
        head = ("switch", "loss-free up to, Mpps", "ended by", "steps")
        parts.append((title, table(head, rows), [plot]))
    return parts
