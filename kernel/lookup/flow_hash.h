/* SPDX-License-Identifier: GPL-2.0 */
/* One number for all frames of a flow */
#ifndef _VSW_LOOKUP_FLOW_HASH_H
#define _VSW_LOOKUP_FLOW_HASH_H

#include <linux/math64.h>

#include "../lookup.h"
#include "../parse.h"
#include "group.h"

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

/* @proto as in &vsw_plain.part, without what else is there. */
static __always_inline u64 vsw_flow_mix_ports(const struct vsw_flow_key *key,
					      u64 addrs, __be32 proto,
					      u32 ports)
{
	return vsw_flow_mix(key, addrs, (u64)(__force u32)proto << 32 | ports);
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
	return vsw_flow_mix_ports(key, addrs, htonl(h.proto), h.ports);
}

/**
 * vsw_flow_hash() - hash of the flow of a frame
 * @key: random numbers
 * @run: a run by frame
 * @data: the frame, from vsw_run_head()
 * @len: number of bytes there
 * @plain: out: its words, if it is plain
 * @is_plain: out: whether it is
 *
 * A flow is: addresses, protocol and ports of TCP, UDP and SCTP; of fragments
 * and other protocols, addresses and protocol; of frames that are not IP, the
 * addresses of the frame.
 *
 * Context: any.
 * Return: the hash, for hash_64().
 */
static __always_inline u64 vsw_flow_hash(const struct vsw_flow_key *key,
					 const struct vsw_run *run,
					 const u8 *data, u32 len,
					 struct vsw_plain *plain,
					 bool *is_plain)
{
	*is_plain = vsw_plain_read(data, len, plain);
	if (unlikely(!*is_plain))
		return vsw_flow_hash_any(key, run, data, len);
	return vsw_flow_mix_ports(key, plain->addrs, plain->part & htonl(0xff),
				  plain->ports);
}

/**
 * vsw_flow_each() - go through the flows of a batch
 * @lookup: a lookup by frame with a group
 * @batch: the batch
 * @key: random numbers
 * @members: the group; they all get frames that are for all
 * @verdict: where the flow with a hash goes; inlined
 * @arg: for @verdict
 *
 * Frames that follow one of their flow are joined with it, and cost little: they
 * are compared with it, and that is all.
 *
 * Context: as &vsw_lookup_ops.lookup.
 */
static __always_inline void
vsw_flow_each(const struct vsw_lookup *lookup, struct vsw_batch *batch,
	      const struct vsw_flow_key *key, const struct vsw_members *members,
	      u16 (*verdict)(void *arg, u64 hash), void *arg)
{
	/* What a lookup in front tells apart is not ours to join. */
	const bool joins = !batch->has_pieces && !lookup->outer;
	struct vsw_run *run = batch->runs, *end = run + batch->num_runs;
	struct vsw_run *to = NULL, *next = run;
	struct vsw_plain plain = {};
	/* That of a frame which can be joined with @to; none if it is no slot. */
	u32 slot = U32_MAX, len;
	bool is_plain;
	const u8 *data;
	u64 hash;

	for (; run < end; run++) {
		data = vsw_run_head(batch, run, &len);
		if (vsw_plain_is(&plain, data, len) &&
		    likely(run->slot == slot && !vsw_group_is_for_all(run))) {
			to->frames++;
			slot++;
			continue;
		}
		to = next++;
		if (to != run)
			*to = *run;
		if (unlikely(vsw_group_is_for_all(run))) {
			vsw_run_to_set(batch, to, &members->all);
			slot = U32_MAX;
			continue;
		}
		hash = vsw_flow_hash(key, run, data, len, &plain, &is_plain);
		to->verdict = verdict(arg, hash);
		slot = joins && is_plain ? run->slot + 1 : U32_MAX;
	}
	batch->num_runs = next - batch->runs;
}

#endif /* _VSW_LOOKUP_FLOW_HASH_H */
