// SPDX-License-Identifier: GPL-2.0
/*
 * Frames stay in order, rings wrap around, full rings count what they lose, and
 * each TX ring has its RX ring at the receiver.
 */
#include <stddef.h>

#include "vsw_dev.h"

/* Send @num frames in one batch, and count those that arrive in order. */
static uint32_t burst(struct dev *a, struct dev *b, uint32_t num)
{
	uint32_t i, seen = 0;

	for (i = 0; i < num; i++)
		put(a->tx, 2, 1, i, 60);
	must(!txsync(a) && !rxsync(b));
	while (vsw_ring_avail(b->rx) && got(b->rx, 2, 1, seen, 60))
		seen++;
	must(!rxsync(b));
	return seen;
}

static void test_full(uint32_t slots)
{
	struct port_info info;
	struct dev a, b;
	uint32_t i;

	lan_begin();
	dev_new(&a, 1, 1, 4096, 256);
	dev_new(&b, 2, 1, slots, 256);
	ok_eq(burst(&a, &b, slots + 10), slots - 1,
	      "rule 5.9: %u slots: a ring takes all but one, the oldest frames",
	      slots);
	info = port_info(2);
	ok(info.drops.no_room == 11 && port_drops(2) == 11,
	   "rule 5.9: %u slots: the others are counted, no room", slots);
	ok(info.stats.rx_frames == slots - 1 && !port_drops(1) &&
	   port_info(1).stats.tx_frames == slots + 10,
	   "rule 5.8: %u slots: sent is received and dropped", slots);
	for (i = 0; i < 3 * slots; i++)
		if (burst(&a, &b, i % slots) != i % slots)
			break;
	ok_eq(i, 3 * slots, "%u slots: the ring takes frames again", slots);

	/* Its slots are not the kernel's before a sync. */
	for (i = 0; i < slots - 1; i++)
		send_frame(&a, 2, 1, i, 60);
	must(!rxsync(&b));
	for (i = 0; i < slots - 1; i++)
		must(got(b.rx, 2, 1, i, 60));
	send_frame(&a, 2, 1, 99, 60);
	ok_eq(port_info(2).drops.no_room, 12,
	      "%u slots: slots come back by a sync, not before", slots);
	must(!rxsync(&b) && !vsw_ring_avail(b.rx));
	dev_down(&a);
	dev_down(&b);
	lan_end();
}

/* A frame of several slots that does not fit, and one behind it that would. */
static void test_full_chain(void)
{
	struct dev a, b;
	uint32_t i;

	lan_begin();
	dev_new(&a, 1, 1, 64, 256);
	dev_new(&b, 2, 1, 8, 256);
	for (i = 0; i < 5; i++)
		put(a.tx, 2, 1, i, 60);
	put(a.tx, 2, 1, 5, 3 * 256);
	must(!txsync(&a) && !rxsync(&b));
	ok_eq(vsw_ring_avail(b.rx), 5, "no part of a frame arrives");
	ok(port_info(2).drops.no_room == 1 && port_drops(2) == 1,
	   "a frame of three slots is one drop");
	dev_down(&a);
	dev_down(&b);
	lan_end();
}

/* More rounds than slots, of as many frames as there may be. */
static void test_wrap(uint32_t tx_slots, uint32_t rx_slots)
{
	uint32_t most = tx_slots < rx_slots ? tx_slots - 1 : rx_slots - 1;
	uint32_t rounds = 2 * (tx_slots + rx_slots) / most + 4, n, round;
	bool good = true;
	struct dev a, b;

	lan_begin();
	dev_new(&a, 1, 1, tx_slots, 256);
	dev_new(&b, 2, 1, rx_slots, 256);
	for (round = 0; round < rounds; round++) {
		n = 1 + round * 7 % most;
		good &= burst(&a, &b, n) == n && burst(&a, &b, most) == most;
	}
	ok(good && !port_drops(1) && !port_drops(2),
	   "rule 5.4: %u and %u slots: frames arrive in order, round and round",
	   tx_slots, rx_slots);
	dev_down(&a);
	dev_down(&b);
	lan_end();
}

