// SPDX-License-Identifier: GPL-2.0
/* Counters of ports: reading and adding up */

#include <linux/string.h>

#include "stats.h"

/**
 * vsw_stats_init() - set counters to zero
 * @stats: the counters, which nobody uses yet
 */
void vsw_stats_init(struct vsw_stats *stats)
{
	memset(stats, 0, sizeof(*stats));
	u64_stats_init(&stats->syncp);
}

/* Read all of @stats at one point in time. */
static void vsw_stats_read(const struct vsw_stats *stats, u64 *frames,
			   u64 *bytes, u64 drops[VSW_NUM_DROPS])
{
	unsigned int start, i;

	do {
		start = u64_stats_fetch_begin(&stats->syncp);
		*frames = u64_stats_read(&stats->frames);
		*bytes = u64_stats_read(&stats->bytes);
		for (i = 0; i < VSW_NUM_DROPS; i++)
			drops[i] = u64_stats_read(&stats->drops[i]);
	} while (u64_stats_fetch_retry(&stats->syncp, start));
}

/**
 * vsw_counters_add() - add the counters of a ring pair to a sum
 * @sum: the sum
 * @tx: counters of the TX ring
 * @rx: counters of the RX ring
 *
 * Context: any; writers may be active.
 */
void vsw_counters_add(struct vsw_counters *sum, const struct vsw_stats *tx,
		      const struct vsw_stats *rx)
{
	u64 frames, bytes, drops[VSW_NUM_DROPS];
	unsigned int i;

	vsw_stats_read(tx, &frames, &bytes, drops);
	sum->tx_frames += frames;
	sum->tx_bytes += bytes;
	for (i = 0; i < VSW_NUM_DROPS; i++)
		sum->drops[i] += drops[i];

	vsw_stats_read(rx, &frames, &bytes, drops);
	sum->rx_frames += frames;
	sum->rx_bytes += bytes;
	for (i = 0; i < VSW_NUM_DROPS; i++)
		sum->drops[i] += drops[i];
}
