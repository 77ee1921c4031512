// SPDX-License-Identifier: GPL-2.0
/*
 * bench-instr: lookups that spread frames over a group of ports
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netlink.h>

#include "bench.h"

/* Attributes of "flow" and "lb". */
enum {
	GROUP_PORTS = 1,
	GROUP_AFFINITY = 3,
};

struct option {
	struct nlattr	attr;
	uint32_t	value;
};

static struct option option(uint16_t type, uint32_t value)
{
	return (struct option) {
		.attr	= { .nla_len = sizeof(struct option), .nla_type = type },
		.value	= value,
	};
}

static int note_index(const struct vsw_nl_msg *msg, void *data)
{
	*(uint32_t *)data = msg->port->index;
	return 0;
}

static int port_index(struct bench *b, const char *prefix, uint32_t i,
		      uint32_t *index)
{
	struct vsw_nl_port port = {};
	char name[VSW_NAME_SIZE];

	snprintf(name, sizeof(name), "%s%u", prefix, i);
	vsw_nl_put(&port, PORT_NAME, name, name);
	vsw_nl_put(&port, PORT_SWITCH, sw, BENCH_SWITCH);
	return vsw_nl_port_get(b->nl, &port, note_index, index);
}

static int set_options(struct bench *b, const struct option *options,
		       uint32_t n)
{
	return bench_set_options(b, options, n * sizeof(*options));
}

/* What comes from the sender goes to the receiver, by two attributes. */
static int set_pair(struct bench *b, uint16_t from, uint16_t to)
{
	struct option options[2];
	uint32_t tx = 0, rx = 0;
	int err;

	err = port_index(b, BENCH_TX, 0, &tx);
	if (!err)
		err = port_index(b, BENCH_RX, 0, &rx);
	options[0] = option(from, tx);
	options[1] = option(to, rx);
	if (!err)
		err = set_options(b, options, 2);
	return err ? bench_fail(b, err, "pair") : 0;
}

/* Connected "with" each other. */
int bench_static(struct bench *b)
{
	return set_pair(b, 1, 2);
}

/* Two times "port". */
int bench_chain(struct bench *b)
{
	return set_pair(b, 1, 1);
}

/* The receivers are the group; @more is one more attribute, or NULL. */
static int set_group(struct bench *b, const struct option *more)
{
	struct option *options = calloc(b->c.receivers + 1, sizeof(*options));
	uint32_t i, n = 0, index;
	int err = options ? 0 : -ENOMEM;

	for (i = 0; !err && i < b->c.receivers; i++) {
		err = port_index(b, BENCH_RX, i, &index);
		if (!err)
			options[n++] = option(GROUP_PORTS, index);
	}
	if (!err && more)
		options[n++] = *more;
	if (!err)
		err = set_options(b, options, n);
	free(options);
	return err ? bench_fail(b, err, "group") : 0;
}

/* For the lookups "flow" and "lb". */
int bench_group(struct bench *b)
{
	bench_make_udp(b, BENCH_UDP_SRC, 9, 1);
	return set_group(b, NULL);
}

/* The same with frame after frame of another of 64 flows. */
int bench_group_flows(struct bench *b)
{
	bench_make_udp(b, BENCH_UDP_SRC, 9, 64);
	return set_group(b, NULL);
}

/* For "lb": flows stay where they are. */
int bench_group_affinity(struct bench *b)
{
	struct option affinity = option(GROUP_AFFINITY, 60);

	bench_make_udp(b, BENCH_UDP_SRC, 9, 1);
	return set_group(b, &affinity);
}
