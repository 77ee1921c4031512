// SPDX-License-Identifier: GPL-2.0
/*
 * The learning bridge on a switch whose ports have VLANs
 *
 * Addresses are learned and looked up per VLAN, so that no frame finds its way by
 * what another VLAN has taught. It decides on a copy of the header, and that copy
 * is what is delivered: a sender that rewrites a tag meanwhile gains nothing. So
 * a tag is put in or taken out by moving the addresses in the copy by its length.
 * Who gets a unicast frame is known here, and the copy is made ready at once; a
 * flooded one takes its form port by port, as it is delivered.
 */

#include <linux/hash.h>
#include <linux/if_vlan.h>
#include <linux/unaligned.h>

#include "../forward.h"
#include "../skb.h"
#include "../vlan.h"
#include "learn.h"

/* Behind the addresses: the tag of a frame that has one. */
#define VSW_AT_TAG	(2 * ETH_ALEN)

/**
 * struct vsw_vlan_pass - one batch on its way
 * @fdb: the database
 * @batch: the batch
 * @vlans: what the port carries that the frames come from; NULL: the default
 * @generation: of the database, before anything is found
 * @src: the last source, and its VLAN
 * @refused: why frames of it are dropped
 */
struct vsw_vlan_pass {
	struct vsw_fdb		*fdb;
	struct vsw_batch	*batch;
	const struct vsw_vlans	*vlans;
	unsigned long		generation;
	u64			src;
	enum vsw_learn_reason	refused;
};

/**
 * struct vsw_vlan_tag - in which VLAN a frame is
 * @tci: the VLAN, and the priority
 * @has_tag: the frame has a tag
 * @tagged: the frame has a tag that says so; if not, one is of priority only
 */
struct vsw_vlan_tag {
	u16	tci;
	bool	has_tag;
	bool	tagged;
};

/*
 * Tags in copies
 */

/* The tag of a frame as it is in memory; 0 if it has none. */
static inline __be32 vsw_vlan_read(const u8 *data)
{
	__be32 word = *(const __be32 *)(data + VSW_AT_TAG);

	return (word & htonl(0xffff0000)) == htonl(ETH_P_8021Q << 16) ?
	       word : 0;
}

/* Move the addresses of a frame to where it begins now. */
static inline void vsw_vlan_move(struct vsw_frag *frag, int by)
{
	u64 lo = get_unaligned((u64 *)frag->data);
	u32 hi = get_unaligned((u32 *)(frag->data + sizeof(lo)));
	u8 *data = (u8 *)frag->data - by;

	put_unaligned(lo, (u64 *)data);
	put_unaligned(hi, (u32 *)(data + sizeof(lo)));
	frag->data = data;
	frag->len += by;
}

static void vsw_vlan_put_tag(struct vsw_batch *batch, struct vsw_run *run,
			     u16 tci)
{
	struct vsw_frag *frag = &batch->frags[run->frag];
	struct vsw_frag *end = frag + run->frames;

	for (; frag < end; frag++) {
		vsw_vlan_move(frag, VLAN_HLEN);
		put_unaligned_be32(ETH_P_8021Q << 16 | tci,
				   (u8 *)frag->data + VSW_AT_TAG);
	}
	run->len += VLAN_HLEN;
}

static void vsw_vlan_take_tag(struct vsw_batch *batch, struct vsw_run *run)
{
	struct vsw_frag *frag = &batch->frags[run->frag];
	struct vsw_frag *end = frag + run->frames;

	for (; frag < end; frag++)
		vsw_vlan_move(frag, -VLAN_HLEN);
	run->len -= VLAN_HLEN;
}

/*
 * Make the frames of a run tagged, or not.
 *
 * Return: whether that was possible: an skb may have to be copied.
 */
static bool vsw_vlan_put_form(struct vsw_batch *batch, struct vsw_run *run,
			      u16 tci, bool is_tagged, bool tagged)
{
	if (is_tagged == tagged)
		return true;
	if (batch->skb)
		return vsw_skb_put_form(batch, run, tci, tagged);
	if (tagged)
		vsw_vlan_put_tag(batch, run, tci);
	else
		vsw_vlan_take_tag(batch, run);
	return true;
}

/**
 * vsw_vlan_shape() - make flooded frames what a port wants
 * @batch: the batch
 * @i: index of a run, by vsw_run_to_vlan()
 * @port: the port
 *
 * Context: rcu_read_lock().
 * Return: whether the port gets them at all.
 */
