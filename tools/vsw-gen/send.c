// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen send: a sender, at a rate or as fast as possible
 */
#include <poll.h>

#include "sender.h"

/* End frames may be lost like any other, so there are some, with a pause. */
#define END_FRAMES	5
#define END_PAUSE_MS	20

static int send_loop(struct sender *tx)
{
	uint64_t now = gen_now();
	int err = 0;

	while (!err && sender_goes_on(tx, now)) {
		if (pace_due(&tx->pace, now))
			err = sender_burst(tx);
		else
			gen_relax();
		now = gen_now();
		report_tick(&tx->rep, now);
	}
	tx->rep.last = now;
	return err;
}

/* Tell receivers how many frames there were. */
static void send_end(struct sender *tx)
{
	const struct gen_io_ops *backend = tx->io.conf->backend;
	struct timespec pause = { .tv_nsec = END_PAUSE_MS * 1000000 };
	int i = 0;

	tx->io.kind = GEN_KIND_END | (tx->io.kind & GEN_KIND_BARE);
	while (i < END_FRAMES) {
		if (!backend->tx(&tx->io, 1)) {
			io_wait(&tx->io, POLLOUT);
			/* A receiver without room gets them later. */
			if (backend->waits && !gen_stop)
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
	struct sender tx = {
		.io = {
			.conf = conf,
			.kind = GEN_KIND_DATA,
			.fill = conf->integrity ? FILL_SEAL :
				conf->touch ? FILL_PRODUCE : FILL_NONE,
		},
	};
	int err;

	if (conf->backend->open(&tx.io, IO_TX))
		return GEN_EXIT_SYSTEM;

	sender_start(&tx, REPORT_SENDS);
	err = send_loop(&tx);
	if (!err && conf->integrity)
		send_end(&tx);
	if (!err)
		io_flush(&tx.io);
	if (report_end(&tx.rep, NULL, NULL))
		err = -1;
	conf->backend->close(&tx.io);
	return err ? GEN_EXIT_SYSTEM : 0;
}
