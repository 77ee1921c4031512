// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: what stands for io_xdp.c where that could not be built
 */
#include <errno.h>

#include "io.h"

static int no_xdp_open(struct gen_io *io, int dirs)
{
	(void)io;
	(void)dirs;
	return gen_error(-EOPNOTSUPP, "AF_XDP: built without libxdp-dev and libbpf-dev");
}

const struct gen_io_ops io_xdp = {
	.name = "xdp",
	.open = no_xdp_open,
};
