/* SPDX-License-Identifier: GPL-2.0 */
/* /dev/vsw */
#ifndef _VSW_CHARDEV_H
#define _VSW_CHARDEV_H

int vsw_chardev_init(void);
void vsw_chardev_exit(void);

#endif /* _VSW_CHARDEV_H */
