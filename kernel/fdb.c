// SPDX-License-Identifier: GPL-2.0
/*
 * The forwarding database on the data path: find, learn, move
 *
 * Like net/bridge/br_fdb.c, finding takes RCU only, and so do refreshing and
 * moving, which are single-word stores to an entry that exists. The lock is
 * taken for an address that is new. A static entry is never turned into a
 * learned one or back but replaced, so that a store by a late learner hits an
 * entry that nobody looks at any more.
 */

#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include <uapi/linux/vsw_netlink.h>

#include "fdb.h"
#include "trace.h"
#include "vsw.h"

/*
 * Multiply-shift with a secret odd factor: who does not know it cannot choose
 * addresses that collide more often than others do. (Dietzfelbinger et al.: "A
 * reliable randomized algorithm for the closest-pair problem", 1997.)
 */
static u64 vsw_fdb_factor __ro_after_init;

/* One for all, as a sender may send on several switches, with the same memos. */
static atomic_long_t vsw_fdb_generations;

static inline u32 vsw_fdb_hashfn(const void *data, u32 len, u32 seed)
{
	u64 key = *(const u64 *)data;

	/* The VLAN is in the highest bits, which hardly change a product. */
	return ((key ^ key >> VSW_FDB_VLAN_SHIFT) * vsw_fdb_factor) >> 32;
}

static inline int vsw_fdb_cmpfn(struct rhashtable_compare_arg *arg,
				const void *obj)
{
	const struct vsw_fdb_entry *entry = obj;

	return entry->addr != *(const u64 *)arg->key;
}

static const struct rhashtable_params vsw_fdb_params = {
	.head_offset		= offsetof(struct vsw_fdb_entry, node),
	.key_offset		= offsetof(struct vsw_fdb_entry, addr),
	.key_len		= sizeof(u64),
	.hashfn			= vsw_fdb_hashfn,
	.obj_cmpfn		= vsw_fdb_cmpfn,
	.automatic_shrinking	= true,
};

/**
 * vsw_fdb_boot() - choose what all databases of this boot share
 */
void __init vsw_fdb_boot(void)
{
	vsw_fdb_factor = get_random_u64() | 1;
}

/*
 * Make memos void. An entry that goes is freed by a grace period that begins
 * later: who still believes its memo is in a read side that this waits for.
 */
static void vsw_fdb_change(struct vsw_fdb *fdb)
{
	WRITE_ONCE(fdb->generation,
		   atomic_long_inc_return(&vsw_fdb_generations));
}

/**
 * vsw_fdb_hash_init() - prepare the empty hash table
 * @fdb: the database
 *
 * Return: 0 or -ENOMEM.
 */
int vsw_fdb_hash_init(struct vsw_fdb *fdb)
{
	vsw_fdb_change(fdb);
	return rhashtable_init(&fdb->hash, &vsw_fdb_params);
}

/**
 * vsw_fdb_find() - look an address up
 * @fdb: the database
 * @addr: packed address
 *
 * Context: rcu_read_lock(); the entry is valid until it is released.
 * Return: the entry or NULL.
 */
struct vsw_fdb_entry *vsw_fdb_find(struct vsw_fdb *fdb, u64 addr)
{
	return rhashtable_lookup(&fdb->hash, &addr, vsw_fdb_params);
}

/* Count addresses that were learned from the port with an index. */
static void vsw_fdb_count(struct vsw_fdb *fdb, u32 index, int n)
{
	struct vsw_switch *sw = container_of(fdb, struct vsw_switch, fdb);
	struct vsw_port *port = vsw_switch_port(sw, index);

	if (port)
		atomic_add(n, &port->learned);
}

/**
 * vsw_fdb_forget_memos() - have all senders look everything up again
 * @fdb: the database
 *
 * Context: any but hard interrupts.
 */
void vsw_fdb_forget_memos(struct vsw_fdb *fdb)
{
	spin_lock_bh(&fdb->lock);
	vsw_fdb_change(fdb);
	spin_unlock_bh(&fdb->lock);
}

/**
 * vsw_fdb_renew() - give a database that has not changed for long a new generation
 * @fdb: the database
 * @generation: its generation
 *
 * Context: any but hard interrupts.
 * Return: its generation now, with the bits above VSW_FDB_MEMO_SHIFT of the newest
 * one of all.
 */
unsigned long vsw_fdb_renew(struct vsw_fdb *fdb, unsigned long generation)
{
	unsigned long newest = atomic_long_read(&vsw_fdb_generations);

	if (generation >> VSW_FDB_MEMO_SHIFT == newest >> VSW_FDB_MEMO_SHIFT)
		return generation;
	vsw_fdb_forget_memos(fdb);
	/* Before anything is found, so that a change meanwhile is noticed. */
	return smp_load_acquire(&fdb->generation);
}

/* Put @entry in, in place of @old if that is there. */
static int vsw_fdb_link(struct vsw_fdb *fdb, struct vsw_fdb_entry *entry,
			struct vsw_fdb_entry *old)
{
	int err;

