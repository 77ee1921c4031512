// SPDX-License-Identifier: GPL-2.0
/* The default lookup: a learning bridge */

#include "../lookup.h"

/* Find what has changed since the last run, and keep it. */
static void vsw_learn_find(struct vsw_fdb *fdb, struct vsw_fdb_memo *memo,
			   const struct vsw_run *run, u16 port)
{
	/* Before anything is found, so that a change meanwhile is noticed. */
	unsigned long generation = smp_load_acquire(&fdb->generation);

	if (memo->generation != generation || memo->src != run->src ||
	    !memo->src_entry)
		memo->src_entry = vsw_fdb_learn(fdb, run->src, port);
	memo->dst_entry = vsw_addr_is_group(run->dst) ?
			  NULL : vsw_fdb_find(fdb, run->dst);
	memo->src = run->src;
	memo->dst = run->dst;
	memo->generation = generation;
}

static void vsw_learn(struct vsw_switch *sw, struct vsw_batch *batch)
{
	struct vsw_run *run, *end = &batch->runs[batch->num_runs];
	struct vsw_fdb_memo *memo = &batch->memo;
	const u16 port = batch->src->index;
	struct vsw_fdb *fdb = &sw->fdb;

	for (run = batch->runs; run < end; run++) {
		if (memo->dst != run->dst || memo->src != run->src ||
		    memo->generation != READ_ONCE(fdb->generation) ||
		    !memo->src_entry)
			vsw_learn_find(fdb, memo, run, port);
		if (memo->src_entry)
			vsw_fdb_refresh(fdb, memo->src_entry, port);
		run->verdict = memo->dst_entry ?
			       READ_ONCE(memo->dst_entry->port) : VSW_TO_ALL;
	}
}

struct vsw_lookup_ops vsw_lookup_learn = {
	.name	= VSW_DEF_LOOKUP,
	.owner	= THIS_MODULE,
	.lookup	= vsw_learn,
};
