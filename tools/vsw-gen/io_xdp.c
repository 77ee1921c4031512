// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: AF_XDP sockets, in copy mode, which every interface has
 *
 * Buffers are chunks of one memory: the first half sends, and holds the frame from
 * the beginning, the other half receives.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <xdp/xsk.h>

#include "io.h"
#include "netif.h"

#define CHUNKS		XSK_RING_PROD__DEFAULT_NUM_DESCS
#define CHUNK_SIZE	XSK_UMEM__DEFAULT_FRAME_SIZE
#define MEMORY		(2UL * CHUNKS * CHUNK_SIZE)
/* What the kernel keeps before a frame that is received. */
#define HEADROOM	256
#define MAX_FRAME	(CHUNK_SIZE - HEADROOM)

/**
 * struct xdp_io - the backend
 * @mem: the chunks
 * @umem: the same, as the library knows it
 * @xsk: the socket
 * @tx: frames to send
 * @comp: chunks that were sent
 * @rx: frames that were received
 * @fill: chunks that receive
 * @idle: chunks that may send
 * @num_idle: number of these
 * @shown: chunks that the last burst has shown
 * @num_shown: number of these
 * @map: file of the map that names the socket
 * @prog: file of the program that passes frames to it
 * @link: file that holds the program on the interface
 */
struct xdp_io {
	uint8_t			*mem;
	struct xsk_umem		*umem;
	struct xsk_socket	*xsk;
	struct xsk_ring_prod	tx;
	struct xsk_ring_cons	comp;
	struct xsk_ring_cons	rx;
	struct xsk_ring_prod	fill;
	uint64_t		idle[CHUNKS];
	uint32_t		num_idle;
	uint64_t		shown[CHUNKS];
	uint32_t		num_shown;
	int			map;
	int			prog;
	int			link;
};

static uint32_t queue_of(const struct gen_conf *conf)
{
	return conf->ring < 0 ? 0 : conf->ring;
}

/*
 * return bpf_redirect_map(&map, ctx->rx_queue_index, XDP_PASS);
 *
 * So frames of other queues go where they went before.
 */
static int load_program(int map)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = BPF_REG_2,
		  .src_reg = BPF_REG_1,
		  .off = offsetof(struct xdp_md, rx_queue_index) },
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = BPF_REG_1,
		  .src_reg = BPF_PSEUDO_MAP_FD, .imm = map },
		{ .code = 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_3,
		  .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect_map },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "vsw_gen", "GPL", insns,
			       ARRAY_SIZE(insns), NULL);

	return fd < 0 ? -errno : fd;
}

/* By the driver, or else for it. The link ends with us, however that may be. */
static int attach_program(int prog, int ifindex)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = XDP_FLAGS_DRV_MODE);
	int fd = bpf_link_create(prog, ifindex, BPF_XDP, &opts);

	if (fd < 0 && errno != EBUSY && errno != EPERM) {
		opts.flags = XDP_FLAGS_SKB_MODE;
		fd = bpf_link_create(prog, ifindex, BPF_XDP, &opts);
	}
	return fd < 0 ? -errno : fd;
}

/* Pass to the socket what the interface receives. */
static int open_program(struct xdp_io *x, const struct gen_conf *conf)
{
	uint32_t queue = queue_of(conf);
	int fd = xsk_socket__fd(x->xsk);

	x->map = bpf_map_create(BPF_MAP_TYPE_XSKMAP, "vsw_gen", sizeof(queue),
				sizeof(fd), queue + 1, NULL);
	if (x->map < 0)
		return gen_error(-errno, "cannot make an XDP map");
	if (bpf_map_update_elem(x->map, &queue, &fd, 0))
		return gen_error(-errno, "cannot write an XDP map");
	x->prog = load_program(x->map);
	if (x->prog < 0)
		return gen_error(x->prog, "cannot load an XDP program");
	x->link = attach_program(x->prog, if_nametoindex(conf->xdp));
	if (x->link < 0)
		return gen_error(x->link, "cannot attach an XDP program to %s",
				 conf->xdp);
	return 0;
}

