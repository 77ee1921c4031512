/* SPDX-License-Identifier: GPL-2.0 */
/* The forwarding database of a switch: behind which port an address is */
#ifndef _VSW_FDB_H
#define _VSW_FDB_H

#include <linux/atomic.h>
#include <linux/if_ether.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

/* Where an address was before it was learned, in traces. */
#define VSW_FDB_NO_PORT	U16_MAX

/* Every port, for vsw_fdb_flush(). */
#define VSW_FDB_ANY_PORT	U32_MAX

/* The VLAN of a key, above the address. */
#define VSW_FDB_VLAN_SHIFT	48

/**
 * struct vsw_fdb_entry - an address
 * @node: in vsw_fdb.hash
 * @addr: the address, its first byte in the lowest bits, and above it the VLAN; see
 *	vsw_fdb_key(); constant
 * @port: index of the port; learned entries move
 * @is_static: neither moves nor ages; constant
 * @updated: when a frame last came from the address, in jiffies
 * @list: in vsw_fdb.entries
 * @id: grows along vsw_fdb.entries; constant
 * @rcu: defers freeing
 */
struct vsw_fdb_entry {
	struct rhash_head	node;
	u64			addr;
	u32			port;
	bool			is_static;
	unsigned long		updated;

	struct list_head	list;
	u64			id;
	struct rcu_head		rcu;
};

/**
 * struct vsw_fdb - all addresses of a switch
 * @generation: changes whenever an entry comes or goes, before it is freed, to
 *	what no database has had; under @lock; wide, for a memo must not outlive a
 *	whole turn of it
 * @hash: entries by address; read under RCU, changed under @lock
 * @lock: serialises adding and removing; not held to find, refresh or move
 * @entries: all entries, in the order in which they were added
 * @last_id: id of the entry added last; under @lock
 * @count: number of entries; under @lock
 * @max: limit of @count
 * @full: how often an address was not learned because of @max
 * @ageing: jiffies after which a learned entry is removed; 0: never
 * @age_work: removes what is too old; pending only while something can age
 */
struct vsw_fdb {
	unsigned long		generation;
	struct rhashtable	hash;

	/* Not what each sync reads. */
	spinlock_t		lock ____cacheline_aligned_in_smp; /* order: 5 */
	struct list_head	entries;
	u64			last_id;
	u32			count;
	u32			max;
	atomic64_t		full;
	unsigned long		ageing;
	struct delayed_work	age_work;
};

/* Addresses that a sender remembers: 2 to the power of this. */
#define VSW_FDB_MEMO_BITS	8

/* Low bits of &vsw_fdb.generation that a memo has room for. */
#define VSW_FDB_MEMO_SHIFT	16

/**
 * struct vsw_fdb_memo - what a sender has found
 * @key: the packed address, shifted by VSW_FDB_MEMO_SHIFT, and below it the low
 *	bits of &vsw_fdb.generation when it was looked up; for the others see
 *	&vsw_batch.memo_era
 * @entry: its entry; NULL: there was none
 *
 * As long as the generation is the same, the entry is in the database, and an
 * address that was not found is not. The memos of other databases do not hold.
 */
struct vsw_fdb_memo {
	u64			key;
	struct vsw_fdb_entry	*entry;
};

/**
 * vsw_addr_pack() - make an address a number
 * @addr: six bytes
 *
 * Return: the address, its first byte in the lowest bits, so that it equals
 * what vsw_run_dst() makes of a frame's.
 */
static inline u64 vsw_addr_pack(const u8 *addr)
{
	return addr[0] | addr[1] << 8 | addr[2] << 16 | (u64)addr[3] << 24 |
	       (u64)addr[4] << 32 | (u64)addr[5] << 40;
}

/**
 * vsw_addr_unpack() - the bytes of a packed address
 * @packed: the address
 * @addr: out: six bytes
 */
