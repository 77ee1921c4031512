// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: what those who make frames share
 */
#include <poll.h>

#include "sender.h"

/*
 * So often does a sender look for room before it sleeps until it is woken. A
 * receiver that is as fast as the sender has emptied its ring before that.
 */
#define MAX_TRIES	64

/**
 * sender_start() - begin
 * @tx: the sender; its backend is open
 * @role: REPORT_*
 */
void sender_start(struct sender *tx, int role)
{
	const struct gen_conf *conf = tx->io.conf;

	report_start(&tx->rep, conf, role);
	tx->end = conf->time ? tx->rep.began + conf->time : UINT64_MAX;
	pace_start(&tx->pace, conf);
}

/**
 * sender_goes_on() - has it more to send
 * @tx: the sender
 * @now: the time
 */
bool sender_goes_on(const struct sender *tx, uint64_t now)
{
	const struct gen_conf *conf = tx->io.conf;

	return !gen_stop && now < tx->end &&
	       (!conf->count || tx->rep.frames < conf->count);
}

static uint32_t burst_size(const struct sender *tx)
{
	const struct gen_conf *conf = tx->io.conf;

	if (conf->count && conf->count - tx->rep.frames < conf->burst)
		return conf->count - tx->rep.frames;
	return conf->burst;
}

/**
 * sender_burst() - send a burst, or what there is room for
 * @tx: the sender
 *
 * Return: 0, or what &gen_io_ops.tx returned, and then it has said so.
 */
int sender_burst(struct sender *tx)
{
	const struct gen_conf *conf = tx->io.conf;
	uint32_t want = burst_size(tx);
	bool waits = conf->backend->waits || conf->blocking;
	int sent = conf->backend->tx(&tx->io, want);

	if (sent < 0)
		return gen_error(sent, "cannot send through %s", gen_place(conf));
	tx->rep.attempted += waits ? (uint32_t)sent : want;
	tx->rep.frames += sent;
	tx->rep.bytes += (uint64_t)sent * conf->frame_len;
	tx->io.seq += sent;
	if (sent || !waits)
		tx->tries = 0;
	else if (++tx->tries > MAX_TRIES)
		io_wait(&tx->io, POLLOUT | tx->wake);
	return 0;
}
