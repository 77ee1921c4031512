// SPDX-License-Identifier: GPL-2.0
/* Arithmetic of rings, and what is believed of what a program writes to them */

#include <kunit/test.h>

#include "../ring.h"

/* Small enough to try everything; a power of two, and others. */
static const u32 vsw_test_sizes[] = { 2, 3, 4, 5, 8, 11 };

/* A number that no slot has, next to the last one that one has, or far off. */
static const u32 vsw_test_beyond[] = { 0, 1, 1U << 31, U32_MAX };

/* The first slot behind @n others, by walking. */
static u32 vsw_test_walk(u32 num_slots, u32 i, u32 n)
{
	while (n--)
		i = vsw_ring_next(num_slots, i);
	return i;
}

static void vsw_test_neighbours(struct kunit *test)
{
	u32 k, n, i;

	for (k = 0; k < ARRAY_SIZE(vsw_test_sizes); k++) {
		n = vsw_test_sizes[k];
		for (i = 0; i < n; i++) {
			KUNIT_EXPECT_EQ(test, vsw_ring_next(n, i), (i + 1) % n);
			KUNIT_EXPECT_EQ(test, vsw_ring_prev(n, i),
					(i + n - 1) % n);
		}
	}
}

static void vsw_test_distance(struct kunit *test)
{
	u32 k, n, i, d;

	for (k = 0; k < ARRAY_SIZE(vsw_test_sizes); k++) {
		n = vsw_test_sizes[k];
		for (i = 0; i < n; i++) {
			for (d = 0; d < n; d++) {
				u32 to = vsw_ring_add(n, i, d);

				KUNIT_EXPECT_EQ(test, to,
						vsw_test_walk(n, i, d));
				KUNIT_EXPECT_EQ(test, d,
						vsw_ring_dist(n, i, to));
			}
			KUNIT_EXPECT_EQ(test, vsw_ring_add(n, i, n), i);
		}
	}
}

static void vsw_test_largest_ring(struct kunit *test)
{
	const u32 n = VSW_MAX_SLOTS, last = n - 1;

	KUNIT_EXPECT_EQ(test, vsw_ring_next(n, last), 0);
	KUNIT_EXPECT_EQ(test, vsw_ring_prev(n, 0), last);
	KUNIT_EXPECT_EQ(test, vsw_ring_add(n, last, last), last - 1);
	KUNIT_EXPECT_EQ(test, vsw_ring_dist(n, last, last - 1), last);
	KUNIT_EXPECT_EQ(test, vsw_ring_dist(n, last, last), 0);
}

/* A ring in memory that only this test writes to. */
static void vsw_test_ring(struct kunit *test, struct vsw_shring *sh,
			  u32 num_slots)
{
	*sh = (struct vsw_shring) { .num_slots = num_slots };
	sh->ring = kunit_kzalloc(test, struct_size(sh->ring, slot, num_slots),
				 GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, sh->ring);
}

/* What vsw_ring_read_pointers() promises, step by step. */
static int vsw_test_expected(u32 n, u32 first, u32 owned, u32 head, u32 cur)
{
	u32 to_head, to_cur;

	if (head >= n || cur >= n)
		return -EINVAL;
	for (to_head = 0; vsw_test_walk(n, first, to_head) != head; to_head++)
		;
	for (to_cur = 0; vsw_test_walk(n, first, to_cur) != cur; to_cur++)
		;
	return to_head <= to_cur && to_cur <= owned ? 0 : -ERANGE;
}

static void vsw_test_pointers(struct kunit *test, const struct vsw_shring *sh,
			      u32 first, u32 owned, u32 head, u32 cur)
{
	const u32 unset = 0xabcdef;
	u32 got_head = unset, got_cur = unset;
	int err = vsw_test_expected(sh->num_slots, first, owned, head, cur);

	sh->ring->head = head;
	sh->ring->cur = cur;
	KUNIT_EXPECT_EQ_MSG(test, err,
			    vsw_ring_read_pointers(sh, first, owned, &got_head,
						   &got_cur),
			    "%u slots, first %u, owned %u, head %u, cur %u",
			    sh->num_slots, first, owned, head, cur);
	KUNIT_EXPECT_EQ(test, got_head, err ? unset : head);
	KUNIT_EXPECT_EQ(test, got_cur, err ? unset : cur);
}