static int open_umem(struct xdp_io *x)
{
	x->mem = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (x->mem == MAP_FAILED) {
		x->mem = NULL;
		return -errno;
	}
	return xsk_umem__create(&x->umem, x->mem, MEMORY, &x->fill, &x->comp,
				NULL);
}

static int open_socket(struct xdp_io *x, const struct gen_conf *conf)
{
	const struct xsk_socket_config config = {
		.rx_size = XSK_RING_CONS__DEFAULT_NUM_DESCS,
		.tx_size = CHUNKS,
		.libxdp_flags = XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD,
		.bind_flags = XDP_COPY,
	};
	int err = open_umem(x);

	if (err == -EPERM)
		return gen_error(err, "cannot open an AF_XDP socket; CAP_NET_RAW and %s",
				 "CAP_NET_ADMIN are needed");
	if (err)
		return gen_error(err, "memory of an AF_XDP socket");
	err = xsk_socket__create(&x->xsk, conf->xdp, queue_of(conf), x->umem,
				 &x->rx, &x->tx, &config);
	return err ? gen_error(err, "cannot bind an AF_XDP socket to queue %u of %s",
			       queue_of(conf), conf->xdp) : 0;
}

static void give_chunks(struct xdp_io *x, const uint64_t *addr, uint32_t n)
{
	uint32_t at, i;

	/* There is always room: the ring is as long as there are chunks. */
	if (!n || !xsk_ring_prod__reserve(&x->fill, n, &at))
		return;
	for (i = 0; i < n; i++)
		*xsk_ring_prod__fill_addr(&x->fill, at + i) = addr[i];
	xsk_ring_prod__submit(&x->fill, n);
}

static void prepare_chunks(struct xdp_io *x, const struct gen_conf *conf,
			   int dirs)
{
	uint64_t addr;
	uint32_t i;

	for (i = 0; i < CHUNKS; i++) {
		addr = (uint64_t)i * CHUNK_SIZE;
		x->idle[x->num_idle++] = addr;
		if (dirs & IO_TX)
			frame_template(x->mem + addr, conf);
		addr += (uint64_t)CHUNKS * CHUNK_SIZE;
		if (dirs & IO_RX)
			give_chunks(x, &addr, 1);
	}
}

