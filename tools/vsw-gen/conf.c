// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: the command line behind the app's name
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "track.h"

#define DEFAULT_BURST	64
#define DEFAULT_FRAME	64

/* Seconds of a time that is as good as for ever. */
#define MAX_SECONDS	1e9

enum {
	OPT_PORT = 256,
	OPT_RING,
	OPT_WAIT,
	OPT_SOURCES,
	OPT_NO_ANNOUNCE,
	OPT_IN,
	OPT_OUT,
	OPT_DST,
	OPT_SRC,
	OPT_DIRECT,
	OPT_MMAP,
	OPT_XDP,
	OPT_THREADS,
};

static const struct option long_options[] = {
	{ "rate",		required_argument,	NULL, 'r' },
	{ "packet-size",	required_argument,	NULL, 'p' },
	{ "burst",		required_argument,	NULL, 'b' },
	{ "raw",		required_argument,	NULL, 'R' },
	{ "blocking",		no_argument,		NULL, 'B' },
	{ "touch",		no_argument,		NULL, 'c' },
	{ "mmsg",		no_argument,		NULL, 'm' },
	{ "silent",		no_argument,		NULL, 's' },
	{ "port",		required_argument,	NULL, OPT_PORT },
	{ "ring",		required_argument,	NULL, OPT_RING },
	{ "time",		required_argument,	NULL, 't' },
	{ "count",		required_argument,	NULL, 'n' },
	{ "wait",		required_argument,	NULL, OPT_WAIT },
	{ "integrity",		no_argument,		NULL, 'i' },
	{ "sources",		required_argument,	NULL, OPT_SOURCES },
	{ "json",		no_argument,		NULL, 'j' },
	{ "no-announce",	no_argument,		NULL, OPT_NO_ANNOUNCE },
	{ "in",			required_argument,	NULL, OPT_IN },
	{ "out",		required_argument,	NULL, OPT_OUT },
	{ "dst",		required_argument,	NULL, OPT_DST },
	{ "src",		required_argument,	NULL, OPT_SRC },
	{ "direct",		no_argument,		NULL, OPT_DIRECT },
	{ "mmap",		no_argument,		NULL, OPT_MMAP },
	{ "xdp",		required_argument,	NULL, OPT_XDP },
	{ "threads",		required_argument,	NULL, OPT_THREADS },
	{ NULL, 0, NULL, 0 },
};

static int bad(const struct gen_conf *conf, const char *what, const char *text)
{
	fprintf(stderr, "vsw-gen %s: %s: %s (see vsw-gen --help)\n", conf->app,
		text, what);
	return -EINVAL;
}

/* A number from @min to @max; k, M and G are powers of 1000. */
static int parse_number(const char *text, uint64_t min, uint64_t max,
			uint64_t *value)
{
	static const char units[] = "kMG";
	const char *unit;
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return -EINVAL;
	errno = 0;
	*value = strtoull(text, &end, 10);
	if (errno)
		return -errno;
	if (*end) {
		unit = strchr(units, *end);
		if (!unit || end[1])
			return -EINVAL;
		for (; unit >= units; unit--)
			if (__builtin_mul_overflow(*value, 1000, value))
				return -ERANGE;
	}
	return *value < min || *value > max ? -ERANGE : 0;
}

static int parse_u32(const char *text, uint32_t min, uint32_t max,
		     uint32_t *value)
{
	uint64_t number;
	int err = parse_number(text, min, max, &number);

	if (!err)
		*value = number;
	return err;
}

static int parse_seconds(const char *text, uint64_t *ns)
{
	double secs;
	char *end;

	if ((text[0] < '0' || text[0] > '9') && text[0] != '.')
		return -EINVAL;
	secs = strtod(text, &end);
	if (end == text || *end || !(secs > 0 && secs <= MAX_SECONDS))
		return -EINVAL;
	*ns = secs * NSEC_PER_SEC;
	return *ns ? 0 : -EINVAL;
}