	if (old) {
		err = rhashtable_replace_fast(&fdb->hash, &old->node,
					      &entry->node, vsw_fdb_params);
		if (err)
			return err;
		list_del_rcu(&old->list);
		vsw_fdb_change(fdb);
		if (!old->is_static)
			vsw_fdb_count(fdb, READ_ONCE(old->port), -1);
		kfree_rcu(old, rcu);
	} else {
		if (fdb->count >= fdb->max)
			return -ENOSPC;
		err = rhashtable_insert_fast(&fdb->hash, &entry->node,
					     vsw_fdb_params);
		if (err)
			return err;
		WRITE_ONCE(fdb->count, fdb->count + 1);
		vsw_fdb_change(fdb);
	}
	if (!entry->is_static)
		vsw_fdb_count(fdb, entry->port, 1);
	entry->id = ++fdb->last_id;
	list_add_tail_rcu(&entry->list, &fdb->entries);
	return 0;
}

/**
 * vsw_fdb_insert() - add an entry
 * @fdb: the database
 * @addr: packed address
 * @port: index of the port
 * @is_static: the entry neither ages nor moves
 * @replace: take the place of an entry of the same address
 *
 * The entry is charged to the memory cgroup of the caller: on the data path
 * that is who sent the frame.
 *
 * Context: any but hard interrupts.
 * Return: 0; -EEXIST: there is an entry, and @replace is false; -ENOSPC: the
 * database is full; -ENOMEM and the errors of rhashtable_insert_fast(). On an
 * error nothing has changed.
 */
int vsw_fdb_insert(struct vsw_fdb *fdb, u64 addr, u16 port, bool is_static,
		   bool replace)
{
	struct vsw_fdb_entry *entry, *old;
	int err;

	/* A flood of new addresses should not cost more than a full table. */
	if (!is_static && READ_ONCE(fdb->count) >= READ_ONCE(fdb->max)) {
		atomic64_inc(&fdb->full);
		return -ENOSPC;
	}

	entry = kzalloc(sizeof(*entry), GFP_ATOMIC | __GFP_ACCOUNT |
				       __GFP_NOWARN);
	if (!entry)
		return -ENOMEM;

	entry->addr = addr;
	entry->port = port;
	entry->is_static = is_static;
	entry->updated = jiffies;

	rcu_read_lock();
	spin_lock_bh(&fdb->lock);
	old = vsw_fdb_find(fdb, addr);
	if (old && !replace)
		err = -EEXIST;
	else
		err = vsw_fdb_link(fdb, entry, old);
	if (!err)
		vsw_fdb_notify(fdb, entry, VSW_CMD_FDB_NEW_NTF);
	else if (err == -ENOSPC && !is_static)
		atomic64_inc(&fdb->full);
	spin_unlock_bh(&fdb->lock);
	rcu_read_unlock();

	if (err)
		kfree(entry);
	return err;
}

/**
 * vsw_fdb_remove() - take an entry out
 * @fdb: the database
 * @entry: an entry that is in it
 *
 * Context: &vsw_fdb.lock is held. The entry is freed after a grace period.
 */
void vsw_fdb_remove(struct vsw_fdb *fdb, struct vsw_fdb_entry *entry)
{
	lockdep_assert_held(&fdb->lock);

	rhashtable_remove_fast(&fdb->hash, &entry->node, vsw_fdb_params);
	list_del_rcu(&entry->list);
	WRITE_ONCE(fdb->count, fdb->count - 1);
	vsw_fdb_change(fdb);
	rcu_read_lock();
	if (!entry->is_static)
		vsw_fdb_count(fdb, READ_ONCE(entry->port), -1);
	rcu_read_unlock();
	vsw_fdb_notify(fdb, entry, VSW_CMD_FDB_DEL_NTF);
	kfree_rcu(entry, rcu);
}

static void vsw_fdb_learn_new(struct vsw_fdb *fdb, u64 addr, u16 port)
{
	unsigned long ageing = READ_ONCE(fdb->ageing);

	if (vsw_fdb_insert(fdb, addr, port, false, false))
		return;

	trace_vsw_learn(fdb, addr, VSW_FDB_NO_PORT, port);
	if (ageing)
		queue_delayed_work(system_power_efficient_wq, &fdb->age_work,
				   ageing);
}

/**
 * vsw_fdb_move() - an address is behind another port now
 * @fdb: the database
 * @entry: the entry; nothing happens if it is static
 * @port: index of the port
 *
 * Context: rcu_read_lock().
 */
void vsw_fdb_move(struct vsw_fdb *fdb, struct vsw_fdb_entry *entry, u16 port)
{
	u32 old;

	if (entry->is_static)
		return;
	old = xchg(&entry->port, port);
	vsw_fdb_count(fdb, old, -1);
	vsw_fdb_count(fdb, port, 1);
	trace_vsw_learn(fdb, entry->addr, old, port);
	vsw_fdb_notify(fdb, entry, VSW_CMD_FDB_NEW_NTF);
}

/**
 * vsw_fdb_learn() - note that a frame came from an address
 * @fdb: the database
 * @addr: packed source address
 * @port: index of the port from which the frame came
 *
 * Learning is best effort: if there is no room or no memory, frames to the
 * address go on being flooded.
 *
 * Context: rcu_read_lock().
 * Return: the entry, to be refreshed, if it was there.
 */
struct vsw_fdb_entry *vsw_fdb_learn(struct vsw_fdb *fdb, u64 addr, u16 port)
{
	struct vsw_fdb_entry *entry;

	if (unlikely(vsw_addr_is_group(addr)))
		return NULL;

	entry = vsw_fdb_find(fdb, addr);
	if (unlikely(!entry))
		vsw_fdb_learn_new(fdb, addr, port);
	return entry;
}
