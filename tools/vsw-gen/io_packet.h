/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: what the raw socket backends share
 */
#ifndef _IO_PACKET_H
#define _IO_PACKET_H

#include "io.h"

int packet_socket(const struct gen_conf *conf);
int packet_bind(int fd, const struct gen_conf *conf, int dirs);

#endif /* _IO_PACKET_H */
