/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: what is written to payloads, and how it is checked
 *
 * A sealed frame has a mark behind the headers: a kind, a sequence number and
 * a checksum of the frame. The rest of the payload is a pattern that the
 * sequence number determines, so that bytes of another frame are found, too.
 * Numbers are in host byte order.
 */
#ifndef _PAYLOAD_H
#define _PAYLOAD_H

#include "frame.h"

/* The frame carries a sequence number from 0 on. */
#define GEN_KIND_DATA		0x5670
/* Instead of it, the number of DATA frames that were sent. */
#define GEN_KIND_END		0x5671
/* A request, or its answer: not sealed, but with the time at which it was sent. */
#define GEN_KIND_TIME		0x5672
/* Added: a UDP socket made headers of its own, which are not in the sum. */
#define GEN_KIND_BARE		0x0100

/**
 * struct gen_mark - the mark of a frame
 * @kind: GEN_KIND_*
 * @seq: sequence number or count
 * @sum: checksum of the frame, taken with zero here; GEN_KIND_TIME: the time
 */
struct gen_mark {
	uint16_t	kind;
	uint64_t	seq;
	uint64_t	sum;
} __attribute__((packed));

_Static_assert(GEN_HDR_LEN + sizeof(struct gen_mark) == GEN_MIN_FRAME,
	       "the mark fits the smallest frame exactly");

void payload_produce(const struct gen_seg *seg, uint64_t seq);
uint64_t payload_consume(const struct gen_seg *seg);
void payload_seal(const struct gen_seg *seg, uint16_t kind, uint64_t seq);
void payload_stamp(const struct gen_seg *seg, uint64_t seq, uint64_t time);
bool payload_stamped(const struct gen_seg *seg, struct gen_mark *mark);
void payload_reseal(const struct gen_seg *seg, const struct gen_mark *mark);
bool payload_check(const struct gen_seg *seg, struct gen_mark *mark);

#endif /* _PAYLOAD_H */
