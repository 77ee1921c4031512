// SPDX-License-Identifier: GPL-2.0
/*
 * Frames that the switch cannot accept: each is dropped and counted under its
 * reason, at the port that is to blame, and the frames before and behind it in
 * the same batch arrive. Likewise slots that a receiver has spoiled.
 */
#include "vsw_dev.h"

#define SLOTS		4096
#define BUF_SIZE	256
#define NUM_BUFS	(2 + 2 * SLOTS)
#define INDIRECT	0x0010	/* netmap's, which vsw does not offer */

static struct dev a, b, c;

/* Give the next slots away, each the beginning of a frame; the first one. */
static uint32_t put_slots(uint32_t num, uint16_t len, uint16_t flags)
{
	struct vsw_ring *ring = a.tx;
	uint32_t first = ring->head, i = first, n;

	must(num <= vsw_ring_avail(ring));
	for (n = 0; n < num; n++, i = vsw_ring_next(ring, i)) {
		frame_write(vsw_slot_buf(ring, i), BUF_SIZE, 2, 1, 0, 0);
		ring->slot[i].len = len;
		ring->slot[i].flags = flags;
	}
	vsw_ring_advance(ring, num);
	return first;
}

/* A slot of a frame that has been put. */
static struct vsw_slot *slot_of(uint32_t first, uint32_t n)
{
	return &a.tx->slot[(first + n) % SLOTS];
}

/* A chain of slots that ends, unless it is told not to; its first slot. */
static uint32_t put_chain(uint32_t slots, uint16_t len, bool ends)
{
	uint32_t first = put_slots(slots, len, VSW_SLOT_MOREFRAG);

	if (ends)
		slot_of(first, slots - 1)->flags = 0;
	return first;
}

static uint64_t drops_of(unsigned int port, size_t reason)
{
	struct vsw_nl_drops drops = port_info(port).drops;

	return *(uint64_t *)((char *)&drops + reason);
}

#define REASON(name)	offsetof(struct vsw_nl_drops, name)

/*
 * A frame has been put, the bad thing, and then another frame, unless the bad
 * thing has no end: then nothing can be behind it.
 */
static void check_dropped(const char *what, size_t reason, bool behind)
{
	uint64_t before = port_drops(1), of_it = drops_of(1, reason);
	uint64_t sent = port_info(1).stats.tx_frames + 1 + behind;

	if (behind)
		put(a.tx, 2, 1, 2, 60);
	must(!txsync(&a) && !rxsync(&b));
	ok(vsw_ring_avail(a.tx) == SLOTS - 1, "%s: its slots come back", what);
	ok(got(b.rx, 2, 1, 1, 60) && (!behind || got(b.rx, 2, 1, 2, 60)),
	   "rule 5.1: %s: the frames around it arrive in order", what);
	ok(!vsw_ring_avail(b.rx), "rule 5.1: %s: nothing else arrives", what);
	ok(drops_of(1, reason) - of_it == 1 && port_drops(1) - before == 1,
	   "rule 5.8: %s: one drop is counted at the sender, for the reason",
	   what);
	ok(port_info(1).stats.tx_frames == sent,
	   "%s: it does not count as accepted", what);
	must(!rxsync(&b));
}

static void put_first(void)
{
	put(a.tx, 2, 1, 1, 60);
}

static void test_buffers(void)
{
	static const uint32_t bad[] = {
		0, 1, NUM_BUFS, NUM_BUFS + 1, 0x80000000, 0xffffffff,
	};
	struct vsw_slot *slot;
	char what[32];
	uint32_t good;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		put_first();
		slot = slot_of(put_slots(1, 60, 0), 0);
		good = slot->buf_idx;
		slot->buf_idx = bad[i];
		snprintf(what, sizeof(what), "buffer 0x%x", bad[i]);
		check_dropped(what, REASON(bad_buf), true);
		ok(slot->buf_idx == bad[i], "%s: the slot is left as it is",
		   what);
		slot->buf_idx = good;
	}
}

static void test_lengths(void)
{
	put_first();
	put_slots(1, BUF_SIZE + 1, 0);
	check_dropped("a byte longer than a buffer", REASON(bad_len), true);
	put_first();
	put_slots(1, 0xffff, 0);
	check_dropped("65535 bytes", REASON(bad_len), true);
	put_first();
	put_slots(1, 60, INDIRECT);
	check_dropped("an indirect slot", REASON(bad_len), true);
	put_first();
	put_slots(1, 0, 0);
	check_dropped("no bytes", REASON(runt), true);
	put_first();
	put_slots(1, 13, 0);
	check_dropped("13 bytes", REASON(runt), true);
	put_first();
	put_chain(2, 13, true);
	check_dropped("13 bytes in the first of two slots", REASON(runt), true);
}

static void test_chains(void)
{
	static const uint32_t long_chains[] = { 65, 128, 255, 256, 257, 1024 };
	struct vsw_slot *slot;
	char what[32];
	uint32_t good;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(long_chains); i++) {
		put_first();
		put_chain(long_chains[i], 20, true);
		snprintf(what, sizeof(what), "%u slots", long_chains[i]);
		check_dropped(what, REASON(bad_chain), true);
	}
	put_first();
	put_chain(SLOTS - 3, 20, true);
	check_dropped("all slots but two", REASON(bad_chain), true);
	put_first();
	put_chain(1, 60, false);
	check_dropped("a slot with no end", REASON(bad_chain), false);
	put_first();
	put_chain(SLOTS - 2, 20, false);
	check_dropped("a ring with no end", REASON(bad_chain), false);

	put_first();
	slot = slot_of(put_chain(3, 100, true), 1);
	good = slot->buf_idx;
	slot->buf_idx = 1;
	check_dropped("a bad buffer in a chain", REASON(bad_buf), true);
	slot->buf_idx = good;
	put_first();
	slot_of(put_chain(3, 100, true), 2)->len = BUF_SIZE + 1;
	check_dropped("a bad length in a chain", REASON(bad_len), true);
}

