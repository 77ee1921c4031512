// SPDX-License-Identifier: GPL-2.0
/* The default lookup: a learning bridge */

#include <linux/hash.h>

#include "../registry.h"

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

static noinline void vsw_learn_source(struct vsw_fdb *fdb,
				      struct vsw_batch *batch, u64 addr,
				      unsigned long generation)
{
	const u16 port = batch->src->index;

	batch->src_memo = (struct vsw_fdb_memo) {
		.addr		= addr,
		.generation	= generation,
		.entry		= vsw_fdb_learn(fdb, addr, port),
	};
	if (batch->src_memo.entry)
		vsw_fdb_refresh(fdb, batch->src_memo.entry, port);
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

static noinline void vsw_learn_runs(struct vsw_fdb *fdb,
				    struct vsw_batch *batch,
				    unsigned long generation)
{
	struct vsw_run *run = batch->runs, *end = run + batch->num_runs;
	/* What no address is. */
	u64 addr, src = U64_MAX;
	struct vsw_fdb_memo *memo;

	for (; run < end; run++) {
		addr = vsw_run_src(run);
		if (unlikely(addr != src)) {
			src = addr;
			vsw_learn_source(fdb, batch, addr, generation);
		}
		addr = vsw_run_dst(run);
		memo = vsw_memo_of(batch, addr);
		if (unlikely(!vsw_memo_holds(memo, addr, generation)))
			vsw_learn_destination(fdb, memo, addr, generation);
		run->verdict = vsw_memo_verdict(memo);
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
	.name	= VSW_DEF_LOOKUP,
	.doc	= "A learning bridge.",
	.owner	= THIS_MODULE,
	.lookup	= vsw_learn,
};
