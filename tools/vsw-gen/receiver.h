/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: what those who take frames share
 */
#ifndef _RECEIVER_H
#define _RECEIVER_H

#include "io.h"

/**
 * struct burst - frames that were received at once
 * @seg: their pieces
 * @room: size of @seg
 */
struct burst {
	struct gen_seg	*seg;
	uint32_t	room;
};

int burst_alloc(struct burst *burst, const struct gen_conf *conf);
int receiver_sleep(struct gen_io *io);
int receiver_announce(struct gen_io *io);

/**
 * frame_bytes() - length of a frame
 * @seg: its pieces
 */
static inline uint32_t frame_bytes(const struct gen_seg *seg)
{
	uint32_t len = seg->len;

	while (seg->more) {
		seg++;
		len += seg->len;
	}
	return len;
}

/**
 * frame_pieces() - number of pieces of a frame
 * @seg: its pieces
 */
static inline uint32_t frame_pieces(const struct gen_seg *seg)
{
	uint32_t n = 1;

	for (; seg->more; seg++)
		n++;
	return n;
}

/**
 * frame_consume() - read every byte of a frame
 * @seg: its pieces
 *
 * Reading is the point, so the compiler must believe that it is needed.
 */
static inline void frame_consume(const struct gen_seg *seg)
{
	uint64_t sum = payload_consume(seg);

	__asm__ __volatile__("" : : "r" (sum));
}

#endif /* _RECEIVER_H */
