// SPDX-License-Identifier: GPL-2.0
/* The forwarding database, without a network around it */

#include <kunit/test.h>

#include "../switch.h"

#define VSW_TEST_PORTS	3
#define VSW_TEST_MAX	64

/**
 * struct vsw_fdb_test - a switch that nobody else knows
 * @sw: the switch
 * @port: its ports
 */
struct vsw_fdb_test {
	struct vsw_switch	sw;
	struct vsw_port		port[VSW_TEST_PORTS];
};

static struct vsw_fdb *vsw_test_fdb(struct kunit *test)
{
	return &((struct vsw_fdb_test *)test->priv)->sw.fdb;
}

static int vsw_test_learned(struct kunit *test, u32 port)
{
	struct vsw_fdb_test *t = test->priv;

	return atomic_read(&t->port[port].learned);
}

static int vsw_fdb_test_init(struct kunit *test)
{
	struct vsw_port_table *table;
	struct vsw_fdb_test *t;
	u32 i;

	t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	table = kunit_kzalloc(test, struct_size(table, port, VSW_TEST_PORTS),
			      GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t);
	KUNIT_ASSERT_NOT_NULL(test, table);
	table->size = VSW_TEST_PORTS;
	for (i = 0; i < VSW_TEST_PORTS; i++)
		RCU_INIT_POINTER(table->port[i], &t->port[i]);
	RCU_INIT_POINTER(t->sw.table, table);
	t->sw.net = &init_net;
	KUNIT_ASSERT_EQ(test, vsw_fdb_init(&t->sw.fdb), 0);
	vsw_fdb_set_max(&t->sw.fdb, VSW_TEST_MAX);
	test->priv = t;
	return 0;
}

static void vsw_fdb_test_exit(struct kunit *test)
{
	if (!test->priv)
		return;
	vsw_fdb_stop(vsw_test_fdb(test));
	vsw_fdb_free(vsw_test_fdb(test));
}

/* Where an address is, VSW_FDB_NO_PORT if nobody knows. */
static u32 vsw_test_where(struct kunit *test, u64 addr)
{
	struct vsw_fdb_entry *entry;
	u32 port;

	rcu_read_lock();
	entry = vsw_fdb_find(vsw_test_fdb(test), addr);
	port = entry ? entry->port : VSW_FDB_NO_PORT;
	rcu_read_unlock();
	return port;
}

/* A frame comes; as the lookup "learn" does it. */
static void vsw_test_learn(struct kunit *test, u64 addr, u16 port)
{
	struct vsw_fdb *fdb = vsw_test_fdb(test);
	struct vsw_fdb_entry *entry;

	local_bh_disable();
	rcu_read_lock();
	entry = vsw_fdb_learn(fdb, addr, port);
	if (entry)
		vsw_fdb_refresh(fdb, entry, port);
	rcu_read_unlock();
	local_bh_enable();
}

static void vsw_test_addresses(struct kunit *test)
{
	static const u8 addr[ETH_ALEN] = { 0x02, 0x80, 0xff, 0x7f, 0x01, 0xfe };
	u64 packed = vsw_addr_pack(addr);
	u8 back[ETH_ALEN];

	vsw_addr_unpack(packed, back);
	KUNIT_EXPECT_MEMEQ(test, addr, back, ETH_ALEN);
	KUNIT_EXPECT_EQ(test, packed, 0xfe017fff8002ULL);
	KUNIT_EXPECT_FALSE(test, vsw_addr_is_group(packed));
	KUNIT_EXPECT_TRUE(test, vsw_addr_is_group(packed | 1));
	KUNIT_EXPECT_EQ(test, vsw_fdb_vlan(vsw_fdb_key(packed, 0)), 0);
	KUNIT_EXPECT_EQ(test, vsw_fdb_vlan(vsw_fdb_key(packed, 4095)), 4095);
	KUNIT_EXPECT_EQ(test, vsw_fdb_key(packed, 0), packed);
}

static void vsw_test_link_local(struct kunit *test)
{
	u8 addr[ETH_ALEN] = { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x00 };
	u32 last, i;

	for (last = 0; last < 256; last++) {
		addr[5] = last;
		KUNIT_EXPECT_EQ(test, last < 16,
				vsw_addr_is_link_local(vsw_addr_pack(addr)));
	}
	addr[5] = 0;
	for (i = 0; i < ETH_ALEN - 1; i++) {
		addr[i] ^= 0x10;
		KUNIT_EXPECT_FALSE(test,
				   vsw_addr_is_link_local(vsw_addr_pack(addr)));
		addr[i] ^= 0x10;
	}
}

