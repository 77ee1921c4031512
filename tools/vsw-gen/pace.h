/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: when to send
 *
 * Who waits for a time looks at the clock until it has come, and never sleeps: that
 * would be far too coarse.
 */
#ifndef _PACE_H
#define _PACE_H

#include "gen.h"

/*
 * A sender that could not keep up does not make up for more than this, or
 * a pause would be followed by a flood.
 */
#define PACE_MAX_BEHIND	(NSEC_PER_SEC / 10)

/**
 * struct pace - when to send
 * @step: nanoseconds from burst to burst, 0 for none
 * @due: when the next burst is due
 *
 * With fractions: at a high rate whole nanoseconds would be another rate.
 */
struct pace {
	double	step;
	double	due;
};

/**
 * pace_start() - the first burst is due now
 * @pace: the pace
 * @conf: says the rate
 */
static inline void pace_start(struct pace *pace, const struct gen_conf *conf)
{
	pace->step = conf->rate ?
		     (double)conf->burst * NSEC_PER_SEC / conf->rate : 0;
	pace->due = gen_now();
}

/**
 * pace_due() - is a burst due
 * @pace: the pace; if so, the caller sends it
 * @now: the time
 */
static inline bool pace_due(struct pace *pace, uint64_t now)
{
	if (!pace->step)
		return true;
	if (now < pace->due)
		return false;
	pace->due += pace->step;
	if (now > pace->due + PACE_MAX_BEHIND)
		pace->due = now;
	return true;
}

#endif /* _PACE_H */