static int parse_mac(const char *text, uint8_t *mac)
{
	int i, end = 0;

	if (strspn(text, "0123456789abcdefABCDEF:") != 17 ||
	    sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &mac[0],
		   &mac[1], &mac[2], &mac[3], &mac[4], &mac[5], &end) != 6 ||
	    end != 17 || text[17])
		return -EINVAL;
	for (i = 0; i < 6; i++)
		if (mac[i])
			return 0;
	return -EINVAL;
}

static int parse_port(const char *text, const char **port)
{
	*port = text;
	return text[0] && strlen(text) < VSW_NAME_SIZE ? 0 : -EINVAL;
}

static int parse_ifname(const char *text, const char **ifname)
{
	*ifname = text;
	return text[0] && strlen(text) < IFNAMSIZ ? 0 : -EINVAL;
}

static int parse_addresses(struct gen_conf *conf, char **arg)
{
	if (inet_pton(AF_INET, arg[0], &conf->local.ip) != 1)
		return bad(conf, "not an IPv4 address", arg[0]);
	if (parse_mac(arg[1], conf->local.mac))
		return bad(conf, "not an Ethernet address", arg[1]);
	if (conf->local.mac[0] & 1)
		return bad(conf, "not a unicast address", arg[1]);
	if (inet_pton(AF_INET, arg[2], &conf->peer.ip) != 1)
		return bad(conf, "not an IPv4 address", arg[2]);
	if (parse_mac(arg[3], conf->peer.mac))
		return bad(conf, "not an Ethernet address", arg[3]);
	return 0;
}

/* Options with a value; -ENOENT if @opt is none of them. */
static int parse_value(struct gen_conf *conf, int opt, const char *text)
{
	uint32_t ring;
	int err;

	switch (opt) {
	case 'r':
		return parse_number(text, 1, 1000000000, &conf->rate);
	case 'p':
		return parse_u32(text, GEN_MIN_FRAME, GEN_MAX_FRAME,
				 &conf->frame_len);
	case 'b':
		return parse_u32(text, 1, GEN_MAX_BURST, &conf->burst);
	case 'R':
		return parse_ifname(text, &conf->ifname);
	case OPT_XDP:
		return parse_ifname(text, &conf->xdp);
	case OPT_PORT:
	case OPT_IN:
		return parse_port(text, &conf->port);
	case OPT_OUT:
		return parse_port(text, &conf->out);
	case OPT_DST:
		conf->rewrite = true;
		return parse_mac(text, conf->dst);
	case OPT_SRC:
		return parse_mac(text, conf->src) || conf->src[0] & 1 ? -EINVAL : 0;
	case OPT_RING:
		err = parse_u32(text, 0, VSW_MAX_RINGS - 1, &ring);
		conf->ring = err ? -1 : (int)ring;
		return err;
	case 't':
		return parse_seconds(text, &conf->time);
	case 'n':
		return parse_number(text, 1, UINT64_MAX, &conf->count);
	case OPT_WAIT:
		return parse_seconds(text, &conf->wait);
	case OPT_SOURCES:
		return parse_u32(text, 1, TRACK_MAX_SOURCES, &conf->sources);
	case OPT_THREADS:
		return parse_u32(text, 1, 2, &conf->threads);
	default:
		return -ENOENT;
	}
}

/* Options without one. */
static void parse_switch(struct gen_conf *conf, int opt)
{
	switch (opt) {
	case 'B':
		conf->blocking = true;
		break;
	case 'c':
		conf->touch = true;
		break;
	case 'm':
		conf->mmsg = true;
		break;
	case 's':
		conf->silent = true;
		break;
	case 'i':
		conf->integrity = true;
		break;
	case 'j':
		conf->json = true;
		break;
	case OPT_NO_ANNOUNCE:
		conf->announce = false;
		break;
	case OPT_DIRECT:
		conf->direct = true;
		break;
	case OPT_MMAP:
		conf->mmap = true;
		break;
	}
}

