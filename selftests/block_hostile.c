// SPDX-License-Identifier: GPL-2.0
/*
 * on-full block: a sender that rewrites what waits harms itself alone, and its
 * ring works again once it behaves. Forwarders that wait for each other in a
 * circle stand still, and disturb nobody.
 *
 *	 hostile   its victim   two who behave
 *	  port 1    port 2     port 3    port 4
 *	 ---+------ s0 -+---------+---------+---
 */
#include "vsw_full.h"

#define SLOTS	64
#define ROUNDS	20000

static struct dev a, b, c, d;

static void begin(void)
{
	lan_begin();
	dev_new(&a, 1, 1, SLOTS, 256);
	block_new(&b, 2, 8, 256, 0);
	block_new(&c, 3, 64, 256, 0);
	block_new(&d, 4, 64, 256, 0);
}

static void end(void)
{
	dev_down(&a);
	dev_down(&b);
	dev_down(&c);
	dev_down(&d);
	lan_end();
}

/* Make the TX ring of port 1 what it was after attaching, but for head. */
static void repair(void)
{
	uint32_t i;

	for (i = 0; i < SLOTS; i++) {
		a.tx->slot[i].buf_idx = VSW_FIRST_BUF + i;
		a.tx->slot[i].len = 60;
		a.tx->slot[i].flags = 0;
		frame_write(vsw_slot_buf(a.tx, i), 60, 2, 1, 0, 0);
	}
}

/* Throw away what has come; whether there was anything. */
static bool drain(struct dev *dev)
{
	uint32_t num;

	must(!rxsync(dev));
	num = vsw_ring_avail(dev->rx);
	vsw_ring_advance(dev->rx, num);
	must(!rxsync(dev));
	return num;
}

/* Whether all that waits goes, once the receivers take what comes. */
static bool drains(void)
{
	int64_t limit = now_ms() + LIMIT_MS;
	bool some;

	do {
		must(!txsync(&a));
		some = waiting(&a);
		some |= drain(&b);
		some |= drain(&c);
		some |= drain(&d);
	} while (some && now_ms() < limit);
	return !some;
}

/* As many frames as the ring holds are sent, come in order, and are counted. */
static bool works(void)
{
	uint64_t before = port_info(1).stats.tx_frames;
	uint32_t round, sent, seen;

	for (round = 0; round < 5; round++) {
		put_seq(&a, 2, 1, 1000, SLOTS - 1);
		must(!txsync(&a));
		sent = SLOTS - 1;
		for (seen = 0; seen < sent;) {
			uint32_t n = take_seq(&b, 2, 1, 1000 + seen);

			if (!n)
				return false;
			seen += n;
			must(!txsync(&a));
		}
		must(!rxsync(&b));
		if (waiting(&a) || vsw_ring_avail(b.rx))
			return false;
	}
	return port_info(1).stats.tx_frames == before + 5ULL * (SLOTS - 1);
}

/* For the receiver, one at a time, and for somebody who has room. */
static void put_mixed(uint32_t num)
{
	uint32_t i;

	for (i = 0; i < num; i++)
		put(a.tx, i % 2 ? 3 : 2, 1, i, 60);
}

enum { MOREFRAG, FEWER, BAD_BUF, BAD_LEN, OTHER_PORT, BACK, ALL_BACK, NUM_TRICKS };

static const char *const trick_name[] = {
	[MOREFRAG] = "pieces of one frame, as long as they are",
	[FEWER] = "pieces made frames",
	[BAD_BUF] = "buffers that do not exist",
	[BAD_LEN] = "lengths beyond the buffer",
	[OTHER_PORT] = "another destination",
	[BACK] = "head taken back in the middle",
	[ALL_BACK] = "head taken back to what waits first",
};

static void play(unsigned int trick)
{
	uint32_t i, first = vsw_ring_next(a.tx, a.tx->tail);

	for (i = 0; i < SLOTS; i++) {
		struct vsw_slot *slot = &a.tx->slot[i];

		switch (trick) {
		case MOREFRAG:
			slot->flags = VSW_SLOT_MOREFRAG;
			break;
		case FEWER:
			slot->flags = 0;
			slot->len = 60;
			break;
		case BAD_BUF:
			slot->buf_idx = i % 2 ? 0 : UINT32_MAX;
			break;
		case BAD_LEN:
			slot->len = UINT16_MAX;
			break;
		case OTHER_PORT:
			frame_write(vsw_slot_buf(a.tx, i), 60, 3, 1, i, 0);
			break;
		}
	}
	if (trick == BACK || trick == ALL_BACK) {
		i = trick == BACK ? vsw_ring_add(a.tx, first, waiting(&a) / 2) :
				    first;
		a.tx->cur = i;
		a.tx->head = i;
	}
}

/* Each trick once, with frames of one slot and of several. */
static void test_tricks(void)
{
	unsigned int trick, i;
	bool good;

	begin();
	for (trick = 0; trick < NUM_TRICKS; trick++) {
		good = true;
		for (i = 0; i < 20; i++) {
			if (i % 2)
				put_mixed(vsw_ring_avail(a.tx) - i);
			else
				while (vsw_ring_avail(a.tx) > 20 + i)
					put_pieces(a.tx, 2, 1, i, 700, 256);
			must(!txsync(&a) && waiting(&a));
			play(trick);
			must(!txsync(&a) && !txsync(&a));
			repair();
			good &= drains();
		}
		ok(good, "%s: what waits goes", trick_name[trick]);
		ok(works(), "%s: it works again afterwards",
		   trick_name[trick]);
	}
	ok(traffic(&c, 3, &d, 4) && traffic(&d, 4, &c, 3),
	   "rule 5.1: nobody but the hostile takes harm");
	end();
}

