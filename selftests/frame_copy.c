// SPDX-License-Identifier: GPL-2.0
/*
 * What arrives is what was sent, byte for byte and not a byte more, whatever
 * the sizes of the buffers on both sides; and what a slot says of it.
 */
#include "vsw_dev.h"

#define SLOTS	256
#define PATTERN	0xa5

/* Fill the buffers that the receiver has lent to the kernel. */
static void fill_pattern(struct vsw_ring *ring)
{
	uint32_t i;

	for (i = 0; i < ring->num_slots; i++)
		memset(vsw_slot_buf(ring, i), PATTERN, ring->buf_size);
}

static bool is_pattern(const uint8_t *p, const uint8_t *end)
{
	while (p < end)
		if (*p++ != PATTERN)
			return false;
	return true;
}

/* Whether the buffers of the frame at head are untouched beyond its bytes. */
static bool tail_clean(const struct vsw_ring *ring, uint32_t slots)
{
	uint32_t i = ring->head, n;
	const uint8_t *buf;

	for (n = 0; n < slots; n++, i = vsw_ring_next(ring, i)) {
		buf = vsw_slot_buf(ring, i);
		if (!is_pattern(buf + ring->slot[i].len, buf + ring->buf_size))
			return false;
	}
	return true;
}

/* Every length that fits into a buffer. */
static void test_lengths(void)
{
	bool good = true, clean = true;
	struct dev a, b;
	uint32_t len;

	lan_begin();
	dev_new(&a, 1, 1, SLOTS, 2048);
	dev_new(&b, 2, 1, SLOTS, 2048);
	for (len = 14; len <= 2048; len++) {
		memset(vsw_slot_buf(b.rx, b.rx->head), PATTERN, 2048);
		memset(vsw_slot_buf(a.tx, a.tx->head), 0xee, 2048);
		send_frame(&a, 2, 1, len, len);
		must(!rxsync(&b));
		clean &= vsw_ring_avail(b.rx) == 1 && tail_clean(b.rx, 1);
		good &= b.rx->slot[b.rx->head].flags == 0x0100;
		good &= got(b.rx, 2, 1, len, len);
	}
	ok(good, "frames of 14 to 2048 bytes arrive with their length");
	ok(clean, "rule 5.2: no byte behind a frame changes");
	ok_eq(port_info(1).stats.tx_bytes, (14 + 2048) * 2035 / 2,
	      "the sender's bytes are counted");
	ok_eq(port_info(2).stats.rx_bytes, (14 + 2048) * 2035 / 2,
	      "the receiver's bytes are counted");
	dev_down(&a);
	dev_down(&b);
	lan_end();
}

/* Slots of one frame: each is full but the last, and knows how many there are. */
static bool slots_good(const struct vsw_ring *ring, uint32_t slots, uint32_t len)
{
	uint32_t i = ring->head, n;

	if (vsw_ring_avail(ring) != slots)
		return false;
	for (n = 0; n < slots; n++, i = vsw_ring_next(ring, i)) {
		bool last = n + 1 == slots;
		const struct vsw_slot *slot = &ring->slot[i];

		if (slot->len != (last ? len - n * ring->buf_size : ring->buf_size))
			return false;
		if (slot->flags != (slots << 8 | (last ? 0 : 0x20)))
			return false;
		if (slot->ptr)
			return false;
	}
	return true;
}

struct sizes {
	uint32_t	from;
	uint32_t	to;
};

/* A frame in pieces, into as few slots of the receiver as it needs. */
static bool one_frame(struct dev *a, struct dev *b, uint32_t len, uint32_t piece,
		      bool *flags, bool *clean)
{
	uint32_t slots = (len + b->rx->buf_size - 1) / b->rx->buf_size;
	static uint32_t seq;

	put_pieces(a->tx, 2, 1, ++seq, len, piece);
	fill_pattern(b->rx);
	must(!txsync(a) && !rxsync(b));
	*flags &= slots_good(b->rx, slots, len);
	*clean &= tail_clean(b->rx, slots);
	if (!got(b->rx, 2, 1, seq, len))
		return false;
	must(!rxsync(b));
	return true;
}

static void test_sizes(const struct sizes *size)
{
	uint32_t min = size->from < size->to ? size->from : size->to;
	const uint32_t lens[] = {
		14, 60, min - 1, min, min + 1, 2 * min, 2 * min + 1,
		3 * min - 1, 9000, 16384, 16385, 64 * min - 1, 64 * min,
	};
	bool good = true, flags = true, clean = true;
	struct dev a, b;
	size_t i;

	lan_begin();
	dev_new(&a, 1, 1, SLOTS, size->from);
	dev_new(&b, 2, 1, SLOTS, size->to);
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		if (lens[i] > 64 * min)
			continue;
		good &= one_frame(&a, &b, lens[i], size->from, &flags, &clean);
		/* Pieces of an odd size, and none too small. */
		if (lens[i] <= 64 * (size->from - 9))
			good &= one_frame(&a, &b, lens[i], size->from - 9,
					  &flags, &clean);
	}
	ok(good, "buffers of %u to %u bytes: the bytes arrive", size->from,
	   size->to);
	ok(flags, "buffers of %u to %u bytes: each slot has length and flags",
	   size->from, size->to);
	ok(clean,
	   "rule 5.2: buffers of %u to %u bytes: nothing else is written",
	   size->from, size->to);
	ok(!port_drops(1) && !port_drops(2),
	   "buffers of %u to %u bytes: no drops", size->from, size->to);
	dev_down(&a);
	dev_down(&b);
	lan_end();
}