static void vsw_test_learning(struct kunit *test)
{
	const u64 a = 0x02, b = 0x04;

	KUNIT_EXPECT_EQ(test, vsw_test_where(test, a), VSW_FDB_NO_PORT);
	vsw_test_learn(test, a, 0);
	vsw_test_learn(test, b, 1);
	KUNIT_EXPECT_EQ(test, vsw_test_where(test, a), 0);
	KUNIT_EXPECT_EQ(test, vsw_test_where(test, b), 1);
	/* It moves, and only it. */
	vsw_test_learn(test, a, 2);
	KUNIT_EXPECT_EQ(test, vsw_test_where(test, a), 2);
	KUNIT_EXPECT_EQ(test, vsw_test_where(test, b), 1);
	KUNIT_EXPECT_EQ(test, vsw_test_learned(test, 0), 0);
	KUNIT_EXPECT_EQ(test, vsw_test_learned(test, 1), 1);
	KUNIT_EXPECT_EQ(test, vsw_test_learned(test, 2), 1);
	KUNIT_EXPECT_EQ(test, vsw_test_fdb(test)->count, 2);
}

static void vsw_test_groups(struct kunit *test)
{
	vsw_test_learn(test, 0x01, 0);
	vsw_test_learn(test, 0xffffffffffffULL, 0);
	KUNIT_EXPECT_EQ(test, vsw_test_fdb(test)->count, 0);
}

static void vsw_test_vlans(struct kunit *test)
{
	const u64 a = 0x02;

	vsw_test_learn(test, vsw_fdb_key(a, 10), 0);
	vsw_test_learn(test, vsw_fdb_key(a, 20), 1);
	KUNIT_EXPECT_EQ(test, vsw_test_where(test, vsw_fdb_key(a, 10)), 0);
	KUNIT_EXPECT_EQ(test, vsw_test_where(test, vsw_fdb_key(a, 20)), 1);
	KUNIT_EXPECT_EQ(test, vsw_test_where(test, a), VSW_FDB_NO_PORT);
}

static void vsw_test_static(struct kunit *test)
{
	struct vsw_fdb *fdb = vsw_test_fdb(test);
	const u64 a = 0x02;

	vsw_test_learn(test, a, 0);
	KUNIT_EXPECT_EQ(test, vsw_fdb_insert(fdb, a, 1, true, false), -EEXIST);
	KUNIT_EXPECT_EQ(test, vsw_test_where(test, a), 0);
	KUNIT_EXPECT_EQ(test, vsw_fdb_insert(fdb, a, 1, true, true), 0);
	KUNIT_EXPECT_EQ(test, vsw_test_learned(test, 0), 0);
	/* It stays where it was put. */
	vsw_test_learn(test, a, 2);
	KUNIT_EXPECT_EQ(test, vsw_test_where(test, a), 1);
	KUNIT_EXPECT_EQ(test, vsw_test_learned(test, 2), 0);
	KUNIT_EXPECT_EQ(test, fdb->count, 1);
	KUNIT_EXPECT_EQ(test, vsw_fdb_del(fdb, a), 0);
	KUNIT_EXPECT_EQ(test, vsw_fdb_del(fdb, a), -ENOENT);
	KUNIT_EXPECT_EQ(test, fdb->count, 0);
}

static void vsw_test_full(struct kunit *test)
{
	struct vsw_fdb *fdb = vsw_test_fdb(test);
	u64 i;

	for (i = 0; i < VSW_TEST_MAX + 3; i++)
		vsw_test_learn(test, i << 8, 0);
	KUNIT_EXPECT_EQ(test, fdb->count, VSW_TEST_MAX);
	KUNIT_EXPECT_EQ(test, atomic64_read(&fdb->full), 3);
	KUNIT_EXPECT_EQ(test, vsw_fdb_insert(fdb, 0x02, 0, true, false),
			-ENOSPC);
	/* What is there may take the place of itself. */
	KUNIT_EXPECT_EQ(test, vsw_fdb_insert(fdb, 0, 1, true, true), 0);
	KUNIT_EXPECT_EQ(test, vsw_fdb_del(fdb, 1 << 8), 0);
	vsw_test_learn(test, 0x02, 0);
	KUNIT_EXPECT_EQ(test, vsw_test_where(test, 0x02), 0);
	KUNIT_EXPECT_EQ(test, fdb->count, VSW_TEST_MAX);
}

/* Entries 0x00 and 0x02 of port 0, 0x10 and 0x12 of port 1; 0x.2 are static. */
static void vsw_test_populate(struct kunit *test)
{
	struct vsw_fdb *fdb = vsw_test_fdb(test);
	u32 port;

	for (port = 0; port < 2; port++) {
		vsw_test_learn(test, port << 4, port);
		KUNIT_ASSERT_EQ(test, 0, vsw_fdb_insert(fdb, port << 4 | 2,
							port, true, false));
	}
}

