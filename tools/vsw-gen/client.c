// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen client: sends requests, and times the answers
 *
 * A request carries its number and the time at which its burst was sent. The two
 * halves, which send and receive, share nothing but what is marked so, and take
 * turns in one thread or have one each.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "receiver.h"
#include "sender.h"

/* How long it waits for answers, unless told. */
#define WAIT		NSEC_PER_SEC

/**
 * struct client - the client
 * @tx: the half that sends
 * @rx: what the other half has received
 * @burst: answers that came at once
 * @tick: when to print a line next, 0 for never
 * @then: time of the line before
 * @line_count: answers until then
 * @line_sum: sum of their latencies
 * @requests: how many were sent, once all were; shared
 * @ended: when, 0 before; shared
 * @failed: a half had to give up; shared
 */
struct client {
	struct sender		tx;
	struct round_trips	rx;
	struct burst		burst;
	uint64_t		tick;
	uint64_t		then;
	uint64_t		line_count;
	double			line_sum;
	uint64_t		requests;
	uint64_t		ended;
	bool			failed;
};

static bool has_failed(const struct client *cli)
{
	return __atomic_load_n(&cli->failed, __ATOMIC_RELAXED);
}

static void give_up(struct client *cli)
{
	__atomic_store_n(&cli->failed, true, __ATOMIC_RELAXED);
}

/*
 * The half that sends
 */

static void end_requests(struct client *cli, uint64_t now)
{
	cli->tx.rep.last = now;
	cli->requests = cli->tx.rep.frames;
	__atomic_store_n(&cli->ended, now, __ATOMIC_RELEASE);
}

/* Returns false if there is nothing more to do. */
static bool send_requests(struct client *cli)
{
	struct sender *tx = &cli->tx;
	uint64_t now = gen_now();

	if (cli->ended)
		return false;
	if (!sender_goes_on(tx, now)) {
		end_requests(cli, now);
		return false;
	}
	if (!pace_due(&tx->pace, now)) {
		gen_relax();
		/* Who cannot be pushed any more is told by the next burst. */
		io_push(&tx->io);
		return true;
	}
	tx->io.time = now;
	if (sender_burst(tx))
		give_up(cli);
	return true;
}

/*
 * The half that receives
 */

static int cannot_receive(struct client *cli, int err)
{
	give_up(cli);
	return gen_error(err, "cannot receive through %s",
			 gen_place(cli->tx.io.conf));
}

static void print_line(struct client *cli, uint64_t now)
{
	const struct gen_conf *conf = cli->tx.io.conf;
	const struct histogram *hist = &cli->rx.latency;
	uint64_t n = hist->count - cli->line_count;
	FILE *out = conf->json ? stderr : stdout;

	fprintf(out, "returned %" PRIu64 "  %.0f pps  mean %.1f us\n", n,
		report_rate(n, report_seconds(cli->then, now)),
		n ? (hist->sum - cli->line_sum) / n / 1e3 : 0);
	fflush(out);
	cli->line_count = hist->count;
	cli->line_sum = hist->sum;
	cli->then = now;
	cli->tick = now + NSEC_PER_SEC;
}

static void count_answer(struct client *cli, const struct gen_seg *seg,
			 uint64_t now)
{
	const struct gen_conf *conf = cli->tx.io.conf;
	const struct gen_hdr *hdr = (const void *)seg->data;
	struct gen_mark mark;

	if (!frame_is_for(&conf->local, seg) ||
	    hdr->ip.saddr != conf->peer.ip.s_addr ||
	    !payload_stamped(seg, &mark) ||
	    /* It answers one who has been here before us. */
	    mark.sum < cli->tx.rep.began) {
		cli->rx.other++;
		return;
	}
	if (conf->touch)
		frame_consume(seg);
	if (track_seq(&cli->rx.answers, mark.seq))
		hist_add(&cli->rx.latency, now - mark.sum);
}

