# SPDX-License-Identifier: GPL-2.0
"""Files that list containers."""
import os
import unittest

from vswperf import conffile, topology
from vswperf.error import AbsentError, UsageError

DATA = os.path.join(os.path.dirname(__file__), "data")
LISTING = os.path.join(DATA, "containers.conf")


def _text():
    with open(LISTING, encoding="utf-8") as file:
        return file.read()


class Listing(unittest.TestCase):
    """The example: a pair, and one with a peer elsewhere."""

    def setUp(self):
        self.boxes = conffile.load(LISTING)

    def test_values(self):
        """Each array has given the i-th container its value."""
        self.assertEqual([box.name for box in self.boxes], ["c0", "c1", "c2"])
        self.assertEqual([box.role for box in self.boxes], ["send", "recv", "send"])
        last = self.boxes[2]
        self.assertEqual((last.mac, last.ip, last.prefix, last.peer_mac, last.peer_ip),
                         ("02:00:00:00:00:12", "10.0.3.12", "24", "02:00:00:00:00:22",
                          "10.0.3.22"))

    def test_local(self):
        """Who has a peer here."""
        here, elsewhere = conffile.split_local(self.boxes)
        self.assertEqual([box.name for box in here], ["c0", "c1"])
        self.assertEqual([box.name for box in elsewhere], ["c2"])

    def test_topology(self):
        """Receivers start first; a wire does for a pair only."""
        here, _ = conffile.split_local(self.boxes)
        made = topology.from_containers(here, wire=True)
        self.assertEqual([app.kind for app in made.apps], ["recv", "send"])
        self.assertEqual(len(made.segments), 1)
        with self.assertRaises(AbsentError):
            topology.from_containers(self.boxes, wire=True)


class Variants(unittest.TestCase):
    """What else such a file may be, and what not."""

    def test_ports(self):
        """The optional array of vsw."""
        boxes = conffile.parse(_text() + "LXC_CONT_VSWPORTS=( p0 p1 p2 )\n", "x")
        self.assertEqual([box.port for box in boxes], ["p0", "p1", "p2"])

    def test_single_threaded_client(self):
        """clientst is a client."""
        boxes = conffile.parse(_text().replace(" send ", " clientst ", 1), "x")
        self.assertEqual(boxes[0].role, "client")

    def _refused(self, old, new, words):
        with self.subTest(new), self.assertRaisesRegex(UsageError, words):
            conffile.parse(_text().replace(old, new), "x")

    def test_refused(self):
        """And why."""
        self._refused("LXC_CONT_MACS=", "LXC_CONT_NACS=", "no array LXC_CONT_MACS")
        self._refused("    sock2 ", "     ", "LXC_CONT_SOCKS has 2 values")
        self._refused(":00:10 ", ":00:1 ", "'02:00:00:00:00:1' is not an Ethernet address")
        self._refused("10.0.3.10 ", "10.0.3.256 ", "10.0.3.256")
        self._refused("recv ", "receive ", "'receive' is none of")
        self._refused("c1 ", "c0 ", "c0 is there twice")
        self._refused("c1 ", "../c1 ", "'../c1' is no name")
        self._refused("LXC_CONT_VFS=", "rm -rf /; LXC_CONT_VFS=", "'rm' is not in an array")
        self._refused("LXC_CONT_VFS=", "PATH=", "'PATH' does not begin with")

    def test_not_a_file(self):
        """Each has its reason."""
        for path, words in (("/nonexistent", "No such file"), (DATA, "Is a directory"),
                            ("/bin/true", "not a text file")):
            with self.subTest(path), self.assertRaisesRegex(UsageError, words):
                conffile.load(path)
