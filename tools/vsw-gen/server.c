// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen server: sends requests back to where they came from
 */
#include <poll.h>
#include <stdlib.h>

#include "receiver.h"
#include "report.h"

/**
 * struct server - the server
 * @io: the backend
 * @rep: what is counted
 * @burst: requests that came at once, and are the answers then
 */
struct server {
	struct gen_io	io;
	struct report	rep;
	struct burst	burst;
};

/* Checksums stay right: their sums have the same parts. */
static void turn_back(const struct gen_seg *seg, const struct gen_addr *local)
{
	struct gen_hdr hdr;
	uint16_t port;

	memcpy(&hdr, seg->data, sizeof(hdr));
	memcpy(hdr.eth.ether_dhost, hdr.eth.ether_shost, 6);
	memcpy(hdr.eth.ether_shost, local->mac, 6);
	hdr.ip.daddr = hdr.ip.saddr;
	hdr.ip.saddr = local->ip.s_addr;
	port = hdr.udp.dest;
	hdr.udp.dest = hdr.udp.source;
	hdr.udp.source = port;
	memcpy(seg->data, &hdr, sizeof(hdr));
}

/* Let only answers remain; returns the number of their pieces. */
static uint32_t make_answers(struct server *srv, uint32_t n)
{
	const struct gen_conf *conf = srv->io.conf;
	struct gen_seg *seg = srv->burst.seg, *end = seg + n, *to = seg;
	uint32_t pieces;

	for (; seg < end; seg += pieces) {
		pieces = frame_pieces(seg);
		if (!frame_is_for(&conf->local, seg)) {
			srv->rep.other++;
			continue;
		}
		if (conf->touch)
			frame_consume(seg);
		turn_back(seg, &conf->local);
		memmove(to, seg, pieces * sizeof(*seg));
		to += pieces;
		srv->rep.attempted++;
	}
	return to - srv->burst.seg;
}

static void count_answers(struct report *rep, const struct gen_seg *seg,
			  uint32_t n)
{
	const struct gen_seg *end = seg + n;

	if (!n)
		return;
	rep->last = gen_now();
	if (!rep->frames)
		rep->first = rep->last;
	for (; seg < end; seg += frame_pieces(seg)) {
		rep->frames++;
		rep->bytes += frame_bytes(seg);
	}
}

static int send_answers(struct server *srv, uint32_t n)
{
	const struct gen_io_ops *backend = srv->io.conf->backend;
	const struct gen_seg *seg = srv->burst.seg;
	int sent;

	while (n) {
		sent = backend->put(&srv->io, seg, n);
		if (sent < 0)
			return sent;
		count_answers(&srv->rep, seg, sent);
		seg += sent;
		n -= sent;
		if (n && (!backend->waits || gen_stop))
			break;
		if (!sent)
			io_wait(&srv->io, POLLOUT);
	}
	return 0;
}

static bool is_done(const struct server *srv, uint64_t now)
{
	const struct gen_conf *conf = srv->io.conf;
	const struct report *rep = &srv->rep;

	if (conf->count && rep->frames >= conf->count)
		return true;
	return conf->wait && rep->last && now > rep->last + conf->wait;
}

static int serve(struct server *srv)
{
	const struct gen_conf *conf = srv->io.conf;
	uint64_t now = gen_now();
	uint64_t end = conf->time ? now + conf->time : UINT64_MAX;
	int n;

	while (!gen_stop && now < end && !is_done(srv, now)) {
		n = conf->backend->rx(&srv->io, srv->burst.seg, srv->burst.room);
		if (n > 0)
			n = send_answers(srv, make_answers(srv, n));
		else if (!n)
			n = receiver_sleep(&srv->io);
		if (n < 0)
			return gen_error(n, "cannot answer through %s",
					 gen_place(conf));
		now = gen_now();
	}
	return 0;
}

static int run(struct server *srv)
{
	const struct gen_conf *conf = srv->io.conf;
	int err;

	if (conf->backend->open(&srv->io, IO_RX))
		return GEN_EXIT_SYSTEM;
	err = receiver_announce(&srv->io);
	if (!err) {
		report_start(&srv->rep, conf, REPORT_SENDS | REPORT_RECEIVES);
		err = serve(srv);
		if (!err)
			io_flush(&srv->io);
		if (report_end(&srv->rep, NULL, NULL))
			err = -1;
	}
	conf->backend->close(&srv->io);
	return err ? GEN_EXIT_SYSTEM : 0;
}

/**
 * gen_server() - the app
 * @conf: the command line
 *
 * Return: exit status.
 */
int gen_server(const struct gen_conf *conf)
{
	struct server srv = { .io.conf = conf };
	int status = GEN_EXIT_SYSTEM;

	if (!burst_alloc(&srv.burst, conf))
		status = run(&srv);
	free(srv.burst.seg);
	return status;
}