/* Multi-slot frames across the end of both rings. */
static void test_wrap_chains(void)
{
	bool good = true;
	struct dev a, b;
	uint32_t i, len;

	lan_begin();
	dev_new(&a, 1, 1, 67, 256);
	dev_new(&b, 2, 1, 131, 320);
	for (i = 0; i < 200; i++) {
		len = 60 + i * 1237 % (60 * 256);
		send_frame(&a, 2, 1, i, len);
		good &= recv_frame(&b, 2, 1, i, len);
	}
	ok(good, "frames of many slots wrap around, too");
	dev_down(&a);
	dev_down(&b);
	lan_end();
}

/*
 * Order
 */

/* The destination of the frame @i of a batch, of a kind of mixture. */
static unsigned int mixed(uint32_t i, unsigned int kind)
{
	switch (kind) {
	case 0:
		return i % 2 ? ALL : 2;
	case 1:
		return i % 3 ? 2 : ALL;
	case 2:
		return i % 64 < 32 ? 3 : ALL;
	default:
		return i * 2654435761u >> 30 ? 2 + (i * 40503u >> 9) % 2 : ALL;
	}
}

static bool check_mixed(struct dev *dev, unsigned int port, unsigned int kind,
			uint32_t num)
{
	unsigned int to;
	uint32_t i;

	must(!rxsync(dev));
	for (i = 0; i < num; i++) {
		to = mixed(i, kind);
		if ((to == ALL || to == port) && !got(dev->rx, to, 1, i, 60))
			return false;
	}
	must(!rxsync(dev));
	return !vsw_ring_avail(dev->rx);
}

static void test_order(void)
{
	unsigned int kind;
	struct dev a, b, c;
	uint32_t i;

	lan_begin();
	dev_new(&a, 1, 1, 1024, 256);
	dev_new(&b, 2, 1, 1024, 256);
	dev_new(&c, 3, 1, 1024, 256);
	for (kind = 0; kind < 4; kind++) {
		for (i = 0; i < 1000; i++)
			put(a.tx, mixed(i, kind), 1, i, 60);
		must(!txsync(&a));
		ok(check_mixed(&b, 2, kind, 1000) &&
		   check_mixed(&c, 3, kind, 1000),
		   "rule 5.4: order of unicast and broadcast, mixture %u",
		   kind);
	}
	ok(!rxsync(&a) && !vsw_ring_avail(a.rx),
	   "who sends a broadcast does not receive it");
	dev_down(&a);
	dev_down(&b);
	dev_down(&c);
	lan_end();
}

/* Three for port 2, two for port 3, and so on. */
static unsigned int shared(uint32_t i)
{
	return i % 5 < 3 ? 2 : 3;
}

/* Whether a port gets those of @num frames that are for it, but for the last @lost. */
static bool check_shared(struct dev *dev, unsigned int port, uint32_t num,
			 uint32_t lost)
{
	uint32_t i, left = 0;

	for (i = 0; i < num; i++)
		left += shared(i) == port;
	must(!rxsync(dev));
	for (i = 0, left -= lost; i < num && left; i++) {
		if (shared(i) != port)
			continue;
		if (!got(dev->rx, port, 1, i, 60))
			return false;
		left--;
	}
	must(!rxsync(dev));
	return !vsw_ring_avail(dev->rx);
}

static void put_shared(struct dev *from, uint32_t num)
{
	uint32_t i;

	for (i = 0; i < num; i++)
		put(from->tx, shared(i), 1, i, 60);
	must(!txsync(from));
}