/* One option; @all: not only those that say how frames are moved. */
static int parse_option(struct gen_conf *conf, int opt, bool all)
{
	static const int how[] = {
		'R', OPT_PORT, OPT_RING, OPT_DIRECT, OPT_MMAP, OPT_XDP,
	};
	unsigned int i;
	int err;

	if (opt == '?')
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(how) && !all; i++)
		if (opt == how[i])
			all = true;
	if (!all)
		return bad(conf, "no option that may stand behind --", "--");

	err = parse_value(conf, opt, optarg);
	if (err == -ENOENT)
		parse_switch(conf, opt);
	else if (err)
		return bad(conf, "not acceptable", optarg);
	return 0;
}

/* Options, and words that getopt() moves behind them. */
static int parse_options(struct gen_conf *conf, int argc, char **argv, bool all)
{
	static const char options[] = "r:p:b:R:Bcmst:n:ij";
	int err = 0, opt;

	/* Zero, for GNU's getopt() to begin anew. */
	optind = 0;
	while (!err) {
		opt = getopt_long(argc, argv, options, long_options, NULL);
		if (opt < 0)
			break;
		err = parse_option(conf, opt, all);
	}
	return err;
}

/* A forwarder has two ports, and addresses for both ends of a frame or none. */
static int check_forward(struct gen_conf *conf)
{
	static const uint8_t none[6];

	if (!conf->port || !conf->out)
		return bad(conf, "--in and --out", "want two ports");
	if (conf->rewrite != !!memcmp(conf->src, none, 6))
		return bad(conf, "--dst and --src", "want both addresses");
	conf->backend = &io_ring;
	return 0;
}

static int choose_backend(struct gen_conf *conf)
{
	if (conf->ring_only && !conf->port)
		return bad(conf, "--port", "want a ring port");
	if (conf->xdp && (conf->port || conf->ifname))
		return bad(conf, "not together with --port or -R", "--xdp");
	if (conf->mmap && !conf->ifname)
		return bad(conf, "wants an interface (-R)", "--mmap");

	if (conf->port)
		conf->backend = &io_ring;
	else if (conf->xdp)
		conf->backend = &io_xdp;
	else if (conf->ifname)
		conf->backend = conf->mmap ? &io_mmap : &io_packet;
	else
		conf->backend = &io_udp;
	return 0;
}

/* What of the command line stands before "--", "--" itself not counted. */
static int before_dashes(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--"))
			break;
	return i;
}

/**
 * gen_conf_parse() - read the command line
 * @conf: out: what it says; @app, @kind and @ring_only are set already
 * @argc: number of arguments
 * @argv: the arguments; the first is the app's name
 *
 * Return: 0, or -EINVAL, and then it has said why.
 */
int gen_conf_parse(struct gen_conf *conf, int argc, char **argv)
{
	int front = before_dashes(argc, argv);
	int words;

	conf->ring = -1;
	conf->burst = DEFAULT_BURST;
	conf->frame_len = DEFAULT_FRAME;
	conf->threads = 1;
	conf->announce = true;

	/* Behind "--" first: the words before it are what remains. */
	if (front < argc) {
		if (parse_options(conf, argc - front, argv + front, false))
			return -EINVAL;
		if (optind < argc - front)
			return bad(conf, argv[front + optind], "no such word");
	}
	if (parse_options(conf, front, argv, true))
		return -EINVAL;

	words = front - optind;
	if (conf->kind == GEN_FORWARD)
		return words ? bad(conf, argv[optind], "no such word") :
			       check_forward(conf);
	if (words != 4)
		return bad(conf, "local IP, local MAC, peer IP, peer MAC, and no more",
			   "want four addresses");
	if (conf->kind == GEN_ROUND_TRIP && conf->integrity)
		return bad(conf, "for send and recv only", "-i");
	return choose_backend(conf) ?: parse_addresses(conf, argv + optind);
}

/**
 * gen_place() - where frames are sent to or received from, for messages
 * @conf: the command line
 */
const char *gen_place(const struct gen_conf *conf)
{
	static _Thread_local char text[32];

	if (conf->port)
		snprintf(text, sizeof(text), "port %s", conf->port);
	else if (conf->xdp || conf->ifname)
		snprintf(text, sizeof(text), "interface %s",
			 conf->xdp ?: conf->ifname);
	else
		snprintf(text, sizeof(text), "a UDP socket");
	return text;
}
