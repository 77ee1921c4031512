/* SPDX-License-Identifier: GPL-2.0 */
/* One number for all frames of a flow */
#ifndef _VSW_LOOKUP_FLOW_HASH_H
#define _VSW_LOOKUP_FLOW_HASH_H

#include <linux/math64.h>

#include "../lookup.h"
#include "../parse.h"

/**
 * struct vsw_flow_key - what a flow hash depends on, besides the flow
 * @word: random, so that nobody can choose flows that have a hash in common
 */
struct vsw_flow_key {
	u64	word[2];
};

/*
 * The two halves of a product make up for each other: the upper one depends
 * little on the lowest bits of the factors, the lower one on the highest. What
 * differs may be anywhere in the sum of them, hence hash_64() at the end.
 */
static __always_inline u64 vsw_flow_mix(const struct vsw_flow_key *key, u64 a,
					u64 b)
{
	a += key->word[0];
	b += key->word[1];
	return mul_u64_u64_shr(a, b, 64) ^ (a * b);
}

static __always_inline u64 vsw_flow_mix_ports(const struct vsw_flow_key *key,
					      u64 addrs, u8 proto, u32 ports)
{
	return vsw_flow_mix(key, addrs, (u64)proto << 32 | ports);
}

/* The hash of a frame that is not plain, or looks so by now. */
static noinline u64 vsw_flow_hash_any(const struct vsw_flow_key *key,
				      const struct vsw_run *run,
				      const u8 *data, u32 len)
{
	struct vsw_headers h;
	u64 addrs;

	vsw_parse_any(data, len, &h);
	if (!(h.known & VSW_HAS_IP))
		return vsw_flow_mix(key, run->lo, run->hi);
	/* All fragments of a packet shall go the same way. */
	if (!(h.known & VSW_HAS_PORTS) || h.known & VSW_IS_FRAGMENT)
		h.ports = 0;
	if (h.ip_version == 4) {
		addrs = h.both4;
	} else {
		addrs = vsw_flow_mix(key, h.both6[0], h.both6[1]);
		addrs = vsw_flow_mix(key, h.both6[2] ^ addrs, h.both6[3]);
	}
	return vsw_flow_mix_ports(key, addrs, h.proto, h.ports);
}

/**
 * vsw_flow_hash() - hash of the flow of a frame
 * @key: random numbers
 * @batch: a batch by frame
 * @run: one of its runs
 *
 * A flow is: addresses, protocol and ports of TCP, UDP and SCTP; of fragments
 * and other protocols, addresses and protocol; of frames that are not IP, the
 * addresses of the frame.
 *
 * Context: any.
 * Return: the hash, for hash_64().
 */
static __always_inline u64 vsw_flow_hash(const struct vsw_flow_key *key,
					 const struct vsw_batch *batch,
					 const struct vsw_run *run)
{
	struct vsw_headers h;
	const u8 *data;
	u32 len;

	data = vsw_run_head(batch, run, &len);
	if (likely(vsw_parse_plain(data, len, &h)))
		return vsw_flow_mix_ports(key, h.both4, h.proto, h.ports);
	return vsw_flow_hash_any(key, run, data, len);
}

#endif /* _VSW_LOOKUP_FLOW_HASH_H */
