/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Headers of a frame, for lookups that decide on more than addresses
 *
 * The sender can write to the frame while it is parsed, unless the lookup has
 * VSW_LOOKUP_SNAPSHOT. So each byte is read at most once by each function here,
 * after the bounds were checked, and what it says of a frame fits together:
 * either all of it was there, or the sender has mixed it and gains nothing but
 * another verdict for a frame of its own.
 *
 * Bytes that are in later pieces of a frame are not seen; with a snapshot the
 * first VSW_SNAPSHOT_LEN bytes are one piece.
 */
#ifndef _VSW_PARSE_H
#define _VSW_PARSE_H

#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/types.h>
#include <linux/unaligned.h>
#include <net/ip.h>
#include <net/ipv6.h>

/* No VLAN tag. */
#define VSW_VLAN_NONE		0xffff

/* VLAN tags, and extension headers of IPv6, that are looked behind. */
#define VSW_PARSE_TAGS		2
#define VSW_PARSE_EXTENSIONS	8

/* Ethernet and IPv4 without options, and the ports behind them. */
#define VSW_PLAIN_LEN		(ETH_HLEN + sizeof(struct iphdr) + 4)

/* What is known of a frame. */
#define VSW_HAS_IP		BIT(0)	/* version, protocol and addresses */
#define VSW_HAS_PORTS		BIT(1)	/* ports of TCP, UDP or SCTP */
/*
 * It is a part of a larger packet. Only the first one can have ports, so who
 * wants to treat them all alike must not look at these.
 */
#define VSW_IS_FRAGMENT		BIT(2)
/* It ends inside a header, or a header contradicts itself. */
#define VSW_IS_CUT		BIT(3)

/**
 * struct vsw_headers - what the headers of a frame say
 * @ethertype: behind at most VSW_PARSE_TAGS VLAN tags; below ETH_P_802_3_MIN a
 *	length; 0 if it is cut off
 * @vlan: VLAN identifier of the first tag, 0 to 4095, or VSW_VLAN_NONE
 * @known: VSW_HAS_*, VSW_IS_*
 * @ip_version: 4 or 6 with VSW_HAS_IP, else 0
 * @proto: IPPROTO_* with VSW_HAS_IP, behind the extension headers that can be
 *	walked
 * @sport: source port with VSW_HAS_PORTS
 * @dport: destination port with VSW_HAS_PORTS
 * @ports: both
 * @src4: source address with @ip_version 4
 * @dst4: destination address with @ip_version 4
 * @both4: both
 * @src6: source address with @ip_version 6
 * @dst6: destination address with @ip_version 6
 * @both6: both
 *
 * What is not known is not set, but for the first five.
 */
struct vsw_headers {
	__be16	ethertype;
	u16	vlan;
	u8	known;
	u8	ip_version;
	u8	proto;
	union {
		struct {
			__be16	sport;
			__be16	dport;
		};
		u32	ports;
	};
	union {
		struct {
			__be32	src4;
			__be32	dst4;
		};
		u64	both4;
		struct {
			struct in6_addr	src6;
			struct in6_addr	dst6;
		};
		u64	both6[4];
	};
};

/* Read what may be unaligned, and change: no later use of it reads it again. */
#define vsw_parse_read(type, from) ({					\
	type __val = get_unaligned((const type *)(from));		\
	OPTIMIZER_HIDE_VAR(__val);					\
	__val;								\
})

static __always_inline bool vsw_parse_has_ports(u8 proto)
{
	return likely(proto == IPPROTO_UDP) || proto == IPPROTO_TCP ||
	       proto == IPPROTO_SCTP;
}

/**
 * struct vsw_plain - the words of a plain frame that say what it is
 * @type: ethertype, version, header length and TOS
 * @part: what part of a packet it is, TTL and protocol
 * @addrs: addresses
 * @ports: ports
 *
 * All are as they are in the frame. Plain is IPv4 without VLAN tags, options or
 * fragments, with ports, what most frames are.
 */
struct vsw_plain {
	__be32	type;
	__be32	part;
	u64	addrs;
	u32	ports;
};

/* Where they are in the frame. */
#define VSW_PLAIN_TYPE	(2 * ETH_ALEN)
#define VSW_PLAIN_PART	(ETH_HLEN + offsetof(struct iphdr, frag_off))
#define VSW_PLAIN_ADDRS	(ETH_HLEN + offsetof(struct iphdr, saddr))
#define VSW_PLAIN_PORTS	(ETH_HLEN + sizeof(struct iphdr))

static __always_inline u8 vsw_plain_proto(const struct vsw_plain *plain)
{
	return ((const u8 *)&plain->part)[3];
}

