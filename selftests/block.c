// SPDX-License-Identifier: GPL-2.0
/*
 * on-full block: frames for a port without room stay with their sender, in
 * order, and all others go on; each frame is delivered once or counted once.
 *
 *	 sender    receiver    bystander
 *	  port 1    port 2      port 3
 *	 ---+------ s0 -+----------+---
 */
#include "vsw_full.h"

static struct dev a, b, c;

static void begin(uint32_t tx_slots, uint32_t rx_slots)
{
	lan_begin();
	dev_new(&a, 1, 1, tx_slots, 1024);
	block_new(&b, 2, rx_slots, 256, 0);
	dev_new(&c, 3, 1, 1024, 256);
}

static void end(void)
{
	dev_down(&a);
	dev_down(&b);
	dev_down(&c);
	lan_end();
}

/* All that port 1 has had accepted is delivered to others, or dropped. */
static bool adds_up(void)
{
	return port_info(1).stats.tx_frames ==
	       port_info(2).stats.rx_frames + port_info(3).stats.rx_frames +
	       port_drops(1) + port_drops(2) + port_drops(3);
}

static void test_slow_receiver(void)
{
	uint32_t sent = 0, seen = 0;
	bool good = true;

	begin(64, 16);
	put_seq(&a, 2, 1, 0, 40);
	must(!txsync(&a));
	ok_eq(port_info(2).stats.rx_frames, 15, "a full ring takes what fits");
	ok_eq(waiting(&a), 25, "tail of the sender tells what waits");
	ok_eq(port_info(1).stats.tx_frames, 15,
	      "what waits is not counted as sent");
	ok_eq(dev_poll(&a, POLLOUT, 0), POLLOUT,
	      "POLLOUT while there are free slots");
	sent = fill_up(&a, 2, 1, 40);
	ok(waiting(&a) == 63 && !dev_poll(&a, POLLOUT, 0),
	   "rule 5.9: no POLLOUT while the whole ring waits");
	while (good && seen < sent) {
		good = recv_frame(&b, 2, 1, seen++, 60) && !rxsync(&b);
		if (sent < 5000)
			sent = fill_up(&a, 2, 1, sent);
		else
			must(!txsync(&a));
	}
	ok(good,
	   "rule 5.9: a slow receiver gets all frames, once and in order");
	ok(!port_drops(1) && !port_drops(2), "nothing is dropped");
	ok(!waiting(&a) && port_info(1).stats.tx_frames == sent && adds_up(),
	   "each frame is counted once as sent");
	end();
}

/* Frames for a port without room, mixed with those for one that has room. */
static void test_mixed(uint32_t num, uint32_t every)
{
	uint32_t i, to_b = 0, to_c = 0, seen;

	begin(1024, 4);
	put_seq(&a, 2, 1, 0, 3);
	must(!txsync(&a) && !waiting(&a));
	for (i = 0; i < num; i++)
		if (i % every)
			put(a.tx, 3, 1, to_c++, 60);
		else
			put(a.tx, 2, 1, 3 + to_b++, 60);
	must(!txsync(&a));
	ok_eq(take_seq(&c, 3, 1, 0), to_c,
	      "rule 5.9: %u frames, %u wait: all others are delivered at once",
	      num, to_b);
	for (i = 0; i < 10; i++)
		must(!txsync(&a));
	for (seen = 0; i < 100000 && seen < 3 + to_b; i++) {
		seen += take_seq(&b, 2, 1, seen);
		must(!txsync(&a));
	}
	ok_eq(seen, 3 + to_b,
	      "rule 5.4: %u frames: those that waited come in order", num);
	must(!rxsync(&c) && !rxsync(&b));
	ok(!waiting(&a) && !vsw_ring_avail(b.rx) &&
	   port_info(3).stats.rx_frames == to_c,
	   "%u frames: each comes once", num);
	ok(port_info(1).stats.tx_frames == num + 3 && adds_up(),
	   "rule 5.8: %u frames: each is counted once", num);
	end();
}

