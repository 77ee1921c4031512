// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: which sequence numbers have arrived
 *
 * Each sender has a window of bits that slides with the highest sequence
 * number. Frames in order touch one bit after the other, so that the cost does
 * not depend on the window's size.
 */
#include <errno.h>
#include <stdlib.h>

#include "track.h"

#define WORD_BITS	64
#define WORDS		(TRACK_WINDOW / WORD_BITS)

static bool is_from(const struct track_source *src, const struct gen_hdr *hdr)
{
	return src->addr.ip.s_addr == hdr->ip.saddr &&
	       !memcmp(src->addr.mac, hdr->eth.ether_shost, 6);
}

/**
 * track_open() - begin with a sender
 * @src: the sender, all zero but for its addresses
 *
 * Return: 0, -ENOMEM.
 */
int track_open(struct track_source *src)
{
	src->seen = calloc(WORDS, sizeof(*src->seen));
	return src->seen ? 0 : -ENOMEM;
}

/* Returns NULL if there are too many, or no memory (then errno is set). */
static struct track_source *find_source(struct track *track,
					const struct gen_hdr *hdr)
{
	struct track_source *src = &track->source[track->last];
	uint32_t i;

	if (track->last < track->sources && is_from(src, hdr))
		return src;

	for (i = 0; i < track->sources; i++)
		if (is_from(&track->source[i], hdr))
			goto found;

	errno = 0;
	if (i == TRACK_MAX_SOURCES)
		return NULL;
	src = &track->source[i];
	if (track_open(src))
		return NULL;
	src->addr.ip.s_addr = hdr->ip.saddr;
	memcpy(src->addr.mac, hdr->eth.ether_shost, 6);
	track->sources++;
found:
	track->last = i;
	return &track->source[i];
}

/* Let the window end with @seq. */
static void slide(struct track_source *src, uint64_t seq)
{
	/* All numbers of the words before these have been in the window. */
	uint64_t word = (src->next + WORD_BITS - 1) / WORD_BITS;
	uint64_t end = seq / WORD_BITS;

	if (end >= word && end - word >= WORDS)
		word = end - WORDS + 1;
	for (; word <= end; word++)
		src->seen[word % WORDS] = 0;
	src->next = seq + 1;
}

/**
 * track_seq() - account for a sequence number
 * @src: the sender
 * @seq: the number
 *
 * Return: it has not arrived before.
 */
bool track_seq(struct track_source *src, uint64_t seq)
{
	uint64_t *word = &src->seen[seq / WORD_BITS % WORDS];
	uint64_t bit = 1ULL << (seq % WORD_BITS);

	/* Numbers of the window's oldest word may have been forgotten. */
	if (seq < src->next &&
	    (seq + TRACK_WINDOW - WORD_BITS < src->next || *word & bit)) {
		src->duplicate++;
		return false;
	}
	if (seq < src->next)
		src->reordered++;
	else
		slide(src, seq);
	*word |= bit;
	src->unique++;
	return true;
}

/**
 * track_frame() - account for a frame
 * @track: the account
 * @seg: pieces of the frame
 * @data: out: it is neither corrupt nor an end frame
 *
 * Return: 0, -ENOMEM.
 */
int track_frame(struct track *track, const struct gen_seg *seg, bool *data)
{
	const struct gen_hdr *hdr = (const void *)seg->data;
	struct track_source *src;
	struct gen_mark mark;

	*data = false;
	if (!payload_check(seg, &mark)) {
		track->corrupt++;
		return 0;
	}

	src = find_source(track, hdr);
	if (!src) {
		track->unknown++;
		return -errno;
	}
	if ((mark.kind & ~GEN_KIND_BARE) == GEN_KIND_END) {
		src->ended = true;
		src->total = mark.seq;
		return 0;
	}
	*data = true;
	track_seq(src, mark.seq);
	return 0;
}

/**
 * track_ended() - has every sender ended
 * @track: the account
 * @sources: how many there must be at least, 0 for 1
 */
bool track_ended(const struct track *track, uint32_t sources)
{
	uint32_t i;

	if (track->sources < (sources ?: 1))
		return false;
	for (i = 0; i < track->sources; i++)
		if (!track->source[i].ended)
			return false;
	return true;
}

/**
 * track_lost() - how many frames of a sender are missing
 * @src: the sender; as far as is known if it has not ended
 */
uint64_t track_lost(const struct track_source *src)
{
	uint64_t sent = src->next;

	if (src->ended && src->total > sent)
		sent = src->total;
	return sent - src->unique;
}

/**
 * track_sum() - add up all senders
 * @track: the account
 * @sources: see track_ended()
 * @sum: out: the result
 */
void track_sum(const struct track *track, uint32_t sources,
	       struct track_sum *sum)
{
	uint32_t i;

	*sum = (struct track_sum){
		.corrupt = track->corrupt,
		.complete = !track->unknown && track_ended(track, sources),
	};
	for (i = 0; i < track->sources; i++) {
		sum->lost += track_lost(&track->source[i]);
		sum->duplicate += track->source[i].duplicate;
		sum->reordered += track->source[i].reordered;
	}
}

/**
 * track_free() - free what an account holds
 * @track: the account
 */
void track_free(struct track *track)
{
	uint32_t i;

	for (i = 0; i < track->sources; i++)
		free(track->source[i].seen);
}