/**
 * vsw_plain_read() - read what most frames are
 * @data: the frame, from vsw_run_head()
 * @len: number of bytes there
 * @plain: out: its words
 *
 * Context: any.
 * Return: whether the frame is plain; @plain is not set otherwise.
 */
static __always_inline bool vsw_plain_read(const u8 *data, u32 len,
					   struct vsw_plain *plain)
{
	if (unlikely(len < VSW_PLAIN_LEN))
		return false;
	plain->type = vsw_parse_read(__be32, data + VSW_PLAIN_TYPE);
	if ((plain->type & htonl(0xffffff00)) !=
	    htonl(ETH_P_IP << 16 | 0x4500))
		return false;
	plain->part = vsw_parse_read(__be32, data + VSW_PLAIN_PART);
	if (unlikely(plain->part & htonl((IP_MF | IP_OFFSET) << 16) ||
		     !vsw_parse_has_ports(vsw_plain_proto(plain))))
		return false;
	plain->addrs = vsw_parse_read(u64, data + VSW_PLAIN_ADDRS);
	plain->ports = vsw_parse_read(u32, data + VSW_PLAIN_PORTS);
	return true;
}

/**
 * vsw_plain_is() - is a frame like another one that is plain?
 * @plain: the other one
 * @data: the frame, from vsw_run_head()
 * @len: number of bytes there
 *
 * Less than vsw_plain_read() for frames that come in bursts. Each word is only
 * compared, so it need not be kept from being read again. TOS and TTL may differ
 * in a flow; then the frame is one to be looked at anew.
 *
 * Context: any.
 * Return: whether its words are the same.
 */
static __always_inline bool vsw_plain_is(const struct vsw_plain *plain,
					 const u8 *data, u32 len)
{
	return len >= VSW_PLAIN_LEN &&
	       get_unaligned((const u32 *)(data + VSW_PLAIN_PORTS)) ==
	       plain->ports &&
	       get_unaligned((const u64 *)(data + VSW_PLAIN_ADDRS)) ==
	       plain->addrs &&
	       get_unaligned((const __be32 *)(data + VSW_PLAIN_PART)) ==
	       plain->part &&
	       get_unaligned((const __be32 *)(data + VSW_PLAIN_TYPE)) ==
	       plain->type;
}

/**
 * vsw_parse_plain() - parse what most frames are
 * @data: the frame, from vsw_run_head()
 * @len: number of bytes there
 * @h: out: its headers, if it is plain; not touched otherwise
 *
 * Inlined, and what is not used of @h costs nothing as long as @h is given to no
 * function.
 *
 * Context: any.
 * Return: whether the frame is plain; if not, vsw_parse_any() begins anew.
 */
static __always_inline bool vsw_parse_plain(const u8 *data, u32 len,
					    struct vsw_headers *h)
{
	struct vsw_plain plain;

	if (!vsw_plain_read(data, len, &plain))
		return false;
	h->ethertype = htons(ETH_P_IP);
	h->vlan = VSW_VLAN_NONE;
	h->known = VSW_HAS_IP | VSW_HAS_PORTS;
	h->ip_version = 4;
	h->proto = vsw_plain_proto(&plain);
	h->both4 = plain.addrs;
	h->ports = plain.ports;
	return true;
}

/* The ports at @at, if they belong to @h.proto and are there. */
static inline void vsw_parse_ports(const u8 *data, u32 len, u32 at,
				   struct vsw_headers *h)
{
	if (!vsw_parse_has_ports(h->proto))
		return;
	if (len < at + 4) {
		h->known |= VSW_IS_CUT;
		return;
	}
	h->ports = vsw_parse_read(u32, data + at);
	h->known |= VSW_HAS_PORTS;
}

/* Behind VLAN tags; returns where. */
static inline u32 vsw_parse_ethernet(const u8 *data, u32 len,
				     struct vsw_headers *h)
{
	u32 at = 2 * ETH_ALEN, tags;
	__be16 tci;

	h->ethertype = vsw_parse_read(__be16, data + at);
	at += 2;
	for (tags = 0; tags < VSW_PARSE_TAGS; tags++) {
		if (!eth_type_vlan(h->ethertype))
			break;
		if (len < at + VLAN_HLEN) {
			h->ethertype = 0;
			h->known |= VSW_IS_CUT;
			break;
		}
		tci = vsw_parse_read(__be16, data + at);
		if (!tags)
			h->vlan = ntohs(tci) & VLAN_VID_MASK;
		h->ethertype = vsw_parse_read(__be16, data + at + 2);
		at += VLAN_HLEN;
	}
	return at;
}

static inline void vsw_parse_ipv4(const u8 *data, u32 len, u32 at,
				  struct vsw_headers *h)
{
	__be16 fragment;
	u8 first, ihl;

