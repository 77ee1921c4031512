// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen send: a sender, at a rate or as fast as possible
 */
#include <poll.h>

#include "io.h"
#include "report.h"

/*
 * So often does a sender look for room before it sleeps until it is woken. A
 * receiver that is as fast as the sender has emptied its ring before that.
 */
#define MAX_TRIES	64

/* End frames may be lost like any other, so there are some, with a pause. */
#define END_FRAMES	5
#define END_PAUSE_MS	20

/*
 * A sender that could not keep up does not make up for more than this, or
 * a pause would be followed by a flood.
 */
#define MAX_BEHIND	(NSEC_PER_SEC / 10)

/**
 * struct pace - when to send
 * @step: nanoseconds from burst to burst, 0 for none
 * @due: when the next burst is due
 */
struct pace {
	uint64_t	step;
	uint64_t	due;
};

static void pace_start(struct pace *pace, const struct gen_conf *conf)
{
	pace->step = conf->rate ?
		     (uint64_t)((double)conf->burst * NSEC_PER_SEC / conf->rate) : 0;
	pace->due = gen_now();
}

static bool pace_due(struct pace *pace, uint64_t now)
{
	if (!pace->step)
		return true;
	if (now < pace->due)
		return false;
	pace->due += pace->step;
	if (now > pace->due + MAX_BEHIND)
		pace->due = now;
	return true;
}

static void wait_room(const struct gen_io *io)
{
	struct pollfd pfd = { .fd = io->fd, .events = POLLOUT };

	poll(&pfd, 1, GEN_POLL_MS);
}

static uint32_t burst_size(const struct report *rep)
{
	const struct gen_conf *conf = rep->conf;

	if (conf->count && conf->count - rep->frames < conf->burst)
		return conf->count - rep->frames;
	return conf->burst;
}

/* Returns the time at which it was done; @err as gen_io_ops.tx says. */
static uint64_t send_burst(struct gen_io *io, struct report *rep, int *err)
{
	uint32_t want = burst_size(rep);
	bool waits = io->conf->backend->waits || io->conf->blocking;
	int sent = io->conf->backend->tx(io, want);

	if (sent < 0) {
		*err = gen_error(sent, "cannot send");
		sent = 0;
	}
	rep->attempted += waits ? (uint32_t)sent : want;
	rep->frames += sent;
	rep->bytes += (uint64_t)sent * io->conf->frame_len;
	io->seq += sent;
	if (sent || !waits || *err)
		io->tries = 0;
	else if (++io->tries > MAX_TRIES)
		wait_room(io);
	return gen_now();
}

static int send_loop(struct gen_io *io, struct report *rep)
{
	const struct gen_conf *conf = io->conf;
	uint64_t now = gen_now();
	uint64_t end = conf->time ? now + conf->time : UINT64_MAX;
	struct pace pace;
	int err = 0;

	pace_start(&pace, conf);
	while (!gen_stop && !err && now < end &&
	       (!conf->count || rep->frames < conf->count)) {
		if (pace_due(&pace, now)) {
			now = send_burst(io, rep, &err);
		} else {
			gen_relax();
			now = gen_now();
		}
		report_tick(rep, now);
	}
	rep->last = now;
	return err;
}

/* Tell receivers how many frames there were. */
static void send_end(struct gen_io *io)
{
	struct timespec pause = { .tv_nsec = END_PAUSE_MS * 1000000 };
	int i = 0;

	io->kind = GEN_KIND_END | (io->kind & GEN_KIND_BARE);
	while (i < END_FRAMES) {
		if (!io->conf->backend->tx(io, 1)) {
			wait_room(io);
			/* A receiver without room gets them later. */
			if (io->conf->backend->waits && !gen_stop)
				continue;
		}
		nanosleep(&pause, NULL);
		i++;
	}
}

/**
 * gen_send() - the app
 * @conf: the command line
 *
 * Return: exit status.
 */
int gen_send(const struct gen_conf *conf)
{
	struct gen_io io = {
		.conf = conf,
		.kind = GEN_KIND_DATA,
		.fill = conf->integrity ? FILL_SEAL :
			conf->touch ? FILL_PRODUCE : FILL_NONE,
	};
	struct report rep;
	int err;

	if (conf->backend->open(&io, true))
		return GEN_EXIT_SYSTEM;

	report_start(&rep, conf, true);
	err = send_loop(&io, &rep);
	if (!err && conf->integrity)
		send_end(&io);
	if (!err && conf->backend->flush)
		conf->backend->flush(&io);
	conf->backend->close(&io);

	report_end(&rep, NULL);
	return err ? GEN_EXIT_SYSTEM : 0;
}