bool vsw_vlan_shape(struct vsw_batch *batch, u32 i, const struct vsw_port *port)
{
	struct vsw_aside *aside = &batch->aside[i];
	struct vsw_run *run = &batch->runs[i];
	enum vsw_vlan_form form;

	form = vsw_vlan_form(port, aside->tci & VLAN_VID_MASK);
	/* A lookup may be wrong about copies: never write to what is shared. */
	if (form == VSW_VLAN_ABSENT ||
	    (!batch->skb && !vsw_run_is_copied(batch, run)))
		return false;
	if (!vsw_vlan_put_form(batch, run, aside->tci, aside->tagged,
			       form == VSW_VLAN_TAGGED))
		return false;
	aside->tagged = form == VSW_VLAN_TAGGED;
	return true;
}

/*
 * Frames
 */

/*
 * In which VLAN a frame is, and how it says so.
 *
 * Return: whether the port that it comes from carries that.
 */
static bool vsw_vlan_classify(const struct vsw_vlan_pass *pass,
			      const struct vsw_frag *head,
			      struct vsw_vlan_tag *tag)
{
	u16 pvid = pass->vlans ? pass->vlans->pvid : VSW_VLAN_DEFAULT;
	__be32 word = vsw_vlan_read(head->data);

	*tag = (struct vsw_vlan_tag) { .tci = pvid, .has_tag = word };
	if (likely(!word))
		return pvid;
	if (unlikely(head->len < VLAN_ETH_HLEN))
		return false;

	tag->tci = ntohl(word);
	tag->tagged = tag->tci & VLAN_VID_MASK;
	if (likely(tag->tagged))
		return pass->vlans && vsw_vlans_trunk(pass->vlans, tag->tci &
							VLAN_VID_MASK);
	tag->tci |= pvid;
	/*
	 * Without the tag, another one behind it would be taken for that of the
	 * frame where it leaves: this is no way into other VLANs.
	 */
	return pvid && !vsw_vlan_read(head->data + VLAN_HLEN);
}

/*
 * Join the runs behind @run to it that have the same addresses and tag, as far as
 * that is possible: what comes in bursts is decided on once.
 *
 * Return: the first run that is not.
 */
static struct vsw_run *vsw_vlan_join(const struct vsw_batch *batch,
				     struct vsw_run *run)
{
	const struct vsw_run *end = &batch->runs[batch->num_runs];
	const struct vsw_frag *frag = &batch->frags[run->frag];
	const u64 lo = run->lo;
	const u32 hi = run->hi;
	const __be32 tag = vsw_vlan_read(frag->data);
	struct vsw_run *next = run + 1;
	u32 n = run->frames;

	/* Tags of priority, and those that are cut off, come one by one. */
	if (run->pieces || (tag && (!(tag & htonl(VLAN_VID_MASK)) ||
				    frag->len < VLAN_ETH_HLEN)))
		return next;
	for (; next < end; next++) {
		if (next->lo != lo || next->hi != hi || next->pieces ||
		    next->slot != run->slot + n || next->mark != run->mark ||
		    vsw_vlan_read(frag[n].data) != tag ||
		    (tag && frag[n].len < VLAN_ETH_HLEN))
			break;
		n += next->frames;
	}
	run->frames = n;
	return next;
}

/*
 * Whether a memo is of the key. It has no room for a VLAN, but the entry has; what
 * was not found is looked up again.
 */
static inline bool vsw_vlan_memo_holds(const struct vsw_fdb_memo *memo, u64 key,
				       unsigned long generation)
{
	return memo->key == vsw_memo_key(key, generation) && memo->entry &&
	       memo->entry->addr == key;
}

/* As vsw_learn_source(), which most frames need not trouble. */
static enum vsw_learn_reason vsw_vlan_source(struct vsw_vlan_pass *pass,
					     u64 key)
{
	const struct vsw_fdb_memo *memo = &pass->batch->src_memo;

	if (key == pass->src)
		return pass->refused;
	pass->src = key;
	if (vsw_vlan_memo_holds(memo, key, pass->generation)) {
		vsw_fdb_refresh(pass->fdb, memo->entry,
				pass->batch->src->index);
		pass->refused = VSW_LEARN_FINE;
	} else {
		pass->refused = vsw_learn_source(pass->fdb, pass->batch, key,
						 pass->generation);
	}
	return pass->refused;
}

/* A router has one address in many VLANs: they differ in it, too. */
static struct vsw_fdb_memo *vsw_vlan_memo(struct vsw_batch *batch, u64 key)
{
	u32 low = (key >> 16) + vsw_fdb_vlan(key);

