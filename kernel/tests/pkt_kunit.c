// SPDX-License-Identifier: GPL-2.0
/* What lookups and the engine do to a batch */

#include <kunit/test.h>

#include "../forward.h"
#include "../lookup.h"
#include "../vlan.h"

/* A batch of @num runs of one frame, in slots and pieces that follow each other. */
static struct vsw_batch *vsw_test_batch(struct kunit *test, u32 num)
{
	struct vsw_batch *batch = kunit_kzalloc(test, sizeof(*batch), GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, batch);
	batch->num_runs = num;
	batch->num_frames = num;
	batch->num_frags = num;
	for (i = 0; i < num; i++)
		batch->runs[i] = (struct vsw_run) {
			.frag = i, .slot = i, .frames = 1,
		};
	vsw_list_init(&batch->flood);
	return batch;
}

static void vsw_test_addresses(struct kunit *test)
{
	static const u8 frame[16] __aligned(8) = {
		0x01, 0x02, 0x03, 0x04, 0x05, 0xf6, 0xf1, 0x12, 0x13, 0x14, 0x15,
		0x16, 0x08, 0x00,
	};
	struct vsw_run run = {
		.lo = vsw_frame_lo(frame), .hi = vsw_frame_hi(frame),
	};

	KUNIT_EXPECT_EQ(test, vsw_run_dst(&run), vsw_addr_pack(frame));
	KUNIT_EXPECT_EQ(test, vsw_run_src(&run), vsw_addr_pack(frame + ETH_ALEN));
}

static void vsw_test_lists(struct kunit *test)
{
	struct vsw_batch *batch = vsw_test_batch(test, 3);
	struct vsw_run *run = batch->runs;
	struct vsw_list list;

	vsw_list_init(&list);
	KUNIT_EXPECT_NULL(test, list.first);
	run[1].frames = 5;
	vsw_list_add(&list, &run[0]);
	vsw_list_add(&list, &run[1]);
	KUNIT_EXPECT_EQ(test, list.frames, 6);
	KUNIT_EXPECT_PTR_EQ(test, list.first, &run[0]);
	KUNIT_EXPECT_PTR_EQ(test, run[0].next, &run[1]);
	KUNIT_EXPECT_NULL(test, run[1].next);

	vsw_list_begin(&list, &run[2]);
	KUNIT_EXPECT_EQ(test, list.frames, 1);
	KUNIT_EXPECT_PTR_EQ(test, list.first, &run[2]);
	KUNIT_EXPECT_NULL(test, run[2].next);
}

/* However runs are spread over two lists, they come back in their order. */
static void vsw_test_merge(struct kunit *test)
{
	const u32 num = 6;
	struct vsw_batch *batch = vsw_test_batch(test, num);
	struct vsw_list own, flood;
	struct vsw_merge merge;
	u32 mask, i;

	for (mask = 0; mask < 1U << num; mask++) {
		vsw_list_init(&own);
		vsw_list_init(&flood);
		for (i = 0; i < num; i++)
			vsw_list_add(mask & BIT(i) ? &flood : &own,
				     &batch->runs[i]);
		merge = (struct vsw_merge) { own.first, flood.first };
		for (i = 0; i < num; i++)
			KUNIT_EXPECT_PTR_EQ(test, vsw_merge_next(&merge),
					    &batch->runs[i]);
		KUNIT_EXPECT_NULL(test, vsw_merge_next(&merge));
	}
}

static void vsw_test_verdicts(struct kunit *test)
{
	struct vsw_batch *batch = vsw_test_batch(test, 4);
	struct vsw_run *run = batch->runs;
	struct vsw_port_set set = {};

	run[0].verdict = VSW_MAX_PORTS - 1;
	KUNIT_EXPECT_FALSE(test, vsw_run_is_flooded(&run[0]));
	KUNIT_EXPECT_EQ(test, vsw_run_drop(&run[0], 2), VSW_TO_NONE);
	KUNIT_EXPECT_EQ(test, run[0].reason, 3);
	KUNIT_EXPECT_FALSE(test, vsw_run_is_flooded(&run[0]));
	KUNIT_EXPECT_FALSE(test, batch->in_order);

	vsw_run_to_ring(batch, &run[1], 7, 3);
	KUNIT_EXPECT_FALSE(test, vsw_run_is_flooded(&run[1]));
	KUNIT_EXPECT_EQ(test, batch->aside[1].port, 7);
	KUNIT_EXPECT_EQ(test, batch->aside[1].ring, 3);
	vsw_run_to_set(batch, &run[2], &set);
	KUNIT_EXPECT_TRUE(test, vsw_run_is_flooded(&run[2]));
	KUNIT_EXPECT_PTR_EQ(test, batch->aside[2].set, &set);
	vsw_run_to_vlan(batch, &run[3], 0xe123, true);
	KUNIT_EXPECT_TRUE(test, vsw_run_is_flooded(&run[3]));
	KUNIT_EXPECT_EQ(test, batch->aside[3].tci, 0xe123);
	KUNIT_EXPECT_TRUE(test, batch->aside[3].tagged);
	KUNIT_EXPECT_TRUE(test, batch->in_order);
}

