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
};

static int see(const struct vsw_nl_msg *msg, void *data)
{
	struct seen *seen = data;

	seen->n++;
	strcat(seen->names, msg->name);
	strcat(seen->names, " ");
	if (msg->object == VSW_NL_SWITCH) {
		strcat(seen->names, msg->sw->name);
		strcat(seen->names, " ");
	}
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

	name = calloc(1, 10000);
	memset(name, 'x', 9999);
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
		test_events(nl);
		vsw_nl_close(nl);
	}
	return ktap_finish();
}
