// SPDX-License-Identifier: GPL-2.0
/* The default lookup: a learning bridge */

#include "../lookup.h"

/* Learn the source of a run and find its destination, and keep both. */
static void vsw_learn_find(struct vsw_fdb *fdb, struct vsw_fdb_memo *memo,
			   const struct vsw_run *run, u16 port)
{
	/* Before anything is found, so that a change meanwhile is noticed. */
	memo->generation = smp_load_acquire(&fdb->generation);
	memo->src = run->src;
	memo->dst = run->dst;
	memo->src_entry = vsw_fdb_learn(fdb, run->src, port);
	memo->dst_entry = vsw_addr_is_group(run->dst) ?
			  NULL : vsw_fdb_find(fdb, run->dst);
}

static void vsw_learn(struct vsw_switch *sw, struct vsw_batch *batch)
{
	struct vsw_fdb_memo *memo = &batch->memo;
	const u16 port = batch->src->index;
	struct vsw_fdb *fdb = &sw->fdb;
	struct vsw_run *run, *end = &batch->runs[batch->num_runs];

	for (run = batch->runs; run < end; run++) {
		if (memo->src_entry && memo->src == run->src &&
		    memo->dst == run->dst &&
		    memo->generation == READ_ONCE(fdb->generation))
			vsw_fdb_refresh(fdb, memo->src_entry, port);
		else
			vsw_learn_find(fdb, memo, run, port);
		run->verdict = memo->dst_entry ?
			       READ_ONCE(memo->dst_entry->port) : VSW_TO_ALL;
	}
}

struct vsw_lookup_ops vsw_lookup_learn = {
	.name	= VSW_DEF_LOOKUP,
	.owner	= THIS_MODULE,
	.lookup	= vsw_learn,
};
