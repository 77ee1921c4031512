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
#include <linux/types.h>

#include "vsw.h"

/* Slots that go through the switch together; their headers fit into L1. */
#define VSW_BATCH_SLOTS		256

/*
 * Verdicts: the index of a port, or one of these.
 */
#define VSW_TO_ALL		0xffff	/* every port but the sender's */
#define VSW_TO_NONE		0xfffe	/* drop */

/**
 * struct vsw_frag - a piece of a frame
 * @data: its bytes, in memory that the sender can write
 * @len: number of bytes, checked
 */
struct vsw_frag {
	const u8	*data;
	u32		len;
};

/**
 * struct vsw_frame - a frame
 * @len: bytes in all
 * @frag: index of the first piece in &vsw_batch.frags
 * @frags: number of pieces
 * @verdict: index of the destination port, or VSW_TO_ALL or VSW_TO_NONE
 * @next: 1 + index of the next frame of the same list; 0 at the end
 */
struct vsw_frame {
	u32	len;
	u16	frag;
	u16	frags;
	u16	verdict;
	u16	next;
};

/**
 * struct vsw_list - frames of a batch, in order
 * @first: 1 + index of the first frame; 0 if there is none
 * @last: 1 + index of the last frame
 * @frames: number of frames
 */
struct vsw_list {
	u16	first;
	u16	last;
	u32	frames;
};

/**
 * struct vsw_group - the frames for one port
 * @port: the port
 * @list: the frames
 */
struct vsw_group {
	struct vsw_port	*port;
	struct vsw_list	list;
};

/**
 * struct vsw_batch - frames that go through the switch together
 * @src: the port that sent them
 * @src_ring: index of the TX ring that they come from
 * @stats: where drops that the sender causes are counted
 * @num_frames: number of frames
 * @num_frags: number of their pieces
 * @num_groups: number of destination ports
 * @flood: frames for every port
 * @frames: the frames
 * @frags: their pieces; a frame that begins in the batch ends in it
 * @groups: frames by destination port
 * @group_of: 1 + index into @groups by port index; 0 if the port has no group
 */
struct vsw_batch {
	struct vsw_port		*src;
	u32			src_ring;
	struct vsw_stats	*stats;

	u32			num_frames;
	u32			num_frags;
	u32			num_groups;
	struct vsw_list		flood;
	struct vsw_frame	frames[VSW_BATCH_SLOTS];
	struct vsw_frag		frags[VSW_BATCH_SLOTS + VSW_MAX_FRAGS];
	struct vsw_group	groups[VSW_BATCH_SLOTS];
	u16			group_of[VSW_MAX_PORTS];
};

/**
 * vsw_list_add() - append a frame
 * @batch: the batch
 * @list: one of its lists
 * @i: index of the frame, larger than those in the list
 */
static inline void vsw_list_add(struct vsw_batch *batch, struct vsw_list *list,
				u32 i)
{
	batch->frames[i].next = 0;
	if (list->first)
		batch->frames[list->last - 1].next = i + 1;
	else
		list->first = i + 1;
	list->last = i + 1;
	list->frames++;
}

/**
 * struct vsw_merge - goes through two lists in the order of the batch
 * @own: 1 + index of the next frame of the destination's own list
 * @flood: 1 + index of the next flooded frame
 */
struct vsw_merge {
	u16	own;
	u16	flood;
};

/**
 * vsw_merge_next() - the next frame for a destination
 * @batch: the batch
 * @merge: where in it; is moved on
 *
 * Merging keeps unicast and flooded frames to one destination in order.
 *
 * Return: the frame, or NULL at the end.
 */
static inline const struct vsw_frame *
vsw_merge_next(const struct vsw_batch *batch, struct vsw_merge *merge)
{
	const struct vsw_frame *frame;
	u16 *from;

	if (!merge->flood)
		from = &merge->own;
	else if (!merge->own || merge->flood < merge->own)
		from = &merge->flood;
	else
		from = &merge->own;

	if (!*from)
		return NULL;
	frame = &batch->frames[*from - 1];
	*from = frame->next;
	return frame;
}

/**
 * vsw_frame_addrs() - read the addresses of a frame
 * @batch: the batch
 * @frame: a frame of it
 * @dst: out: packed destination address
 * @src: out: packed source address
 *
 * Each byte is read once. The sender may write others at any time, so what is
 * decided on these addresses may be delivered with others.
 */
static inline void vsw_frame_addrs(const struct vsw_batch *batch,
				   const struct vsw_frame *frame,
				   u64 *dst, u64 *src)
{
	const u8 *data = batch->frags[frame->frag].data;
	/* Buffers are aligned to VSW_BUF_ALIGN. */
	u64 lo = le64_to_cpu(READ_ONCE(*(const __le64 *)data));
	u32 hi = le32_to_cpu(READ_ONCE(*(const __le32 *)(data + 8)));

	*dst = lo & GENMASK_ULL(47, 0);
	*src = lo >> 48 | (u64)hi << 16;
}

#endif /* _VSW_PKT_H */
