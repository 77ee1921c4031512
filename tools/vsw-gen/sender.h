/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: what those who make frames share
 */
#ifndef _SENDER_H
#define _SENDER_H

#include "io.h"
#include "pace.h"
#include "report.h"

/**
 * struct sender - a sender at work
 * @io: the backend
 * @rep: what is counted
 * @pace: when to send
 * @end: when to end
 * @tries: how often there was no room, since there was some
 * @wake: what else than room wakes it up, for poll()
 */
struct sender {
	struct gen_io	io;
	struct report	rep;
	struct pace	pace;
	uint64_t	end;
	uint32_t	tries;
	short		wake;
};

void sender_start(struct sender *tx, int role);
bool sender_goes_on(const struct sender *tx, uint64_t now);
int sender_burst(struct sender *tx);

#endif /* _SENDER_H */