/* Note what came with the frames that have come. */
static void learn(const struct vsw_ring *ring, uint8_t *known)
{
	uint32_t n = vsw_ring_avail(ring), i = ring->head;
	const struct vsw_slot *slot;

	for (; n; n--, i = vsw_ring_next(ring, i)) {
		slot = &ring->slot[i];
		if (slot->len)
			memcpy(known + slot->buf_idx * ring->buf_size,
			       vsw_slot_buf(ring, i), slot->len);
	}
}

/*
 * Frames of all lengths into the same few buffers, some that are too long, and
 * some for which a slot is spoiled: the receiver knows nothing but frames.
 */
static void test_reuse(void)
{
	static const struct sizes size = { 1024, 320 };
	const uint32_t rx_slots = 13, bufs = 2 + 2 * rx_slots;
	uint32_t i, len, spoiled, idx, arrived = 0;
	uint8_t *known = calloc(bufs, size.to);
	bool good = true, clean = true;
	struct dev a, b;

	must(known);
	lan_begin();
	dev_new(&a, 1, 1, SLOTS, size.from);
	dev_new(&b, 2, 1, rx_slots, size.to);
	for (i = 0; i < 3000; i++) {
		len = 60 + i * 7919 % (14 * size.to);
		spoiled = vsw_ring_add(b.rx, b.rx->head, 1);
		idx = b.rx->slot[spoiled].buf_idx;
		if (i % 5 == 0)
			b.rx->slot[spoiled].buf_idx = 0;
		send_frame(&a, 2, 1, i, len);
		must(!rxsync(&b));
		learn(b.rx, known);
		b.rx->slot[spoiled].buf_idx = idx;
		if (len <= size.to || (len <= 12 * size.to && i % 5))
			good &= got(b.rx, 2, 1, i, len) && ++arrived;
		vsw_ring_advance(b.rx, vsw_ring_avail(b.rx));
		must(!rxsync(&b));
		clean &= !memcmp(vsw_ring_buf(b.rx, 0), known, bufs * size.to);
	}
	ok(good && arrived + port_drops(2) == i,
	   "frames of all lengths in the same buffers arrive");
	ok(clean, "rule 5.2: nothing but frames is ever in the buffers");
	dev_down(&a);
	dev_down(&b);
	lan_end();
	free(known);
}

/* The first piece is a bare header, the others have a byte. */
static void test_small_pieces(void)
{
	struct dev a, b;
	uint32_t i;

	lan_begin();
	dev_new(&a, 1, 1, SLOTS, 2048);
	dev_new(&b, 2, 1, SLOTS, 2048);
	put_pieces(a.tx, 2, 1, 1, 14 * 4, 14);
	for (i = 0; i < 63; i++) {
		frame_write(vsw_slot_buf(a.tx, a.tx->head), 14, 2, 1, 2, 0);
		a.tx->slot[a.tx->head].len = i ? 1 : 14;
		a.tx->slot[a.tx->head].flags = i < 62 ? VSW_SLOT_MOREFRAG : 0;
		if (i)
			frame_write(vsw_slot_buf(a.tx, a.tx->head), 1, 2, 1, 2,
				    13 + i);
		vsw_ring_advance(a.tx, 1);
	}
	must(!txsync(&a) && !rxsync(&b));
	ok(got(b.rx, 2, 1, 1, 56) && got(b.rx, 2, 1, 2, 76),
	   "a frame may come in very small pieces");
	dev_down(&a);
	dev_down(&b);
	lan_end();
}