/* New frames join those that wait, for both, time and again. */
static void test_mixed_stream(void)
{
	uint32_t to_b = 0, to_c = 0, seen_b = 0, seen_c = 0, round, n;

	begin(61, 7);
	for (round = 0; round < 5000; round++) {
		for (n = round % 9; n && vsw_ring_avail(a.tx); n--)
			if ((round + n) % 3)
				put(a.tx, 3, 1, to_c++, 60);
			else
				put(a.tx, 2, 1, to_b++, 60);
		must(!txsync(&a));
		if (!(round % 2))
			seen_b += recv_frame(&b, 2, 1, seen_b, 60);
		if (!(round % 16))
			seen_c += take_seq(&c, 3, 1, seen_c);
	}
	while (waiting(&a) || seen_b < to_b) {
		n = take_seq(&b, 2, 1, seen_b);
		if (!n)
			break;
		seen_b += n;
		must(!txsync(&a));
	}
	seen_c += take_seq(&c, 3, 1, seen_c);
	printf("# %u and %u frames\n", to_b, to_c);
	ok_eq(seen_b, to_b,
	      "rule 5.4: a mixed stream: what waits comes once, in order");
	ok_eq(seen_c, to_c,
	      "rule 5.4: a mixed stream: what need not comes once, in order");
	ok(adds_up() && !port_drops(2) && !port_drops(3),
	   "rule 5.8: a mixed stream: counted exactly");
	end();
}

/* Frames of several slots wait and come as a whole. */
static void test_pieces(uint32_t piece)
{
	uint32_t sent = 0, seen = 0;
	bool good = true;

	begin(64, 16);
	while (vsw_ring_avail(a.tx) > 12)
		put_pieces(a.tx, 2, 1, sent++, 700, piece);
	must(!txsync(&a));
	/* Three slots of 256 bytes each, and 15 of them. */
	ok_eq(port_info(2).stats.rx_frames, 5,
	      "pieces of %u: whole frames are taken", piece);
	while (good && seen < sent) {
		good = recv_frame(&b, 2, 1, seen++, 700) && !rxsync(&b);
		must(!txsync(&a));
	}
	ok(good && !waiting(&a), "pieces of %u: they come as a whole", piece);
	put(a.tx, 2, 1, 0, 1024);
	put_pieces(a.tx, 2, 1, 1, 5000, 1024);
	must(!txsync(&a));
	ok(port_info(2).drops.too_long == 1 && !waiting(&a),
	   "pieces of %u: what never fits does not wait", piece);
	ok(adds_up(), "pieces of %u: counted exactly", piece);
	end();
}

/* The address of port 2 moves to port 3. */
static void move_address(void)
{
	struct vsw_nl_fdb fdb = { .address = { 2, 0, 0, 0, 0, 2 } };

	fdb.present = VSW_NL_BIT(VSW_A_FDB_ADDRESS);
	vsw_nl_put(&fdb, FDB_SWITCH, sw, SWITCH);
	vsw_nl_put(&fdb, FDB_PORT, port, port_name(3));
	must(!vsw_nl_fdb_replace(test.nl, &fdb));
}

/* Sync time and again, for several ticks, while all stays as it is. */
static bool try_in_vain(uint32_t wait)
{
	int64_t end = now_ms() + 20;
	bool good = true;

	while (now_ms() < end)
		good &= !txsync(&a) && waiting(&a) == wait;
	return good;
}

/* A sender tries all the time; what it need not do for that it must not miss. */
static void test_retries(void)
{
	uint32_t i, seen = 0;
	bool good = true;

	begin(64, 16);
	put_seq(&a, 2, 1, 0, 40);
	must(!txsync(&a));
	ok(try_in_vain(25) && port_info(1).stats.tx_frames == 15,
	   "tries in vain change nothing");
	for (i = 0; good && i < 10; i++) {
		put(a.tx, 2, 1, 40 + i, 60);
		put(a.tx, 3, 1, i, 60);
		good = !txsync(&a) && recv_frame(&c, 3, 1, i, 60) &&
		       !rxsync(&c) && !txsync(&a);
	}
	ok(good, "rule 5.9: meanwhile new frames for others go at once");
	for (good = true; good && seen < 20; seen++)
		good = recv_frame(&b, 2, 1, seen, 60) && !rxsync(&b) &&
		       !txsync(&a) &&
		       port_info(2).stats.rx_frames == 16 + seen;
	ok(good, "the first sync after there is room takes it");
	a.tx->head = vsw_ring_next(a.tx, a.tx->tail);
	a.tx->cur = a.tx->head;
	must(!txsync(&a) && !waiting(&a));
	put_seq(&a, 3, 1, 10, 3);
	put_seq(&a, 2, 1, 35, 10);
	must(!txsync(&a));
	ok_eq(take_seq(&c, 3, 1, 10), 3,
	      "frames in place of those that were taken back go at once");
	must(try_in_vain(10));
	move_address();
	ok(wait_until(!txsync(&a) && !waiting(&a)),
	   "an address that moves takes along what waits");
	ok_eq(take_seq(&c, 2, 1, 35), 10, "to where it is now");
	ok_eq(take_seq(&b, 2, 1, 20), 15, "after those that were in time");
	ok(adds_up() && !port_drops(1), "counted exactly");
	end();
}