/* Rewrite all slots of port 1, as fast as can be, until killed. */
static int scribble(void *arg)
{
	uint32_t x = 1, i;

	(void)arg;
	do {
		struct vsw_slot *slot;

		x = x * 1664525 + 1013904223;
		i = (x >> 8) % SLOTS;
		slot = &a.tx->slot[i];
		switch (x >> 28) {
		case 0:
			slot->buf_idx = x;
			break;
		case 1:
			slot->len = x >> 4;
			break;
		case 2:
		case 3:
			slot->flags = VSW_SLOT_MOREFRAG;
			break;
		case 4:
			((uint8_t *)vsw_slot_buf(a.tx, i % 8))[5] = 2 + x / 16 % 3;
			break;
		case 5:
			repair();
			break;
		default:
			slot->flags = 0;
			slot->len = 60 + (x >> 4) % 200;
			slot->buf_idx = VSW_FIRST_BUF + i;
		}
	} while (x);
	return 0;
}

static bool pair_works(uint32_t seq)
{
	put(c.tx, 4, 3, seq, 60 + seq % 190);
	if (txsync(&c) || rxsync(&d))
		return false;
	/* What the hostile one has sent to them comes between. */
	while (vsw_ring_avail(d.rx)) {
		const uint8_t *buf = vsw_slot_buf(d.rx, d.rx->head);

		if (d.rx->slot[d.rx->head].len > 11 && buf[11] == 3)
			return got(d.rx, 4, 3, seq, 60 + seq % 190);
		vsw_ring_advance(d.rx, 1);
		must(!rxsync(&d));
	}
	return false;
}

static void test_scribbler(void)
{
	uint32_t round, i;
	bool good = true;
	pid_t pid;

	begin();
	repair();
	pid = spawn(scribble, NULL);
	for (round = 0; good && round < ROUNDS; round++) {
		i = a.tx->head;
		if (vsw_ring_avail(a.tx))
			i = vsw_ring_add(a.tx, i, 1 + round % vsw_ring_avail(a.tx));
		a.tx->cur = i;
		a.tx->head = i;
		must(!txsync(&a));
		if (!(round % 3)) {
			must(!rxsync(&b));
			if (vsw_ring_avail(b.rx))
				vsw_ring_advance(b.rx, 1);
			drain(&c);
		}
		good = pair_works(round);
	}
	must(!kill(pid, SIGKILL));
	reap(pid);
	ok(good, "rule 5.1: two who behave exchange frames meanwhile, intact");
	repair();
	ok(drains(), "what waits goes when it has ended");
	ok(works(), "and the ring works again");
	ok(traffic(&a, 1, &d, 4), "for other receivers, too");
	end();
}

/*
 * A circle of forwarders: port 1 sends to 2, 2 to 3, 3 to 1
 */

/* Pass on what comes, with the next port for its destination. */
static int pass_on(void *arg)
{
	struct dev *dev = arg;
	unsigned int me = dev == &a ? 1 : dev == &b ? 2 : 3;
	bool room;

	for (;;) {
		room = vsw_ring_avail(dev->tx);
		if (dev_poll(dev, room ? POLLIN : POLLOUT, LIMIT_MS) <= 0)
			return 1;
		while (vsw_ring_avail(dev->rx) && vsw_ring_avail(dev->tx)) {
			put_seq(dev, me % 3 + 1, me, 0, 1);
			vsw_ring_advance(dev->rx, 1);
		}
		if (txsync(dev) || rxsync(dev))
			return 2;
	}
}

static void circle_port(struct dev *dev, unsigned int i)
{
	block_new(dev, i, 8, 256, 0);
}

static void test_circle(void)
{
	struct dev *dev[3] = { &a, &b, &c }, e;
	bool good = true;
	pid_t pid[3];
	uint32_t i;

	lan_begin();
	for (i = 0; i < 3; i++)
		circle_port(dev[i], i + 1);
	block_new(&d, 4, 8, 256, 0);
	block_new(&e, 5, 8, 256, 0);
	for (i = 0; i < 3; i++)
		while (vsw_ring_avail(dev[i]->tx))
			fill_up(dev[i], (i + 1) % 3 + 1, i + 1, 0);
	for (i = 0; i < 3; i++)
		pid[i] = spawn(pass_on, dev[i]);
	for (i = 0; i < 3; i++)
		good &= wait_until(asleep(pid[i]));
	ok(good, "a circle of forwarders, all rings full: they sleep");
	for (i = 0; good && i < 1000; i++)
		good = traffic(&d, 4, &e, 5) && traffic(&e, 5, &d, 4);
	ok(good, "rule 5.9: others on the switch go on");
	must(!kill(pid[0], SIGKILL));
	ok_eq(reap(pid[0]), -SIGKILL, "one of them can be killed");
	must(!rxsync(&a));
	vsw_ring_advance(a.rx, vsw_ring_avail(a.rx));
	must(!rxsync(&a));
	ok(wait_until(!rxsync(&a) && vsw_ring_avail(a.rx)),
	   "and the others go on when there is room");
	port_del(1);
	ok(wait_until(asleep(pid[1]) && asleep(pid[2]) &&
		      port_info(2).stats.tx_frames && port_info(3).stats.tx_frames),
	   "or when its port is gone");
	for (i = 1; i < 3; i++) {
		must(!kill(pid[i], SIGKILL));
		reap(pid[i]);
	}
	for (i = 0; i < 3; i++)
		dev_down(dev[i]);
	dev_down(&d);
	dev_down(&e);
	lan_end();
}

int main(void)
{
	test_begin();
	test_tricks();
	test_scribbler();
	test_circle();
	return test_end();
}
