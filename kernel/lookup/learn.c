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

#include "../registry.h"

/* Flooded frames that may come at once, as a time of the rate. */
#define VSW_FLOOD_BURST_NS	(100 * NSEC_PER_MSEC)

/* Reasons to drop, but for the first. */
enum vsw_learn_reason {
	VSW_LEARN_FINE,
	VSW_LEARN_LOCKED,
	VSW_LEARN_MAX,
	VSW_LEARN_ISOLATED,
	VSW_LEARN_FLOOD_RATE,
};

static const char * const vsw_learn_reasons[] = {
	[VSW_LEARN_LOCKED - 1]		= "locked",
	[VSW_LEARN_MAX - 1]		= "learn-max",
	[VSW_LEARN_ISOLATED - 1]	= "isolated",
	[VSW_LEARN_FLOOD_RATE - 1]	= "flood-rate",
};

static inline bool vsw_memo_holds(const struct vsw_fdb_memo *memo, u64 addr,
				  unsigned long generation)
{
	return memo->addr == addr && memo->generation == generation;
}

/* Where an address is remembered: its last four bytes are what differs. */
static inline struct vsw_fdb_memo *vsw_memo_of(struct vsw_batch *batch,
					       u64 addr)
{
	return &batch->dst_memos[hash_32(addr >> 16, VSW_FDB_MEMO_BITS)];
}

static inline u16 vsw_memo_verdict(const struct vsw_fdb_memo *memo)
{
	return memo->entry ? READ_ONCE(memo->entry->port) : VSW_TO_ALL;
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

/* Learn a source, and remember it; or say why its frames are dropped. */
static noinline enum vsw_learn_reason
vsw_learn_source(struct vsw_fdb *fdb, struct vsw_batch *batch, u64 addr,
		 unsigned long generation)
{
	const struct vsw_port *port = batch->src;
	bool secured = vsw_port_is_secured(port);
	enum vsw_learn_reason reason;
	struct vsw_fdb_entry *entry;

	if (secured) {
		reason = vsw_learn_admit(port, vsw_fdb_find(fdb, addr));
		if (reason)
			return reason;
	}
	entry = vsw_fdb_learn(fdb, addr, port->index);
	if (entry)
		vsw_fdb_refresh(fdb, entry, port->index);
	batch->src_memo = (struct vsw_fdb_memo) {
		.addr		= addr,
		.generation	= generation,
		.entry		= secured ? NULL : entry,
	};
	return VSW_LEARN_FINE;
}

static noinline void vsw_learn_destination(struct vsw_fdb *fdb,
					   struct vsw_fdb_memo *memo, u64 addr,
					   unsigned long generation)
{
	*memo = (struct vsw_fdb_memo) {
		.addr		= addr,
		.generation	= generation,
		.entry		= vsw_addr_is_group(addr) ?
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

/* What a port may not send where the verdict says. */
static enum vsw_learn_reason vsw_learn_secure(struct vsw_batch *batch,
					      const struct vsw_run *run)
{
	const struct vsw_port *to;

	if (run->verdict == VSW_TO_ALL)
		return vsw_learn_floods(batch, run) ? VSW_LEARN_FLOOD_RATE :
						      VSW_LEARN_FINE;
	to = vsw_switch_port(batch->sw, run->verdict);
	return to && vsw_port_keeps_apart(batch->src, to) ? VSW_LEARN_ISOLATED :
							    VSW_LEARN_FINE;
}

static noinline void vsw_learn_runs(struct vsw_fdb *fdb,
				    struct vsw_batch *batch,
				    unsigned long generation)
{
	struct vsw_run *run = batch->runs, *end = run + batch->num_runs;
	bool secured = vsw_port_is_secured(batch->src);
	enum vsw_learn_reason refused = VSW_LEARN_FINE;
	/* What no address is. */
	u64 addr, src = U64_MAX;
	struct vsw_fdb_memo *memo;

	for (; run < end; run++) {
		addr = vsw_run_src(run);
		if (unlikely(addr != src)) {
			src = addr;
			refused = vsw_learn_source(fdb, batch, addr,
						   generation);
		}
		addr = vsw_run_dst(run);
		memo = vsw_memo_of(batch, addr);
		if (unlikely(!vsw_memo_holds(memo, addr, generation)))
			vsw_learn_destination(fdb, memo, addr, generation);
		run->verdict = vsw_memo_verdict(memo);
		if (unlikely(secured)) {
			enum vsw_learn_reason reason = refused ?:
				vsw_learn_secure(batch, run);

			if (reason)
				vsw_run_drop(run, reason - 1);
		}
	}
}

static void vsw_learn(struct vsw_lookup *lookup, struct vsw_batch *batch)
{
	const struct vsw_fdb_memo *src = &batch->src_memo, *dst;
	struct vsw_run *run = batch->runs;
	struct vsw_fdb *fdb = &lookup->sw->fdb;
	/* Before anything is found, so that a change meanwhile is noticed. */
	unsigned long generation = smp_load_acquire(&fdb->generation);

	/* Most batches are one run, of which everything is known. */
	dst = vsw_memo_of(batch, vsw_run_dst(run));
	if (unlikely(batch->num_runs != 1 || !src->entry ||
		     !vsw_memo_holds(src, vsw_run_src(run), generation) ||
		     !vsw_memo_holds(dst, vsw_run_dst(run), generation))) {
		vsw_learn_runs(fdb, batch, generation);
		return;
	}
	run->verdict = vsw_memo_verdict(dst);
	vsw_fdb_refresh(fdb, src->entry, batch->src->index);
}

struct vsw_lookup_ops vsw_lookup_learn = {
	.name		= VSW_DEF_LOOKUP,
	.doc		= "A learning bridge.",
	.owner		= THIS_MODULE,
	.reasons	= vsw_learn_reasons,
	.num_reasons	= ARRAY_SIZE(vsw_learn_reasons),
	.lookup		= vsw_learn,
};
