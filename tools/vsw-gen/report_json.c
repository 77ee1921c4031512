// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: the summary as JSON
 *
 * It is written at once when it is complete.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <json-c/json.h>
#include <math.h>
#include <stdio.h>

#include "io.h"
#include "report.h"

static void add_number(struct json_object *json, const char *key, uint64_t n)
{
	json_object_object_add(json, key, json_object_new_uint64(n));
}

static void add_rate(struct json_object *json, const char *key, uint64_t n,
		     double secs)
{
	add_number(json, key, llround(report_rate(n, secs)));
}

static void add_text(struct json_object *json, const char *key,
		     const char *text)
{
	json_object_object_add(json, key, json_object_new_string(text));
}

static void add_bool(struct json_object *json, const char *key, bool value)
{
	json_object_object_add(json, key, json_object_new_boolean(value));
}

static void add_seconds(struct json_object *json, const char *key, double secs)
{
	char text[32];

	snprintf(text, sizeof(text), "%.6f", secs);
	json_object_object_add(json, key, json_object_new_double_s(secs, text));
}

static struct json_object *source_object(const struct track_source *src)
{
	struct json_object *json = json_object_new_object();
	const uint8_t *mac = src->addr.mac;
	char text[INET_ADDRSTRLEN > 18 ? INET_ADDRSTRLEN : 18];

	inet_ntop(AF_INET, &src->addr.ip, text, sizeof(text));
	add_text(json, "ip", text);
	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
		 mac[1], mac[2], mac[3], mac[4], mac[5]);
	add_text(json, "address", text);
	add_number(json, "frames", src->unique);
	add_number(json, "lost", track_lost(src));
	add_number(json, "duplicate", src->duplicate);
	add_number(json, "reordered", src->reordered);
	add_bool(json, "ended", src->ended);
	return json;
}

static struct json_object *proof_object(const struct report_sum *sum)
{
	struct json_object *json = json_object_new_object();
	struct json_object *sources = json_object_new_array();
	uint32_t i;

	for (i = 0; i < sum->track->sources; i++)
		json_object_array_add(sources,
				      source_object(&sum->track->source[i]));
	add_number(json, "lost", sum->proof.lost);
	add_number(json, "duplicate", sum->proof.duplicate);
	add_number(json, "reordered", sum->proof.reordered);
	add_number(json, "corrupt", sum->proof.corrupt);
	add_bool(json, "complete", sum->proof.complete);
	json_object_object_add(json, "sources", sources);
	return json;
}

static struct json_object *latency_object(const struct histogram *hist)
{
	struct json_object *json = json_object_new_object();

	add_number(json, "count", hist->count);
	add_number(json, "min", hist->count ? hist->min : 0);
	add_number(json, "mean", llround(hist_mean(hist)));
	add_number(json, "p50", hist_percentile(hist, 50));
	add_number(json, "p90", hist_percentile(hist, 90));
	add_number(json, "p99", hist_percentile(hist, 99));
	add_number(json, "p99.9", hist_percentile(hist, 99.9));
	add_number(json, "max", hist->max);
	return json;
}

static void add_trips(struct json_object *json, const struct report_sum *sum)
{
	const struct round_trips *trips = sum->trips;
	const struct track_source *answers = &trips->answers;

	add_number(json, "returned", answers->unique);
	add_rate(json, "returned_pps", answers->unique,
		 report_seconds(trips->first, trips->last));
	add_number(json, "lost", sum->rep->frames - answers->unique);
	add_number(json, "duplicate", answers->duplicate);
	add_number(json, "reordered", answers->reordered);
	json_object_object_add(json, "latency_ns",
			       latency_object(&trips->latency));
}

static void add_totals(struct json_object *json, const struct report_sum *sum)
{
	const struct report *rep = sum->rep;

	add_text(json, "app", rep->conf->app);
	add_text(json, "backend", rep->conf->backend->name);
	if (rep->role & REPORT_SENDS) {
		add_number(json, "attempted", rep->attempted);
		add_number(json, "dropped", rep->attempted - rep->frames);
	}
	if (rep->role & REPORT_RECEIVES)
		add_number(json, "other", rep->other);
	add_number(json, "frames", rep->frames);
	add_number(json, "bytes", rep->bytes);
	add_seconds(json, "seconds", sum->seconds);
	add_rate(json, "pps", rep->frames, sum->seconds);
	add_seconds(json, "cpu_user", sum->user);
	add_seconds(json, "cpu_system", sum->system);
	add_seconds(json, "cpu_seconds", sum->wall);
}

/**
 * report_json() - print the summary
 * @sum: the summary
 *
 * Return: 0 or a negative errno.
 */
int report_json(const struct report_sum *sum)
{
	struct json_object *json = json_object_new_object();
	const char *text;
	int err = 0;

	add_totals(json, sum);
	if (sum->track)
		json_object_object_add(json, "integrity", proof_object(sum));
	if (sum->trips)
		add_trips(json, sum);
	text = json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN |
					      JSON_C_TO_STRING_NOSLASHESCAPE);
	if (!text)
		err = -ENOMEM;
	else if (printf("%s\n", text) < 0)
		err = -errno;
	json_object_put(json);
	return err;
}
