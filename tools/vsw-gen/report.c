// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: statistics
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>

#include "io.h"
#include "report.h"

static double seconds(uint64_t from, uint64_t to)
{
	return to > from ? (double)(to - from) / NSEC_PER_SEC : 0;
}

static double per_second(uint64_t n, double secs)
{
	return secs > 0 ? n / secs : 0;
}

/**
 * report_start() - begin to count
 * @rep: the counters
 * @conf: the command line
 * @sender: frames are sent, not received
 */
void report_start(struct report *rep, const struct gen_conf *conf, bool sender)
{
	uint64_t now = gen_now();

	*rep = (struct report){
		.conf = conf,
		.sender = sender,
		.first = now,
		.then = now,
		.tick = conf->silent ? 0 : now + NSEC_PER_SEC,
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
	double secs = seconds(rep->then, now);
	uint64_t frames = rep->frames - rep->line_frames;
	uint64_t bytes = rep->bytes - rep->line_bytes;

	if (rep->sender) {
		uint64_t attempted = rep->attempted - rep->line_attempted;

		fprintf(out, "attempted %" PRIu64 " sent %" PRIu64 " dropped %" PRIu64 "  ",
			attempted, frames, attempted - frames);
	} else {
		fprintf(out, "received %" PRIu64 "  ", frames);
	}
	fprintf(out, "%.0f pps  %.1f Mb/s\n", per_second(frames, secs),
		per_second(bytes * 8, secs) / 1e6);
	fflush(out);

	rep->line_frames = rep->frames;
	rep->line_bytes = rep->bytes;
	rep->line_attempted = rep->attempted;
	rep->then = now;
	rep->tick = now + NSEC_PER_SEC;
}

static void json_sources(const struct track *track)
{
	char ip[INET_ADDRSTRLEN];
	uint32_t i;

	for (i = 0; i < track->sources; i++) {
		const struct track_source *src = &track->source[i];
		const uint8_t *mac = src->addr.mac;

		inet_ntop(AF_INET, &src->addr.ip, ip, sizeof(ip));
		printf("%s{\"ip\":\"%s\",\"address\":\"%02x:%02x:%02x:%02x:%02x:%02x\",",
		       i ? "," : "", ip, mac[0], mac[1], mac[2], mac[3], mac[4],
		       mac[5]);
		printf("\"frames\":%" PRIu64 ",\"lost\":%" PRIu64 ",",
		       src->unique, track_lost(src));
		printf("\"duplicate\":%" PRIu64 ",\"reordered\":%" PRIu64 ",",
		       src->duplicate, src->reordered);
		printf("\"ended\":%s}", src->ended ? "true" : "false");
	}
}

static void json_integrity(const struct track *track,
			   const struct track_sum *sum)
{
	printf(",\"integrity\":{\"lost\":%" PRIu64 ",\"duplicate\":%" PRIu64 ",",
	       sum->lost, sum->duplicate);
	printf("\"reordered\":%" PRIu64 ",\"corrupt\":%" PRIu64 ",",
	       sum->reordered, sum->corrupt);
	printf("\"complete\":%s,\"sources\":[",
	       sum->complete ? "true" : "false");
	json_sources(track);
	printf("]}");
}

static void end_json(const struct report *rep, const struct track *track,
		     const struct track_sum *sum, double secs)
{
	printf("{\"app\":\"%s\",\"backend\":\"%s\",", rep->conf->app,
	       rep->conf->backend->name);
	if (rep->sender)
		printf("\"attempted\":%" PRIu64 ",\"dropped\":%" PRIu64 ",",
		       rep->attempted, rep->attempted - rep->frames);
	else
		printf("\"other\":%" PRIu64 ",", rep->other);
	printf("\"frames\":%" PRIu64 ",\"bytes\":%" PRIu64 ",", rep->frames,
	       rep->bytes);
	printf("\"seconds\":%.6f,\"pps\":%.0f", secs,
	       per_second(rep->frames, secs));
	if (track)
		json_integrity(track, sum);
	printf("}\n");
}

static void end_text(const struct report *rep, const struct track *track,
		     const struct track_sum *sum, double secs)
{
	printf("total: ");
	if (rep->sender)
		printf("attempted %" PRIu64 " sent %" PRIu64 " dropped %" PRIu64,
		       rep->attempted, rep->frames,
		       rep->attempted - rep->frames);
	else
		printf("received %" PRIu64 " other %" PRIu64, rep->frames,
		       rep->other);
	printf("  %.3f s  %.0f pps  %.1f Mb/s\n", secs,
	       per_second(rep->frames, secs),
	       per_second(rep->bytes * 8, secs) / 1e6);
	if (!track)
		return;
	printf("integrity: lost %" PRIu64 " duplicate %" PRIu64, sum->lost,
	       sum->duplicate);
	printf(" reordered %" PRIu64 " corrupt %" PRIu64, sum->reordered,
	       sum->corrupt);
	printf(", from %u sources%s\n", track->sources,
	       sum->complete ? "" : "; incomplete: no end of a sender was seen");
}

/**
 * report_end() - print the summary
 * @rep: the counters
 * @track: account of the frames that were proved, or NULL
 */
void report_end(const struct report *rep, const struct track *track)
{
	double secs = seconds(rep->first, rep->last);
	struct track_sum sum;

	if (track)
		track_sum(track, rep->conf->sources, &sum);
	if (rep->conf->json)
		end_json(rep, track, &sum, secs);
	else
		end_text(rep, track, &sum, secs);
	fflush(stdout);
}