/* All positions of head, with one of cur and reversed, on a small ring. */
static void vsw_test_read_pointers(struct kunit *test)
{
	struct vsw_shring sh;
	u32 k, n, i, first, owned, head, cur;

	for (k = 0; k < ARRAY_SIZE(vsw_test_sizes); k++) {
		n = vsw_test_sizes[k];
		vsw_test_ring(test, &sh, n);
		for (i = 0; i < n * n; i++) {
			first = i / n;
			owned = i % n;
			for (head = 0; head < n; head++)
				for (cur = 0; cur < n; cur++)
					vsw_test_pointers(test, &sh, first,
							  owned, head, cur);
		}
	}
}

static void vsw_test_read_no_pointers(struct kunit *test)
{
	struct vsw_shring sh;
	u32 i, k, n = 5;

	vsw_test_ring(test, &sh, n);
	for (i = 0; i < ARRAY_SIZE(vsw_test_beyond); i++) {
		u32 beyond = max(vsw_test_beyond[i] + n, n);

		for (k = 0; k < n; k++) {
			vsw_test_pointers(test, &sh, k, n - 1, beyond, k);
			vsw_test_pointers(test, &sh, k, n - 1, k, beyond);
			vsw_test_pointers(test, &sh, k, n - 1, beyond, beyond);
		}
	}
}

/* A receiver without syncs is believed only if it has released what it had. */
static void vsw_test_read_head(struct kunit *test)
{
	struct vsw_shring sh;
	u32 n = 5, i, released, published, owned, head;
	int err;

	vsw_test_ring(test, &sh, n);
	for (i = 0; i < n * n; i++) {
		released = i / n;
		published = i % n;
		owned = vsw_ring_dist(n, released, published);
		for (head = 0; head < 2 * n; head++) {
			err = vsw_test_expected(n, released, owned, head, head);
			sh.ring->head = head;
			KUNIT_EXPECT_EQ(test, err ? released : head,
					vsw_ring_read_head(&sh, released,
							   published));
		}
	}
	sh.ring->head = U32_MAX;
	KUNIT_EXPECT_EQ(test, vsw_ring_read_head(&sh, 3, 2), 3);
}

static void vsw_test_buffers(struct kunit *test)
{
	u8 memory[1];
	struct vsw_shring sh = {
		.bufs = memory, .buf_size = 2048, .num_bufs = 10,
	};
	const u32 last = VSW_FIRST_BUF + sh.num_bufs - 1;
	u32 i;

	for (i = 0; i < VSW_FIRST_BUF; i++)
		KUNIT_EXPECT_FALSE(test, vsw_ring_has_buf(&sh, i));
	for (i = VSW_FIRST_BUF; i <= last; i++) {
		KUNIT_EXPECT_TRUE(test, vsw_ring_has_buf(&sh, i));
		KUNIT_EXPECT_PTR_EQ(test, vsw_ring_buf(&sh, i),
				    memory + 2048 * (i - VSW_FIRST_BUF));
	}
	KUNIT_EXPECT_FALSE(test, vsw_ring_has_buf(&sh, last + 1));
	KUNIT_EXPECT_FALSE(test, vsw_ring_has_buf(&sh, 1U << 31));
	KUNIT_EXPECT_FALSE(test, vsw_ring_has_buf(&sh, U32_MAX));
}

