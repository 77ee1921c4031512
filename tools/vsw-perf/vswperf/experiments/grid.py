# SPDX-License-Identifier: GPL-2.0
"""local, testset, run, scale and latency: points of a plan, one after the other."""
import itertools
import os

from .. import conffile, measure, options, plan, topology
from ..bench import Bench, LazySession
from ..error import UsageError
from ..ranges import MAX

# Seconds that a test takes besides, for the plan.
OVERHEAD = 4


def _pps(value):
    return f"{value / 1e6:.3f} Mpps"


def text_of(test, result):
    """A line about a result."""
    line = (f"{test.name}: received {_pps(result['rx-pps']['median'])}, "
            f"sent {_pps(result['tx-pps']['median'])}, lost {result['lost']}")
    if "latency-ns" in result:
        latency = result["latency-ns"]
        line += "".join(f", {key} {latency[key]['median'] / 1000:.1f} us"
                        for key in ("p50", "p99"))
    return line


def _load(args, test):
    return options.load(args, rate=test.rate, burst=test.burst, size=test.size)


def _make_topology(args, test):
    latency = test.dimension == "latency"
    if args.boxes:
        return lambda wire: topology.from_containers(args.boxes, wire)
    count = plan.parse_participants(test.participants)
    return lambda wire: topology.pairs(count, wire, latency)


def result_of(test, experiment):
    """What was measured, without figures."""
    return {"experiment": experiment, "name": test.name, "dimension": test.dimension,
            "location": test.location, "participants": test.participants,
            "switch": test.switch, "packet-size": test.size,
            "rate": test.rate, "burst-size": test.burst}


def _measure(args, session, test, experiment):
    load = _load(args, test)
    return {
        **result_of(test, experiment),
        **measure.several(session.get(), load, args.repeats, args.trim, args.debug)}


def _path(test, below):
    return os.path.join(test.participants, test.path) if below else test.path


def _execute(args, tests, experiment, words, below):
    """Measure all tests; those with the same switch share its containers."""
    names = list(dict.fromkeys(test.switch for test in tests))
    with Bench(args, names, len(tests), words) as bench:
        for (name, _), group in itertools.groupby(
                tests, lambda test: (test.switch, test.participants)):
            group = list(group)
            if name in bench.absent:
                continue
            with LazySession(name, _make_topology(args, group[0])) as session:
                for test in group:
                    bench.leaf(name, _path(test, below),
                               lambda result, test=test: text_of(test, result),
                               lambda test=test: _measure(args, session, test, experiment))
        return bench.status()


def _read_containers(args):
    """Who takes part; the file says what is measured, if there is one."""
    if not args.conf:
        return
    args.boxes, elsewhere = conffile.split_local(conffile.load(args.conf))
    for box in elsewhere:
        print(f"{box.name}: its peer {box.peer_ip} is not in {args.conf}; left out")
    if not args.boxes:
        raise UsageError(f"{args.conf}: no container has its peer in it")
    active = [box.role in ("send", "client") for box in args.boxes]
    args.participants = f"{sum(active)}vs{len(active) - sum(active)}"
    clients = any(box.role == "client" for box in args.boxes)
    args.dimension = "latency" if clients else "throughput"


def _tests(args):
    _read_containers(args)
    return plan.product(args.dimension, "local", args.participants, args.switches,
                        args.bursts, args.sizes, args.rates)


def add_grid(parser, rates, bursts, sizes, switches, many):
    """Options that say what is measured."""
    add = parser.add_argument
    number = options.many if many else options.one
    add("-r", "--rate", dest="rates", default=rates, metavar="PPS",
        type=options.many_rates if many else options.one_rate,
        help=f"frames per second of each sender, or {MAX} (default {rates})")
    add("-p", "--pkt-size", dest="sizes", default=sizes, metavar="BYTES",
        type=number("packet size"), help=f"frame size (default {sizes})")
    add("-b", "--burst-size", dest="bursts", default=bursts, metavar="FRAMES",
        type=number("burst size"), help=f"frames of a burst (default {bursts})")
    add("-v", "--vswitch", dest="switches", default=switches, metavar="SWITCH",
        type=options.switch_list, help=f"switch (default {switches})")
    add("-f", "--conf-filename", dest="conf", metavar="FILE",
        help="file that lists the containers")
    add("-d", "--dimension", choices=options.DIMENSIONS, default="throughput",
        help="what is measured, if there is no file (default throughput)")
    add("-T", "--test-param", action="store_true", dest="check",
        help="look only whether everything is acceptable")
    options.add_sockets(parser)
    parser.set_defaults(participants="1vs1", boxes=[])


