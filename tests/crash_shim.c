/* Lets a process die, or a call fail, at its n-th change to files under one folder: put in front of the C library with LD_PRELOAD.
   With POWER_CUT it dies before the call, and what was not yet on disk goes with it: bytes after the last fsync of a file, and names
   that were given since the last fsync of their folder. All files here grow at their end, so that losing bytes is a cut.
   Only the process that called `kring_arm` (or was started with KRING_ARM="n mode folder") is concerned. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIE_BEFORE, DIE_AFTER, NO_ROOM, NO_DISK, POWER_CUT };
enum { FILES = 256, NAMES = 64, PATH = 1024 };

static long left = -1;
static int mode, full; /* full: a write took a part, so the next one fails */
static char folder[900];

static struct { ino_t inode; off_t size; } synced[FILES]; /* how much of each file is on disk */
static struct { char name[PATH], from[PATH], old[PATH]; int renamed; } named[NAMES]; /* names that are not, and how to undo them */
static int files, names;

#define REAL(name) ((__typeof__(&name)) dlsym(RTLD_NEXT, #name))

static off_t *size_on_disk(ino_t inode)
{
    for (int at = 0; at < files; at++)
        if (synced[at].inode == inode) return &synced[at].size;
    if (files == FILES) abort();
    synced[files].inode = inode;
    synced[files].size = 0;
    return &synced[files++].size;
}

static int is_on_disk(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void) path, (void) place;
    if (kind == FTW_F) *size_on_disk(about->st_ino) = about->st_size;
    return 0;
}

static int lose_rest(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void) place;
    return kind == FTW_F && about->st_size > *size_on_disk(about->st_ino) ? truncate(path, *size_on_disk(about->st_ino)) : 0;
}

static void note_sync(int fd)
{
    struct stat about;
    char link[64], path[PATH];
    if (mode != POWER_CUT || fstat(fd, &about)) return;
    if (S_ISREG(about.st_mode)) { *size_on_disk(about.st_ino) = about.st_size; return; }
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return;
    path[size] = 0;
    for (int at = 0; at < names; at++)
        if (strncmp(named[at].name, path, size) == 0 && !strchr(named[at].name + size + 1, '/')) {
            if (*named[at].old) REAL(unlink)(named[at].old);
            named[at].name[0] = 0;
        }
}

static void note_name(const char *name, const char *from)
{
    if (mode != POWER_CUT || names == NAMES) return;
    snprintf(named[names].name, PATH, "%s", name);
    snprintf(named[names].from, PATH, "%s", from ? from : "");
    named[names].renamed = from != NULL;
    named[names].old[0] = 0;
    if (from && access(name, F_OK) == 0) { /* what had the name stays at hand */
        snprintf(named[names].old, PATH, "%s-old-%d", folder, names);
        REAL(link)(name, named[names].old);
    }
    names++;
}

static void cut_power(void)
{
    while (names-- > 0) {
        if (!*named[names].name) continue;
        if (named[names].renamed) REAL(rename)(named[names].name, named[names].from);
        else REAL(unlink)(named[names].name);
        if (*named[names].old) REAL(rename)(named[names].old, named[names].name);
    }
    nftw(folder, lose_rest, 16, FTW_PHYS);
}

void kring_arm(long n, int how, const char *under)
{
    mode = how;
    snprintf(folder, sizeof folder, "%s", under);
    if (how == POWER_CUT) nftw(folder, is_on_disk, 16, FTW_PHYS);
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
    char mark[1000];
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
    if (mode == POWER_CUT) cut_power();
    if (mode == DIE_BEFORE || mode == POWER_CUT) die();
    if (mode == DIE_AFTER) return 1;
    errno = mode == NO_ROOM ? ENOSPC : EIO;
    return -1;
}

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

int fsync(int fd) { PASS(ours_fd(fd), (note_sync(fd), REAL(fsync)(fd))); }
int fdatasync(int fd) { PASS(ours_fd(fd), (note_sync(fd), REAL(fdatasync)(fd))); }
int ftruncate(int fd, off_t size) { PASS(ours_fd(fd), REAL(ftruncate)(fd, size)); }
int ftruncate64(int fd, off64_t size) { PASS(ours_fd(fd), REAL(ftruncate64)(fd, size)); }
int rename(const char *from, const char *to) { PASS(ours(to), (note_name(to, from), REAL(rename)(from, to))); }
int link(const char *from, const char *to) { PASS(ours(to), (note_name(to, NULL), REAL(link)(from, to))); }
int linkat(int a, const char *from, int b, const char *to, int flags) { PASS(ours(to), (note_name(to, NULL), REAL(linkat)(a, from, b, to, flags))); }
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
