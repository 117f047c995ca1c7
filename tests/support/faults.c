/* Makes one chosen system call on files below a folder fail: preloaded before the C library.

   fault_arm(nth, error): the nth call from now on fails with that error; error 0 makes the nth write a short one, and
   nth 0 only counts. fault_calls(): how many there were since. fault_names the folder. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static char folder[PATH_MAX];
static size_t folder_length;
static int calls, chosen, error_of, armed;
static unsigned char watched[65536];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void fault_folder(const char *path) {
    strncpy(folder, path, sizeof folder - 1);
    folder_length = strlen(folder);
}
void fault_arm(int nth, int error) {
    pthread_mutex_lock(&lock);
    calls = 0;
    chosen = nth;
    error_of = error;
    armed = 1;
    pthread_mutex_unlock(&lock);
}
int fault_calls(void) {
    armed = 0;
    return calls;
}

static int below(const char *path) { return folder_length && path && !strncmp(path, folder, folder_length); }
static int is_watched(int fd) { return fd >= 0 && fd < (int)sizeof watched && watched[fd]; }

/* Whether this call is the one; a short write is told by 2. */
static int fails(int is_write) {
    int answer = 0;
    if (!armed) return 0;
    pthread_mutex_lock(&lock);
    calls++;
    if (calls == chosen) {
        if (error_of) answer = 1;
        else if (is_write) answer = 2;
    }
    pthread_mutex_unlock(&lock);
    if (answer == 1) errno = error_of;
    return answer;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static int noted(int fd, const char *path) {
    if (fd >= 0 && fd < (int)sizeof watched) watched[fd] = below(path);
    return fd;
}

#define OPEN(name)                                                        \
    int name(const char *path, int flags, ...) {                          \
        REAL(name);                                                       \
        mode_t mode = 0;                                                  \
        if (flags & (O_CREAT | O_TMPFILE)) {                              \
            va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); \
        }                                                                 \
        if (below(path) && fails(0)) return -1;                           \
        return noted(real(path, flags, mode), path);                      \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                      \
    int name(int at, const char *path, int flags, ...) {                  \
        REAL(name);                                                       \
        mode_t mode = 0;                                                  \
        if (flags & (O_CREAT | O_TMPFILE)) {                              \
            va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); \
        }                                                                 \
        if (below(path) && fails(0)) return -1;                           \
        return noted(real(at, path, flags, mode), path);                  \
    }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
    REAL(close);
    if (fd >= 0 && fd < (int)sizeof watched) watched[fd] = 0;
    return real(fd);
}

ssize_t write(int fd, const void *data, size_t size) {
    REAL(write);
    if (is_watched(fd)) {
        int how = fails(1);
        if (how == 1) return -1;
        if (how == 2 && size > 1) size /= 2;
    }
    return real(fd, data, size);
}

#define PWRITE(name, offset_type)                                         \
    ssize_t name(int fd, const void *data, size_t size, offset_type at) { \
        REAL(name);                                                       \
        if (is_watched(fd)) {                                             \
            int how = fails(1);                                           \
            if (how == 1) return -1;                                      \
            if (how == 2 && size > 1) size /= 2;                          \
        }                                                                 \
        return real(fd, data, size, at);                                  \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define ON_FD(name, ...)                                                  \
    int name(int fd) {                                                    \
        REAL(name);                                                       \
        if (is_watched(fd) && fails(0)) return -1;                        \
        return real(fd);                                                  \
    }
ON_FD(fsync)
ON_FD(fdatasync)

#define TRUNCATE(name, size_type)                                         \
    int name(int fd, size_type size) {                                    \
        REAL(name);                                                       \
        if (is_watched(fd) && fails(0)) return -1;                        \
        return real(fd, size);                                            \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int fchmod(int fd, mode_t mode) {
    REAL(fchmod);
    if (is_watched(fd) && fails(0)) return -1;
    return real(fd, mode);
}

#define ON_TWO(name)                                                      \
    int name(const char *from, const char *to) {                          \
        REAL(name);                                                       \
        if ((below(from) || below(to)) && fails(0)) return -1;            \
        return real(from, to);                                            \
    }
ON_TWO(rename)
ON_TWO(link)
ON_TWO(symlink)

#define ON_PATH(name)                                                     \
    int name(const char *path) {                                          \
        REAL(name);                                                       \
        if (below(path) && fails(0)) return -1;                           \
        return real(path);                                                \
    }
ON_PATH(unlink)
ON_PATH(rmdir)

#define ON_MODE(name)                                                     \
    int name(const char *path, mode_t mode) {                             \
        REAL(name);                                                       \
        if (below(path) && fails(0)) return -1;                           \
        return real(path, mode);                                          \
    }
ON_MODE(mkdir)
ON_MODE(chmod)
