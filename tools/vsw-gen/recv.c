// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen recv: a receiver that counts, and proves if asked to
 */
#include <errno.h>
#include <stdlib.h>

#include "receiver.h"
#include "report.h"

/* Once all senders have ended, how long to wait for frames that are late. */
#define GRACE	(NSEC_PER_SEC / 5)

/**
 * struct recv - the receiver
 * @io: the backend
 * @rep: what is counted
 * @track: account of the frames that were proved, NULL without integrity
 * @burst: what came at once
 * @ended: when all senders had ended, 0 if they have not
 */
struct recv {
	struct gen_io	io;
	struct report	rep;
	struct track	*track;
	struct burst	burst;
	uint64_t	ended;
};

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
		frame_consume(seg);
	}
	rep->frames++;
	rep->bytes += frame_bytes(seg);
	return 0;
}

static int count_burst(struct recv *rx, uint32_t n, uint64_t now)
{
	const struct gen_seg *seg = rx->burst.seg, *end = seg + n;
	struct report *rep = &rx->rep;
	uint64_t before = rep->frames;
	int err;

	for (; seg < end; seg += frame_pieces(seg)) {
		err = count_frame(rx, seg);
		if (err)
			return err;
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
	uint64_t now = gen_now();
	uint64_t end = conf->time ? now + conf->time : UINT64_MAX;
	int n;

	while (!gen_stop && now < end && !is_done(rx, now)) {
		n = conf->backend->rx(&rx->io, rx->burst.seg, rx->burst.room);
		now = gen_now();
		if (!n)
			n = receiver_sleep(&rx->io);
		if (n < 0)
			return gen_error(n, "cannot receive through %s",
					 gen_place(conf));
		n = count_burst(rx, n, now);
		if (n)
			return n;
		report_tick(&rx->rep, now);
	}
	return 0;
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

static int run(struct recv *rx)
{
	const struct gen_conf *conf = rx->io.conf;
	int err;

	if (conf->backend->open(&rx->io, IO_RX))
		return GEN_EXIT_SYSTEM;
	err = receiver_announce(&rx->io);
	if (!err) {
		report_start(&rx->rep, conf, REPORT_RECEIVES);
		err = recv_loop(rx);
		if (report_end(&rx->rep, rx->track, NULL))
			err = -1;
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
	struct recv rx = { .io.conf = conf };
	int status = GEN_EXIT_SYSTEM;

	if (conf->integrity) {
		rx.track = calloc(1, sizeof(*rx.track));
		if (!rx.track) {
			gen_error(-ENOMEM, "account of the frames");
			return status;
		}
	}
	if (!burst_alloc(&rx.burst, conf))
		status = run(&rx);
	if (rx.track)
		track_free(rx.track);
	free(rx.track);
	free(rx.burst.seg);
	return status;
}
