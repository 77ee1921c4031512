/* SPDX-License-Identifier: GPL-2.0 */
/* The forwarding engine */
#ifndef _VSW_FORWARD_H
#define _VSW_FORWARD_H

#include "pkt.h"
#include "trace.h"

/**
 * vsw_src_drop() - drop frames because of their sender
 * @batch: the batch that they belong to
 * @reason: one of VSW_TX_DROP_REASONS
 * @frames: number of frames
 */
static inline void vsw_src_drop(struct vsw_batch *batch, enum vsw_drop reason,
				u32 frames)
{
	vsw_stats_drop(batch->stats, reason, frames);
	trace_vsw_drop(batch->src, reason, frames);
}

void vsw_join_runs(struct vsw_batch *batch);
void vsw_forward(struct vsw_batch *batch);

#endif /* _VSW_FORWARD_H */
