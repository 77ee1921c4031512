#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# Attaches ring ports and sends and receives frames at somebody's command: one
# line in, one line out. A switch delivers before TXSYNC returns, so what was
# received is known at once. frames.sh is the other side.
#
# An interface is a PORT, too, by a packet socket. What it receives has waited in
# a queue of this CPU; "settle" says how that is waited for. Its namespace should
# have nothing to say by itself, so no IPv6.
#
#   attach PORT[@NETNS] [RING]   "ok"; one ring pair if RING is given, which is called
#                                PORT/RING then. If the port has virtio-net headers,
#                                frames here are without them
#   socket PORT[@NETNS]          "ok"; the interface of that name
#   tap PORT[@NETNS]             "ok"; the program behind a new tap interface
#   close PORT                   "ok"
#   heard PORT DST SRC [N]       send N frames (1), each with a number that was
#                                never sent before; the ports that received all
#                                of them, in order and unchanged, and nothing
#                                else; "PORT?" for one that got something else
#   raw PORT HEX [N]             send N frames (1) with these bytes; the ports that
#                                received all of them unchanged, as for "heard"
#   becomes PORT HEX [N]         send N frames (1) with these bytes, in several
#                                slots if they are long; what of them each port
#                                received, "p2 HEX p3 HEX", with a "?" if not N
#                                times, and a "+" if a byte behind a frame was
#                                written
#   mixed PORT N HEX...          send N times a frame of each, in turn; the ports
#                                that received some, in order, and how many:
#                                "p2 300 p3 600"; "PORT?" as for "heard"
#   send PORT DST SRC [N]        send N frames; "ok"
#   flows PORT N [KIND]          send a frame of each of N flows; for each, which
#                                port received it, "none", or "several". KIND is
#                                one of FLOW_KINDS, or "cut" for udp frames that
#                                end anywhere, "noise" for random ones
#   offload PORT DST KIND LEN SIZE [N]
#                                send N skbs (1) with LEN bytes for TCP or UDP, to
#                                be cut into segments of SIZE, without checksums,
#                                from 02:00:00:00:00:0a. KIND is tcp4, udp4, tcp6 or udp6. Who received
#                                all the bytes in order, with right checksums:
#                                "p2 12" with the number of frames, "PORT?" for one
#                                that got something else. A SIZE of 0: do not cut.
#                                With headers a frame may be uncut and unsummed,
#                                if its header says so
#   vnet PORT HEADER HEX         send a frame with a header, both in bytes; "ok"
#   vnet-noise PORT N            send N frames with random headers; "ok"
#   recv PORT                    number of frames that came, which are taken
#   sync PORT                    "ok", or what TXSYNC says
#   quit
#   poll PORT                    the events of poll(), such as "in out"
#   open NAME NETNS              open /dev/vsw there
#   late NAME PORT               attach a port with the descriptor of "open"
#
# An error is answered by its name, such as ENODEV.

import ctypes
import errno
import fcntl
import itertools
import mmap
import os
import random
import select
import socket
import struct
import sys

ATTACH, TXSYNC, RXSYNC = 0xEF00, 0xEF01, 0xEF02
ATTACH_FORMAT = "=II16sIIQQIIII"
ONE_RING = 1
MOREFRAG = 0x20
PATTERN = 0xa5
CLONE_NEWNET = 0x40000000
SLOT_FORMAT = "=IHHQ"
# Of a port with headers, and what these are
VNET_HDR, VNET_LEN, VNET_FORMAT = 2, 12, "<BBHHHH"
NEEDS_CSUM, DATA_VALID = 1, 2

libc = ctypes.CDLL(None, use_errno=True)
counter = 0