static void close_file(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void xdp_close(struct gen_io *io)
{
	struct xdp_io *x = io->priv;

	close_file(x->link);
	close_file(x->prog);
	close_file(x->map);
	if (x->xsk)
		xsk_socket__delete(x->xsk);
	if (x->umem)
		xsk_umem__delete(x->umem);
	if (x->mem)
		munmap(x->mem, MEMORY);
	free(x);
}

static int open_all(struct xdp_io *x, const struct gen_conf *conf, int dirs)
{
	int err = netif_mtu(conf->xdp, conf);

	if (err < 0)
		return err;
	if (conf->frame_len > MAX_FRAME)
		return gen_error(-EMSGSIZE, "AF_XDP: frames of up to %u bytes",
				 MAX_FRAME);
	err = open_socket(x, conf);
	if (err)
		return err;
	prepare_chunks(x, conf, dirs);
	return dirs & IO_RX ? open_program(x, conf) : 0;
}

static int xdp_open(struct gen_io *io, int dirs)
{
	struct xdp_io *x = calloc(1, sizeof(*x));
	int err;

	if (!x)
		return gen_error(-ENOMEM, "buffers");
	x->map = -1;
	x->prog = -1;
	x->link = -1;
	io->priv = x;
	err = open_all(x, io->conf, dirs);
	if (err)
		xdp_close(io);
	else
		io->fd = xsk_socket__fd(x->xsk);
	return err;
}

/* Take back the chunks that were sent. */
static void reap(struct xdp_io *x)
{
	uint32_t at, i, n = xsk_ring_cons__peek(&x->comp, CHUNKS, &at);

	for (i = 0; i < n; i++)
		x->idle[x->num_idle++] = *xsk_ring_cons__comp_addr(&x->comp, at + i);
	xsk_ring_cons__release(&x->comp, n);
}

static int kick_once(const struct gen_io *io)
{
	if (sendto(io->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) >= 0)
		return 0;
	switch (errno) {
	case EAGAIN:
	case EBUSY:
	case EINTR:
	case ENOBUFS:
		return 0;
	default:
		return -errno;
	}
}

/* A call sends a few frames only, so there are more as long as that helps. */
static int kick(const struct gen_io *io, struct xdp_io *x)
{
	uint32_t room = xsk_prod_nb_free(&x->tx, CHUNKS), before;
	int err = 0;

	do {
		before = room;
		if (room < CHUNKS)
			err = kick_once(io);
		room = xsk_prod_nb_free(&x->tx, CHUNKS);
	} while (!err && room > before);
	return err;
}

/* Chunks for frames that are sent now, in the ring from @at on. */
static uint32_t take_chunks(struct xdp_io *x, uint32_t n, uint32_t *at)
{
	uint32_t room = xsk_prod_nb_free(&x->tx, n);

	reap(x);
	if (n > room)
		n = room;
	if (n > x->num_idle)
		n = x->num_idle;
	return n ? xsk_ring_prod__reserve(&x->tx, n, at) : 0;
}

static uint8_t *take_chunk(struct xdp_io *x, uint32_t at, uint32_t len)
{
	struct xdp_desc *desc = xsk_ring_prod__tx_desc(&x->tx, at);

	desc->addr = x->idle[--x->num_idle];
	desc->len = len;
	desc->options = 0;
	return x->mem + desc->addr;
}

static int xdp_tx(struct gen_io *io, uint32_t n)
{
	struct gen_seg seg = { .len = io->conf->frame_len };
	struct xdp_io *x = io->priv;
	uint32_t at, k;
	int err;

	n = take_chunks(x, n, &at);
	for (k = 0; k < n; k++) {
		seg.data = take_chunk(x, at + k, seg.len);
		if (io->fill)
			io_fill(io, &seg, io->seq + k);
	}
	xsk_ring_prod__submit(&x->tx, n);
	err = kick(io, x);
	return err ? err : (int)n;
}

static int xdp_put(struct gen_io *io, const struct gen_seg *seg, uint32_t n)
{
	struct xdp_io *x = io->priv;
	uint32_t at, k;
	int err;

	n = take_chunks(x, n, &at);
	for (k = 0; k < n; k++)
		memcpy(take_chunk(x, at + k, seg[k].len), seg[k].data,
		       seg[k].len);
	xsk_ring_prod__submit(&x->tx, n);
	err = kick(io, x);
	return err ? err : (int)n;
}

static int xdp_rx(struct gen_io *io, struct gen_seg *seg, uint32_t max)
{
	struct xdp_io *x = io->priv;
	uint32_t at, i, n;

	give_chunks(x, x->shown, x->num_shown);
	n = xsk_ring_cons__peek(&x->rx, max < CHUNKS ? max : CHUNKS, &at);
	for (i = 0; i < n; i++) {
		const struct xdp_desc *desc = xsk_ring_cons__rx_desc(&x->rx, at + i);

		seg[i].data = x->mem + desc->addr;
		seg[i].len = desc->len;
		seg[i].more = 0;
		x->shown[i] = desc->addr / CHUNK_SIZE * CHUNK_SIZE;
	}
	xsk_ring_cons__release(&x->rx, n);
	x->num_shown = n;
	return n ? (int)n : gen_socket_error(io->fd);
}

static int xdp_push(struct gen_io *io)
{
	struct xdp_io *x = io->priv;
	int err = kick(io, x);

	return err ? err : xsk_prod_nb_free(&x->tx, CHUNKS) < CHUNKS;
}

const struct gen_io_ops io_xdp = {
	.name = "xdp",
	.waits = true,
	.open = xdp_open,
	.tx = xdp_tx,
	.rx = xdp_rx,
	.put = xdp_put,
	.push = xdp_push,
	.close = xdp_close,
};
