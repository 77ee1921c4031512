# SPDX-License-Identifier: GPL-2.0
"""chain, parallel, ramp and ndr: a sender, forwarders in a row or side by side,
and a receiver.
"""
import csv
import functools
import io
import itertools
import os
import sys

from .. import measure, options, search, topology
from ..bench import Bench, LazySession
from ..error import UsageError
from ..ranges import MAX, short

_TOPOLOGY = {"serial": lambda count, wire: topology.serial(count),
             "parallel": topology.parallel}


def _add_common(parser, forwarders, switches, seconds):
    add = parser.add_argument
    add("--forwarders", type=options.many("forwarders"), default=forwarders, metavar="N",
        help=f"how many (default {forwarders})")
    add("-v", "--vswitch", dest="switches", default=switches, metavar="SWITCH",
        type=options.switch_list, help=f"switches (default {switches})")
    add("-p", "--pkt-size", dest="size", default="64", metavar="BYTES",
        type=options.one("packet size"), help="frame size (default 64)")
    add("-b", "--burst-size", dest="burst", default="32", metavar="FRAMES",
        type=options.one("burst size"), help="frames of a burst (default 32)")
    options.add_sockets(parser)
    options.add_run(parser, seconds)


def _add_setup(parser):
    parser.add_argument("--setup", choices=tuple(_TOPOLOGY), default="serial",
                        help="forwarders in a row or side by side (default serial)")


def _forwarder(switch):
    return "vsw-gen" if switch.backend == "ring" else "tc redirect, in the kernel"


def _leaf(args, experiment, name, count, session, make):
    return {"experiment": experiment, "setup": args.setup, "forwarders": count,
            "switch": name, "packet-size": args.size, "burst-size": args.burst,
            "forwarder": _forwarder(session.switch), **make(session)}


def _each(args, words, experiment, last, make, text):
    """A leaf for each switch and number of forwarders."""
    # Nobody answers for forwarders, so interfaces need raw sockets.
    args.raw = True
    steps = len(args.switches) * len(args.forwarders)
    with Bench(args, args.switches, steps, words) as bench:
        for name, count in itertools.product(bench.present, args.forwarders):
            path = os.path.join(f"{args.setup}-{count}", str(args.burst), name,
                                str(args.size), str(last))
            with LazySession(name, functools.partial(_TOPOLOGY[args.setup], count)) as lazy:
                bench.leaf(name, path, text, lambda: _leaf(args, experiment, name, count,
                                                           lazy.get(), make))
        return bench.status()


def _title(result):
    return (f"{result['experiment']}, {result['switch']}, {result['setup']}, "
            f"{result['forwarders']} forwarders")


def _rates_text(result):
    return (f"{_title(result)}: sent {result['tx-pps']['median'] / 1e6:.3f} Mpps, "
            f"received {result['rx-pps']['median'] / 1e6:.3f} Mpps, lost {result['lost']}")


def _at_rate(args):
    def make(session):
        load = options.load(args, rate=args.rate, burst=args.burst, size=args.size)
        return {"rate": args.rate,
                **measure.several(session, load, args.repeats, args.trim, args.debug)}
    return make


def _add_rate(parser):
    parser.add_argument("-r", "--rate", type=options.one_rate, default=MAX, metavar="PPS",
                        help=f"frames per second of each sender (default {MAX})")


def add_chain(parser):
    """Throughput by length."""
    _add_common(parser, "1 2 3 6", "vsw vsw-block linux-bridge", 60)
    _add_rate(parser)


def chain(args, words):
    """Forwarders in a row."""
    args.setup = "serial"
    return _each(args, words, "chain", args.rate, _at_rate(args), _rates_text)


def add_parallel(parser):
    """Throughput by number."""
    _add_common(parser, "2..1..4", "vsw vsw-block linux-bridge", 60)
    _add_rate(parser)


def parallel(args, words):
    """Forwarders side by side."""
    args.setup = "parallel"
    return _each(args, words, "parallel", args.rate, _at_rate(args), _rates_text)


def _trial(args, session):
    def trial(rate):
        load = options.load(args, rate=rate, burst=args.burst, size=args.size)
        run = measure.once(session, load, args.trim, args.debug)
        print(f"    offered {short(rate)}: sent {run['sent']}, lost {run['lost']}",
              file=sys.stderr, flush=True)
        return run["sent"], run["received"], run["tx-pps"], run["rx-pps"]
    return trial


def _csv(steps):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("offered", "tx_pps", "rx_pps", "sent", "received", "loss_percent"))
    for step in steps:
        writer.writerow((step.offered, round(step.tx_pps), round(step.rx_pps), step.sent,
                         step.received, round(step.loss, 4)))
    return out.getvalue()


def add_ramp(parser):
    """The ladder."""
    add = parser.add_argument
    _add_setup(parser)
    _add_common(parser, "1", "vsw", 10)
    add("--start", type=options.one("start"), default="10k", metavar="PPS",
        help="the first rate (default 10k)")
    add("--step", type=options.one("step"), default="10k", metavar="PPS",
        help="how much more each time (default 10k)")
    add("--max", type=options.one("max"), default="10M", metavar="PPS", dest="top",
        help="the last rate (default 10M)")
    add("--loss", type=options.percent, default=0.0, metavar="PERCENT",
        help="loss that is allowed (default 0)")


def ramp(args, words):
    """Raise the rate slowly, watch the receiver, find saturation."""
    if args.top < args.start:
        raise UsageError("--max is below --start")

    def make(session):
        steps, knee, why = search.ramp(_trial(args, session),
                                       range(args.start, args.top + 1, args.step), args.loss)
        print(_csv(steps), end="")
        return {"ended-by": why,
                "knee": knee and knee.as_dict(), "steps": [step.as_dict() for step in steps]}

    return _each(args, words, "ramp", "ramp", make, _knee_text)


def _knee_text(result):
    knee = result["knee"]
    return (f"{_title(result)}: " +
            (f"loss-free up to {knee['rx-pps'] / 1e6:.3f} Mpps" if knee
             else "never loss-free") + f", ended by {result['ended-by']}")


def add_ndr(parser):
    """The search."""
    add = parser.add_argument
    _add_setup(parser)
    _add_common(parser, "1..1..8", "vsw vsw-block linux-bridge", 10)
    add("--loss", type=options.percent, default=0.0, metavar="PERCENT",
        help="loss that is allowed (default 0)")
    add("--resolution", type=options.percent, default=5.0, metavar="PERCENT",
        help="how exact the rate shall be (default 5)")
    add("--attempts", type=options.one("attempts"), default=1, metavar="N",
        help="runs of a rate of which one must be loss-free (default 1)")


def ndr(args, words):
    """The largest loss-free rate."""
    if not args.resolution:
        raise UsageError("--resolution: 0 has no end")

    def make(session):
        steps, best = search.ndr(_trial(args, session), args.resolution, args.loss,
                                 args.attempts)
        return {"at-any-rate": best is steps[0], "best": best and best.as_dict(),
                "steps": [step.as_dict() for step in steps]}

    return _each(args, words, "ndr", "ndr", make, _ndr_text)


def _ndr_text(result):
    best = result["best"]
    if not best:
        return f"{_title(result)}: no loss-free rate was found"
    rate = f"{best['tx-pps'] / 1e6:.3f} Mpps"
    if result["at-any-rate"]:
        return f"{_title(result)}: loss-free at any rate, {rate} at most"
    return f"{_title(result)}: loss-free up to {rate}"