static u16 vsw_test_by_slot(struct vsw_lookup *lookup, struct vsw_batch *batch,
			    struct vsw_run *run)
{
	return run->slot % 3;
}

static void vsw_test_each(struct kunit *test)
{
	struct vsw_batch *batch = vsw_test_batch(test, 8);
	struct vsw_run *run;
	u32 n = 0;

	vsw_lookup_each(NULL, batch, vsw_test_by_slot);
	vsw_for_each_run(run, batch)
		KUNIT_EXPECT_EQ(test, run->verdict, n++ % 3);
	KUNIT_EXPECT_EQ(test, n, 8);
}

/* Neighbours of one verdict become one run; nothing else changes. */
static void vsw_test_join(struct kunit *test)
{
	static const u16 verdict[] = { 1, 1, 1, 2, 1, 1, VSW_TO_ALL, VSW_TO_ALL };
	static const u16 frames[] = { 3, 1, 2, 2 };
	struct vsw_batch *batch = vsw_test_batch(test, ARRAY_SIZE(verdict));
	u32 i, frag = 0;

	for (i = 0; i < ARRAY_SIZE(verdict); i++)
		batch->runs[i].verdict = verdict[i];
	vsw_join_runs(batch);
	KUNIT_ASSERT_EQ(test, batch->num_runs, ARRAY_SIZE(frames));
	for (i = 0; i < batch->num_runs; i++) {
		KUNIT_EXPECT_EQ(test, batch->runs[i].frames, frames[i]);
		KUNIT_EXPECT_EQ(test, batch->runs[i].frag, frag);
		KUNIT_EXPECT_EQ(test, batch->runs[i].verdict, verdict[frag]);
		frag += frames[i];
	}
	/* They may be joined more than once. */
	vsw_join_runs(batch);
	KUNIT_EXPECT_EQ(test, batch->num_runs, ARRAY_SIZE(frames));
}

/* Each of these has a reason not to be joined to the run before it. */
static void vsw_test_no_join(struct kunit *test)
{
	struct vsw_batch *batch = vsw_test_batch(test, 8);
	struct vsw_run *run = batch->runs;

	run[1].verdict = VSW_TO_NONE;
	run[2].verdict = VSW_TO_NONE;
	run[4].slot++;
	run[5].frag++;
	run[6].pieces = 2;
	batch->has_pieces = true;
	vsw_join_runs(batch);
	KUNIT_EXPECT_EQ(test, batch->num_runs, 8);

	batch = vsw_test_batch(test, 2);
	batch->in_order = true;
	vsw_join_runs(batch);
	KUNIT_EXPECT_EQ(test, batch->num_runs, 2);

	batch = vsw_test_batch(test, 0);
	vsw_join_runs(batch);
	KUNIT_EXPECT_EQ(test, batch->num_runs, 0);
}

/* All lengths: no byte too many is read, or written, and none is missing. */
static void vsw_test_copy(struct kunit *test)
{
	const size_t max = 300;
	u8 *from, *to;
	size_t len, i;

	from = kunit_kmalloc(test, max, GFP_KERNEL);
	to = kunit_kmalloc(test, max + 1, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, from);
	KUNIT_ASSERT_NOT_NULL(test, to);
	for (i = 0; i < max; i++)
		from[i] = i * 7 + 1;
	for (len = 0; len <= max; len++) {
		memset(to, 0xaa, max + 1);
		/* From the end of its memory, where KASAN looks. */
		vsw_copy(to, from + max - len, len);
		KUNIT_EXPECT_MEMEQ(test, to, from + max - len, len);
		KUNIT_EXPECT_EQ(test, to[len], 0xaa);
	}
}

/* A port that is nothing but its VLANs. */
static struct vsw_port *vsw_test_port(struct kunit *test,
				      struct vsw_vlans *vlans)
{
	struct vsw_port *port = kunit_kzalloc(test, sizeof(*port), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, port);
	RCU_INIT_POINTER(port->vlans, vlans);
	return port;
}

