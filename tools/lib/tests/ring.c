// SPDX-License-Identifier: GPL-2.0
/*
 * The arithmetic of rings, on rings in plain memory.
 */
#include <stddef.h>
#include <string.h>

#include <vsw/ring.h>

#include "ktap.h"

#define MAX_SLOTS	1000
#define BUF_SIZE	256
#define N_BUFS		8

static struct memory {
	char before[BUF_SIZE];
	struct vsw_ring ring;
	struct vsw_slot slots[MAX_SLOTS];
	char bufs[N_BUFS][BUF_SIZE];
} memory;

static struct vsw_ring *ring_of(uint32_t slots)
{
	memset(&memory, 0, sizeof(memory));
	memory.ring.num_slots = slots;
	memory.ring.buf_size = BUF_SIZE;
	memory.ring.buf_ofs = offsetof(struct memory, bufs) -
			      offsetof(struct memory, ring);
	return &memory.ring;
}

/* Every index and distance, compared with a division. */
static void test_indices(uint32_t slots)
{
	struct vsw_ring *ring = ring_of(slots);
	bool next = true, add = true;
	uint32_t i, n;

	for (i = 0; i < slots; i++) {
		next &= vsw_ring_next(ring, i) == (i + 1) % slots;
		for (n = 0; n <= slots; n++)
			add &= vsw_ring_add(ring, i, n) == (i + n) % slots;
	}
	ok(next, "next slot, %u slots", slots);
	ok(add, "some slots ahead, %u slots", slots);
}

static void test_avail(uint32_t slots)
{
	struct vsw_ring *ring = ring_of(slots);
	bool avail = true, advance = true;
	uint32_t head, n;

	for (head = 0; head < slots; head++) {
		for (n = 0; n < slots; n++) {
			ring->head = head;
			ring->cur = head;
			ring->tail = (head + n) % slots;
			avail &= vsw_ring_avail(ring) == n;
			vsw_ring_advance(ring, n);
			advance &= ring->head == ring->tail &&
				   ring->cur == ring->tail &&
				   !vsw_ring_avail(ring);
		}
	}
	ok(avail, "number of own slots, %u slots", slots);
	ok(advance, "advance to the tail, %u slots", slots);
}

static void test_walk(uint32_t slots)
{
	struct vsw_ring *ring = ring_of(slots);
	uint32_t steps = 10 * slots + 1, i;
	bool same = true;

	ring->tail = slots - 1;
	for (i = 0; i < steps; i++) {
		same &= ring->head == i % slots &&
			vsw_ring_avail(ring) == slots - 1;
		vsw_ring_advance(ring, 1);
		ring->tail = vsw_ring_next(ring, ring->tail);
	}
	ok(same, "many rounds, %u slots", slots);
}

static void test_buffers(void)
{
	struct vsw_ring *ring = ring_of(2);
	uint32_t i;
	bool same = true;

	for (i = 0; i < N_BUFS; i++) {
		ring->slot[1].buf_idx = i;
		same &= vsw_ring_buf(ring, i) == memory.bufs[i] &&
			vsw_slot_buf(ring, 1) == memory.bufs[i];
	}
	ok(same, "address of a buffer");

	/* The ring of a high port is behind the buffers of a low one. */
	ring->buf_ofs = -(int64_t)(offsetof(struct memory, ring) + BUF_SIZE);
	ok(vsw_ring_buf(ring, 1) == memory.before, "buffers before the ring");
}

int main(void)
{
	static const uint32_t sizes[] = { 2, 3, 7, 64, 100 };
	unsigned int i;

	ktap_begin();
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		test_indices(sizes[i]);
		test_avail(sizes[i]);
		test_walk(sizes[i]);
	}
	test_walk(MAX_SLOTS);
	test_buffers();
	return ktap_finish();
}
