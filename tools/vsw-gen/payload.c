// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: what is written to payloads, and how it is checked
 *
 * Everything works on words of 8 bytes at multiples of 8 from the start of the
 * frame, so that the result does not depend on how a frame is cut into pieces.
 */
#include <stddef.h>

#include "payload.h"

/* The headers and the mark, in full words. */
#define HEAD_LEN	64
#define SUM_OFFSET	(GEN_HDR_LEN + offsetof(struct gen_mark, sum))

#define FNV_BASIS	0xcbf29ce484222325ULL
#define FNV_PRIME	0x100000001b3ULL
/* Odd, and far from any regular pattern: 2^64 / golden ratio. */
#define PATTERN_STEP	0x9e3779b97f4a7c15ULL

/* FNV-1a with words for bytes: a change of one word always changes the sum. */
static inline uint64_t sum_add(uint64_t sum, uint64_t word)
{
	return (sum ^ word) * FNV_PRIME;
}

static inline uint64_t pattern_start(uint64_t seq)
{
	return (seq + 1) * PATTERN_STEP * PATTERN_STEP;
}

static void write_words(uint8_t *p, uint32_t len, uint64_t *word)
{
	for (; len >= sizeof(*word); len -= sizeof(*word)) {
		memcpy(p, word, sizeof(*word));
		*word += PATTERN_STEP;
		p += sizeof(*word);
	}
	memcpy(p, word, len);
}

static uint64_t sum_words(const uint8_t *p, uint32_t len, uint64_t sum)
{
	uint64_t word;

	for (; len >= sizeof(word); len -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		sum = sum_add(sum, word);
		p += sizeof(word);
	}
	if (len) {
		word = 0;
		memcpy(&word, p, len);
		sum = sum_add(sum, word);
	}
	return sum;
}

/* Pattern from offset @from of the first piece on. */
static void write_pattern(const struct gen_seg *seg, uint32_t from,
			  uint64_t seq)
{
	uint64_t word = pattern_start(seq);

	for (;; seg++, from = 0) {
		if (seg->len > from)
			write_words(seg->data + from, seg->len - from, &word);
		if (!seg->more)
			break;
	}
}

static uint64_t sum_frame(const struct gen_seg *seg, bool bare)
{
	uint8_t head[HEAD_LEN] = { 0 };
	uint64_t sum;

	memcpy(head, seg->data, seg->len < HEAD_LEN ? seg->len : HEAD_LEN);
	memset(head + SUM_OFFSET, 0, sizeof(uint64_t));
	if (bare)
		memset(head, 0, GEN_HDR_LEN);
	sum = sum_words(head, HEAD_LEN, FNV_BASIS);

	if (seg->len > HEAD_LEN)
		sum = sum_words(seg->data + HEAD_LEN, seg->len - HEAD_LEN, sum);
	while (seg->more) {
		seg++;
		sum = sum_words(seg->data, seg->len, sum);
	}
	return sum;
}

/**
 * payload_produce() - write every byte of the payload
 * @seg: pieces of the frame
 * @seq: determines what is written
 */
void payload_produce(const struct gen_seg *seg, uint64_t seq)
{
	write_pattern(seg, GEN_HDR_LEN, seq);
}

/**
 * payload_consume() - read every byte of a frame
 * @seg: pieces of the frame
 *
 * Return: a value that depends on all of them.
 */
uint64_t payload_consume(const struct gen_seg *seg)
{
	uint64_t sum = sum_words(seg->data, seg->len, FNV_BASIS);

	while (seg->more) {
		seg++;
		sum = sum_words(seg->data, seg->len, sum);
	}
	return sum;
}

/**
 * payload_seal() - write the payload of a frame, with a mark
 * @seg: pieces of the frame, the first has GEN_MIN_FRAME bytes at least
 * @kind: GEN_KIND_*
 * @seq: for the mark
 */
void payload_seal(const struct gen_seg *seg, uint16_t kind, uint64_t seq)
{
	struct gen_mark mark = { .kind = kind, .seq = seq };
	uint8_t *at = seg->data + GEN_HDR_LEN;

	write_pattern(seg, HEAD_LEN, seq);
	memcpy(at, &mark, sizeof(mark));
	mark.sum = sum_frame(seg, kind & GEN_KIND_BARE);
	memcpy(at, &mark, sizeof(mark));
}

/**
 * payload_stamp() - write a mark with a time
 * @seg: pieces of the frame, the first has GEN_MIN_FRAME bytes at least
 * @seq: for the mark
 * @time: for the mark
 */
void payload_stamp(const struct gen_seg *seg, uint64_t seq, uint64_t time)
{
	struct gen_mark mark = {
		.kind = GEN_KIND_TIME,
		.seq = seq,
		.sum = time,
	};

	memcpy(seg->data + GEN_HDR_LEN, &mark, sizeof(mark));
}

/**
 * payload_stamped() - has a frame a mark with a time
 * @seg: pieces of the frame
 * @mark: out: its mark
 */
bool payload_stamped(const struct gen_seg *seg, struct gen_mark *mark)
{
	if (seg->len < GEN_MIN_FRAME)
		return false;
	memcpy(mark, seg->data + GEN_HDR_LEN, sizeof(*mark));
	return mark->kind == GEN_KIND_TIME;
}

/**
 * payload_reseal() - renew the checksum of a frame whose headers were changed
 * @seg: pieces of the frame
 * @mark: its mark
 */
void payload_reseal(const struct gen_seg *seg, const struct gen_mark *mark)
{
	struct gen_mark renewed = *mark;

	renewed.sum = sum_frame(seg, mark->kind & GEN_KIND_BARE);
	memcpy(seg->data + GEN_HDR_LEN, &renewed, sizeof(renewed));
}

/**
 * payload_check() - has a frame a mark, and is it as it was sent
 * @seg: pieces of the frame
 * @mark: out: its mark
 */
bool payload_check(const struct gen_seg *seg, struct gen_mark *mark)
{
	uint16_t kind;

	if (seg->len < GEN_MIN_FRAME)
		return false;
	memcpy(mark, seg->data + GEN_HDR_LEN, sizeof(*mark));
	kind = mark->kind & ~GEN_KIND_BARE;
	return (kind == GEN_KIND_DATA || kind == GEN_KIND_END) &&
	       mark->sum == sum_frame(seg, mark->kind & GEN_KIND_BARE);
}
