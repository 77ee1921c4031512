// SPDX-License-Identifier: GPL-2.0
/*
 * Requests and answers, with the kernel of fake.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <vsw/nl.h>

#include "ktap.h"

/* What a callback saw. */
struct seen {
	unsigned int	n;
	int		stop;
	char		names[128];
	struct vsw_nl_port port;
	struct vsw_nl_stats stats;
	struct vsw_nl_drops drops;
	size_t		len;
	unsigned int	attrs;
};

static void see_reasons(const struct vsw_nl_switch *sw, struct seen *seen)
{
	const struct vsw_nl_reason *const *reason = sw->reason;

	for (; vsw_nl_has(sw, SWITCH_REASON) && *reason; reason++) {
		strcat(seen->names, (*reason)->name);
		strcat(seen->names, (*reason)->frames ? " " : "=0 ");
	}
}

static void see_attrs(const struct vsw_nl_lookup *lookup, struct seen *seen)
{
	const struct vsw_nl_lookup_attr *const *attr = lookup->attr;

	for (; vsw_nl_has(lookup, LOOKUP_ATTR) && *attr; attr++)
		if ((*attr)->id == ++seen->attrs) {
			strcat(seen->names, (*attr)->name);
			strcat(seen->names, " ");
		}
}

static int see(const struct vsw_nl_msg *msg, void *data)
{
	struct seen *seen = data;

	seen->n++;
	strcat(seen->names, msg->name);
	strcat(seen->names, " ");
	if (msg->object == VSW_NL_SWITCH) {
		strcat(seen->names, msg->sw->name);
		strcat(seen->names, " ");
		seen->len = msg->sw->options.len;
		see_reasons(msg->sw, seen);
	}
	if (msg->object == VSW_NL_LOOKUP)
		see_attrs(msg->lookup, seen);
	if (msg->object == VSW_NL_PORT) {
		seen->port = *msg->port;
		seen->stats = *msg->port->stats;
		seen->drops = *seen->stats.drops;
	}
	return seen->stop;
}

static bool explained(const struct vsw_nl *nl, const char *text,
		      const char *attr, bool missing)
{
	const struct vsw_nl_error *error = vsw_nl_error(nl);

	return !strcmp(error->text, text) && !strcmp(error->attr, attr) &&
	       error->missing == missing;
}

static void test_requests(struct vsw_nl *nl)
{
	struct vsw_nl_switch sw = {};
	struct seen seen = {};
	char *name;

	vsw_nl_put(&sw, SWITCH_NAME, name, "s0");
	ok(!vsw_nl_switch_get(nl, &sw, see, &seen) && seen.n == 1, "get");
	ok(vsw_nl_switch_new(nl, &sw) == -EEXIST, "a refusal");
	ok(explained(nl, "the name is taken", "name", false), "its reason");
	sw.name = "nope";
	ok(vsw_nl_switch_new(nl, &sw) == -EINVAL, "an attribute is missing");
	ok(explained(nl, "no default", "lookup", true), "which one");
	sw.name = "warn";
	ok(!vsw_nl_switch_new(nl, &sw), "success with a warning");
	ok(explained(nl, "it is late", "", false), "the warning");
	ok(vsw_nl_switch_del(nl, &sw) == -EPERM, "a refusal without a reason");
	ok(explained(nl, "", "", false), "no old reason");

	name = calloc(1, 100000);
	memset(name, 'x', 99999);
	sw.name = name;
	ok(vsw_nl_switch_new(nl, &sw) == -EMSGSIZE, "a request that is too long");
	free(name);
}

static void test_dumps(struct vsw_nl *nl)
{
	struct seen seen = {};

	ok(!vsw_nl_switch_dump(nl, see, &seen), "dump");
	ok(!strcmp(seen.names, "switch-get s0 switch-get s1 "),
	   "an interrupted dump is tried again");
	seen = (struct seen){ .stop = 42 };
	ok(vsw_nl_switch_dump(nl, see, &seen) == 42 && seen.n == 1,
	   "a callback ends a dump");

	seen = (struct seen){};
	ok(!vsw_nl_port_dump(nl, NULL, see, &seen) && seen.n == 1, "ports");
	ok(vsw_nl_has(&seen.port, PORT_REGION) && seen.port.region == 3 &&
	   !vsw_nl_has(&seen.port, PORT_NETNS_PID), "present attributes");
	ok(seen.stats.tx_frames == 12 && seen.stats.tx_bytes == 1ULL << 40,
	   "numbers of 4 and 8 bytes");
	ok(seen.drops.no_room == 3 && vsw_nl_has(&seen.drops, DROPS_RUNT) &&
	   !vsw_nl_has(&seen.drops, DROPS_LOOKUP), "nests");
}

static void test_lookups(struct vsw_nl *nl)
{
	/* A u32 with the number 1, and text with the number 3. */
	static const uint16_t bytes[] = { 8, 1, 5, 0, 6, 3, 'x' };
	struct vsw_nl_lookup lookup = {};
	struct vsw_nl_switch sw = {};
	struct seen seen = {};

	vsw_nl_put(&sw, SWITCH_NAME, name, "s2");
	ok(!vsw_nl_switch_get(nl, &sw, see, &seen) && seen.len == 68,
	   "options of a switch");
	ok(!strcmp(seen.names, "switch-get s2 no-rule too-many=0 "),
	   "reasons of a lookup");
	sw.options.data = bytes;
	sw.options.len = sizeof(bytes);
	sw.present |= VSW_NL_BIT(VSW_A_SWITCH_OPTIONS);
	ok(vsw_nl_switch_set(nl, &sw) == -ERANGE &&
	   explained(nl, "1:05000000 3:7800", "options", false),
	   "options are sent as they are");
	ok(vsw_nl_error(nl)->option == 3, "the option at fault");

	seen = (struct seen){};
	vsw_nl_put(&lookup, LOOKUP_NAME, name, "flow");
	ok(!vsw_nl_lookup_get(nl, &lookup, see, &seen) && seen.n == 1 &&
	   !strcmp(seen.names,
		   "lookup-get weight ports label peer state rule new "),
	   "attributes of a lookup");
	lookup.name = "nix";
	ok(vsw_nl_lookup_get(nl, &lookup, see, &seen) == -ENOENT &&
	   !vsw_nl_error(nl)->option, "no such lookup");
}

static void test_events(struct vsw_nl *nl)
{
	struct seen seen = {};

	ok(vsw_nl_join(nl, "none") == -ENOENT, "no such group");
	ok(!vsw_nl_join(nl, VSW_MCGRP_SWITCH) && !vsw_nl_join(nl, VSW_MCGRP_FDB),
	   "join groups");
	ok(!vsw_nl_events(nl, see, &seen), "events");
	ok(!strcmp(seen.names, "switch-new-ntf s0 fdb-new-ntf "),
	   "those of the groups");
	ok(vsw_nl_events(nl, see, &seen) == -ENOBUFS, "lost events");
}

int main(void)
{
	struct vsw_nl *nl;
	int err;

	ktap_begin();
	err = vsw_nl_open(&nl);
	ok(!err, "open");
	if (!err) {
		test_requests(nl);
		test_dumps(nl);
		test_lookups(nl);
		test_events(nl);
		vsw_nl_close(nl);
	}
	return ktap_finish();
}