static void vsw_test_slots(struct kunit *test)
{
	union vsw_slot_word word = {
		.buf_idx = 0x12345678, .len = 0xfedc, .flags = 0xa987,
	};
	struct vsw_shring sh;
	struct vsw_slot *slot;

	vsw_test_ring(test, &sh, 4);
	slot = vsw_ring_slot(&sh, 3);
	KUNIT_EXPECT_PTR_EQ(test, slot, &sh.ring->slot[3]);
	vsw_slot_write(slot, word);
	KUNIT_EXPECT_EQ(test, slot->buf_idx, 0x12345678);
	KUNIT_EXPECT_EQ(test, slot->len, 0xfedc);
	KUNIT_EXPECT_EQ(test, slot->flags, 0xa987);
	KUNIT_EXPECT_EQ(test, vsw_slot_read(slot).word, word.word);
	KUNIT_EXPECT_EQ(test, vsw_slot_len_flags(word), 0xa987fedc);

	vsw_slot_write_len(slot, 0xffff, 0x8000);
	KUNIT_EXPECT_EQ(test, slot->buf_idx, 0x12345678);
	KUNIT_EXPECT_EQ(test, slot->len, 0xffff);
	KUNIT_EXPECT_EQ(test, slot->flags, 0x8000);
}

/* Nothing overlaps, and all of it is inside of the region. */
static void vsw_test_layout(struct kunit *test, u32 rings, u32 slots,
			    u32 buf_size)
{
	struct vsw_layout l;
	u64 end;

	KUNIT_ASSERT_EQ(test, vsw_layout_init(&l, rings, slots, buf_size), 0);
	KUNIT_EXPECT_GE(test, l.if_stride,
			sizeof(struct vsw_if) + (2 * rings + 2) * sizeof(s64));
	KUNIT_EXPECT_GE(test, l.ring_ofs, rings * l.if_stride);
	KUNIT_EXPECT_GE(test, l.ring_stride, sizeof(struct vsw_ring) +
			slots * sizeof(struct vsw_slot));
	end = l.ring_ofs + 2ULL * rings * l.ring_stride;
	KUNIT_EXPECT_GE(test, l.buf_ofs, end);
	KUNIT_EXPECT_EQ(test, l.num_bufs, VSW_FIRST_BUF + 2 * rings * slots);
	KUNIT_EXPECT_GE(test, l.size,
			l.buf_ofs + (u64)l.num_bufs * l.buf_size);
	KUNIT_EXPECT_TRUE(test, PAGE_ALIGNED(l.buf_ofs));
	KUNIT_EXPECT_TRUE(test, PAGE_ALIGNED(l.size));
	KUNIT_EXPECT_LE(test, l.size, U32_MAX);
}

static void vsw_test_layouts(struct kunit *test)
{
	struct vsw_layout l;

	vsw_test_layout(test, 1, VSW_MIN_SLOTS, VSW_MIN_BUF_SIZE);
	vsw_test_layout(test, 1, VSW_DEF_SLOTS, VSW_DEF_BUF_SIZE);
	vsw_test_layout(test, 1, VSW_MAX_SLOTS, VSW_MIN_BUF_SIZE);
	vsw_test_layout(test, VSW_MAX_RINGS, VSW_MIN_SLOTS, VSW_MAX_BUF_SIZE);
	KUNIT_EXPECT_EQ(test, -E2BIG,
			vsw_layout_init(&l, VSW_MAX_RINGS, VSW_MAX_SLOTS,
					VSW_MAX_BUF_SIZE));
}

static struct kunit_case vsw_ring_cases[] = {
	KUNIT_CASE(vsw_test_neighbours),
	KUNIT_CASE(vsw_test_distance),
	KUNIT_CASE(vsw_test_largest_ring),
	KUNIT_CASE(vsw_test_read_pointers),
	KUNIT_CASE(vsw_test_read_no_pointers),
	KUNIT_CASE(vsw_test_read_head),
	KUNIT_CASE(vsw_test_buffers),
	KUNIT_CASE(vsw_test_slots),
	KUNIT_CASE(vsw_test_layouts),
	{}
};

static struct kunit_suite vsw_ring_suite = {
	.name		= "vsw-ring",
	.test_cases	= vsw_ring_cases,
};

kunit_test_suite(vsw_ring_suite);
