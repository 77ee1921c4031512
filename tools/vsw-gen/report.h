/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: statistics
 */
#ifndef _REPORT_H
#define _REPORT_H

#include <sys/time.h>

#include "histogram.h"
#include "track.h"

/**
 * struct round_trips - answers to requests
 * @answers: account of them by their numbers
 * @latency: how long each took, in nanoseconds
 * @other: frames that are no answers
 * @first: when the first burst of answers came, 0 if there was none
 * @last: when the last one came
 */
struct round_trips {
	struct track_source	answers;
	struct histogram	latency;
	uint64_t		other;
	uint64_t		first;
	uint64_t		last;
};

/**
 * struct report - what is counted
 * @conf: the command line
 * @role: what the app does with frames
 * @REPORT_SENDS: sends, and may fail to
 * @REPORT_RECEIVES: receives, also what is for somebody else
 * @frames: frames sent, or received by who only receives
 * @bytes: bytes of these
 * @attempted: sender: frames that were tried to send
 * @other: receiver: frames for somebody else
 * @began: when counting began
 * @first: when the first burst was received, or sending began
 * @last: end of the last burst, 0 if there was none
 * @tick: when to print a line next, 0 for never
 * @then: time of the line before
 * @line_frames: @frames in the line before
 * @line_bytes: @bytes in the line before
 * @line_attempted: @attempted in the line before
 * @user: processor time that the program had used before, for itself
 * @system: and in the kernel
 */
struct report {
	const struct gen_conf	*conf;
	enum {
		REPORT_SENDS = 1,
		REPORT_RECEIVES = 2,
	}			role;
	uint64_t		frames;
	uint64_t		bytes;
	uint64_t		attempted;
	uint64_t		other;
	uint64_t		began;
	uint64_t		first;
	uint64_t		last;
	uint64_t		tick;
	uint64_t		then;
	uint64_t		line_frames;
	uint64_t		line_bytes;
	uint64_t		line_attempted;
	struct timeval		user;
	struct timeval		system;
};

/**
 * struct report_sum - what the summary says besides the counters
 * @rep: the counters
 * @track: account of the frames that were proved, or NULL
 * @proof: sum of @track
 * @trips: answers, or NULL
 * @seconds: from @rep->first to @rep->last
 * @wall: since @rep->began
 * @user: processor time of this time, for the program itself
 * @system: and in the kernel
 */
struct report_sum {
	const struct report		*rep;
	const struct track		*track;
	struct track_sum		proof;
	const struct round_trips	*trips;
	double				seconds;
	double				wall;
	double				user;
	double				system;
};

void report_start(struct report *rep, const struct gen_conf *conf, int role);
void report_line(struct report *rep, uint64_t now);
int report_end(const struct report *rep, const struct track *track,
	       const struct round_trips *trips);
int report_json(const struct report_sum *sum);

/**
 * report_seconds() - a time in seconds
 * @from: its beginning
 * @to: its end
 */
static inline double report_seconds(uint64_t from, uint64_t to)
{
	return to > from ? (double)(to - from) / NSEC_PER_SEC : 0;
}

/**
 * report_rate() - how many there were a second
 * @n: number
 * @secs: the time
 */
static inline double report_rate(uint64_t n, double secs)
{
	return secs > 0 ? n / secs : 0;
}

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