static inline void vsw_addr_unpack(u64 packed, u8 addr[ETH_ALEN])
{
	int i;

	for (i = 0; i < ETH_ALEN; i++)
		addr[i] = packed >> (8 * i);
}

/**
 * vsw_fdb_key() - what an address of a VLAN is found by
 * @addr: packed address
 * @vlan: the VLAN; 0 on a switch that does not look at them
 *
 * Return: the key, for which all functions here take a packed address, too.
 */
static inline u64 vsw_fdb_key(u64 addr, u16 vlan)
{
	return addr | (u64)vlan << VSW_FDB_VLAN_SHIFT;
}

/**
 * vsw_fdb_vlan() - the VLAN of a key
 * @key: from vsw_fdb_key()
 *
 * Return: the VLAN, or 0.
 */
static inline u16 vsw_fdb_vlan(u64 key)
{
	return key >> VSW_FDB_VLAN_SHIFT;
}

/**
 * vsw_addr_is_group() - is a packed address broadcast or multicast?
 * @packed: the address
 *
 * Return: whether it is.
 */
static inline bool vsw_addr_is_group(u64 packed)
{
	return packed & 1;
}

/**
 * vsw_addr_is_link_local() - is a packed address one that bridges do not forward?
 * @packed: the address
 *
 * Return: whether it is one of 01-80-C2-00-00-00 to 01-80-C2-00-00-0F (IEEE 802.1D,
 * table 7-10).
 */
static inline bool vsw_addr_is_link_local(u64 packed)
{
	return (packed & ~GENMASK_ULL(43, 40)) == 0xc28001;
}

void vsw_fdb_move(struct vsw_fdb *fdb, struct vsw_fdb_entry *entry, u16 port);

/**
 * vsw_fdb_refresh() - note that a frame came from the address of an entry
 * @fdb: the database
 * @entry: an entry of it
 * @port: index of the port from which the frame came
 *
 * Context: rcu_read_lock().
 */
static inline void vsw_fdb_refresh(struct vsw_fdb *fdb,
				   struct vsw_fdb_entry *entry, u16 port)
{
	unsigned long now = jiffies;

	if (unlikely(READ_ONCE(entry->port) != port))
		vsw_fdb_move(fdb, entry, port);
	/* Keep the cache line shared while nothing changes. */
	if (READ_ONCE(entry->updated) != now)
		WRITE_ONCE(entry->updated, now);
}

/* fdb.c: data path */
void vsw_fdb_boot(void);
int vsw_fdb_hash_init(struct vsw_fdb *fdb);
struct vsw_fdb_entry *vsw_fdb_find(struct vsw_fdb *fdb, u64 addr);
struct vsw_fdb_entry *vsw_fdb_learn(struct vsw_fdb *fdb, u64 addr, u16 port);
int vsw_fdb_insert(struct vsw_fdb *fdb, u64 addr, u16 port, bool is_static,
		   bool replace);
void vsw_fdb_remove(struct vsw_fdb *fdb, struct vsw_fdb_entry *entry);
unsigned long vsw_fdb_renew(struct vsw_fdb *fdb, unsigned long generation);

/* fdb_ctl.c: control path */
int vsw_fdb_init(struct vsw_fdb *fdb);
void vsw_fdb_forget_memos(struct vsw_fdb *fdb);
void vsw_fdb_stop(struct vsw_fdb *fdb);
void vsw_fdb_free(struct vsw_fdb *fdb);
void vsw_fdb_set_ageing(struct vsw_fdb *fdb, unsigned int seconds);
void vsw_fdb_set_max(struct vsw_fdb *fdb, u32 max);
int vsw_fdb_del(struct vsw_fdb *fdb, u64 addr);
void vsw_fdb_flush(struct vsw_fdb *fdb, u32 port, bool with_static,
		   bool with_dynamic);

/* nl_msg.c */
void vsw_fdb_notify(struct vsw_fdb *fdb, const struct vsw_fdb_entry *entry,
		    u8 cmd);

#endif /* _VSW_FDB_H */
