// SPDX-License-Identifier: GPL-2.0
/*
 * bench-instr: what cases of lookups share: attributes, and frames of UDP
 */
#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <string.h>

#include "bench.h"

#define ETH_HLEN	14

/* Gives the lookup of the switch @len bytes of attributes. */
int bench_set_options(struct bench *b, const void *options, size_t len)
{
	struct vsw_nl_switch sw = {};

	vsw_nl_put(&sw, SWITCH_NAME, name, BENCH_SWITCH);
	sw.options.data = options;
	sw.options.len = len;
	sw.present |= VSW_NL_BIT(VSW_A_SWITCH_OPTIONS);
	return vsw_nl_switch_set(b->nl, &sw);
}

/*
 * Makes the frames of the first sender UDP from the address @src to the port
 * @dport, in @flows flows, frame after frame of another one.
 */
void bench_make_udp(const struct bench *b, uint32_t src, uint16_t dport,
		    uint32_t flows)
{
	const struct bench_port *p = &b->tx[0];
	struct iphdr ip = {
		.version	= 4,
		.ihl		= 5,
		.tot_len	= htons(b->c.len - ETH_HLEN),
		.ttl		= 64,
		.protocol	= IPPROTO_UDP,
		.saddr		= htonl(src),
		.daddr		= htonl(0xc6336401),
	};
	struct udphdr udp = {
		.dest	= htons(dport),
		.len	= htons(b->c.len - ETH_HLEN - sizeof(ip)),
	};
	uint32_t i;
	uint8_t *data;

	for (i = 0; i < p->num_slots; i++) {
		data = vsw_ring_buf(p->tx, p->buf[i]);
		data[12] = 0x08;
		data[13] = 0x00;
		udp.source = htons(1024 + i % flows);
		memcpy(data + ETH_HLEN, &ip, sizeof(ip));
		memcpy(data + ETH_HLEN + sizeof(ip), &udp, sizeof(udp));
	}
}
