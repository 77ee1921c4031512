// SPDX-License-Identifier: GPL-2.0
/*
 * The default lookup: a learning bridge
 *
 * What a port may do (struct vsw_port_security) is looked at by the slow path
 * only: a port with any limit has no memo of its source, so that the fast path
 * never takes it.
 */

#include <linux/hash.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>

#include "learn.h"

/* Flooded frames that may come at once, as a time of the rate. */
#define VSW_FLOOD_BURST_NS	(100 * NSEC_PER_MSEC)

static const char * const vsw_learn_reasons[] = {
	[VSW_LEARN_LOCKED - 1]		= "locked",
	[VSW_LEARN_MAX - 1]		= "learn-max",
	[VSW_LEARN_ISOLATED - 1]	= "isolated",
	[VSW_LEARN_FLOOD_RATE - 1]	= "flood-rate",
	[VSW_LEARN_VLAN - 1]		= "vlan",
	[VSW_LEARN_LINK_LOCAL - 1]	= "link-local",
};

/* Where an address is remembered: its last four bytes are what differs. */
static inline struct vsw_fdb_memo *vsw_memo_of(struct vsw_batch *batch, u64 key)
{
	return &batch->dst_memos[hash_32(key >> 32, VSW_FDB_MEMO_BITS)];
}

/**
 * vsw_memo_turn() - forget what a sender has found in another era
 * @batch: the batch
 * @fdb: the database that it is about to use
 * @generation: &vsw_fdb.generation
 *
 * No memo must be taken for one of a generation with the same low bits. A sender
 * of several switches has memos of all of them: so that it need not forget them
 * with each batch, a database that has not changed for long joins the era of now.
 *
 * Context: rcu_read_lock(), bottom halves off.
 * Return: the generation to go by.
 */
noinline unsigned long vsw_memo_turn(struct vsw_batch *batch,
				     struct vsw_fdb *fdb,
				     unsigned long generation)
{
	u32 i;

	generation = vsw_fdb_renew(fdb, generation);
	if (batch->memo_era == vsw_memo_era(generation))
		return generation;
	batch->memo_era = vsw_memo_era(generation);
	batch->src_memo.entry = NULL;
	for (i = 0; i < ARRAY_SIZE(batch->dst_memos); i++)
		/* What is true whenever: broadcast has no entry. */
		batch->dst_memos[i] = (struct vsw_fdb_memo) { .key = U64_MAX };
	return generation;
}

/* Whether frames may come from an address, of a port that does not allow any. */
static enum vsw_learn_reason
vsw_learn_admit(const struct vsw_port *port, const struct vsw_fdb_entry *entry)
{
	u32 max = READ_ONCE(port->security.learn_max);

	if (entry && READ_ONCE(entry->port) == port->index)
		return VSW_LEARN_FINE;
	if (READ_ONCE(port->security.locked))
		return VSW_LEARN_LOCKED;
	if (max && atomic_read(&port->learned) >= max)
		return VSW_LEARN_MAX;
	return VSW_LEARN_FINE;
}

/**
 * vsw_learn_source() - learn a source, and remember it
 * @fdb: the database
 * @batch: frames that come from it
 * @addr: its packed address; with VLANs, the key of it
 * @generation: &vsw_fdb.generation before the batch was looked at
 *
 * Context: rcu_read_lock().
 * Return: why its frames are dropped; VSW_LEARN_FINE if they are not.
 */
noinline enum vsw_learn_reason
vsw_learn_source(struct vsw_fdb *fdb, struct vsw_batch *batch, u64 addr,
		 unsigned long generation)
{
	struct vsw_fdb_entry *entry = batch->src_memo.entry;
	u64 key = vsw_memo_key(addr, generation);
	const struct vsw_port *port = batch->src;
	bool secured = vsw_port_is_secured(port);
	enum vsw_learn_reason reason;

	if (entry && batch->src_memo.key == key && entry->addr == addr &&
	    !secured) {
		vsw_fdb_refresh(fdb, entry, port->index);
		return VSW_LEARN_FINE;
	}
	if (secured) {
		reason = vsw_learn_admit(port, vsw_fdb_find(fdb, addr));
		if (reason)
			return reason;
	}
	entry = vsw_fdb_learn(fdb, addr, port->index);
	if (entry)
		vsw_fdb_refresh(fdb, entry, port->index);
	batch->src_memo = (struct vsw_fdb_memo) {
		.key	= key,
		.entry	= secured ? NULL : entry,
	};
	return VSW_LEARN_FINE;
}

/**
 * vsw_learn_destination() - look a destination up, and remember it
 * @fdb: the database
 * @memo: where to
 * @addr: its packed address; with VLANs, the key of it
 * @generation: &vsw_fdb.generation before the batch was looked at
 *
 * Context: rcu_read_lock().
 */
noinline void vsw_learn_destination(struct vsw_fdb *fdb,
				    struct vsw_fdb_memo *memo, u64 addr,
				    unsigned long generation)
{
	*memo = (struct vsw_fdb_memo) {
		.key	= vsw_memo_key(addr, generation),
		.entry	= vsw_addr_is_group(addr) ?
			  NULL : vsw_fdb_find(fdb, addr),
	};
}

/*
 * Whether a port floods more than it may: the generic cell rate algorithm of ITU-T
 * I.371, with a run as the cell. Each ring has a rate of its own.
 */
static bool vsw_learn_floods(struct vsw_batch *batch, const struct vsw_run *run)
{
	u32 rate = READ_ONCE(batch->src->security.flood_rate);
	u64 now;

	if (!rate)
		return false;
	now = ktime_get_ns();
	batch->flood_due = max(batch->flood_due, now);
	if (batch->flood_due > now + VSW_FLOOD_BURST_NS)
		return true;
	batch->flood_due += div_u64((u64)run->frames * NSEC_PER_SEC, rate);
	return false;
}

