/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames on their way through the switch, a batch at a time
 *
 * A batch is the scratch memory of one sender. It holds what was read of the
 * sender's slots, once, and then the decisions of each stage; nothing in it
 * is ever read again from shared memory. Only the bytes of the frames stay
 * where the sender can still change them until they are copied.
 */
#ifndef _VSW_PKT_H
#define _VSW_PKT_H

#include <linux/bits.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#include "vsw.h"

struct sk_buff_head;

/* Slots that go through the switch together; their headers fit into L1. */
#define VSW_BATCH_SLOTS		256

/* Bytes of a frame that VSW_LOOKUP_SNAPSHOT copies. */
#define VSW_SNAPSHOT_LEN	128

/*
 * Room before the copy, so that a tag can be put into it: only the addresses
 * move then. A tag needs less; but so copies are aligned as buffers are.
 */
#define VSW_SNAPSHOT_ROOM	64
#define VSW_SNAPSHOT_SIZE	(VSW_SNAPSHOT_ROOM + VSW_SNAPSHOT_LEN)

/*
 * Verdicts: the index of a port, or one of these. Those that need more have a
 * function.
 */
#define VSW_TO_ALL		0xffff	/* every port but the sender's */
#define VSW_TO_NONE		0xfffe	/* drop; vsw_run_drop() says why */
#define VSW_TO_SET		0xfffd	/* vsw_run_to_set() */
#define VSW_TO_RING		0xfffc	/* vsw_run_to_ring() */
#define VSW_TO_VLAN		0xfffb	/* vsw_run_to_vlan() */

/**
 * enum vsw_grain - what the frames of a run have in common
 * @VSW_BY_ADDRESS: source and destination address
 * @VSW_BY_BATCH: nothing but the port that they come from, for lookups that do
 *	not look at frames; vsw_run_dst() and vsw_run_src() are 0
 * @VSW_BY_FRAME: each run is one frame, whose headers vsw_run_head() shows
 */
enum vsw_grain {
	VSW_BY_ADDRESS,
	VSW_BY_BATCH,
	VSW_BY_FRAME,
};

/*
 * Flag of a lookup by frame: the first VSW_SNAPSHOT_LEN bytes of each frame are
 * copied before the lookup sees them, and the copy is delivered. So what was
 * decided on is what arrives, whatever the sender writes meanwhile.
 */
#define VSW_LOOKUP_SNAPSHOT	BIT(0)

/**
 * struct vsw_frag - a piece of a frame
 * @data: its bytes, in memory that the sender can write
 * @len: number of bytes, checked
 */
struct vsw_frag {
	const u8	*data;
	size_t		len;
};

/**
 * struct vsw_run - frames that follow each other and have equal addresses
 * @lo: the first eight bytes of all of them; see vsw_run_dst()
 * @next: the next run of the same &struct vsw_list; takes the place of @lo when
 *	the lookup is done
 * @hi: the four bytes behind them; see vsw_run_src()
 * @len: bytes of a frame of several pieces
 * @frag: index of the first piece in &vsw_batch.frags
 * @slot: TX slot of the first piece; the others follow
 * @frames: number of frames
 * @verdict: index of the destination port, or VSW_TO_*
 * @word: the four above
 * @pieces: 0: each frame is one piece; otherwise there is one frame, of so
 *	many pieces
 * @kept: how many of the frames, the last ones, stay with the sender, as the
 *	destination has no room and may make the sender wait
 * @reason: 1 + the lookup's own reason to drop; 0: none
 * @mark: 1 + index of the port to which the frames go, whatever a lookup says that
 *	vsw_lookup_ask() asks, unless that drops them for a reason; 0: where it says
 *
 * Traffic comes in bursts, so what is found out about a frame mostly holds for
 * those behind it.
 */
