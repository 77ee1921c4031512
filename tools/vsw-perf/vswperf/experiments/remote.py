# SPDX-License-Identifier: GPL-2.0
"""remote: senders here, receivers on another machine, a link between.

The other machine is reached by ssh and runs "vsw-perf agent". It reads one line of
JSON that says what to do, prints a line when its receivers are there, and one with
what they have received when they have ended.
"""
import dataclasses
import json
import subprocess
import sys

from .. import command, conffile, measure, options, plan, switches, topology
from ..bench import Bench
from ..error import PerfError, UsageError
from ..gen import Load
from ..session import Session
from .grid import add_grid, result_of, text_of

_READY = "ready"


def add(parser):
    """As local, and where the other machine is."""
    add_grid(parser, "1M", "32", "64", "vsw", many=False)
    add_option = parser.add_argument
    add_option("-H", "--remote-hostname", dest="host", required=True, metavar="HOST",
               help="the other machine, for ssh")
    add_option("-F", "--remote-conf", dest="remote_conf", required=True, metavar="FILE",
               help="file that lists its containers")
    add_option("-C", "--remote-command", dest="remote_command", default="vsw-perf",
               metavar="CMD", help="what vsw-perf is called there (default vsw-perf)")
    add_option("--uplink", required=True, metavar="DEV",
               help="interface that leads to the other machine")
    add_option("--remote-uplink", metavar="DEV", help="the same there (default: as here)")
    options.add_run(parser, 60)


def _check(here, there, args):
    """Who sends is here, and its peer is there."""
    macs = {box.mac.lower() for box in there}
    for box in here:
        if box.role not in ("send", "client"):
            raise UsageError(f"{args.conf}: {box.name} receives; senders are here")
        if box.peer_mac.lower() not in macs:
            raise UsageError(f"{box.name}: its peer is not in {args.remote_conf}")
    for box in there:
        if box.role not in ("recv", "server"):
            raise UsageError(f"{args.remote_conf}: {box.name} sends; receivers are there")


def _topology(boxes, uplink):
    made = topology.from_containers(boxes)
    made.segments[0].uplink = uplink
    return made


def _session(name, boxes, uplink):
    return Session(switches.present(name), _topology(boxes, uplink))


class _Agent:
    """The other machine."""

    def __init__(self, args, name, load):
        with open(args.remote_conf, encoding="utf-8") as file:
            job = {"switch": name, "conf": file.read(), "load": dataclasses.asdict(load),
                   "uplink": args.remote_uplink or args.uplink, "trim": args.trim}
        self._process = subprocess.Popen(
            [command.find("ssh"), args.host, args.remote_command, "agent"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        if self._process.stdout.readline().strip() != _READY:
            self._process.wait()
            raise PerfError(f"{args.host}: vsw-perf agent has failed")

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self._process.terminate()
        self._process.wait()

    def lines(self):
        """Of its applications."""
        text = self._process.stdout.readline()
        if not text:
            raise PerfError("vsw-perf agent has failed")
        return json.loads(text)


def _measure(args, test):
    load = options.load(args, rate=test.rate, burst=test.burst, size=test.size)
    runs = []
    with _session(test.switch, args.boxes, args.uplink) as session:
        for _ in range(args.repeats):
            with _Agent(args, test.switch, load) as agent:
                runs.append(measure.once(session, load, args.trim, args.debug, agent.lines))
    return {**result_of(test, "remote"), **measure.summary(runs, load)}


def remote(args, words):
    """Measure one test."""
    if not args.conf:
        raise UsageError("remote: -f: which containers are here?")
    args.boxes, there = conffile.load(args.conf), conffile.load(args.remote_conf)
    _check(args.boxes, there, args)
    latency = args.boxes[0].role == "client"
    tests = plan.product("latency" if latency else "throughput", "remote",
                         f"{len(args.boxes)}vs{len(there)}", args.switches,
                         [args.bursts], [args.sizes], [args.rates])
    if args.check:
        return 0
    with Bench(args, args.switches, len(tests), words) as bench:
        for test in tests:
            if test.switch in bench.present:
                bench.leaf(test.switch, test.path,
                           lambda result, test=test: text_of(test, result),
                           lambda test=test: _measure(args, test))
        return bench.status()


def add_agent(_parser):
    """It has no options."""


def _say(data):
    print(data if isinstance(data, str) else json.dumps(data), flush=True)


def agent(_args, _words):
    """Do what a line on standard input says."""
    try:
        job = json.loads(sys.stdin.readline())
        load = Load(**job["load"])
        boxes = conffile.parse(job["conf"], "container file")
        name, uplink, trim = job["switch"], job["uplink"], job["trim"]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"agent: not a job: {error}") from None
    with _session(name, boxes, uplink) as session:
        _say(measure.applications(session, load, trim, started=lambda: _say(_READY)))
    return 0
