// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen recv: a receiver that counts, and proves if asked to
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "io.h"
#include "report.h"

/* Once all senders have ended, how long to wait for frames that are late. */
#define GRACE	(NSEC_PER_SEC / 5)

/**
 * struct recv - the receiver
 * @io: the backend
 * @rep: what is counted
 * @track: account of the frames that were proved, NULL without integrity
 * @seg: the burst
 * @room: size of @seg
 * @ended: when all senders had ended, 0 if they have not
 */
struct recv {
	struct gen_io	io;
	struct report	rep;
	struct track	*track;
	struct gen_seg	*seg;
	uint32_t	room;
	uint64_t	ended;
};

static uint32_t frame_bytes(const struct gen_seg *seg)
{
	uint32_t len = seg->len;

	while (seg->more) {
		seg++;
		len += seg->len;
	}
	return len;
}

/* Reading is the point, so the compiler must believe that it is needed. */
static void consume(const struct gen_seg *seg)
{
	uint64_t sum = payload_consume(seg);

	__asm__ __volatile__("" : : "r" (sum));
}

static int count_frame(struct recv *rx, const struct gen_seg *seg)
{
	const struct gen_conf *conf = rx->io.conf;
	struct report *rep = &rx->rep;
	uint64_t corrupt;
	bool data;
	int err;

	if (!frame_is_for(&conf->local, seg)) {
		rep->other++;
		return 0;
	}
	if (rx->track) {
		corrupt = rx->track->corrupt;
		err = track_frame(rx->track, seg, &data);
		if (err)
			return gen_error(err, "account of one more sender");
		if (!data && rx->track->corrupt == corrupt)
			return 0;
	} else if (conf->touch) {
		consume(seg);
	}
	rep->frames++;
	rep->bytes += frame_bytes(seg);
	return 0;
}

static int count_burst(struct recv *rx, uint32_t n, uint64_t now)
{
	struct report *rep = &rx->rep;
	uint64_t before = rep->frames;
	uint32_t i;
	int err;

	for (i = 0; i < n; i++) {
		err = count_frame(rx, &rx->seg[i]);
		if (err)
			return err;
		while (rx->seg[i].more)
			i++;
	}
	if (rep->frames != before) {
		if (!before)
			rep->first = now;
		rep->last = gen_now();
	}
	return 0;
}

static bool is_done(struct recv *rx, uint64_t now)
{
	const struct gen_conf *conf = rx->io.conf;
	struct track_sum sum;

	if (conf->count && rx->rep.frames >= conf->count)
		return true;
	if (conf->wait && rx->rep.last && now > rx->rep.last + conf->wait)
		return true;
	if (!rx->track || !track_ended(rx->track, conf->sources))
		return false;

	if (!rx->ended)
		rx->ended = now;
	track_sum(rx->track, conf->sources, &sum);
	return !sum.lost || now > rx->ended + GRACE;
}

static int recv_loop(struct recv *rx)
{
	const struct gen_conf *conf = rx->io.conf;
	struct pollfd pfd = { .fd = rx->io.fd, .events = POLLIN };
	uint64_t now = gen_now();
	uint64_t end = conf->time ? now + conf->time : UINT64_MAX;
	int n;

	while (!gen_stop && now < end && !is_done(rx, now)) {
		n = conf->backend->rx(&rx->io, rx->seg, rx->room);
		now = gen_now();
		if (n < 0)
			return gen_error(n, "cannot receive");
		if (n) {
			n = count_burst(rx, n, now);
			if (n)
				return n;
		} else if (!conf->blocking || conf->backend->waits) {
			poll(&pfd, 1, GEN_POLL_MS);
		}
		report_tick(&rx->rep, now);
	}
	return 0;
}

/*
 * Send one frame, so that a switch learns where our address is before the
 * first frame for us arrives.
 */
static int send_announcement(struct recv *rx)
{
	const struct gen_conf *conf = rx->io.conf;
	uint8_t frame[GEN_MIN_FRAME];
	uint32_t len;
	int err;

	if (!conf->announce || !conf->backend->tx_one)
		return 0;
	len = frame_announcement(frame, &conf->local);
	err = conf->backend->tx_one(&rx->io, frame, len);
	return err ? gen_error(err, "cannot announce our address") : 0;
}

static int verdict(const struct recv *rx)
{
	const struct gen_conf *conf = rx->io.conf;
	struct track_sum sum;

	if (!rx->track)
		return 0;
	track_sum(rx->track, conf->sources, &sum);
	if (sum.lost || sum.duplicate || sum.reordered || sum.corrupt)
		return GEN_EXIT_INTEGRITY;
	if (conf->count && rx->rep.frames >= conf->count)
		return 0;
	return sum.complete ? 0 : GEN_EXIT_INTEGRITY;
}

static int alloc_recv(struct recv *rx, const struct gen_conf *conf)
{
	rx->io.conf = conf;
	rx->room = conf->burst > GEN_MIN_SEGS ? conf->burst : GEN_MIN_SEGS;
	rx->seg = calloc(rx->room, sizeof(*rx->seg));
	rx->track = conf->integrity ? calloc(1, sizeof(*rx->track)) : NULL;
	return rx->seg && (rx->track || !conf->integrity) ? 0 : -1;
}

static void free_recv(struct recv *rx)
{
	if (rx->track)
		track_free(rx->track);
	free(rx->track);
	free(rx->seg);
}

static int run(struct recv *rx)
{
	const struct gen_conf *conf = rx->io.conf;
	int err;

	if (conf->backend->open(&rx->io, false))
		return GEN_EXIT_SYSTEM;
	err = send_announcement(rx);
	if (!err) {
		report_start(&rx->rep, conf, false);
		err = recv_loop(rx);
		report_end(&rx->rep, rx->track);
	}
	conf->backend->close(&rx->io);
	return err ? GEN_EXIT_SYSTEM : verdict(rx);
}

/**
 * gen_recv() - the app
 * @conf: the command line
 *
 * Return: exit status.
 */
int gen_recv(const struct gen_conf *conf)
{
	struct recv rx = { 0 };
	int status = GEN_EXIT_SYSTEM;

	if (alloc_recv(&rx, conf))
		gen_error(-ENOMEM, "buffers");
	else
		status = run(&rx);
	free_recv(&rx);
	return status;
}