	if (len < at + sizeof(struct iphdr))
		goto cut;
	first = vsw_parse_read(u8, data + at);
	ihl = (first & 0xf) * 4;
	if (first >> 4 != 4 || ihl < sizeof(struct iphdr))
		goto cut;
	fragment = vsw_parse_read(__be16, data + at +
				  offsetof(struct iphdr, frag_off));
	h->both4 = vsw_parse_read(u64, data + at +
				  offsetof(struct iphdr, saddr));
	h->ip_version = 4;
	h->proto = vsw_parse_read(u8, data + at +
				  offsetof(struct iphdr, protocol));
	h->known |= VSW_HAS_IP;
	if (fragment & htons(IP_MF | IP_OFFSET))
		h->known |= VSW_IS_FRAGMENT;
	if (!(fragment & htons(IP_OFFSET)))
		vsw_parse_ports(data, len, at + ihl, h);
	return;
cut:
	h->known |= VSW_IS_CUT;
}

/*
 * Walk over one extension header at @at; returns where the next one is. If it
 * cannot be walked over, sets VSW_IS_CUT or @last, and @at is returned.
 */
static inline u32 vsw_parse_extension(const u8 *data, u32 len, u32 at,
				      struct vsw_headers *h, bool *last)
{
	u8 proto = h->proto;
	__be16 fragment;

	*last = proto != IPPROTO_HOPOPTS && proto != IPPROTO_ROUTING &&
		proto != IPPROTO_DSTOPTS && proto != IPPROTO_FRAGMENT;
	if (*last)
		return at;
	if (len < at + 8) {
		h->known |= VSW_IS_CUT;
		*last = true;
		return at;
	}
	h->proto = vsw_parse_read(u8, data + at);
	if (proto != IPPROTO_FRAGMENT)
		return at + (vsw_parse_read(u8, data + at + 1) + 1) * 8;

	fragment = vsw_parse_read(__be16, data + at + 2);
	/* One that is all of its packet is none (RFC 6946). */
	if (fragment & htons(IP6_OFFSET | IP6_MF))
		h->known |= VSW_IS_FRAGMENT;
	/* What is behind it in later ones is no header. */
	*last = fragment & htons(IP6_OFFSET);
	return *last ? U32_MAX : at + 8;
}

static inline void vsw_parse_ipv6(const u8 *data, u32 len, u32 at,
				  struct vsw_headers *h)
{
	const u8 *addrs = data + at + offsetof(struct ipv6hdr, saddr);
	bool last = false;
	u32 i;

	if (len < at + sizeof(struct ipv6hdr) ||
	    vsw_parse_read(u8, data + at) >> 4 != 6) {
		h->known |= VSW_IS_CUT;
		return;
	}
	h->proto = vsw_parse_read(u8, data + at +
				  offsetof(struct ipv6hdr, nexthdr));
	for (i = 0; i < ARRAY_SIZE(h->both6); i++)
		h->both6[i] = vsw_parse_read(u64, addrs + i * sizeof(u64));
	h->ip_version = 6;
	h->known |= VSW_HAS_IP;
	at += sizeof(struct ipv6hdr);
	for (i = 0; !last; i++) {
		if (i > VSW_PARSE_EXTENSIONS) {
			h->known |= VSW_IS_CUT;
			return;
		}
		at = vsw_parse_extension(data, len, at, h, &last);
	}
	if (at != U32_MAX && !(h->known & VSW_IS_CUT))
		vsw_parse_ports(data, len, at, h);
}

/**
 * vsw_parse_any() - parse whatever a frame is
 * @data: the frame, from vsw_run_head()
 * @len: number of bytes there, at least ETH_HLEN
 * @h: out: its headers
 *
 * Also right for frames that are plain.
 *
 * Context: any.
 */
static noinline __maybe_unused void
vsw_parse_any(const u8 *data, u32 len, struct vsw_headers *h)
{
	u32 at;

	h->vlan = VSW_VLAN_NONE;
	h->known = 0;
	h->ip_version = 0;
	h->proto = 0;
	at = vsw_parse_ethernet(data, len, h);
	if (h->ethertype == htons(ETH_P_IP))
		vsw_parse_ipv4(data, len, at, h);
	else if (h->ethertype == htons(ETH_P_IPV6))
		vsw_parse_ipv6(data, len, at, h);
}

/**
 * vsw_parse() - parse a frame
 * @data: the frame, from vsw_run_head()
 * @len: number of bytes there, at least ETH_HLEN
 * @h: out: its headers
 *
 * Context: any.
 */
static __always_inline void vsw_parse(const u8 *data, u32 len,
				      struct vsw_headers *h)
{
	if (unlikely(!vsw_parse_plain(data, len, h)))
		vsw_parse_any(data, len, h);
}

#endif /* _VSW_PARSE_H */
