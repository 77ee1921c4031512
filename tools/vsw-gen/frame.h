/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: Ethernet frames
 */
#ifndef _FRAME_H
#define _FRAME_H

#include <net/ethernet.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <string.h>

#include "gen.h"

/**
 * struct gen_hdr - all that comes before the payload
 * @eth: Ethernet
 * @ip: IPv4
 * @udp: UDP
 */
struct gen_hdr {
	struct ether_header	eth;
	struct iphdr		ip;
	struct udphdr		udp;
} __attribute__((packed));

#define GEN_HDR_LEN	42

_Static_assert(sizeof(struct gen_hdr) == GEN_HDR_LEN, "struct gen_hdr");

/**
 * struct gen_seg - a piece of a frame
 * @data: the bytes
 * @len: number of bytes; a multiple of 8 if @more
 * @more: the frame goes on in the next piece
 */
struct gen_seg {
	uint8_t		*data;
	uint32_t	len;
	uint32_t	more;
};

void frame_header(void *buf, const struct gen_addr *src,
		  const struct gen_addr *dst, uint32_t len);
void frame_template(void *buf, const struct gen_conf *conf);
uint32_t frame_announcement(void *buf, const struct gen_addr *who);

/**
 * frame_is_for() - is a frame addressed to us
 * @who: our addresses
 * @seg: first piece of the frame
 */
static inline bool frame_is_for(const struct gen_addr *who,
				const struct gen_seg *seg)
{
	static const uint8_t broadcast[6] = { 255, 255, 255, 255, 255, 255 };
	const struct gen_hdr *hdr = (const void *)seg->data;

	return seg->len >= GEN_HDR_LEN &&
	       (!memcmp(hdr->eth.ether_dhost, who->mac, 6) ||
		!memcmp(hdr->eth.ether_dhost, broadcast, 6)) &&
	       hdr->eth.ether_type == htons(ETHERTYPE_IP) &&
	       hdr->ip.protocol == IPPROTO_UDP &&
	       hdr->ip.daddr == who->ip.s_addr &&
	       hdr->udp.dest == htons(GEN_UDP_PORT);
}

#endif /* _FRAME_H */