/* Returns how many pieces of frames have come, or a negative errno. */
static int receive_answers(struct client *cli)
{
	const struct gen_conf *conf = cli->tx.io.conf;
	const struct gen_seg *seg = cli->burst.seg;
	uint64_t before = cli->rx.answers.unique;
	int n = conf->backend->rx(&cli->tx.io, cli->burst.seg, cli->burst.room);
	uint64_t now = gen_now();

	if (n < 0)
		return cannot_receive(cli, n);
	for (; seg < cli->burst.seg + n; seg += frame_pieces(seg))
		count_answer(cli, seg, now);
	if (cli->rx.answers.unique != before) {
		cli->rx.first = cli->rx.first ?: now;
		cli->rx.last = now;
	}
	if (cli->tick && now >= cli->tick)
		print_line(cli, now);
	return n;
}

/* All answers have come, or there is none any more. */
static bool has_answers(const struct client *cli)
{
	uint64_t wait = cli->tx.io.conf->wait ?: WAIT;
	uint64_t ended = __atomic_load_n(&cli->ended, __ATOMIC_ACQUIRE);
	uint64_t since = cli->rx.last > ended ? cli->rx.last : ended;

	return ended && (cli->rx.answers.unique >= cli->requests ||
			 gen_now() > since + wait);
}

/* The other thread pushes. */
static void *receive_loop(void *arg)
{
	struct client *cli = arg;

	while (!has_failed(cli) && !has_answers(cli))
		if (!receive_answers(cli))
			io_wait(&cli->tx.io, POLLIN);
	return NULL;
}

static int run_two(struct client *cli)
{
	pthread_t thread;
	int err = pthread_create(&thread, NULL, receive_loop, cli);

	if (err)
		return gen_error(-err, "cannot start a thread");
	while (!has_failed(cli) && send_requests(cli))
		;
	io_flush(&cli->tx.io);
	pthread_join(thread, NULL);
	return has_failed(cli) ? -1 : 0;
}

static int run_one(struct client *cli)
{
	bool sends;
	int err;

	cli->tx.io.nowait = true;
	/* Answers may be what the server needs room for. */
	cli->tx.wake = POLLIN;
	while (!has_failed(cli) && !has_answers(cli)) {
		sends = send_requests(cli);
		if (has_failed(cli) || receive_answers(cli) || sends)
			continue;
		err = receiver_sleep(&cli->tx.io);
		if (err)
			cannot_receive(cli, err);
	}
	return has_failed(cli) ? -1 : 0;
}

static int run(struct client *cli)
{
	const struct gen_conf *conf = cli->tx.io.conf;
	int err;

	if (conf->backend->open(&cli->tx.io, IO_TX | IO_RX))
		return GEN_EXIT_SYSTEM;

	sender_start(&cli->tx, REPORT_SENDS | REPORT_RECEIVES);
	cli->then = cli->tx.rep.began;
	cli->tick = cli->tx.rep.tick;
	err = conf->threads > 1 ? run_two(cli) : run_one(cli);
	if (!cli->ended)
		end_requests(cli, gen_now());
	cli->tx.rep.other = cli->rx.other;
	if (report_end(&cli->tx.rep, NULL, &cli->rx))
		err = -1;
	conf->backend->close(&cli->tx.io);
	return err ? GEN_EXIT_SYSTEM : 0;
}

/**
 * gen_client() - the app
 * @conf: the command line
 *
 * Return: exit status.
 */
int gen_client(const struct gen_conf *conf)
{
	struct client *cli = calloc(1, sizeof(*cli));
	int status = GEN_EXIT_SYSTEM;

	if (!cli || track_open(&cli->rx.answers)) {
		gen_error(-ENOMEM, "account of the answers");
		free(cli);
		return status;
	}
	cli->tx.io.conf = conf;
	cli->tx.io.fill = FILL_STAMP;
	hist_init(&cli->rx.latency);
	if (!burst_alloc(&cli->burst, conf))
		status = run(cli);
	free(cli->burst.seg);
	free(cli->rx.answers.seen);
	free(cli);
	return status;
}
