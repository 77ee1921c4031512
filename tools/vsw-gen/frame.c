// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: Ethernet frames
 */
#include <net/if_arp.h>
#include <netinet/if_ether.h>

#include "frame.h"

static uint16_t ip_checksum(const struct iphdr *ip)
{
	uint16_t word[sizeof(*ip) / 2];
	uint32_t sum = 0;
	unsigned int i;

	memcpy(word, ip, sizeof(word));
	for (i = 0; i < ARRAY_SIZE(word); i++)
		sum += word[i];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/**
 * frame_header() - write the headers of a frame
 * @buf: start of the frame
 * @src: where it comes from
 * @dst: where it goes to
 * @len: bytes of the frame, without FCS
 *
 * Equal arguments give equal bytes, so that a receiver that sees the payload
 * only can tell what the headers were.
 */
void frame_header(void *buf, const struct gen_addr *src,
		  const struct gen_addr *dst, uint32_t len)
{
	struct gen_hdr hdr = {
		.eth = {
			.ether_type = htons(ETHERTYPE_IP),
		},
		.ip = {
			.version = 4,
			.ihl = 5,
			.tot_len = htons(len - sizeof(struct ether_header)),
			.frag_off = htons(IP_DF),
			.ttl = 64,
			.protocol = IPPROTO_UDP,
			.saddr = src->ip.s_addr,
			.daddr = dst->ip.s_addr,
		},
		.udp = {
			.source = htons(GEN_UDP_PORT),
			.dest = htons(GEN_UDP_PORT),
			.len = htons(len - sizeof(struct ether_header) -
				     sizeof(struct iphdr)),
		},
	};
	struct iphdr ip = hdr.ip;

	memcpy(hdr.eth.ether_shost, src->mac, 6);
	memcpy(hdr.eth.ether_dhost, dst->mac, 6);
	hdr.ip.check = ip_checksum(&ip);
	memcpy(buf, &hdr, sizeof(hdr));
}

/**
 * frame_template() - write a whole frame from us to the peer
 * @buf: room for conf->frame_len bytes
 * @conf: addresses and length
 */
void frame_template(void *buf, const struct gen_conf *conf)
{
	frame_header(buf, &conf->local, &conf->peer, conf->frame_len);
	memset((uint8_t *)buf + GEN_HDR_LEN, 0, conf->frame_len - GEN_HDR_LEN);
}

/**
 * frame_announcement() - write a gratuitous ARP request
 * @buf: room for GEN_MIN_FRAME bytes
 * @who: whose addresses it makes known
 *
 * Return: length of the frame.
 */
uint32_t frame_announcement(void *buf, const struct gen_addr *who)
{
	struct ether_header eth = { .ether_type = htons(ETHERTYPE_ARP) };
	struct ether_arp arp = {
		.ea_hdr = {
			.ar_hrd = htons(ARPHRD_ETHER),
			.ar_pro = htons(ETHERTYPE_IP),
			.ar_hln = 6,
			.ar_pln = 4,
			.ar_op = htons(ARPOP_REQUEST),
		},
	};

	memset(eth.ether_dhost, 0xff, 6);
	memcpy(eth.ether_shost, who->mac, 6);
	memcpy(arp.arp_sha, who->mac, 6);
	memcpy(arp.arp_spa, &who->ip, 4);
	memcpy(arp.arp_tpa, &who->ip, 4);

	memset(buf, 0, GEN_MIN_FRAME);
	memcpy(buf, &eth, sizeof(eth));
	memcpy((uint8_t *)buf + sizeof(eth), &arp, sizeof(arp));
	return GEN_MIN_FRAME;
}