	return &batch->dst_memos[hash_32(low, VSW_FDB_MEMO_BITS)];
}

/* Where the frames of a run would go, were there no other VLANs; or why not. */
static enum vsw_learn_reason vsw_vlan_route(struct vsw_vlan_pass *pass,
					    struct vsw_run *run, u16 vlan)
{
	struct vsw_batch *batch = pass->batch;
	enum vsw_learn_reason reason;
	struct vsw_fdb_memo *memo;
	u64 key;

	reason = vsw_vlan_source(pass, vsw_fdb_key(vsw_run_src(run), vlan));
	if (unlikely(reason))
		return reason;
	key = vsw_fdb_key(vsw_run_dst(run), vlan);
	memo = vsw_vlan_memo(batch, key);
	if (unlikely(!vsw_vlan_memo_holds(memo, key, pass->generation)))
		vsw_learn_destination(pass->fdb, memo, key, pass->generation);
	run->verdict = unlikely(run->mark) ? run->mark - 1 :
					     vsw_memo_verdict(memo);
	return unlikely(vsw_port_is_secured(batch->src)) ?
	       vsw_learn_secure(batch, run) : VSW_LEARN_FINE;
}

/* Make the frames of a run what the one port wants that gets them. */
static enum vsw_learn_reason vsw_vlan_unicast(struct vsw_batch *batch,
					      struct vsw_run *run,
					      const struct vsw_vlan_tag *tag)
{
	const struct vsw_port *port = vsw_switch_port(batch->sw, run->verdict);
	enum vsw_vlan_form form;

	/* It has just been deleted. */
	if (unlikely(!port))
		return VSW_LEARN_FINE;
	form = vsw_vlan_form(port, tag->tci & VLAN_VID_MASK);
	/* There are static entries, and those of a moment ago. */
	if (unlikely(form == VSW_VLAN_ABSENT))
		return VSW_LEARN_VLAN;
	return vsw_vlan_put_form(batch, run, tag->tci, tag->tagged,
				 form == VSW_VLAN_TAGGED) ?
	       VSW_LEARN_FINE : VSW_LEARN_VLAN;
}

static void vsw_vlan_decide(struct vsw_vlan_pass *pass, struct vsw_run *run)
{
	struct vsw_batch *batch = pass->batch;
	enum vsw_learn_reason reason = VSW_LEARN_VLAN;
	struct vsw_vlan_tag tag;

	if (likely(vsw_vlan_classify(pass, &batch->frags[run->frag], &tag)))
		reason = vsw_vlan_route(pass, run, tag.tci & VLAN_VID_MASK);
	if (likely(!reason)) {
		if (unlikely(tag.has_tag && !tag.tagged) &&
		    !vsw_vlan_put_form(batch, run, 0, true, false))
			reason = VSW_LEARN_VLAN;
		else if (likely(run->verdict != VSW_TO_ALL))
			reason = vsw_vlan_unicast(batch, run, &tag);
		else
			vsw_run_to_vlan(batch, run, tag.tci, tag.tagged);
	}
	if (unlikely(reason))
		vsw_run_drop(run, reason - 1);
}

/**
 * vsw_learn_vlan() - &vsw_lookup.lookup of "learn" where ports have VLANs
 * @lookup: the lookup
 * @batch: frames, with copies of their headers. Each is a run, but those that the
 *	lookup in front, if there is one, may join
 *
 * Context: as &vsw_lookup_ops.lookup.
 */
void vsw_learn_vlan(struct vsw_lookup *lookup, struct vsw_batch *batch)
{
	struct vsw_run *to = batch->runs, *run = to, *next;
	struct vsw_run *end = run + batch->num_runs;
	struct vsw_fdb *fdb = &lookup->sw->fdb;
	struct vsw_vlan_pass pass = {
		.fdb		= fdb,
		.batch		= batch,
		.vlans		= rcu_dereference(batch->src->vlans),
		/* So that a change meanwhile is noticed. */
		.generation	= smp_load_acquire(&fdb->generation),
		/* What no address is. */
		.src		= U64_MAX,
	};

	if (unlikely(batch->memo_era != vsw_memo_era(pass.generation)))
		pass.generation = vsw_memo_turn(batch, fdb, pass.generation);
	for (; run < end; run = next, to++) {
		next = vsw_vlan_join(batch, run);
		if (to != run)
			*to = *run;
		vsw_vlan_decide(&pass, to);
	}
	batch->num_runs = to - batch->runs;
	vsw_join_runs(batch);
}
