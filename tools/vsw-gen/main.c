// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: traffic for a switch
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gen.h"

static const struct gen_app apps[] = {
	{ "send",	"send frames to the peer",	GEN_ONE_WAY,	gen_send },
	{ "recv",	"count frames from the peer",	GEN_ONE_WAY,	gen_recv },
	{ "client",	"send requests to the peer, and time the answers",
	  GEN_ROUND_TRIP, gen_client },
	{ "server",	"answer requests",		GEN_ROUND_TRIP,	gen_server },
	{ "forward",	"move frames from a ring port to another", GEN_FORWARD, gen_forward },
	{ "fwd",	NULL,				GEN_FORWARD,	gen_forward },
};

/* Before a name: the app insists on a ring port. */
#define RING_PREFIX	"vsw-"

volatile sig_atomic_t gen_stop;

/* For messages. */
static const char *app_name = "";

/**
 * gen_error() - say what went wrong
 * @err: negative errno
 * @fmt: what was tried
 *
 * Return: @err.
 */
int gen_error(int err, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "vsw-gen %s: ", app_name);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, ": %s\n", strerror(-err));
	return err;
}

static void usage(FILE *out)
{
	const struct gen_app *app;

	fputs("Usage: vsw-gen APP LOCAL-IP LOCAL-MAC PEER-IP PEER-MAC [OPTIONS] [-- HOW]\n"
	      "       vsw-gen forward --in NAME --out NAME [OPTIONS]\n\n"
	      "Apps, also as names of links to vsw-gen:\n", out);
	for (app = apps; app < apps + ARRAY_SIZE(apps); app++)
		if (app->help)
			fprintf(out, "  %-21s %s\n", app->name, app->help);
	fputs("  vsw-send, vsw-recv, vsw-client, vsw-server: the same, and only on ring ports\n"
	      "\nHow frames are moved (default: UDP sockets), before -- or behind it:\n"
	      "      --port NAME       ring port of vsw; -R, -B and -m are ignored\n"
	      "      --in, --out NAME  forward: ring ports to receive from and to send to\n"
	      "      --ring N          only ring pair N of it; --xdp: queue (default 0)\n"
	      "      --direct          ring port: receive without system calls\n"
	      "  -R, --raw IFNAME      raw sockets on an interface\n"
	      "      --mmap            with -R: PACKET_MMAP rings; -B and -m are ignored\n"
	      "      --xdp IFNAME      AF_XDP socket on an interface; -B and -m are ignored\n"
	      "  -B, --blocking        sockets block\n"
	      "  -m, --mmsg            sendmmsg and recvmmsg, one call for a burst\n"
	      "      --threads N       client: 2, a thread of its own receives (default: 1)\n"
	      "\nWhat is sent:\n"
	      "  -r, --rate PPS        frames per second (default: as many as possible)\n"
	      "  -p, --packet-size N   bytes of a frame, with the Ethernet header and without\n"
	      "                        FCS, 60 to 65535 (default 64)\n"
	      "  -b, --burst N         frames of a burst (default 64)\n"
	      "  -c, --touch           write, read every byte\n"
	      "  -i, --integrity       send, recv: prove that all frames arrive once, in order\n"
	      "                        and unchanged\n"
	      "      --dst, --src MAC  forward: addresses to write to frames\n"
	      "\nWhen to end (and upon SIGINT, SIGTERM):\n"
	      "  -t, --time SEC        after that time\n"
	      "  -n, --count N         after N frames\n"
	      "      --wait SEC        recv, server, forward: when nothing came for that time\n"
	      "                        after a frame; client: the same, once all is sent\n"
	      "                        (default 1)\n"
	      "      --sources N       recv -i: when N senders have ended\n"
	      "\nOutput:\n"
	      "  -s, --silent          the summary only\n"
	      "  -j, --json            the summary as JSON\n"
	      "      --no-announce     recv, server: send no frame to make the address known\n"
	      "  -h, --help            this text\n"
	      "\nNumbers may end with k, M or G.\n", out);
}

static const struct gen_app *find_app(const char *name, bool *ring_only)
{
	size_t prefix = strlen(RING_PREFIX);
	const struct gen_app *app;

	*ring_only = !strncmp(name, RING_PREFIX, prefix);
	if (*ring_only)
		name += prefix;
	for (app = apps; app < apps + ARRAY_SIZE(apps); app++)
		if (!strcmp(app->name, name))
			return app;
	return NULL;
}

static bool wants_help(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return true;
	return false;
}

static void on_signal(int sig)
{
	(void)sig;
	gen_stop = 1;
}

/* Without SA_RESTART: calls that block return. */
static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

int main(int argc, char **argv)
{
	const char *slash = argc ? strrchr(argv[0], '/') : NULL;
	const struct gen_app *app;
	struct gen_conf conf = { 0 };

	if (wants_help(argc, argv)) {
		usage(stdout);
		return 0;
	}

	app = argc ? find_app(slash ? slash + 1 : argv[0], &conf.ring_only) : NULL;
	if (!app && argc > 1) {
		app = find_app(argv[1], &conf.ring_only);
		argv++;
		argc--;
	}
	if (!app) {
		usage(stderr);
		return GEN_EXIT_USAGE;
	}

	if (!app->help)
		app--;
	app_name = app->name;
	conf.app = app->name;
	conf.kind = app->kind;
	if (gen_conf_parse(&conf, argc, argv))
		return GEN_EXIT_USAGE;
	catch_signals();
	return app->run(&conf);
}
