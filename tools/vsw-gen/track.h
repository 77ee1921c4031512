/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: which sequence numbers have arrived
 */
#ifndef _TRACK_H
#define _TRACK_H

#include "payload.h"

#define TRACK_MAX_SOURCES	64

/* A frame may be late by so many frames and is still told from a duplicate. */
#define TRACK_WINDOW		(1U << 23)

/**
 * struct track_source - one sender
 * @addr: its addresses
 * @seen: a bit for each sequence number of the window below @next
 * @next: highest sequence number that has arrived, and 1
 * @unique: frames, each counted once
 * @duplicate: frames that had arrived before
 * @reordered: frames that arrived after one with a higher number
 * @total: frames that it sent, if @ended
 * @ended: its end frame has arrived
 */
struct track_source {
	struct gen_addr	addr;
	uint64_t	*seen;
	uint64_t	next;
	uint64_t	unique;
	uint64_t	duplicate;
	uint64_t	reordered;
	uint64_t	total;
	bool		ended;
};

/**
 * struct track - all senders
 * @source: in the order in which they were first seen
 * @sources: number of these
 * @last: the one that the last frame came from
 * @corrupt: frames that are not as they were sent, from whomever
 * @unknown: intact frames of more senders than there is room for
 */
struct track {
	struct track_source	source[TRACK_MAX_SOURCES];
	uint32_t		sources;
	uint32_t		last;
	uint64_t		corrupt;
	uint64_t		unknown;
};

/**
 * struct track_sum - the result
 * @lost: frames of which no intact copy arrived
 * @duplicate: see struct track_source
 * @reordered: see struct track_source
 * @corrupt: see struct track
 * @complete: all of @lost is known, because each sender said how many it sent
 */
struct track_sum {
	uint64_t	lost;
	uint64_t	duplicate;
	uint64_t	reordered;
	uint64_t	corrupt;
	bool		complete;
};

int track_open(struct track_source *src);
bool track_seq(struct track_source *src, uint64_t seq);
int track_frame(struct track *track, const struct gen_seg *seg, bool *data);
bool track_ended(const struct track *track, uint32_t sources);
uint64_t track_lost(const struct track_source *src);
void track_sum(const struct track *track, uint32_t sources,
	       struct track_sum *sum);
void track_free(struct track *track);

#endif /* _TRACK_H */