/* More than a receiver of small buffers or a short ring can have. */
static void test_too_long(void)
{
	struct dev a, b, c, d;

	lan_begin();
	dev_new(&a, 1, 1, SLOTS, 16384);
	dev_new(&b, 2, 1, SLOTS, 256);
	dev_new(&c, 3, 1, 8, 2048);
	dev_new(&d, 4, 1, SLOTS, 16384);
	put(a.tx, 2, 1, 1, 60);
	put(a.tx, 2, 1, 2, 64 * 256 + 1);
	put(a.tx, 2, 1, 3, 64 * 256);
	must(!txsync(&a) && !rxsync(&b));
	ok(got(b.rx, 2, 1, 1, 60) && got(b.rx, 2, 1, 3, 64 * 256) &&
	   !vsw_ring_avail(b.rx),
	   "a frame of more than 64 slots is left out, others arrive");
	ok(port_info(2).drops.too_long == 1 && port_drops(2) == 1 &&
	   !port_drops(1), "and is counted as too long at the receiver");
	ok_eq(port_info(2).stats.rx_frames, 2, "but not as delivered");

	put(a.tx, ALL, 1, 4, 7 * 2048 + 1);
	put(a.tx, ALL, 1, 5, 100);
	put(a.tx, 3, 1, 6, 6 * 2048);
	must(!txsync(&a) && !rxsync(&c) && !rxsync(&d));
	ok(got(c.rx, ALL, 1, 5, 100) && got(c.rx, 3, 1, 6, 6 * 2048),
	   "a frame longer than a ring is left out, others arrive");
	ok(port_info(3).drops.too_long == 1 && port_drops(3) == 1,
	   "and is counted as too long, not as no room");
	ok(got(d.rx, ALL, 1, 4, 7 * 2048 + 1) && got(d.rx, ALL, 1, 5, 100),
	   "a broadcast reaches those for whom it is not too long");
	dev_down(&a);
	dev_down(&b);
	dev_down(&c);
	dev_down(&d);
	lan_end();
}

/*
 * Slots
 */

static void test_flags(void)
{
	const uint16_t junk = 0xff0e | 0x40 | 0x80;
	struct dev a, b;
	struct vsw_slot *slot;

	lan_begin();
	dev_new(&a, 1, 1, SLOTS, 2048);
	dev_new(&b, 2, 1, SLOTS, 2048);
	slot = &a.tx->slot[0];
	put(a.tx, 2, 1, 1, 60);
	slot->flags = VSW_SLOT_BUF_CHANGED | junk;
	slot->ptr = 0x123456789abcdef0ULL;
	must(!txsync(&a) && !rxsync(&b));
	ok_eq(slot->flags, junk,
	      "a sent slot loses BUF_CHANGED and no other flag");
	ok(slot->len == 60 && slot->ptr == 0x123456789abcdef0ULL,
	   "a sent slot keeps its length and ptr");
	ok(b.rx->slot[0].flags == 0x0100 && got(b.rx, 2, 1, 1, 60),
	   "a received slot has none of the sender's flags");
	dev_down(&a);
	dev_down(&b);
	lan_end();
}

/* Programs exchange buffers between their slots. */
static void test_swap(void)
{
	uint32_t i, tmp, rx;
	struct dev a, b, c;

	lan_begin();
	dev_new(&a, 1, 1, SLOTS, 2048);
	dev_new(&b, 2, 1, SLOTS, 2048);
	dev_new(&c, 3, 1, SLOTS, 2048);
	tmp = a.tx->slot[0].buf_idx;
	a.tx->slot[0].buf_idx = a.tx->slot[1].buf_idx;
	a.tx->slot[1].buf_idx = tmp;
	put(a.tx, 2, 1, 1, 100);
	put(a.tx, 2, 1, 2, 200);
	must(!txsync(&a) && !rxsync(&b));
	ok(got(b.rx, 2, 1, 1, 100) && got(b.rx, 2, 1, 2, 200),
	   "two slots may exchange their buffers");

	/* Port 2 passes on what it gets, without a copy. */
	for (i = 0; i < 2 * SLOTS; i++) {
		send_frame(&a, 2, 1, i, 300);
		must(!rxsync(&b) && vsw_ring_avail(b.rx) == 1);
		rx = b.rx->head;
		tmp = b.tx->slot[b.tx->head].buf_idx;
		b.tx->slot[b.tx->head] = b.rx->slot[rx];
		b.tx->slot[b.tx->head].flags = VSW_SLOT_BUF_CHANGED;
		b.rx->slot[rx].buf_idx = tmp;
		b.rx->slot[rx].flags = VSW_SLOT_BUF_CHANGED;
		memcpy(vsw_slot_buf(b.tx, b.tx->head), "\2\0\0\0\0\3", 6);
		memcpy((char *)vsw_slot_buf(b.tx, b.tx->head) + 6,
		       "\2\0\0\0\0\2", 6);
		vsw_ring_advance(b.rx, 1);
		vsw_ring_advance(b.tx, 1);
		must(!txsync(&b));
		if (!recv_frame(&c, 3, 2, i, 300))
			break;
	}
	ok_eq(i, 2 * SLOTS, "RX and TX slots may exchange theirs: forwarding");
	dev_down(&a);
	dev_down(&b);
	dev_down(&c);
	lan_end();
}

int main(void)
{
	static const struct sizes sizes[] = {
		{ 256, 256 }, { 256, 2048 }, { 256, 16384 }, { 2048, 256 },
		{ 2048, 2048 }, { 2048, 16384 }, { 16384, 256 },
		{ 16384, 2048 }, { 320, 448 },
	};
	size_t i;

	test_begin();
	test_lengths();
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		test_sizes(&sizes[i]);
	test_reuse();
	test_small_pieces();
	test_too_long();
	test_flags();
	test_swap();
	return test_end();
}