def in_netns(netns, func, *args):
    """Call it in a network namespace of ip-netns(8), or in this one."""
    if not netns:
        return func(*args)
    here = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{netns}", os.O_RDONLY)
    try:
        if libc.setns(there, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
        try:
            return func(*args)
        finally:
            libc.setns(here, CLONE_NEWNET)
    finally:
        os.close(here)
        os.close(there)


def open_device(netns):
    """Open /dev/vsw in a namespace."""
    return in_netns(netns, os.open, "/dev/vsw", os.O_RDWR)


class Ring:
    """One ring of a mapped region."""

    def __init__(self, mem, offset):
        self.mem, self.offset = mem, offset
        self.buf_ofs, self.slots, self.buf_size = self.get("=qII", 0)

    def get(self, fmt, offset):
        return struct.unpack_from(fmt, self.mem, self.offset + offset)

    def window(self):
        """head and tail: the slots between are the program's."""
        head, _, tail = self.get("=III", 20)
        return head, tail

    def advance(self, head):
        struct.pack_into("=II", self.mem, self.offset + 20, head, head)

    def slot(self, i):
        at = self.offset + 256 + 16 * i
        index, length, _, _ = struct.unpack_from(SLOT_FORMAT, self.mem, at)
        return at, self.offset + self.buf_ofs + index * self.buf_size, length

    def has_more(self, i):
        return self.get("=H", 256 + 16 * i + 6)[0] & MOREFRAG

    def paint(self, number):
        """Fill the next buffers to be received into with a pattern."""
        _, tail = self.window()
        for i in range(min(number, self.slots)):
            _, buf, _ = self.slot((tail + i) % self.slots)
            self.mem[buf:buf + self.buf_size] = bytes([PATTERN]) * self.buf_size

    def is_painted(self, i):
        """Whether nothing was written behind what a buffer holds."""
        _, buf, length = self.slot(i)
        rest = self.mem[buf + length:buf + self.buf_size]
        return rest == bytes([PATTERN]) * len(rest)


class Port:
    """An attached port, or one ring pair of it."""

    def __init__(self, fd, name, ring=None):
        self.fd = fd
        self.painted = False
        arg = bytearray(struct.pack(
            ATTACH_FORMAT, 64, 0 if ring is None else ONE_RING,
            name.encode(), ring or 0, 0, 0, 0, 0, 0, 0, 0))
        fcntl.ioctl(fd, ATTACH, arg)
        (_, _, _, _, _, size, self.nif, rings, _, _,
         _) = struct.unpack(ATTACH_FORMAT, arg)
        self.mem = mmap.mmap(fd, size)
        flags, = struct.unpack_from("=I", self.mem, self.nif + 20)
        self.vnet = flags & VNET_HDR
        self.first = itertools.cycle((0, VNET_LEN, 5))
        mine = range(rings) if ring is None else [ring]
        self.tx = [self.ring(i) for i in mine]
        self.rx = [self.ring(rings + 1 + i) for i in mine]

    def ring(self, k):
        ofs, = struct.unpack_from("=q", self.mem, self.nif + 56 + 8 * k)
        return Ring(self.mem, self.nif + ofs)

    def send(self, frames, vnet=bytes(10)):
        for frame in frames:
            self.put(vnet.ljust(VNET_LEN, b"\0") + frame if self.vnet else frame)
        fcntl.ioctl(self.fd, TXSYNC)

    def put(self, frame):
        ring = self.tx[0]
        # A header is in a slot of its own, or in any others.
        first = next(self.first) if self.vnet else 0
        pieces = [frame[:first]] if first else []
        pieces += [frame[i:i + ring.buf_size]
                   for i in range(first, len(frame), ring.buf_size)]
        head, tail = ring.window()
        if (tail - head) % ring.slots < len(pieces):
            fcntl.ioctl(self.fd, TXSYNC)
        for piece in pieces:
            at, buf, _ = ring.slot(head)
            self.mem[buf:buf + len(piece)] = piece
            struct.pack_into("=HH", self.mem, at + 4, len(piece),
                             0 if piece is pieces[-1] else MOREFRAG)
            head = (head + 1) % ring.slots
        ring.advance(head)

    def receive(self):
        return [frame for frame, _ in self.receive_vnet()]

    def receive_vnet(self):
        """Frames, and their headers."""
        start = VNET_LEN if self.vnet else 0
        return [(frame[start:], frame[:start]) for frame in self.receive_raw()]

    def receive_raw(self):
        frames = []
        fcntl.ioctl(self.fd, RXSYNC)
        for ring in self.rx:
            i, tail = ring.window()
            frame = b""
            while i != tail:
                _, buf, length = ring.slot(i)
                frame += self.mem[buf:buf + length]
                self.painted &= ring.is_painted(i)
                if not ring.has_more(i):
                    frames.append(frame)
                    frame = b""
                i = (i + 1) % ring.slots
            ring.advance(i)
        fcntl.ioctl(self.fd, RXSYNC)
        return frames

    def paint(self, number):
        self.painted = True
        for ring in self.rx:
            ring.paint(number)

    def take(self):
        """What is there, nothing if the port has been deleted."""
        try:
            return self.receive()
        except OSError as err:
            if err.errno != errno.ENODEV:
                raise
            return []

    def close(self):
        self.mem.close()
        os.close(self.fd)


# Options of packet sockets, and what comes with a frame
SOL_PACKET = 263
PACKET_AUXDATA, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING = 8, 15, 23
AUXDATA_FORMAT = "=IIIHHHH"
VLAN_VALID = 0x10

# To open a tap interface
TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI = 2, 0x1000


class Interface:
    """An interface, by a packet socket."""

    def __init__(self, name, netns):
        self.sock = in_netns(netns, socket.socket, socket.AF_PACKET,
                             socket.SOCK_RAW, socket.htons(3))
        for option in PACKET_AUXDATA, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING:
            self.sock.setsockopt(SOL_PACKET, option, 1)
        self.sock.setsockopt(socket.SOL_SOCKET, 33, 1 << 25)  # SO_RCVBUFFORCE
        self.sock.bind((name, 0))
        self.receive()

    def send(self, frames, vnet=bytes(10)):
        for frame in frames:
            self.sock.send(vnet + frame)

    def receive(self):
        return [frame for frame, _ in self.receive_vnet()]

    def receive_vnet(self):
        """Frames, and what the kernel says of them; nothing if it cannot."""
        frames = []
        # That the interface went down is said once.
        self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        while True:
            try:
                frames.append(self.receive_one())
            except BlockingIOError:
                return frames
            except OSError as err:
                # No header can tell of UDP that is to become fragments.
                if err.errno != errno.EINVAL:
                    raise
                frames.append((b"", b""))

    def receive_one(self):
        data, extra, _, _ = self.sock.recvmsg(1 << 17, 64, socket.MSG_DONTWAIT)
        frame = data[10:]
        status, _, _, _, _, tci, tpid = struct.unpack(AUXDATA_FORMAT,
                                                      extra[0][2])
        if status & VLAN_VALID:
            frame = frame[:12] + struct.pack(">HH", tpid, tci) + frame[12:]
        return frame, data[:10]

    take = receive

    def close(self):
        self.sock.close()


class Tap:
    """What is behind a tap interface."""

    def __init__(self, name, netns):
        self.fd = in_netns(netns, os.open, "/dev/net/tun",
                           os.O_RDWR | os.O_NONBLOCK)
        in_netns(netns, fcntl.ioctl, self.fd, TUNSETIFF,
                 struct.pack("=16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))

    def send(self, frames):
        for frame in frames:
            os.write(self.fd, frame)

    def receive(self):
        frames = []
        try:
            while True:
                frames.append(os.read(self.fd, 1 << 17))
        except BlockingIOError:
            return frames

    def receive_vnet(self):
        return [(frame, b"") for frame in self.receive()]

    take = receive

    def close(self):
        os.close(self.fd)


ports = {}
opened = {}
loop = None


def settle():
    """Wait until all has arrived: what goes through lo waits in the same queue,
    and behind it. A frame may pass several interfaces, each after the other."""
    for _ in range(8 if loop else 0):
        loop.send(b"")
        loop.recv(1)


def attach_other(kind, where):
    """Attach an interface; from now on, stay on one CPU and its queue."""
    global loop
    name, _, netns = where.partition("@")
    if not loop:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        loop = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        loop.bind(("127.0.0.1", 0))
        loop.connect(loop.getsockname())
    ports[where] = kind(name, netns)


def receive(where):
    settle()
    return len(ports[where].receive())


def make_frames(dst, src, number):
    global counter
    macs = bytes.fromhex((dst + src).replace(":", ""))
    frames = []
    for _ in range(int(number)):
        counter += 1
        frames.append(macs + b"\x88\xb5" + struct.pack(">Q", counter) * 6)
    return frames


def attach(where, ring=None):
    name, _, netns = where.partition("@")
    fd = open_device(netns)
    try:
        if ring is None:
            ports[where] = Port(fd, name)
        else:
            ports[f"{where}/{ring}"] = Port(fd, name, int(ring))
    except OSError:
        os.close(fd)
        raise


def heard(where, dst, src, number=1):
    return heard_frames(where, make_frames(dst, src, number))


def raw(where, text, number=1):
    return heard_frames(where, [bytes.fromhex(text)] * int(number))


def heard_frames(where, frames):
    settle()
    for port in ports.values():
        port.take()
    ports[where].send(frames)
    settle()
    ears = []
    for name, port in ports.items():
        got = port.take()
        if got:
            ears.append(name if got == frames else f"{name}?")
    return " ".join(sorted(ears))


def becomes(where, text, number=1):
    frame = bytes.fromhex(text)
    number = int(number)
    for port in ports.values():
        port.take()
        port.paint((len(frame) // port.rx[0].buf_size + 1) * number)
    ports[where].send([frame] * number)
    answer = []
    for name, port in sorted(ports.items()):
        got = port.take()
        if got:
            good = got == [got[0]] * number
            answer.append(f"{name} {got[0].hex()}{'' if good else '?'}"
                          f"{'' if port.painted else '+'}")
    return " ".join(answer)


def mixed(where, number, *texts):
    for port in ports.values():
        port.take()
    # Each ends with a number of its own.
    frames = [bytes.fromhex(text) + struct.pack(">II", i, j)
              for i in range(int(number)) for j, text in enumerate(texts)]
    ears = {name: [] for name in ports}
    for first in range(0, len(frames), 512):
        ports[where].send(frames[first:first + 512])
        settle()
        for name, port in ports.items():
            ears[name] += port.take()
    sent = set(frames)
    return " ".join(
        f"{name}{'' if good else '?'} {len(got)}"
        for name, got in sorted(ears.items()) if got
        for good in [set(got) <= sent and got ==
                     sorted(got, key=lambda frame: frame[-8:])])


def ipv4(proto, flow, fragment=0, options=b""):
    head = struct.pack(">BBHHHBBHII", 0x45 + len(options) // 4, 0, 46, 0,
                       fragment, 64, proto, 0, 0xC0000201, 0xC6336400)
    return b"\x08\x00" + head + options + flow


def udp(number):
    return struct.pack(">HHHH", 1024 + number, 9, 26, 0)


FLOW_KINDS = {
    "udp": lambda n: ipv4(17, udp(n)),
    "tcp": lambda n: ipv4(6, udp(n)),
    "options": lambda n: ipv4(17, udp(n), options=b"\1" * 8),
    "tagged": lambda n: b"\x81\x00\x00\x05" + ipv4(17, udp(n)),
    "tagged2": lambda n: b"\x88\xa8\x00\x05\x81\x00\x00\x06" + ipv4(17, udp(n)),
    # Parts of packets between the same stations: all go one way.
    "first": lambda n: ipv4(17, udp(n), fragment=0x2000),
    "later": lambda n: ipv4(17, udp(n), fragment=n + 1),
    "icmp": lambda n: ipv4(1, udp(n)),
    "udp6": lambda n: (b"\x86\xdd" + struct.pack(">IHBB", 6 << 28, 26, 17, 64) +
                       bytes(32) + udp(n)),
    "hop6": lambda n: (b"\x86\xdd" + struct.pack(">IHBB", 6 << 28, 26, 0, 64) +
                       bytes(32) + b"\x11" + bytes(7) + udp(n)),
    "later6": lambda n: (b"\x86\xdd" +
                         struct.pack(">IHBB", 6 << 28, 26, 44, 64) +
                         bytes(32) + struct.pack(">BBHI", 17, 0, 8 * n + 8, 0) +
                         udp(n)),
    # Not IP: a flow is a pair of stations.
    "ether": lambda n: b"\x88\xb5",
}


def flow_frame(kind, number):
    """Ends with @number, but for what is too short, which begins with it."""
    macs = struct.pack(">HIHI", 0x0200, number if kind == "ether" else 1,
                       0x0200, 2)
    if kind == "cut":
        return (struct.pack(">HI", 0x0200, number) +
                (macs[6:] + FLOW_KINDS["udp"](number))[:8 + number % 40])
    if kind == "noise":
        return (struct.pack(">HI", 0x0200, number) +
                random.randbytes(random.randrange(8, 110)))
    return (macs + FLOW_KINDS[kind](number)).ljust(96, b"\0") + struct.pack(
        ">I", number)


def flow_number(kind, frame):
    if kind in ("cut", "noise"):
        return struct.unpack_from(">I", frame, 2)[0]
    return struct.unpack_from(">I", frame, len(frame) - 4)[0]


def flows(where, number, kind="udp"):
    ears = {}
    for port in ports.values():
        port.take()
    for first in range(0, int(number), 64):
        some = range(first, min(first + 64, int(number)))
        ports[where].send(flow_frame(kind, i) for i in some)
        settle()
        for name, port in ports.items():
            for frame in port.take():
                i = flow_number(kind, frame)
                ears[i] = "several" if i in ears else name
    return " ".join(ears.get(i, "none") for i in range(int(number)))


def checksum(data):
    """The sum of the Internet's checksums, not inverted."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


# Where the addresses of IP are, the header above it, and its checksum
IP4, IP6, TCP, UDP = (26, 34), (22, 54), (20, 16), (8, 6)
OFFLOAD_KINDS = {"tcp4": (IP4, 6, TCP, 1), "udp4": (IP4, 17, UDP, 5),
                 "tcp6": (IP6, 6, TCP, 4), "udp6": (IP6, 17, UDP, 5)}


def pseudo(frame, start, above, proto, length):
    return checksum(frame[start:above] + struct.pack(">II", length, proto))


def offload_frame(dst, kind, payload, size):
    """A frame without checksum, and the header that says so."""
    (start, above), proto, (header, sum_at), gso = OFFLOAD_KINDS[kind]
    length = header + len(payload)
    macs = bytes.fromhex(dst.replace(":", "") + "02000000000a")
    if start == IP4[0]:
        ip = bytearray(struct.pack(">BBHHHBBHII", 0x45, 0, 20 + length, 1, 0,
                                   64, proto, 0, 0xC0000201, 0xC6336401))
        struct.pack_into(">H", ip, 10, checksum(ip) ^ 0xFFFF)
        head = macs + b"\x08\x00" + ip
    else:
        head = macs + b"\x86\xdd" + struct.pack(
            ">IHBB16s16s", 6 << 28, length, proto, 64, b"\xfd" + bytes(15),
            b"\xfd" + bytes(14) + b"\1")
    if proto == 6:
        head += struct.pack(">HHIIBBHHH", 1024, 9, 1, 1, 0x50, 0x10, 65535, 0, 0)
    else:
        head += struct.pack(">HHHH", 1024, 9, length, 0)
    frame = bytearray(head + payload)
    struct.pack_into(">H", frame, above + sum_at,
                     pseudo(frame, start, above, proto, length))
    vnet = struct.pack(VNET_FORMAT, NEEDS_CSUM, gso if size else 0,
                       above + header if size else 0, size, above, sum_at)
    return bytes(frame), vnet


def offload_payload(kind, frame, vnet, size):
    """What a frame carries, or None if it is not right; @vnet may excuse it."""
    (start, above), proto, (header, sum_at), gso = OFFLOAD_KINDS[kind]
    flags, is_gso, _, gso_size, csum_start, csum_offset = struct.unpack_from(
        VNET_FORMAT, vnet.ljust(VNET_LEN, b"\0"))
    if flags & NEEDS_CSUM and csum_offset != sum_at:
        return None
    if frame[12:14] == b"\x81\x00":
        frame = frame[:12] + frame[16:]
        # A packet socket gets the tag apart, and counts without.
        csum_start -= 4 if len(vnet) == VNET_LEN else 0
    if flags & NEEDS_CSUM and csum_start != above:
        return None
    if is_gso and (is_gso, gso_size) != (gso, size):
        return None
    if size and not is_gso and len(frame) > above + header + size:
        return None
    if start == IP4[0]:
        length = struct.unpack_from(">H", frame, 16)[0] - 20
        if checksum(frame[14:34]) != 0xFFFF:
            return None
    else:
        length = struct.unpack_from(">H", frame, 18)[0]
    if len(frame) != above + length:
        return None
    if not flags and checksum(struct.pack(
            ">H", pseudo(frame, start, above, proto, length)) +
            frame[above:]) != 0xFFFF:
        return None
    return frame[above + header:]


def offload_ear(name, port, kind, payload, size):
    """What a port says to it, or nothing."""
    frames = port.receive_vnet()
    if not frames:
        return ""
    parts = [offload_payload(kind, frame, vnet, size) for frame, vnet in frames]
    good = None not in parts and b"".join(parts) == payload
    return f"{name}{'' if good else '?'} {len(frames)}"


def offload(where, dst, kind, length, size, number=1):
    settle()
    for port in ports.values():
        port.take()
    total = b""
    for _ in range(int(number)):
        payload = random.randbytes(int(length))
        frame, vnet = offload_frame(dst, kind, payload, int(size))
        ports[where].send([frame], vnet)
        total += payload
    settle()
    ears = [offload_ear(name, port, kind, total, int(size))
            for name, port in sorted(ports.items())]
    return " ".join(filter(None, ears))


def vnet_send(where, header, text):
    ports[where].send([bytes.fromhex(text)], bytes.fromhex(header))


def vnet_noise(where, number):
    """Random headers that could mean something, before frames of all kinds."""
    for i in range(int(number)):
        kind = random.choice(list(OFFLOAD_KINDS))
        frame, vnet = offload_frame(
            random.choice(("02000000000c", "ffffffffffff")), kind,
            random.randbytes(random.randrange(3000)), 1400)
        fields = list(struct.unpack(VNET_FORMAT, vnet))
        for field in random.sample(range(6), random.randrange(1, 4)):
            fields[field] = random.choice(
                (0, 1, 2, 3, 4, 5, 14, 20, 34, 128, 129, 255, random.randrange(256)))
            if field > 1 and random.randrange(2):
                fields[field] = random.choice((0xffff, random.randrange(1 << 16)))
        if random.randrange(4) == 0:
            frame = frame[:random.randrange(14, len(frame))]
        ports[where].send([frame], struct.pack(VNET_FORMAT, *fields))
        if i % 64 == 0:
            for port in ports.values():
                port.take()


def poll(where):
    poller = select.poll()
    poller.register(ports[where].fd, select.POLLIN | select.POLLOUT)
    events = dict(poller.poll(0)).get(ports[where].fd, 0)
    names = {select.POLLIN: "in", select.POLLOUT: "out",
             select.POLLERR: "err", select.POLLHUP: "hup"}
    return " ".join(name for bit, name in names.items() if events & bit)


def open_only(name, netns=""):
    opened[name] = open_device(netns)


def late(name, where):
    ports[where] = Port(opened[name], where.partition("@")[0])


COMMANDS = {
    "attach": attach,
    "socket": lambda where: attach_other(Interface, where),
    "tap": lambda where: attach_other(Tap, where),
    "close": lambda where: ports.pop(where).close(),
    "heard": heard,
    "raw": raw,
    "flows": flows,
    "send": lambda where, *args: ports[where].send(
        make_frames(*args, *([1] if len(args) < 3 else []))),
    "offload": offload,
    "vnet": vnet_send,
    "vnet-noise": vnet_noise,
    "recv": receive,
    "becomes": becomes,
    "sync": lambda where: fcntl.ioctl(ports[where].fd, TXSYNC) or None,
    "mixed": mixed,
    "poll": poll,
    "open": open_only,
    "late": late,
}

for line in sys.stdin:
    command, *words = line.split()
    if command == "quit":
        break
    try:
        answer = COMMANDS[command](*words)
        print("ok" if answer is None else answer, flush=True)
    except OSError as error:
        print(errno.errorcode[error.errno], flush=True)