/* One batch for two ports, whose rings wrap in the middle of a run. */
static void test_shared(void)
{
	struct port_info info;
	struct dev a, b, c;
	bool good = true;
	uint32_t i;

	lan_begin();
	dev_new(&a, 1, 1, 256, 256);
	dev_new(&b, 2, 1, 100, 256);
	dev_new(&c, 3, 1, 37, 256);
	for (i = 0; i < 100; i++) {
		put_shared(&a, 90);
		good &= check_shared(&b, 2, 90, 0) &&
			check_shared(&c, 3, 90, 0);
	}
	ok(good && !port_drops(1) && !port_drops(2) && !port_drops(3),
	   "rule 5.4: order of a batch for two ports");

	put_shared(&a, 95);
	ok(check_shared(&b, 2, 95, 0) && check_shared(&c, 3, 95, 2),
	   "rule 5.9: one of two rings has no room for all");
	ok(port_info(3).drops.no_room == 2 && port_drops(3) == 2 &&
	   !port_drops(2), "rule 5.9: what it loses is counted there");

	/* Each of its slots, as which one is next depends on what was before. */
	for (i = 0; i < 37; i++)
		c.rx->slot[i].buf_idx = UINT32_MAX;
	put_shared(&a, 90);
	info = port_info(3);
	ok(check_shared(&b, 2, 90, 0) && !port_drops(2) &&
	   info.drops.bad_rx_slot == 36 && port_drops(3) == 38 &&
	   info.stats.rx_frames == 100 * 36 + 36,
	   "rule 5.1: a receiver that spoils its slots harms itself only");
	dev_down(&a);
	dev_down(&b);
	dev_down(&c);
	lan_end();
}

/*
 * Several rings
 */

static void test_ring_of(uint32_t from_rings, uint32_t to_rings)
{
	bool good = true;
	struct dev a, b;
	uint32_t i, r;

	lan_begin();
	dev_new(&a, 1, from_rings, 256, 256);
	dev_new(&b, 2, to_rings, 256, 256);
	for (i = 0; i < from_rings; i++) {
		put(dev_tx(&a, i), 2, 1, i, 60);
		put(dev_tx(&a, i), ALL, 1, 1000 + i, 60);
	}
	must(!txsync(&a) && !rxsync(&b));
	for (i = 0; i < from_rings; i++) {
		r = i % to_rings;
		good &= got(dev_rx(&b, r), 2, 1, i, 60) &&
			got(dev_rx(&b, r), ALL, 1, 1000 + i, 60);
	}
	for (i = 0; i < to_rings; i++)
		good &= !vsw_ring_avail(dev_rx(&b, i));
	ok(good, "%u TX rings to %u RX rings, modulo", from_rings, to_rings);
	dev_down(&a);
	dev_down(&b);
	lan_end();
}

/* Nobody has the RX ring for which frames are. */
static void test_missing_ring(void)
{
	struct dev a, b, c;

	lan_begin();
	dev_new(&a, 1, 2, 16, 256);
	port_add(2, 2, 16, 256);
	dev_up_flags(&b, 2, VSW_ATTACH_ONE_RING, 1);
	put(dev_tx(&a, 0), 2, 1, 1, 60);
	put(dev_tx(&a, 0), 2, 1, 2, 60);
	put(dev_tx(&a, 1), 2, 1, 3, 60);
	must(!txsync(&a) && !rxsync(&b));
	ok(port_info(1).drops.no_port == 2 && port_drops(1) == 2,
	   "frames to a ring that nobody has: no port");
	ok(got(b.rx, 2, 1, 3, 60), "frames to a ring that somebody has arrive");
	dev_up_flags(&c, 2, VSW_ATTACH_ONE_RING, 0);
	put(dev_tx(&a, 0), 2, 1, 4, 60);
	must(!txsync(&a) && !rxsync(&c));
	ok(got(c.rx, 2, 1, 4, 60) && !vsw_ring_avail(c.rx),
	   "who comes later gets what comes later");
	dev_down(&c);
	dev_down(&b);
	put(dev_tx(&a, 1), 2, 1, 5, 60);
	must(!txsync(&a));
	ok_eq(port_info(1).drops.no_port, 3, "nobody has the port: no port");
	put(dev_tx(&a, 0), ALL, 1, 6, 60);
	must(!txsync(&a));
	ok(port_info(1).drops.no_listener == 1 && port_drops(1) == 4,
	   "nobody but the sender listens: no listener");
	dev_down(&a);
	lan_end();
}