static void vsw_test_flush(struct kunit *test)
{
	struct vsw_fdb *fdb = vsw_test_fdb(test);

	vsw_test_populate(test);
	vsw_fdb_flush(fdb, 0, false, true);
	KUNIT_EXPECT_EQ(test, vsw_test_where(test, 0x00), VSW_FDB_NO_PORT);
	KUNIT_EXPECT_EQ(test, vsw_test_where(test, 0x02), 0);
	KUNIT_EXPECT_EQ(test, vsw_test_where(test, 0x10), 1);
	vsw_fdb_flush(fdb, 0, true, true);
	KUNIT_EXPECT_EQ(test, vsw_test_where(test, 0x02), VSW_FDB_NO_PORT);
	KUNIT_EXPECT_EQ(test, fdb->count, 2);
	vsw_fdb_flush(fdb, VSW_FDB_ANY_PORT, true, false);
	KUNIT_EXPECT_EQ(test, vsw_test_where(test, 0x12), VSW_FDB_NO_PORT);
	KUNIT_EXPECT_EQ(test, vsw_test_where(test, 0x10), 1);
	vsw_fdb_flush(fdb, VSW_FDB_ANY_PORT, true, true);
	KUNIT_EXPECT_EQ(test, fdb->count, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&fdb->entries));
	KUNIT_EXPECT_EQ(test, vsw_test_learned(test, 1), 0);
}

/* Memos are believed as long as the generation is the same. */
static void vsw_test_generation(struct kunit *test)
{
	struct vsw_fdb *fdb = vsw_test_fdb(test);
	unsigned long before = fdb->generation;

	vsw_test_learn(test, 0x02, 0);
	KUNIT_EXPECT_NE(test, fdb->generation, before);
	before = fdb->generation;
	vsw_test_learn(test, 0x02, 1);
	KUNIT_EXPECT_EQ(test, fdb->generation, before);
	vsw_fdb_insert(fdb, 0x02, 0, true, true);
	KUNIT_EXPECT_NE(test, fdb->generation, before);
	before = fdb->generation;
	vsw_fdb_del(fdb, 0x02);
	KUNIT_EXPECT_NE(test, fdb->generation, before);
	before = fdb->generation;
	vsw_fdb_forget_memos(fdb);
	KUNIT_EXPECT_NE(test, fdb->generation, before);
}

/* A database that has not changed for long joins the era of now. */
static void vsw_test_renew(struct kunit *test)
{
	struct vsw_fdb *fdb = vsw_test_fdb(test);
	unsigned long now, old;

	vsw_fdb_forget_memos(fdb);
	now = fdb->generation;
	KUNIT_EXPECT_EQ(test, vsw_fdb_renew(fdb, now), now);
	old = now - (1UL << VSW_FDB_MEMO_SHIFT);
	fdb->generation = old;
	now = vsw_fdb_renew(fdb, old);
	KUNIT_EXPECT_NE(test, now >> VSW_FDB_MEMO_SHIFT,
			old >> VSW_FDB_MEMO_SHIFT);
	KUNIT_EXPECT_EQ(test, fdb->generation, now);
}

/* In the order in which they came, as a dump shows them. */
static void vsw_test_order(struct kunit *test)
{
	struct vsw_fdb *fdb = vsw_test_fdb(test);
	struct vsw_fdb_entry *entry;
	u64 last = 0;
	u32 n = 0;

	vsw_test_populate(test);
	vsw_fdb_insert(fdb, 0x00, 2, true, true);
	list_for_each_entry(entry, &fdb->entries, list) {
		KUNIT_EXPECT_GT(test, entry->id, last);
		last = entry->id;
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, fdb->count);
}

static struct kunit_case vsw_fdb_cases[] = {
	KUNIT_CASE(vsw_test_addresses),
	KUNIT_CASE(vsw_test_link_local),
	KUNIT_CASE(vsw_test_learning),
	KUNIT_CASE(vsw_test_groups),
	KUNIT_CASE(vsw_test_vlans),
	KUNIT_CASE(vsw_test_static),
	KUNIT_CASE(vsw_test_full),
	KUNIT_CASE(vsw_test_flush),
	KUNIT_CASE(vsw_test_generation),
	KUNIT_CASE(vsw_test_renew),
	KUNIT_CASE(vsw_test_order),
	{}
};

static struct kunit_suite vsw_fdb_suite = {
	.name		= "vsw-fdb",
	.init		= vsw_fdb_test_init,
	.exit		= vsw_fdb_test_exit,
	.test_cases	= vsw_fdb_cases,
};

kunit_test_suite(vsw_fdb_suite);
