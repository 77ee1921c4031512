/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: statistics
 */
#ifndef _REPORT_H
#define _REPORT_H

#include "track.h"

/**
 * struct report - what is counted
 * @conf: the command line
 * @sender: frames are sent, not received
 * @frames: frames sent or received
 * @bytes: bytes of these
 * @attempted: sender: frames that were tried to send
 * @other: receiver: frames for somebody else
 * @first: when the first burst was received, or sending began
 * @last: end of the last burst, 0 if there was none
 * @tick: when to print a line next, 0 for never
 * @then: time of the line before
 * @line_frames: @frames in the line before
 * @line_bytes: @bytes in the line before
 * @line_attempted: @attempted in the line before
 */
struct report {
	const struct gen_conf	*conf;
	bool			sender;
	uint64_t		frames;
	uint64_t		bytes;
	uint64_t		attempted;
	uint64_t		other;
	uint64_t		first;
	uint64_t		last;
	uint64_t		tick;
	uint64_t		then;
	uint64_t		line_frames;
	uint64_t		line_bytes;
	uint64_t		line_attempted;
};

void report_start(struct report *rep, const struct gen_conf *conf,
		  bool sender);
void report_line(struct report *rep, uint64_t now);
void report_end(const struct report *rep, const struct track *track);

/**
 * report_tick() - print a line if a second is over
 * @rep: the counters
 * @now: the time
 */
static inline void report_tick(struct report *rep, uint64_t now)
{
	if (rep->tick && now >= rep->tick)
		report_line(rep, now);
}

#endif /* _REPORT_H */
