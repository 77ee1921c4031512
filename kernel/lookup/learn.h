/* SPDX-License-Identifier: GPL-2.0 */
/* The learning bridge: what it shares with and without VLANs */
#ifndef _VSW_LEARN_H
#define _VSW_LEARN_H

#include "../registry.h"

/* Reasons to drop, but for the first. */
enum vsw_learn_reason {
	VSW_LEARN_FINE,
	VSW_LEARN_LOCKED,
	VSW_LEARN_MAX,
	VSW_LEARN_ISOLATED,
	VSW_LEARN_FLOOD_RATE,
	VSW_LEARN_VLAN,
	VSW_LEARN_LINK_LOCAL,
};

/* What a memo of an address has as its key; @addr may have more above it. */
static inline u64 vsw_memo_key(u64 addr, unsigned long generation)
{
	return addr << VSW_FDB_MEMO_SHIFT |
	       (generation & GENMASK(VSW_FDB_MEMO_SHIFT - 1, 0));
}

static inline unsigned long vsw_memo_era(unsigned long generation)
{
	return generation >> VSW_FDB_MEMO_SHIFT;
}

static inline u16 vsw_memo_verdict(const struct vsw_fdb_memo *memo)
{
	return memo->entry ? READ_ONCE(memo->entry->port) : VSW_TO_ALL;
}

/* learn.c */
unsigned long vsw_memo_turn(struct vsw_batch *batch, struct vsw_fdb *fdb,
			    unsigned long generation);
enum vsw_learn_reason vsw_learn_source(struct vsw_fdb *fdb,
				       struct vsw_batch *batch, u64 addr,
				       unsigned long generation);
void vsw_learn_destination(struct vsw_fdb *fdb, struct vsw_fdb_memo *memo,
			   u64 addr, unsigned long generation);
enum vsw_learn_reason vsw_learn_secure(struct vsw_batch *batch,
				       const struct vsw_run *run);

/* learn_vlan.c */
void vsw_learn_vlan(struct vsw_lookup *lookup, struct vsw_batch *batch);

#endif /* _VSW_LEARN_H */
