// SPDX-License-Identifier: GPL-2.0
/*
 * bench-instr: a thousand rules in front of the learning bridge
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netlink.h>

#include "bench.h"

#define ETH_HLEN	14

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
	struct vsw_nl_switch sw = {};
	struct option option;
	uint32_t i, len = 0;

	memset(&option, 0, sizeof(option));
	for (i = 0; i < ACL_CHUNK; i++) {
		make_rule(&option, first + i);
		memcpy(options + len, &option, NLA_ALIGN(option.attr.nla_len));
		len += NLA_ALIGN(option.attr.nla_len);
	}
	vsw_nl_put(&sw, SWITCH_NAME, name, BENCH_SWITCH);
	sw.options.data = options;
	sw.options.len = len;
	sw.present |= VSW_NL_BIT(VSW_A_SWITCH_OPTIONS);
	return vsw_nl_switch_set(b->nl, &sw);
}

/* UDP in @flows flows, frame after frame of another one. */
static void make_udp(const struct bench *b, struct bench_port *p,
		     uint32_t flows)
{
	struct iphdr ip = {
		.version	= 4,
		.ihl		= 5,
		.tot_len	= htons(b->c.len - ETH_HLEN),
		.ttl		= 64,
		.protocol	= IPPROTO_UDP,
		.saddr		= htonl(0x0a000001 | ACL_MATCH << 8),
		.daddr		= htonl(0xc6336401),
	};
	struct udphdr udp = {
		.dest	= htons(ACL_MATCH),
		.len	= htons(b->c.len - ETH_HLEN - sizeof(ip)),
	};
	uint32_t i;
	uint8_t *data;

	for (i = 0; i < p->tx->num_slots; i++) {
		data = vsw_ring_buf(p->tx, p->buf[i]);
		data[12] = 0x08;
		data[13] = 0x00;
		udp.source = htons(1024 + i % flows);
		memcpy(data + ETH_HLEN, &ip, sizeof(ip));
		memcpy(data + ETH_HLEN + sizeof(ip), &udp, sizeof(udp));
	}
}

static int set_up(struct bench *b, uint32_t flows)
{
	uint32_t i;
	int err = 0;

	make_udp(b, &b->tx[0], flows);
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