static void test_flood(void)
{
	begin(64, 4);
	put_seq(&a, 2, 1, 0, 3);
	put_seq(&a, ALL, 1, 50, 2);
	must(!txsync(&a));
	ok(!waiting(&a) && port_info(2).drops.no_room == 2 &&
	   take_seq(&c, ALL, 1, 50) == 2,
	   "rule 5.9: flooded frames do not wait");
	put_seq(&a, 2, 1, 3, 1);
	put_seq(&a, ALL, 1, 52, 2);
	put_seq(&a, 2, 1, 4, 1);
	must(!txsync(&a));
	ok(waiting(&a) == 4 && take_seq(&c, ALL, 1, 52) == 2,
	   "nor do they behind those that wait");
	ok_eq(port_info(2).drops.no_room, 4,
	      "rule 5.9: at the full port flooded frames are dropped");
	must(take_seq(&b, 2, 1, 0) == 3 && !txsync(&a));
	ok(take_seq(&b, 2, 1, 3) == 2 && !take_seq(&c, ALL, 1, 0) &&
	   !waiting(&a), "and are not sent again later");
	ok_eq(port_info(1).stats.tx_frames, 9, "they are counted once");
	end();
}

/* What waits is nobody's yet when its sender goes. */
static void test_sender_goes(void)
{
	begin(64, 4);
	fill_up(&a, 2, 1, 0);
	dev_down(&a);
	dev_up(&a, 1);
	must(take_seq(&b, 2, 1, 0) == 3);
	ok(!waiting(&a) && !txsync(&a) && !take_seq(&b, 2, 1, 3),
	   "what waited goes with its sender");
	ok(port_info(1).stats.tx_frames == 3 && traffic(&a, 1, &b, 2),
	   "and is not counted; the next one begins anew");
	end();
}

/*
 * Of a locked port the first bytes of each frame are copied, which makes pieces of
 * frames that have one slot. What stays of them is no more than that slot.
 */
static void test_copied(void)
{
	struct vsw_nl_port lock = {};
	uint32_t i;
	bool good = true;

	begin(64, 4);
	must(traffic(&a, 1, &b, 2) && traffic(&c, 3, &a, 1));
	port_key(&lock, 1);
	vsw_nl_put(&lock, PORT_LOCKED, locked, VSW_OFF_ON_ON);
	must(!vsw_nl_port_set(test.nl, &lock));
	for (i = 0; i < 8; i++) {
		put(a.tx, 2, 1, i, 200);
		put(a.tx, 3, 1, i, 200);
	}
	must(!txsync(&a) && waiting(&a) && !txsync(&a) && !txsync(&a));
	must(!rxsync(&c));
	for (i = 0; good && i < 8; i++)
		good = got(c.rx, 3, 1, i, 200);
	ok(good && !vsw_ring_avail(c.rx),
	   "copied frames that do not wait are sent once");
	for (i = 0, good = true; good && i < 8; i++)
		good = recv_frame(&b, 2, 1, i, 200) && !rxsync(&b) &&
		       !txsync(&a);
	ok(good && !rxsync(&b) && !vsw_ring_avail(b.rx) && !waiting(&a),
	   "and those that do, too");
	end();
}

int main(void)
{
	test_begin();
	test_slow_receiver();
	test_copied();
	test_mixed(100, 2);
	test_mixed(100, 50);
	test_mixed(900, 300);
	test_mixed(1000, 2);
	test_mixed_stream();
	test_retries();
	test_pieces(1024);
	test_pieces(256);
	test_pieces(100);
	test_flood();
	test_sender_goes();
	return test_end();
}