struct vsw_run {
	union {
		u64		lo;
		struct vsw_run	*next;
	};
	u32	hi;
	u32	len;
	union {
		struct {
			u16	frag;
			u16	slot;
			u16	frames;
			u16	verdict;
		};
		u64	word;
	};
	u16	pieces;
	u16	kept;
	u16	reason;
	u16	mark;
};

/**
 * struct vsw_port_set - ports that get a frame together
 * @rcu: for who frees it
 * @num: number of ports
 * @index: their indices; that of the sender is passed over
 */
struct vsw_port_set {
	struct rcu_head	rcu;
	u32		num;
	u16		index[] __counted_by(num);
};

/**
 * struct vsw_aside - what does not fit into a verdict
 * @set: for VSW_TO_SET
 * @port: for VSW_TO_RING
 * @ring: for VSW_TO_RING
 * @tci: for VSW_TO_VLAN, the VLAN and the priority of the frames
 * @tagged: for VSW_TO_VLAN, whether the copies of the frames have a tag now
 */
struct vsw_aside {
	union {
		const struct vsw_port_set *set;
		struct {
			u16	port;
			u16	ring;
		};
		struct {
			u16	tci;
			bool	tagged;
		};
	};
};

/**
 * struct vsw_list - runs of a batch, in order
 * @first: the first run; NULL if there is none
 * @tail: where the next one is linked
 * @frames: number of frames
 */
struct vsw_list {
	struct vsw_run	*first;
	struct vsw_run	**tail;
	u32		frames;
};

/**
 * struct vsw_span - slots of an RX ring that a sender has reserved
 * @rx: the ring; NULL if nobody has it
 * @at: the first slot
 * @end: the slot behind the last one
 * @frames: number of frames for which they are
 * @spoiled: how many of them the receiver has no buffer for, as it has spoiled a
 *	slot
 * @bytes: bytes of the others
 */
struct vsw_span {
	struct vsw_rx_ring	*rx;
	u32			at;
	u32			end;
	u32			frames;
	u32			spoiled;
	u64			bytes;
};

/**
 * struct vsw_group - what goes to one port
 * @port: the port
 * @list: the runs
 * @span: where they are copied to
 */
struct vsw_group {
	struct vsw_port	*port;
	struct vsw_list	list;
	struct vsw_span	span;
};

/*
 * In vsw_batch.group_of, until the end of a sync: the port has no room, and
 * frames for it have stayed. None may overtake them.
 */
#define VSW_GROUP_STUCK	U16_MAX

/**
 * struct vsw_wait - an RX ring for which frames wait
 * @port: index of its port
 * @ring: its index
 * @released: first slot that the receiver kept when there was too little room
 */
struct vsw_wait {
	u16			port;
	u16			ring;
	u32			released;
};

/**
 * struct vsw_batch - frames that go through the switch together
 * @src: the port that sent them
 * @sw: its switch
 * @lookup: the lookup that says where they go
 * @memo: what it, and one that is behind it, find again in &vsw_lookup_ops.uncount
 * @src_ring: index of the TX ring that they come from
 * @rx_ring: index of the RX ring that they go to, in ports that have it
 * @stats: where drops that the sender causes are counted
 * @memo_era: the bits of &vsw_fdb.generation that memos have no room for
 * @src_memo: what the lookup found for the last source
 * @flood_due: when the next frame may be flooded, in ns, as far as there is a rate
 * @max_piece: no piece is longer
 * @skb: for a sender of skbs, by the first piece, the frame, unless somebody has
 *	taken it; its piece is what of it can be looked at. NULL for others
 * @out: for a sender of skbs, frames that leave the machine after the batch
 * @has_pieces: there is a frame of several pieces
 * @kept: number of frames that stay with the sender
 * @waits: number of RX rings that have made frames stay, in this sync
 * @wait: the last of them
 * @by_copy: the first bytes of each frame are copied, as for VSW_LOOKUP_SNAPSHOT
 * @refuse: deliver nothing to this port, as if it had no room
 * @spoiled: while frames are copied, &vsw_span.spoiled; otherwise zero
 * @num_runs: number of runs
 * @num_frames: number of frames
 * @bytes: their bytes
 * @num_frags: number of their pieces
 * @num_groups: number of destination ports
 * @in_order: there is a VSW_TO_SET, VSW_TO_RING or VSW_TO_VLAN
 * @only: the run of a batch that has no other
 * @single: a run that is delivered alone
 * @flood: runs for every port
 * @dst_memos: what was found for destinations, by a hash of the address
 * @aside: by index of the run, what does not fit into its verdict
 * @runs: the frames, as runs
 * @frags: their pieces; a frame that begins in the batch ends in it
 * @frag_slots: by the first piece of a frame that is no plain one, the number of
 *	its TX slots; a copied header is a piece more
 * @note: by the first piece of a frame, for the use of a lookup by frame that asks
 *	others
 * @groups: runs by destination port
 * @group_of: by port index, 1 + index into @groups; 0 if the port has no group
 * @snapshot: the first bytes of each frame, for VSW_LOOKUP_SNAPSHOT, behind room
 *	for more
 */