static void vsw_test_vlan_form(struct kunit *test)
{
	struct vsw_vlans vlans = { .pvid = 10 };
	struct vsw_port *port = vsw_test_port(test, NULL);
	u16 vlan;

	rcu_read_lock();
	for (vlan = 1; vlan < VLAN_N_VID; vlan++)
		KUNIT_EXPECT_EQ(test, vsw_vlan_form(port, vlan),
				vlan == VSW_VLAN_DEFAULT ? VSW_VLAN_UNTAGGED :
							   VSW_VLAN_ABSENT);

	/* The first, the last, and the ends of a byte; and the native one. */
	vlans.trunk[0] = BIT(1) | BIT(7);
	vlans.trunk[1] = BIT(0) | BIT(2);
	vlans.trunk[VSW_TRUNK_SIZE - 1] = BIT(7);
	RCU_INIT_POINTER(port->vlans, &vlans);
	for (vlan = 1; vlan < VLAN_N_VID; vlan++) {
		enum vsw_vlan_form form = VSW_VLAN_ABSENT;

		if (vlan == 10)
			form = VSW_VLAN_UNTAGGED;
		else if (vlan == 1 || vlan == 7 || vlan == 8 || vlan == 4095)
			form = VSW_VLAN_TAGGED;
		KUNIT_EXPECT_EQ(test, vsw_vlan_form(port, vlan), form);
	}

	vlans.pvid = 0;
	KUNIT_EXPECT_EQ(test, vsw_vlan_form(port, 10), VSW_VLAN_TAGGED);
	KUNIT_EXPECT_EQ(test, vsw_vlan_form(port, 9), VSW_VLAN_ABSENT);
	rcu_read_unlock();
}

/*
 * Flooded frames of VLAN 10, first to a port that gets them tagged and then to one
 * that does not: the copies are what they were.
 */
static void vsw_test_vlan_shape(struct kunit *test)
{
	struct vsw_vlans trunk = { .trunk[1] = BIT(2) }, native = { .pvid = 10 };
	struct vsw_port *tagged = vsw_test_port(test, &trunk);
	struct vsw_port *plain = vsw_test_port(test, &native);
	struct vsw_port *none = vsw_test_port(test, NULL);
	struct vsw_batch *batch = vsw_test_batch(test, 1);
	struct vsw_frag *frag = batch->frags;
	u8 frame[64];
	u32 i;

	for (i = 0; i < sizeof(frame); i++)
		frame[i] = i + 1;
	batch->runs[0].frames = 2;
	for (i = 0; i < 2; i++) {
		frag[i].data = batch->snapshot[i] + VSW_SNAPSHOT_ROOM;
		frag[i].len = sizeof(frame);
		memcpy((u8 *)frag[i].data, frame, sizeof(frame));
	}
	vsw_run_to_vlan(batch, batch->runs, 10, false);

	rcu_read_lock();
	KUNIT_EXPECT_FALSE(test, vsw_vlan_shape(batch, 0, none));
	KUNIT_EXPECT_TRUE(test, vsw_vlan_shape(batch, 0, tagged));
	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_EQ(test, frag[i].len, sizeof(frame) + VLAN_HLEN);
		KUNIT_EXPECT_MEMEQ(test, frag[i].data, frame, 12);
		KUNIT_EXPECT_EQ(test, get_unaligned_be32(frag[i].data + 12),
				0x8100000a);
		KUNIT_EXPECT_MEMEQ(test, frag[i].data + 16, frame + 12,
				   sizeof(frame) - 12);
		KUNIT_EXPECT_EQ(test, sizeof(frame),
				vsw_run_sent_len(batch, batch->runs, i));
	}
	KUNIT_EXPECT_TRUE(test, vsw_vlan_shape(batch, 0, plain));
	rcu_read_unlock();
	for (i = 0; i < 2; i++) {
		KUNIT_ASSERT_EQ(test, frag[i].len, sizeof(frame));
		KUNIT_EXPECT_MEMEQ(test, frag[i].data, frame, sizeof(frame));
		KUNIT_EXPECT_EQ(test, sizeof(frame),
				vsw_run_sent_len(batch, batch->runs, i));
	}
}

static struct kunit_case vsw_pkt_cases[] = {
	KUNIT_CASE(vsw_test_addresses),
	KUNIT_CASE(vsw_test_lists),
	KUNIT_CASE(vsw_test_merge),
	KUNIT_CASE(vsw_test_verdicts),
	KUNIT_CASE(vsw_test_each),
	KUNIT_CASE(vsw_test_join),
	KUNIT_CASE(vsw_test_no_join),
	KUNIT_CASE(vsw_test_copy),
	KUNIT_CASE(vsw_test_vlan_form),
	KUNIT_CASE(vsw_test_vlan_shape),
	{}
};

static struct kunit_suite vsw_pkt_suite = {
	.name		= "vsw-pkt",
	.test_cases	= vsw_pkt_cases,
};

kunit_test_suite(vsw_pkt_suite);
