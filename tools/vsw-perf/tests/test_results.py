# SPDX-License-Identifier: GPL-2.0
"""Statistics, the tree of results, command lines, and the report."""
import json
import os
import tempfile
import unittest

from vswperf import command, gen, measure, plan, stats, topology
from vswperf.cli import main
from vswperf.error import PerfError, UsageError
from vswperf.results import Tree
from vswperf.switches import ALL


class Stats(unittest.TestCase):
    """On series that are made up."""

    def test_trim(self):
        """Neither what is before and behind, nor the first and the last."""
        self.assertEqual(stats.trim([0, 0, 1, 50, 52, 9, 0]), [50, 52])
        self.assertEqual(stats.trim([1, 50, 0, 52, 9]), [50, 0, 52])
        self.assertEqual(stats.trim([1, 50, 9], 0, 0), [1, 50, 9])
        self.assertEqual(stats.trim([1, 2, 50, 9], 2, 1), [50])
        for few in [], [0, 0], [0, 7, 0], [7, 9]:
            self.assertEqual(stats.trim(few), [])

    def test_totals(self):
        """T = M x N, and who gets how much."""
        even, uneven = stats.totals([10, 10, 10, 10]), stats.totals([40, 0, 0, 0])
        self.assertEqual((even["total"], even["mean"], even["fairness"]), (40, 10, 1))
        self.assertEqual((uneven["total"], uneven["min"], uneven["max"]), (40, 0, 40))
        self.assertEqual(uneven["fairness"], 0.25)

    def test_spread(self):
        """The median, and the distance of the extremes."""
        found = stats.spread([90, 100, 130])
        self.assertEqual((found["median"], found["spread-percent"]), (100, 40))
        self.assertEqual(stats.spread([0, 0])["spread-percent"], 0)


class Trees(unittest.TestCase):
    """Leaves are whole or absent."""

    def setUp(self):
        with tempfile.TemporaryDirectory() as self.root:
            pass
        self.tree = Tree(self.root)

    def test_shape(self):
        """bst-size/vswitch/pkt-size/rate/result.json, env.json at the root."""
        test = plan.Test("throughput", "local", "1vs1", "vsw", 64, 10**6, 32)
        self.tree.store_env({"kernel": "k"})
        self.tree.store(test.path, {"name": test.name})
        found = sorted(os.path.relpath(os.path.join(folder, name), self.root)
                       for folder, _, files in os.walk(self.root) for name in files)
        self.assertEqual(found, ["32/vsw/64/1000000/result.json", "env.json"])
        self.assertEqual(self.tree.leaf(test.path), {"name": test.name})

    def test_half_a_leaf(self):
        """What an interruption left is not taken for a result."""
        folder = os.path.join(self.root, "32/vsw/64/1")
        os.makedirs(folder)
        with open(os.path.join(folder, "result.json.part"), "w", encoding="ascii") as file:
            file.write('{"na')
        self.assertIsNone(self.tree.leaf("32/vsw/64/1"))
        self.assertEqual(self.tree.leaves(), [])

    def test_no_json(self):
        """A file that somebody has broken is not measured over."""
        self.tree.store("a", {})
        with open(os.path.join(self.root, "a/result.json"), "w", encoding="ascii") as file:
            file.write("{")
        with self.assertRaisesRegex(PerfError, "not JSON"):
            self.tree.leaf("a")

    def test_env_of_the_first_run(self):
        """Resuming does not change it."""
        self.tree.store_env({"kernel": "first"})
        self.tree.store_env({"kernel": "second"})
        self.assertEqual(self.tree.env(), {"kernel": "first"})
        with self.assertRaises(UsageError):
            Tree("/nonexistent").env()


class Words(unittest.TestCase):
    """Command lines of vsw-gen."""

    def _words(self, switch, kind, **load):
        app = topology.pairs(1).of(kind)[0]
        return " ".join(gen.words(app, ALL[switch], gen.Load(seconds=5, **load), 1, 10))

    def test_ring(self):
        """A port, whatever is said about sockets."""
        self.assertEqual(
            self._words("vsw", "send", rate=1000, raw=True, mmsg=True, blocking=True),
            "vsw-gen send 198.18.0.1 02:00:00:00:00:01 198.18.0.2 02:00:00:00:00:02 "
            "--port eth0 -j -b 32 -t 5 -p 64 -r 1000")

    def test_sockets(self):
        """UDP, raw, and how."""
        self.assertNotIn("-R", self._words("linux-bridge", "recv"))
        self.assertIn(" -R eth0 -m -B ", self._words("linux-bridge", "send", raw=True,
                                                     mmsg=True, blocking=True))
        self.assertIn(" --xdp eth0 ", self._words("afxdp", "send"))

    def test_receiver(self):
        """Neither rate nor size; it ends after the sender."""
        words = self._words("vsw", "recv", rate=1000)
        self.assertIn("--wait 1 -t 15", words)
        self.assertNotIn("-r", words.split())
        self.assertNotIn("-p", words.split())

    def test_forwarder(self):
        """Two ports, and addresses where there is more than one way."""
        app = topology.parallel(2).of("forward")[0]
        words = gen.words(app, ALL["vsw"], gen.Load(), 1, 10)
        self.assertEqual(words[:10], ["vsw-gen", "forward", "--in", "eth0", "--out", "eth1",
                                      "--dst", "02:00:00:00:00:02",
                                      "--src", "02:00:00:00:00:04"])

    def test_samples(self):
        """Lines of both kinds, and nothing else."""
        text = ("attempted 5 sent 5 dropped 0  500 pps  0.3 Mb/s\n"
                "received 6  600 pps  0.3 Mb/s\nvsw-gen: 7 pps\n"
                "returned 8  800 pps  mean 3.1 us\n")
        self.assertEqual(gen.samples(text), [500, 600, 800])

    def test_no_json(self):
        """Says whose it was."""
        with self.assertRaisesRegex(PerfError, "rx0"):
            gen.result("", "rx0")


