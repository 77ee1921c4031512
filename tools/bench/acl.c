// SPDX-License-Identifier: GPL-2.0
/*
 * bench-instr: a thousand rules in front of the learning bridge
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netlink.h>

#include "bench.h"

#define ACL_RULES	1000
/* The one that lets the frames pass; all others drop. */
#define ACL_MATCH	900
/* Rules for each request, which has room for some. */
#define ACL_CHUNK	100
#define ACL_RULE_SIZE	80

/* Attribute of "acl". */
#define ACL_RULE	2

#define ACL_FLOWS	64

struct option {
	struct nlattr	attr;
	char		text[ACL_RULE_SIZE];
};

static void make_rule(struct option *option, uint32_t i)
{
	int len = snprintf(option->text, sizeof(option->text),
			   "src 10.%u.%u.0/24 dst 198.51.100.0/24 proto udp dport %u %s",
			   i / 256, i % 256, i, i == ACL_MATCH ? "allow" : "drop");

	option->attr.nla_len = sizeof(option->attr) + len + 1;
	option->attr.nla_type = ACL_RULE;
}

/* Rules from number @first on. */
static int add_rules(struct bench *b, uint32_t first)
{
	static char options[ACL_CHUNK * sizeof(struct option)];
	struct option option;
	uint32_t i, len = 0;

	memset(&option, 0, sizeof(option));
	for (i = 0; i < ACL_CHUNK; i++) {
		make_rule(&option, first + i);
		memcpy(options + len, &option, NLA_ALIGN(option.attr.nla_len));
		len += NLA_ALIGN(option.attr.nla_len);
	}
	return bench_set_options(b, options, len);
}

static int set_up(struct bench *b, uint32_t flows)
{
	uint32_t i;
	int err = 0;

	bench_make_udp(b, 0x0a000001 | ACL_MATCH << 8, ACL_MATCH, flows);
	for (i = 0; !err && i < ACL_RULES; i += ACL_CHUNK)
		err = add_rules(b, i);
	return err ? bench_fail(b, err, "rules") : 0;
}

/* For the lookup "acl": all frames are alike. */
int bench_acl(struct bench *b)
{
	return set_up(b, 1);
}

/* The same with frames of many flows in turn. */
int bench_acl_flows(struct bench *b)
{
	return set_up(b, ACL_FLOWS);
}