/**
 * vsw_learn_secure() - what a port may not send where the verdict says
 * @batch: frames of the port
 * @run: one of its runs; the verdict is VSW_TO_ALL or the index of a port, unless
 *	&vsw_run.mark says more
 *
 * Context: rcu_read_lock().
 * Return: why its frames are dropped; VSW_LEARN_FINE if they are not.
 */
enum vsw_learn_reason vsw_learn_secure(struct vsw_batch *batch,
				       const struct vsw_run *run)
{
	const u16 verdict = run->mark ? run->mark - 1 : run->verdict;
	const struct vsw_port *to;

	if (READ_ONCE(batch->sw->filters) &&
	    vsw_addr_is_link_local(vsw_run_dst(run)))
		return VSW_LEARN_LINK_LOCAL;
	if (verdict == VSW_TO_ALL)
		return vsw_learn_floods(batch, run) ? VSW_LEARN_FLOOD_RATE :
						      VSW_LEARN_FINE;
	to = vsw_switch_port(batch->sw, verdict);
	return to && vsw_port_keeps_apart(batch->src, to) ? VSW_LEARN_ISOLATED :
							    VSW_LEARN_FINE;
}

/* Find the verdict of each run. Inline, as @secured is constant. */
static __always_inline void vsw_learn_each(struct vsw_fdb *fdb,
					   struct vsw_batch *batch,
					   unsigned long generation,
					   bool secured)
{
	struct vsw_run *run = batch->runs, *end = run + batch->num_runs;
	enum vsw_learn_reason refused = VSW_LEARN_FINE;
	/* What no address is. */
	u64 src = U64_MAX, key;
	struct vsw_fdb_memo *memo;

	for (; run < end; run++) {
		if (unlikely(vsw_run_src(run) != src)) {
			src = vsw_run_src(run);
			refused = vsw_learn_source(fdb, batch, src, generation);
		}
		key = vsw_memo_key(run->lo, generation);
		memo = vsw_memo_of(batch, key);
		if (unlikely(memo->key != key))
			vsw_learn_destination(fdb, memo, vsw_run_dst(run),
					      generation);
		run->verdict = vsw_memo_verdict(memo);
		if (secured) {
			enum vsw_learn_reason reason = refused ?:
				vsw_learn_secure(batch, run);

			if (reason)
				vsw_run_drop(run, reason - 1);
		}
	}
}

static noinline void vsw_learn_secured(struct vsw_fdb *fdb,
				       struct vsw_batch *batch,
				       unsigned long generation)
{
	vsw_learn_each(fdb, batch, generation, true);
}

static noinline void vsw_learn_runs(struct vsw_fdb *fdb,
				    struct vsw_batch *batch,
				    unsigned long generation)
{
	if (unlikely(batch->memo_era != vsw_memo_era(generation)))
		generation = vsw_memo_turn(batch, fdb, generation);
	if (unlikely(vsw_port_is_secured(batch->src)))
		vsw_learn_secured(fdb, batch, generation);
	else
		vsw_learn_each(fdb, batch, generation, false);
}

static void vsw_learn(struct vsw_lookup *lookup, struct vsw_batch *batch)
{
	const struct vsw_fdb_memo *src = &batch->src_memo, *dst;
	struct vsw_run *run = batch->runs;
	struct vsw_fdb *fdb = &lookup->sw->fdb;
	/* Before anything is found, so that a change meanwhile is noticed. */
	unsigned long generation = smp_load_acquire(&fdb->generation);
	u64 key = vsw_memo_key(run->lo, generation);

	/* Most batches are one run, of which everything is known. */
	dst = vsw_memo_of(batch, key);
	if (unlikely(batch->num_runs != 1 || dst->key != key || !src->entry ||
		     src->key != vsw_memo_key(vsw_run_src(run), generation) ||
		     batch->memo_era != vsw_memo_era(generation))) {
		vsw_learn_runs(fdb, batch, generation);
		return;
	}
	run->verdict = vsw_memo_verdict(dst);
	vsw_fdb_refresh(fdb, src->entry, batch->src->index);
}

/* &vsw_lookup.lookup behind another one. */
static void vsw_learn_behind(struct vsw_lookup *lookup, struct vsw_batch *batch)
{
	if (READ_ONCE(lookup->sw->by_vlan))
		vsw_learn_vlan(lookup, batch);
	else
		vsw_learn(lookup, batch);
}

/* control path */

/*
 * With VLANs it needs to see more of frames, and writes into their copies. Behind a
 * lookup that has these anyway it need not be another one then.
 */
static int vsw_learn_init(struct vsw_lookup *lookup,
			  struct netlink_ext_ack *extack)
{
	if (lookup->outer)
		lookup->lookup = vsw_learn_behind;
	if (!lookup->sw->num_vlan_ports)
		return 0;
	lookup->flags = VSW_LOOKUP_SNAPSHOT;
	if (lookup->outer)
		return 0;
	lookup->lookup = vsw_learn_vlan;
	lookup->grain = VSW_BY_FRAME;
	return 0;
}

struct vsw_lookup_ops vsw_lookup_learn = {
	.name		= VSW_DEF_LOOKUP,
	.doc		= "A learning bridge.",
	.owner		= THIS_MODULE,
	.reasons	= vsw_learn_reasons,
	.num_reasons	= ARRAY_SIZE(vsw_learn_reasons),
	.init		= vsw_learn_init,
	.lookup		= vsw_learn,
};