class Chains(unittest.TestCase):
    """Who is joined to whom."""

    def test_serial(self):
        """A segment between each two; frames find their way by static entries."""
        made = topology.serial(2)
        self.assertEqual([node.name for node in made.nodes], ["tx", "f0", "f1", "rx"])
        self.assertEqual(len(made.segments), 3)
        receiver = made.nodes[-1].ports[0]
        for seg, left in zip(made.segments, made.nodes):
            self.assertEqual(dict(seg.routes)[receiver.mac].node, made.nodes[
                made.nodes.index(left) + 1])
        self.assertEqual([app.kind for app in made.apps],
                         ["recv", "forward", "forward", "send"])

    def test_parallel(self):
        """A sending program for each forwarder, on a ring of its own."""
        made = topology.parallel(3)
        self.assertEqual([app.ring for app in made.of("send")], [0, 1, 2])
        self.assertEqual({app.rewrite[0] for app in made.of("forward")},
                         {made.of("recv")[0].port.mac})
        self.assertEqual(made.of("send")[0].port.rings, 3)

    def test_addresses(self):
        """No two ports have the same."""
        for made in (topology.pairs(4), topology.serial(8), topology.parallel(4)):
            macs = [port.mac for seg in made.segments for port in seg.ports]
            self.assertEqual(len(set(macs)), len(macs))


def _run(rate, latency=False):
    line = {"container": "rx0", "app": "recv", "frames": 100, "pps": rate,
            "cpu_user": 0.25, "cpu_system": 0.5}
    if latency:
        line["latency_ns"] = {key: int(rate) for key in
                              ("count", "min", "mean", "p50", "p90", "p99", "p99.9", "max")}
    return {"attempted": 100, "sent": 100, "received": 99, "lost": 1, "tx-pps": 2 * rate,
            "rx-pps": rate, "receivers": stats.totals([rate]), "apps": [line]}


def _tree(root):
    tree = Tree(root)
    tree.store_env({"date": "today", "kernel": "6.12", "cpu": "a <fast> & {odd} CPU_1",
                    "cpus": 2, "memory-mib": 1, "accelerator": "none", "versions": {},
                    "state": {"governor performance": "set"}, "command": "vsw-perf testset",
                    "switches": {"vsw": "present", "vpp": "absent: no package"}})
    for experiment in "testset", "latency":
        for test in plan.product("throughput", "local", "1vs1", ["vsw", "linux-bridge"],
                                 [32], [64, 1500], [1000, 2000, "max"]):
            runs = [_run(rate, experiment == "latency") for rate in (900.0, 1000.0, 1200.0)]
            tree.store(os.path.join(experiment, test.path), {
                "experiment": experiment, "participants": "1vs1", "switch": test.switch,
                "packet-size": test.size, "rate": test.rate, "burst-size": test.burst,
                **measure.summary(runs, gen.Load(size=test.size))})


@unittest.skipUnless(command.find("gnuplot"), "install gnuplot-nox")
class Report(unittest.TestCase):
    """The page and its plots."""

    def test_page(self):
        """Figures are in the tables, plots are where the page says."""
        with tempfile.TemporaryDirectory() as root:
            _tree(root)
            self.assertEqual(main(["report", root]), 0)
            with open(os.path.join(root, "report.md"), encoding="utf-8") as file:
                page = file.read()
            self.assertIn("| vsw | 64 | 0.002 (±15 %) | 0.001 (±15 %) | 0.001 | 1 | 7.58e+03 |", page)
            self.assertIn("vpp: absent: no package", page)
            plots = [line.partition("](")[2][:-1] for line in page.splitlines()
                     if line.startswith("![")]
            self.assertIn("size-mpps-1vs1-32.svg", plots)
            self.assertEqual(len(set(plots)), len(plots))
            for name in plots:
                with open(os.path.join(root, name), encoding="utf-8") as file:
                    picture = file.read()
                for text in "6.12", "3 repeats, median and spread", "linux-bridge":
                    self.assertIn(text, picture)

    def test_kinds_of_sockets(self):
        """Are told apart where there are several."""
        with tempfile.TemporaryDirectory() as root:
            _tree(root)
            for kind in {"raw": False}, {"raw": True, "mmsg": True}:
                Tree(root).store(str(kind["raw"]), {
                    "experiment": "local", "participants": "1vs1", "burst-size": 32,
                    "switch": "macvlan", "packet-size": 64, "rate": "max",
                    "settings": kind, **measure.summary([_run(1e6)], gen.Load())})
            self.assertEqual(main(["report", root]), 0)
            with open(os.path.join(root, "report.md"), encoding="utf-8") as file:
                page = file.read()
            self.assertIn("| macvlan, UDP | 64 |", page)
            self.assertIn("| macvlan, raw mmsg | 64 |", page)
            self.assertIn("| vsw | 64 |", page)

    def test_nothing_there(self):
        """Is said."""
        with tempfile.TemporaryDirectory() as root:
            self.assertEqual(main(["report", root]), 1)
        self.assertEqual(main(["report", "/nonexistent"]), 1)

    def test_json_of_a_result(self):
        """It survives being written and read."""
        result = measure.summary([_run(5.0, True)], gen.Load())
        self.assertEqual(json.loads(json.dumps(result)), result)
