/* Lets a process die, or a call fail, at its n-th change to files under one folder: put in front of the C library with LD_PRELOAD.
   Only the process that called `kring_arm` (or was started with KRING_ARM="n mode folder") is concerned. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIE_BEFORE, DIE_AFTER, NO_ROOM, NO_DISK };

static long left = -1;
static int mode, full; /* full: a write took a part, so the next one fails */
static char folder[4096];

void kring_arm(long n, int how, const char *under)
{
    mode = how;
    snprintf(folder, sizeof folder, "%s", under);
    left = n;
}

__attribute__((constructor)) static void arm_from_environment(void)
{
    const char *wish = getenv("KRING_ARM");
    int how, read = 0;
    long n;
    if (wish && sscanf(wish, "%ld %d %n", &n, &how, &read) >= 2)
        kring_arm(n, how, wish + read);
}

static void leave_mark(void) /* FOLDER-met: the one who tries each call in turn sees that this one was met */
{
    char mark[4200];
    snprintf(mark, sizeof mark, "%s-met", folder);
    close(((int (*)(const char *, int, ...)) dlsym(RTLD_NEXT, "open64"))(mark, O_CREAT | O_WRONLY, 0600));
}

static void die(void) { kill(getpid(), SIGKILL); for (;;) pause(); }

static int ours(const char *path) { return (left > 0 || full) && path && strncmp(path, folder, strlen(folder)) == 0; }

static int ours_fd(int fd)
{
    char link[64], path[4096];
    ssize_t size;
    if (left <= 0 && !full) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return ours(path);
}

/* 0: go on. 1: do it, then die. -1: fail with errno. */
static int now(void)
{
    if (left <= 0 || __sync_sub_and_fetch(&left, 1) != 0) return 0;
    leave_mark();
    if (mode == DIE_BEFORE) die();
    if (mode == DIE_AFTER) return 1;
    errno = mode == NO_ROOM ? ENOSPC : EIO;
    return -1;
}

#define REAL(name) ((__typeof__(&name)) dlsym(RTLD_NEXT, #name))
#define PASS(is_ours, call) do { \
        int what = (is_ours) ? now() : 0; \
        if (what < 0) return -1; \
        __typeof__(call) result = (call); \
        if (what > 0) die(); \
        return result; \
    } while (0)

ssize_t write(int fd, const void *data, size_t size)
{
    int mine = ours_fd(fd);
    if (mine && full) { full = 0; errno = ENOSPC; return -1; }
    int what = mine ? now() : 0;
    if (what < 0 && mode == NO_ROOM && size > 1) { full = 1; return REAL(write)(fd, data, size / 2); }
    if (what < 0) return -1;
    if (what > 0) { REAL(write)(fd, data, size / 2); die(); }
    return REAL(write)(fd, data, size);
}

int fsync(int fd) { PASS(ours_fd(fd), REAL(fsync)(fd)); }
int fdatasync(int fd) { PASS(ours_fd(fd), REAL(fdatasync)(fd)); }
int ftruncate(int fd, off_t size) { PASS(ours_fd(fd), REAL(ftruncate)(fd, size)); }
int ftruncate64(int fd, off64_t size) { PASS(ours_fd(fd), REAL(ftruncate64)(fd, size)); }
int rename(const char *from, const char *to) { PASS(ours(to), REAL(rename)(from, to)); }
int link(const char *from, const char *to) { PASS(ours(to), REAL(link)(from, to)); }
int linkat(int a, const char *from, int b, const char *to, int flags) { PASS(ours(to), REAL(linkat)(a, from, b, to, flags)); }
int unlink(const char *path) { PASS(ours(path), REAL(unlink)(path)); }
int mkdir(const char *path, mode_t mode_) { PASS(ours(path), REAL(mkdir)(path, mode_)); }

int open64(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t bits = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    PASS((flags & O_CREAT) && ours(path), REAL(open64)(path, flags, bits));
}
