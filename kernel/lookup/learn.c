// SPDX-License-Identifier: GPL-2.0
/* The default lookup: a learning bridge */

#include "../lookup.h"

static u16 vsw_learn_verdict(struct vsw_switch *sw, u64 dst)
{
	const struct vsw_fdb_entry *entry;

	if (vsw_addr_is_group(dst))
		return VSW_TO_ALL;
	entry = vsw_fdb_find(&sw->fdb, dst);
	return entry ? READ_ONCE(entry->port) : VSW_TO_ALL;
}

static void vsw_learn(struct vsw_switch *sw, struct vsw_batch *batch)
{
	u64 dst, src, last_dst = U64_MAX, last_src = U64_MAX;
	u16 verdict = VSW_TO_ALL;
	u32 i;

	for (i = 0; i < batch->num_frames; i++) {
		struct vsw_frame *frame = &batch->frames[i];

		vsw_frame_addrs(batch, frame, &dst, &src);
		/* Frames come in runs: what held for the last one holds here. */
		if (src != last_src)
			vsw_fdb_learn(&sw->fdb, src, batch->src->index);
		if (dst != last_dst || src != last_src)
			verdict = vsw_learn_verdict(sw, dst);
		frame->verdict = verdict;
		last_dst = dst;
		last_src = src;
	}
}

struct vsw_lookup_ops vsw_lookup_learn = {
	.name	= VSW_DEF_LOOKUP,
	.owner	= THIS_MODULE,
	.lookup	= vsw_learn,
};
