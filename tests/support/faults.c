/* Makes one chosen system call on files below a folder fail: preloaded before the C library.

   fault_arm(nth, error): the nth call from now on fails with that error; error 0 makes the nth read or write a short
   one, -1 sends Ctrl+C's signal before it, and nth 0 only counts. fault_calls(): how many there were since; fault_name(): which failed. fault_names the folder. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <unistd.h>

static char folder[PATH_MAX];
static size_t folder_length;
static int calls, chosen, error_of, armed;
static const char *failed = "";
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
    failed = "";
    error_of = error;
    armed = 1;
    pthread_mutex_unlock(&lock);
}
int fault_calls(void) {
    armed = 0;
    return calls;
}
const char *fault_name(void) { return failed; }

static int below(const char *path) { return folder_length && path && !strncmp(path, folder, folder_length); }
static int is_watched(int fd) { return fd >= 0 && fd < (int)sizeof watched && watched[fd]; }

/* Whether this call is the one; a short read or write is told by 2. */
#define fails(can_be_short) fails_in(__func__, can_be_short)
static int fails_in(const char *name, int can_be_short) {
    int answer = 0;
    if (!armed) return 0;
    pthread_mutex_lock(&lock);
    calls++;
    if (calls == chosen) {
        failed = name;
        if (error_of < 0) answer = 3;
        else if (error_of) answer = 1;
        else if (can_be_short) answer = 2;
    }
    pthread_mutex_unlock(&lock);
    if (answer == 3) return kill(getpid(), SIGINT), 0;
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
    int refused = is_watched(fd) && fails(0), reason = errno; /* it is closed all the same, as Linux does */
    if (fd >= 0 && fd < (int)sizeof watched) watched[fd] = 0;
    int done = real(fd);
    if (!refused) return done;
    errno = reason;
    return -1;
}

#define SHORTENED                                                         \
    if (is_watched(fd)) {                                                 \
        int how = fails(1);                                               \
        if (how == 1) return -1;                                          \
        if (how == 2 && size > 1) size /= 2;                              \
    }
#define MOVE(name, pointer)                                               \
    ssize_t name(int fd, pointer data, size_t size) {                     \
        REAL(name);                                                       \
        SHORTENED                                                         \
        return real(fd, data, size);                                      \
    }
MOVE(read, void *)
MOVE(write, const void *)

#define MOVE_AT(name, pointer, offset_type)                               \
    ssize_t name(int fd, pointer data, size_t size, offset_type at) {     \
        REAL(name);                                                       \
        SHORTENED                                                         \
        return real(fd, data, size, at);                                  \
    }
MOVE_AT(pread, void *, off_t)
MOVE_AT(pread64, void *, off64_t)
MOVE_AT(pwrite, const void *, off_t)
MOVE_AT(pwrite64, const void *, off64_t)

ssize_t copy_file_range(int from, off64_t *at, int fd, off64_t *to, size_t size, unsigned flags) {
    REAL(copy_file_range);
    SHORTENED
    return real(from, at, fd, to, size, flags);
}

#define SEEK(name, offset_type)                                           \
    offset_type name(int fd, offset_type at, int from) {                  \
        REAL(name);                                                       \
        if (is_watched(fd) && fails(0)) return -1;                        \
        return real(fd, at, from);                                        \
    }
SEEK(lseek, off_t)
SEEK(lseek64, off64_t)

#define MAP(name, offset_type)                                            \
    void *name(void *at, size_t size, int prot, int flags, int fd, offset_type from) { \
        REAL(name);                                                       \
        if (is_watched(fd) && fails(0)) return MAP_FAILED;                \
        return real(at, size, prot, flags, fd, from);                     \
    }
MAP(mmap, off_t)
MAP(mmap64, off64_t)

/* Only where a lock is taken: the other commands take no part in a file's contents, and a lock can always be left. */
#define CONTROL(name)                                                     \
    int name(int fd, int command, ...) {                                  \
        REAL(name);                                                       \
        va_list rest; va_start(rest, command); void *value = va_arg(rest, void *); va_end(rest); \
        int locks = (command == F_SETLK || command == F_SETLKW) && ((struct flock *)value)->l_type != F_UNLCK; \
        if (locks && is_watched(fd) && fails(0)) return -1;               \
        return real(fd, command, value);                                  \
    }
CONTROL(fcntl)
CONTROL(fcntl64)

int flock(int fd, int how) {
    REAL(flock);
    if (is_watched(fd) && how != LOCK_UN && fails(0)) return -1;
    return real(fd, how);
}

#define LOOK(name, type)                                                  \
    int name(const char *path, struct type *found) {                      \
        REAL(name);                                                       \
        if (below(path) && fails(0)) return -1;                           \
        return real(path, found);                                         \
    }
LOOK(stat, stat)
LOOK(stat64, stat64)
LOOK(lstat, stat)
LOOK(lstat64, stat64)
LOOK(statvfs, statvfs)
LOOK(statvfs64, statvfs64)

#define LOOK_AT_FD(name, type)                                            \
    int name(int fd, struct type *found) {                                \
        REAL(name);                                                       \
        if (is_watched(fd) && fails(0)) return -1;                        \
        return real(fd, found);                                           \
    }
LOOK_AT_FD(fstat, stat)
LOOK_AT_FD(fstat64, stat64)

DIR *opendir(const char *path) {
    REAL(opendir);
    if (below(path) && fails(0)) return NULL;
    return real(path);
}

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

int access(const char *path, int mode) {
    REAL(access);
    if (below(path) && fails(0)) return -1;
    return real(path, mode);
}
