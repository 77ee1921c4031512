#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Pass frames from one interface to another, with planted faults.

    relay.py IN OUT FAULT...

Of every 100 frames, "drop" loses one, "duplicate" sends one twice, "reorder"
exchanges two neighbours, "corrupt" changes one bit behind the headers. End
frames are left alone. Prints "ready", and runs until it is killed.
"""

import socket
import sys

UDP_PORT = 20000
KIND = 42
KIND_END = 0x5671
BARE = 0x0100

ETH_P_IP = 0x0800
# Not in Python's module.
SO_RCVBUFFORCE = 33

PERIOD = 100
DROP, DUPLICATE, REORDER, CORRUPT = 10, 30, 50, 70


def open_socket(name, protocol):
    """A raw socket on an interface."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                         socket.htons(protocol))
    sock.bind((name, protocol))
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
    return sock


def is_data(frame):
    """Whether a frame is one of those that are numbered."""
    if len(frame) < 60 or int.from_bytes(frame[36:38], "big") != UDP_PORT:
        return False
    kind = int.from_bytes(frame[KIND:KIND + 2], sys.byteorder)
    return kind & ~BARE != KIND_END


def damage(frame):
    """The frame with one bit changed, anywhere in the payload."""
    damage.bit = (damage.bit + 1237) % ((len(frame) - KIND) * 8)
    frame = bytearray(frame)
    frame[KIND + damage.bit // 8] ^= 1 << damage.bit % 8
    return bytes(frame)


damage.bit = 0


def main():
    """Relay."""
    faults = sys.argv[3:]
    source = open_socket(sys.argv[1], ETH_P_IP)
    sink = open_socket(sys.argv[2], 0)
    print("ready", flush=True)
    count = 0
    held = None
    while True:
        frame = source.recv(65536)
        if not is_data(frame):
            sink.send(frame)
            continue
        place = count % PERIOD
        count += 1
        if place == DROP and "drop" in faults:
            continue
        if place == DUPLICATE and "duplicate" in faults:
            sink.send(frame)
        if place == CORRUPT and "corrupt" in faults:
            frame = damage(frame)
        if place == REORDER and "reorder" in faults:
            held = frame
            continue
        sink.send(frame)
        if held:
            sink.send(held)
            held = None


main()
