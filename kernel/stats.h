/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of ports
 *
 * A ring counts for itself, so that counting needs neither atomics nor
 * per-CPU memory: whoever may move the ring's indices may count. A port adds
 * up the rings that are attached and what it kept of earlier ones.
 */
#ifndef _VSW_STATS_H
#define _VSW_STATS_H

#include <linux/u64_stats_sync.h>

#include "drop.h"

/**
 * struct vsw_stats - counters with one writer at a time
 * @frames: frames accepted from, or delivered to, the program
 * @bytes: their bytes
 * @drops: frames dropped, by reason
 * @syncp: lets 32-bit readers see whole values
 */
struct vsw_stats {
	u64_stats_t		frames;
	u64_stats_t		bytes;
	u64_stats_t		drops[VSW_NUM_DROPS];
	struct u64_stats_sync	syncp;
};

/**
 * struct vsw_counters - a sum of counters
 * @tx_frames: frames that the switch accepted from the port
 * @tx_bytes: their bytes
 * @rx_frames: frames delivered to the port
 * @rx_bytes: their bytes
 * @drops: frames dropped, by reason
 */
struct vsw_counters {
	u64	tx_frames;
	u64	tx_bytes;
	u64	rx_frames;
	u64	rx_bytes;
	u64	drops[VSW_NUM_DROPS];
};

/**
 * vsw_stats_add() - count a run of frames
 * @stats: counters that the caller may write
 * @frames: number of frames
 * @bytes: their bytes
 *
 * Context: any, with exclusive write access to @stats.
 */
static inline void vsw_stats_add(struct vsw_stats *stats, u32 frames, u64 bytes)
{
	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->frames, frames);
	u64_stats_add(&stats->bytes, bytes);
	u64_stats_update_end(&stats->syncp);
}

/**
 * vsw_stats_drop() - count a run of dropped frames
 * @stats: counters that the caller may write
 * @reason: why they were dropped
 * @frames: number of frames
 *
 * Context: any, with exclusive write access to @stats.
 */
static inline void vsw_stats_drop(struct vsw_stats *stats, enum vsw_drop reason,
				  u32 frames)
{
	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->drops[reason], frames);
	u64_stats_update_end(&stats->syncp);
}

void vsw_stats_init(struct vsw_stats *stats);
void vsw_counters_add(struct vsw_counters *sum, const struct vsw_stats *tx,
		      const struct vsw_stats *rx);

#endif /* _VSW_STATS_H */
