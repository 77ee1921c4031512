// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: statistics
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>

#include "report.h"

static double elapsed(const struct timeval *from, const struct timeval *to)
{
	return (to->tv_sec - from->tv_sec) + (to->tv_usec - from->tv_usec) / 1e6;
}

/**
 * report_start() - begin to count
 * @rep: the counters
 * @conf: the command line
 * @role: REPORT_*
 */
void report_start(struct report *rep, const struct gen_conf *conf, int role)
{
	uint64_t now = gen_now();
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	*rep = (struct report){
		.conf = conf,
		.role = role,
		.began = now,
		.first = now,
		.then = now,
		.tick = conf->silent ? 0 : now + NSEC_PER_SEC,
		.user = usage.ru_utime,
		.system = usage.ru_stime,
	};
}

/**
 * report_line() - print what happened since the line before
 * @rep: the counters
 * @now: the time
 */
void report_line(struct report *rep, uint64_t now)
{
	FILE *out = rep->conf->json ? stderr : stdout;
	double secs = report_seconds(rep->then, now);
	uint64_t frames = rep->frames - rep->line_frames;
	uint64_t bytes = rep->bytes - rep->line_bytes;

	if (rep->role & REPORT_SENDS) {
		uint64_t attempted = rep->attempted - rep->line_attempted;

		fprintf(out, "attempted %" PRIu64 " sent %" PRIu64 " dropped %" PRIu64 "  ",
			attempted, frames, attempted - frames);
	} else {
		fprintf(out, "received %" PRIu64 "  ", frames);
	}
	fprintf(out, "%.0f pps  %.1f Mb/s\n", report_rate(frames, secs),
		report_rate(bytes * 8, secs) / 1e6);
	fflush(out);

	rep->line_frames = rep->frames;
	rep->line_bytes = rep->bytes;
	rep->line_attempted = rep->attempted;
	rep->then = now;
	rep->tick = now + NSEC_PER_SEC;
}

static void text_totals(const struct report_sum *sum)
{
	const struct report *rep = sum->rep;

	printf("total: ");
	if (rep->role & REPORT_SENDS)
		printf("attempted %" PRIu64 " sent %" PRIu64 " dropped %" PRIu64,
		       rep->attempted, rep->frames,
		       rep->attempted - rep->frames);
	else
		printf("received %" PRIu64, rep->frames);
	if (rep->role & REPORT_RECEIVES)
		printf(" other %" PRIu64, rep->other);
	printf("  %.3f s  %.0f pps  %.1f Mb/s\n", sum->seconds,
	       report_rate(rep->frames, sum->seconds),
	       report_rate(rep->bytes * 8, sum->seconds) / 1e6);
	printf("processor: user %.3f s  system %.3f s  of %.3f s\n", sum->user,
	       sum->system, sum->wall);
}

static void text_proof(const struct report_sum *sum)
{
	printf("integrity: lost %" PRIu64 " duplicate %" PRIu64, sum->proof.lost,
	       sum->proof.duplicate);
	printf(" reordered %" PRIu64 " corrupt %" PRIu64, sum->proof.reordered,
	       sum->proof.corrupt);
	printf(", from %u sources%s\n", sum->track->sources,
	       sum->proof.complete ? "" :
	       "; incomplete: no end of a sender was seen");
}

static void text_trips(const struct report_sum *sum)
{
	const struct track_source *answers = &sum->trips->answers;
	const struct histogram *hist = &sum->trips->latency;

	printf("answers: returned %" PRIu64 " lost %" PRIu64, answers->unique,
	       sum->rep->frames - answers->unique);
	printf(" duplicate %" PRIu64 " reordered %" PRIu64 "\n",
	       answers->duplicate, answers->reordered);
	if (!hist->count)
		return;
	printf("latency: min %.1f mean %.1f p50 %.1f p90 %.1f", hist->min / 1e3,
	       hist_mean(hist) / 1e3, hist_percentile(hist, 50) / 1e3,
	       hist_percentile(hist, 90) / 1e3);
	printf(" p99 %.1f p99.9 %.1f max %.1f us\n",
	       hist_percentile(hist, 99) / 1e3,
	       hist_percentile(hist, 99.9) / 1e3, hist->max / 1e3);
}

/**
 * report_end() - print the summary
 * @rep: the counters
 * @track: account of the frames that were proved, or NULL
 * @trips: answers to what was sent, or NULL
 *
 * Return: 0, or a negative errno, and then it has said why.
 */
int report_end(const struct report *rep, const struct track *track,
	       const struct round_trips *trips)
{
	struct report_sum sum = {
		.rep = rep,
		.track = track,
		.trips = trips,
		.seconds = report_seconds(rep->first, rep->last),
		.wall = report_seconds(rep->began, gen_now()),
	};
	struct rusage usage;
	int err = 0;

	getrusage(RUSAGE_SELF, &usage);
	sum.user = elapsed(&rep->user, &usage.ru_utime);
	sum.system = elapsed(&rep->system, &usage.ru_stime);
	if (track)
		track_sum(track, rep->conf->sources, &sum.proof);

	if (rep->conf->json) {
		err = report_json(&sum);
	} else {
		text_totals(&sum);
		if (track)
			text_proof(&sum);
		if (trips)
			text_trips(&sum);
	}
	if (!err && (fflush(stdout) || ferror(stdout)))
		err = -errno;
	return err ? gen_error(err, "cannot write the summary") : 0;
}