/* A broadcast is lost only if nobody at all gets it. */
static void test_missing_ring_flood(void)
{
	struct dev a, b, c;
	uint64_t before;

	lan_begin();
	dev_new(&a, 1, 2, 16, 256);
	port_add(2, 2, 16, 256);
	dev_up_flags(&b, 2, VSW_ATTACH_ONE_RING, 1);
	put(dev_tx(&a, 0), ALL, 1, 1, 60);
	must(!txsync(&a) && !rxsync(&b));
	ok(!vsw_ring_avail(b.rx) && port_drops(1) == 1,
	   "a broadcast for which nobody has the ring is one drop");
	before = port_drops(1);
	dev_new(&c, 3, 1, 16, 256);
	put(dev_tx(&a, 0), ALL, 1, 2, 60);
	must(!txsync(&a) && !rxsync(&c));
	ok(got(c.rx, ALL, 1, 2, 60), "a broadcast reaches who has the ring");
	ok_eq(port_drops(1), before, "and is no drop because others have not");
	dev_down(&a);
	dev_down(&b);
	dev_down(&c);
	lan_end();
}

/*
 * What the kernel leaves alone, and the time of frames
 */

static void test_sem_and_time(void)
{
	struct timespec before, after;
	bool same = true;
	struct dev a, b;
	size_t i;

	lan_begin();
	dev_new(&a, 1, 1, 16, 256);
	dev_new(&b, 2, 1, 16, 256);
	memset(a.tx->sem, 0x5a, sizeof(a.tx->sem));
	memset(b.rx->sem, 0xa5, sizeof(b.rx->sem));
	for (i = 0; i < 40; i++)
		must(traffic(&a, 1, &b, 2));
	must(dev_poll(&b, POLLIN | POLLOUT, 0) == POLLOUT);
	for (i = 0; i < sizeof(a.tx->sem); i++)
		same &= a.tx->sem[i] == 0x5a && b.rx->sem[i] == 0xa5;
	ok(same, "the kernel does not touch sem");

	clock_gettime(CLOCK_REALTIME, &before);
	must(traffic(&a, 1, &b, 2));
	clock_gettime(CLOCK_REALTIME, &after);
	ok(b.rx->ts.sec * 1000000 + b.rx->ts.usec >=
	   before.tv_sec * 1000000 + before.tv_nsec / 1000 &&
	   b.rx->ts.sec * 1000000 + b.rx->ts.usec <=
	   after.tv_sec * 1000000 + after.tv_nsec / 1000 &&
	   b.rx->ts.usec < 1000000, "ts is the time at which frames came");
	ok(!a.tx->ts.sec && !a.tx->ts.usec, "a TX ring has no time");
	dev_down(&a);
	dev_down(&b);
	lan_end();
}

int main(void)
{
	test_begin();
	test_full(2);
	test_full(3);
	test_full(16);
	test_full(1000);
	test_full_chain();
	test_wrap(2, 2);
	test_wrap(3, 3);
	test_wrap(3, 1000);
	test_wrap(1000, 7);
	test_wrap(4096, 4095);
	test_wrap_chains();
	test_order();
	test_shared();
	test_ring_of(1, 1);
	test_ring_of(4, 2);
	test_ring_of(2, 4);
	test_ring_of(5, 3);
	test_ring_of(64, 64);
	test_missing_ring();
	test_missing_ring_flood();
	test_sem_and_time();
	return test_end();
}