struct vsw_batch {
	struct vsw_port		*src;
	struct vsw_switch	*sw;
	struct vsw_lookup	*lookup;
	const void		*memo[2];
	u32			src_ring;
	u32			rx_ring;
	struct vsw_stats	*stats;
	unsigned long		memo_era;
	struct vsw_fdb_memo	src_memo;
	u64			flood_due;
	u32			max_piece;
	struct sk_buff		**skb;
	struct sk_buff_head	*out;

	bool			has_pieces;
	bool			refuse;
	bool			in_order;
	bool			by_copy;
	u32			kept;
	u32			spoiled;
	u32			waits;
	struct vsw_wait		wait;
	u32			num_runs;
	u32			num_frames;
	u64			bytes;
	u32			num_frags;
	u32			num_groups;
	struct vsw_list		only;
	struct vsw_list		single;
	struct vsw_list		flood;
	struct vsw_fdb_memo	dst_memos[1 << VSW_FDB_MEMO_BITS];
	struct vsw_aside	aside[VSW_BATCH_SLOTS];
	struct vsw_run		runs[VSW_BATCH_SLOTS];
	struct vsw_frag		frags[VSW_BATCH_SLOTS + VSW_MAX_FRAGS];
	u8			frag_slots[VSW_BATCH_SLOTS + VSW_MAX_FRAGS];
	u16			note[VSW_BATCH_SLOTS + VSW_MAX_FRAGS];
	struct vsw_group	groups[VSW_BATCH_SLOTS];
	u16			group_of[VSW_MAX_PORTS];
	u8			snapshot[VSW_BATCH_SLOTS][VSW_SNAPSHOT_SIZE]
				__aligned(VSW_SNAPSHOT_ROOM);
};

/**
 * vsw_run_is_flooded() - may the frames of a run go to more than one port?
 * @run: a run that has a verdict
 *
 * Return: whether they may; then they do not wait for room.
 */
static inline bool vsw_run_is_flooded(const struct vsw_run *run)
{
	return run->verdict == VSW_TO_ALL || run->verdict == VSW_TO_SET ||
	       run->verdict == VSW_TO_VLAN;
}

/**
 * vsw_run_head() - the first bytes of the frame of a run by frame
 * @batch: the batch
 * @run: one of its runs
 * @len: out: how many bytes there are
 *
 * With VSW_LOOKUP_SNAPSHOT they are a copy of at most VSW_SNAPSHOT_LEN bytes.
 * Without it they are memory that the sender can write at any time: read what
 * you need once, by READ_ONCE().
 *
 * Return: the bytes, at least ETH_HLEN.
 */