static void test_good_chains(void)
{
	put_pieces(a.tx, 2, 1, 3, 64 * BUF_SIZE, BUF_SIZE);
	put_pieces(a.tx, 2, 1, 4, 64 * 20, 20);
	must(!txsync(&a) && !rxsync(&b));
	ok(got(b.rx, 2, 1, 3, 64 * BUF_SIZE), "64 full slots are a frame");
	ok(got(b.rx, 2, 1, 4, 64 * 20), "64 short slots are a frame");
	put_pieces(a.tx, 2, 1, 5, 300, 100);
	a.tx->slot[(a.tx->head + SLOTS - 2) % SLOTS].len = 0;
	must(!txsync(&a) && !rxsync(&b));
	ok(b.rx->slot[b.rx->head].len == 200 && vsw_ring_avail(b.rx) == 1,
	   "a slot without bytes in a frame is passed over");
	vsw_ring_advance(b.rx, 1);
	must(!rxsync(&b));
}

static void test_own_port(void)
{
	uint64_t before = port_drops(1);

	put_first();
	put(a.tx, 1, 1, 9, 60);
	put(a.tx, 2, 1, 2, 60);
	must(!txsync(&a) && !rxsync(&a) && !rxsync(&b));
	ok(got(b.rx, 2, 1, 1, 60) && got(b.rx, 2, 1, 2, 60) &&
	   !vsw_ring_avail(b.rx), "to its own port: the others arrive");
	ok(!vsw_ring_avail(a.rx), "to its own port: it does not come back");
	ok(drops_of(1, REASON(same_port)) == 1 && port_drops(1) == before + 1,
	   "to its own port: one drop is counted, for the reason");
	must(!rxsync(&b));
}

/*
 * The receiver
 */

/* Port 2 has spoiled the buffers of some slots; @slots of them are in use. */
static void check_spoiled(const char *what, uint32_t slots, uint32_t len,
			  uint64_t drops)
{
	struct vsw_nl_stats before = port_info(2).stats, after;
	uint32_t first = b.rx->head, i;
	bool empty = true;

	put(a.tx, ALL, 1, 1, len);
	put(a.tx, 2, 1, 2, 60);
	must(!txsync(&a) && !rxsync(&b));
	for (i = 0; i < slots; i++)
		empty &= !b.rx->slot[(first + i) % SLOTS].len;
	ok(empty, "rule 5.1: %s: the receiver finds it empty", what);
	ok(vsw_ring_avail(b.rx) == slots + 1, "%s: it takes its slots", what);
	vsw_ring_advance(b.rx, slots);
	ok(got(b.rx, 2, 1, 2, 60), "%s: the next frame arrives", what);
	ok(recv_frame(&c, ALL, 1, 1, len),
	   "rule 5.1: %s: others get theirs", what);
	ok(drops_of(2, REASON(bad_rx_slot)) == drops && port_drops(2) == drops,
	   "rule 5.8: %s: one drop is counted at the receiver", what);
	after = port_info(2).stats;
	ok_eq(after.rx_frames - before.rx_frames, 1,
	      "%s: it does not count as delivered", what);
	ok_eq(after.rx_bytes - before.rx_bytes, 60,
	      "%s: nor do its bytes", what);
	must(!rxsync(&b));
}

static void test_receiver(void)
{
	static const uint32_t bad[] = { 0, 1, NUM_BUFS, 0xffffffff };
	uint32_t i, good, at;
	char what[48];

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		at = b.rx->head;
		good = b.rx->slot[at].buf_idx;
		b.rx->slot[at].buf_idx = bad[i];
		snprintf(what, sizeof(what), "received with buffer 0x%x", bad[i]);
		check_spoiled(what, 1, 60, i + 1);
		ok(b.rx->slot[at].buf_idx == bad[i], "%s: the slot keeps it",
		   what);
		b.rx->slot[at].buf_idx = good;
	}
	at = (b.rx->head + 1) % SLOTS;
	good = b.rx->slot[at].buf_idx;
	b.rx->slot[at].buf_idx = 0;
	check_spoiled("received, a bad slot among three", 3, 3 * BUF_SIZE, i + 1);
	b.rx->slot[at].buf_idx = good;
}

int main(void)
{
	test_begin();
	lan_begin();
	dev_new(&a, 1, 1, SLOTS, BUF_SIZE);
	dev_new(&b, 2, 1, SLOTS, BUF_SIZE);
	dev_new(&c, 3, 1, SLOTS, BUF_SIZE);
	test_buffers();
	test_lengths();
	test_chains();
	test_good_chains();
	test_own_port();
	ok(!port_drops(2) && !port_drops(3), "no receiver is blamed");
	test_receiver();
	dev_down(&a);
	dev_down(&b);
	dev_down(&c);
	lan_end();
	return test_end();
}