def _do(args, tests, experiment, words, below=False):
    """-T and -X end here."""
    if args.check:
        return 0
    if getattr(args, "dry_run", False):
        print(plan.describe(tests, args.seconds, args.repeats, OVERHEAD))
        return 0
    return _execute(args, tests, experiment, words, below)


def add_local(parser):
    """One test, as run_local_test."""
    add_grid(parser, "1M", "32", "64", "vsw", many=False)
    options.add_run(parser, 60)


def local(args, words):
    """Measure one test."""
    if len(args.switches) != 1:
        raise UsageError("local: one switch only (see vsw-perf testset)")
    for name in "rates", "bursts", "sizes":
        setattr(args, name, [getattr(args, name)])
    return _do(args, _tests(args), "local", words)


def add_testset(parser):
    """All tests of lists and ranges, as run_testset."""
    add_grid(parser, options.TESTSET_RATES, options.TESTSET_BURSTS,
              options.TESTSET_SIZES, "vsw", many=True)
    parser.add_argument("-X", "--dry-run", action="store_true", help="print the plan")
    options.add_run(parser, 60)


def testset(args, words):
    """Measure the Cartesian product."""
    return _do(args, _tests(args), "testset", words)


def add_run(parser):
    """Tests by their name."""
    parser.add_argument("name", metavar="TUPLE",
                        help="(D=...,L=local,S=NvsN,V=...,P=...,R=...,B=...)")
    add_testset(parser)


def run(args, words):
    """Measure what a tuple names; what it leaves open is as for testset."""
    fields = plan.parse_name(args.name)
    if fields.get("location", "local") != "local":
        raise UsageError(f"L: only local, not {fields['location']}")
    args.dimension = fields.get("dimension", args.dimension)
    if args.dimension not in options.DIMENSIONS:
        raise UsageError(f"D: '{args.dimension}' is none of {', '.join(options.DIMENSIONS)}")
    args.participants = fields.get("participants", args.participants)
    plan.parse_participants(args.participants)
    for letter, name, parse in (("switch", "switches", options.switch_list),
                                ("size", "sizes", options.many("P")),
                                ("rate", "rates", options.many_rates),
                                ("burst", "bursts", options.many("B"))):
        if letter in fields:
            setattr(args, name, options.value(parse, fields[letter]))
    return _do(args, _tests(args), "testset", words)


def add_scale(parser):
    """NvsN, side by side on one switch."""
    add_grid(parser, MAX, "32", "64 1500", "vsw linux-bridge", many=True)
    parser.add_argument("-N", "--pairs", type=options.many("pairs"), default="1 2 3 4",
                        help="numbers of pairs (default 1 2 3 4)")
    options.add_run(parser, 60)


def scale(args, words):
    """Total and per receiver, with more and more pairs."""
    if args.conf:
        raise UsageError("scale: makes its own containers; -f is not for it")
    tests = [test for switch in args.switches for count in args.pairs
             for test in plan.product("throughput", "local", f"{count}vs{count}", [switch],
                                      args.bursts, args.sizes, args.rates)]
    return _do(args, tests, "scale", words, below=True)


def add_latency(parser):
    """Round trips."""
    add_grid(parser, "1k", "4 32 128", "64 512 1024 1500", "vsw linux-bridge", many=True)
    options.add_run(parser, 60)


def latency(args, words):
    """Sizes and bursts at a low rate."""
    args.dimension = "latency"
    return _do(args, _tests(args), "latency", words)