static inline const u8 *vsw_run_head(const struct vsw_batch *batch,
				     const struct vsw_run *run, u32 *len)
{
	const struct vsw_frag *frag = &batch->frags[run->frag];

	*len = frag->len;
	return frag->data;
}

/**
 * vsw_run_to_set() - verdict: the frames go to some ports
 * @batch: the batch
 * @run: one of its runs
 * @set: the ports; freed after a grace period
 *
 * Like flooded frames they do not wait for room.
 */
static inline void vsw_run_to_set(struct vsw_batch *batch, struct vsw_run *run,
				  const struct vsw_port_set *set)
{
	run->verdict = VSW_TO_SET;
	batch->aside[run - batch->runs].set = set;
	batch->in_order = true;
}

/**
 * vsw_run_to_ring() - verdict: the frames go to a ring of a port
 * @batch: the batch
 * @run: one of its runs
 * @port: index of the port
 * @ring: index of the RX ring; one that the port does not have is taken modulo
 *	the number of those that it has
 */
static inline void vsw_run_to_ring(struct vsw_batch *batch, struct vsw_run *run,
				   u16 port, u16 ring)
{
	struct vsw_aside *aside = &batch->aside[run - batch->runs];

	run->verdict = VSW_TO_RING;
	aside->port = port;
	aside->ring = ring;
	batch->in_order = true;
}

/**
 * vsw_run_to_vlan() - verdict: the frames go to all ports of a VLAN
 * @batch: the batch, of copies; see &vsw_batch.by_copy
 * @run: one of its runs, of frames with the same addresses
 * @tci: the VLAN, and the priority
 * @tagged: they have a tag that says so
 *
 * Each port gets them with or without a tag, as vsw_vlan_shape() knows.
 */
static inline void vsw_run_to_vlan(struct vsw_batch *batch, struct vsw_run *run,
				   u16 tci, bool tagged)
{
	struct vsw_aside *aside = &batch->aside[run - batch->runs];

	run->verdict = VSW_TO_VLAN;
	aside->tci = tci;
	aside->tagged = tagged;
	batch->in_order = true;
}

/**
 * vsw_run_drop() - verdict: the frames are dropped
 * @run: a run
 * @reason: index into &vsw_lookup_ops.reasons
 *
 * Return: the verdict.
 */
static inline u16 vsw_run_drop(struct vsw_run *run, u16 reason)
{
	run->verdict = VSW_TO_NONE;
	run->reason = reason + 1;
	return run->verdict;
}

/**
 * vsw_list_init() - make a list empty
 * @list: the list
 */
static inline void vsw_list_init(struct vsw_list *list)
{
	list->first = NULL;
	list->tail = &list->first;
	list->frames = 0;
}

/**
 * vsw_list_begin() - make a list of one run
 * @list: the list
 * @run: the run; it is in no other list, and loses @lo
 */
static inline void vsw_list_begin(struct vsw_list *list, struct vsw_run *run)
{
	list->first = run;
	list->tail = &run->next;
	list->frames = run->frames;
	run->next = NULL;
}

/**
 * vsw_list_add() - append a run
 * @list: a list
 * @run: a run behind those in the list; it is in no other, and loses @lo
 */
static inline void vsw_list_add(struct vsw_list *list, struct vsw_run *run)
{
	*list->tail = run;
	list->tail = &run->next;
	run->next = NULL;
	list->frames += run->frames;
}

/**
 * vsw_run_len() - length of a frame of a run
 * @batch: the batch
 * @run: one of its runs
 * @i: number of the frame in the run
 *
 * Return: its length in bytes.
 */
static inline u32 vsw_run_len(const struct vsw_batch *batch,
			      const struct vsw_run *run, u32 i)
{
	return run->pieces ? run->len : batch->frags[run->frag + i].len;
}

/**
 * struct vsw_merge - goes through two lists in the order of the batch
 * @own: the next run of the destination's own list
 * @flood: the next flooded run
 */
