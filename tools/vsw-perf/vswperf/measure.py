# SPDX-License-Identifier: GPL-2.0
"""What the runs of a test have shown."""
from . import stats, trial

_SENDERS = "send", "client"
_RECEIVERS = "recv", "client"


def _rate(summary, samples, trim):
    """The mean of the seconds in the middle, or of all if there are few."""
    middle = stats.trim(samples, *trim)
    return sum(middle) / len(middle) if middle else float(summary["pps"])


def _application(app, summary, samples, trim):
    """The line of one application in a result."""
    line = {"container": app.node.name, "app": app.kind,
            "frames": summary["frames"], "pps": _rate(summary, samples, trim),
            "seconds": summary["seconds"], "samples": samples}
    for key in ("attempted", "dropped", "returned", "returned_pps", "lost",
                "latency_ns", "integrity", "cpu_user", "cpu_system", "cpu_seconds"):
        if key in summary:
            line[key] = summary[key]
    return line


def _received(line):
    return line.get("returned", line["frames"])


def _receive_rate(line):
    return line.get("returned_pps", line["pps"])


def applications(session, load, trim=(1, 1), debug=False, started=lambda: None):
    """Run a session's applications once; a line for each."""
    return [_application(*each, trim)
            for each in trial.run(session, load, debug, started)]


def _source_ports(session):
    """Ring ports that senders send by; two senders may share one."""
    if session.switch.backend != "ring":
        return []
    return list({id(app.port): app.port for app in session.topology.of(*_SENDERS)}.values())


def _sent(senders, taken):
    """What a sender had to leave in its ring in the end has not been sent."""
    frames = sum(line["frames"] for line in senders)
    return min(frames, taken) if taken is not None else frames


def once(session, load, trim=(1, 1), debug=False, elsewhere=list):
    """Run a session's applications once. ELSEWHERE tells of those on another
    machine when all is done here."""
    ports = _source_ports(session)
    before = sum(session.taken(port) for port in ports)
    lines = applications(session, load, trim, debug)
    taken = sum(session.taken(port) for port in ports) - before if ports else None
    lines += elsewhere()
    senders = [line for line in lines if line["app"] in _SENDERS]
    receivers = [line for line in lines if line["app"] in _RECEIVERS]
    sent = _sent(senders, taken)
    received = sum(_received(line) for line in receivers)
    return {
        "attempted": sum(line.get("attempted", line["frames"]) for line in senders),
        "sent": sent, "received": received, "lost": sent - received,
        "tx-pps": sum(line["pps"] for line in senders),
        "rx-pps": sum(_receive_rate(line) for line in receivers),
        "receivers": stats.totals([_receive_rate(line) for line in receivers]),
        "apps": lines,
    }


def several(session, load, repeats, trim=(1, 1), debug=False):
    """Run it several times, and say how far the runs are apart."""
    return summary([once(session, load, trim, debug) for _ in range(repeats)], load)


def _gbps(pps, size):
    return pps * size * 8 / 1e9


def _latency(runs):
    """Of clients: the median of the runs, for each quantile the worst client."""
    found = [[line["latency_ns"] for line in run["apps"] if "latency_ns" in line]
             for run in runs]
    if not found or not found[0]:
        return {}
    return {"latency-ns": {key: stats.spread([max(each[key] for each in run)
                                              for run in found])
                           for key in found[0][0] if key != "count"}}


def _cpu(runs):
    """Processor time of all applications for a million frames that arrived. That of
    the kernel on behalf of nobody is not in it."""
    times = []
    for run in runs:
        used = [line["cpu_user"] + line["cpu_system"] for line in run["apps"]
                if "cpu_user" in line]
        if used and run["received"]:
            times.append(1e6 * sum(used) / run["received"])
    return {"cpu-seconds-per-million": stats.spread(times)} if times else {}


def summary(runs, load):
    """Figures of several runs."""
    rx = stats.spread([run["rx-pps"] for run in runs])
    return {
        "rx-pps": rx, "tx-pps": stats.spread([run["tx-pps"] for run in runs]),
        "rx-gbps": round(_gbps(rx["median"], load.size), 4),
        "sent": sum(run["sent"] for run in runs),
        "received": sum(run["received"] for run in runs),
        "lost": sum(run["lost"] for run in runs),
        "total-pps": stats.spread([run["receivers"]["total"] for run in runs]),
        "mean-pps": stats.spread([run["receivers"]["mean"] for run in runs]),
        "fairness": min(run["receivers"]["fairness"] for run in runs),
        **_latency(runs), **_cpu(runs), "runs": runs,
    }