struct vsw_merge {
	struct vsw_run	*own;
	struct vsw_run	*flood;
};

/**
 * vsw_merge_take() - the next run for a destination, which there is
 * @merge: where in the lists; is moved on
 *
 * Merging keeps unicast and flooded frames to one destination in order.
 *
 * Return: the run.
 */
static inline struct vsw_run *vsw_merge_take(struct vsw_merge *merge)
{
	struct vsw_run *run = merge->own;

	if (unlikely(merge->flood) && (!run || merge->flood < run)) {
		run = merge->flood;
		merge->flood = run->next;
	} else {
		merge->own = run->next;
	}
	return run;
}

/**
 * vsw_merge_next() - the next run for a destination
 * @merge: where in the lists; is moved on
 *
 * Return: the run, or NULL at the end.
 */
static inline struct vsw_run *vsw_merge_next(struct vsw_merge *merge)
{
	return merge->own || merge->flood ? vsw_merge_take(merge) : NULL;
}

/**
 * vsw_run_dst() - destination address of the frames of a run
 * @run: the run
 *
 * Return: the packed address.
 */
static inline u64 vsw_run_dst(const struct vsw_run *run)
{
	return run->lo & GENMASK_ULL(47, 0);
}

/**
 * vsw_run_src() - source address of the frames of a run
 * @run: the run
 *
 * Return: the packed address.
 */
static inline u64 vsw_run_src(const struct vsw_run *run)
{
#ifdef __LITTLE_ENDIAN
	/* Both parts lie as they did in the frame: one word has all of it. */
	static_assert(offsetof(struct vsw_run, hi) ==
		      offsetof(struct vsw_run, lo) + sizeof(run->lo));

	return get_unaligned((const u64 *)((const u8 *)&run->hi - 4)) >> 16;
#else
	return run->lo >> 48 | (u64)run->hi << 16;
#endif
}

/*
 * The addresses of a frame, six and six bytes. Each is read once; the sender
 * may write others at any time, so what is decided on these addresses may be
 * delivered with others. Buffers are aligned to VSW_BUF_ALIGN.
 */
static inline u64 vsw_frame_lo(const u8 *data)
{
	return le64_to_cpu(READ_ONCE(*(const __le64 *)data));
}

static inline u32 vsw_frame_hi(const u8 *data)
{
	return le32_to_cpu(READ_ONCE(*(const __le32 *)(data + 8)));
}

static __always_inline void vsw_copy16(u8 *to, const u8 *from)
{
	u64 a = get_unaligned((const u64 *)from);
	u64 b = get_unaligned((const u64 *)(from + 8));

	put_unaligned(a, (u64 *)to);
	put_unaligned(b, (u64 *)(to + 8));
}

/* Two words at a time leave registers for the loops around this. */
static __always_inline void vsw_copy32(u8 *to, const u8 *from)
{
	vsw_copy16(to, from);
	vsw_copy16(to + 16, from + 16);
}

/**
 * vsw_copy() - copy bytes of a frame
 * @to: where to, any alignment
 * @from: where from, any alignment; may change meanwhile
 * @len: number of bytes
 *
 * Small frames are most frames, and calling memcpy() costs as much as copying
 * them: halves that overlap do for a range of lengths. Exactly @len bytes are
 * written.
 */
static __always_inline void vsw_copy(u8 *to, const u8 *from, size_t len)
{
	if (likely(len - 32 <= 32)) {
		vsw_copy32(to, from);
		to += len;
		from += len;
		vsw_copy32(to - 32, from - 32);
	} else if (len - 64 <= 64) {
		vsw_copy32(to, from);
		vsw_copy32(to + 32, from + 32);
		to += len;
		from += len;
		vsw_copy32(to - 64, from - 64);
		vsw_copy32(to - 32, from - 32);
	} else {
		memcpy(to, from, len);
	}
}

#endif /* _VSW_PKT_H */
