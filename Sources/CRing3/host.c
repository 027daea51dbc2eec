#include "r3_host.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

__thread R3Binding r3_binding;

static pthread_key_t exit_key;
static pthread_once_t exit_once = PTHREAD_ONCE_INIT;
static void (*exit_routine)(void *);

static void run_exit(void *attachments) {
  if (exit_routine) exit_routine(attachments);
}
static void make_key(void) { pthread_key_create(&exit_key, run_exit); }

void r3_host_on_exit(void (*ended)(void *), void *attachments) {
  exit_routine = ended;
  pthread_once(&exit_once, make_key);
  pthread_setspecific(exit_key, attachments);
}

int r3_futex_wait(const volatile uint32_t *word, uint32_t value, int64_t nanoseconds) {
  struct timespec limit = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  long r = syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, nanoseconds < 0 ? 0 : &limit, 0, 0);
  if (r == 0 || errno == EINTR) return 0;
  return errno == ETIMEDOUT ? 1 : 2;
}

void r3_futex_wake(const volatile uint32_t *word, int count) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, 0, 0, 0);
}

void r3_fence_threads(void) {
  enum { EXPEDITED = 1 << 3, REGISTER_EXPEDITED = 1 << 4 };
  static _Thread_local unsigned char *page;
  if (syscall(SYS_membarrier, EXPEDITED, 0, 0) == 0) return;
  if (syscall(SYS_membarrier, REGISTER_EXPEDITED, 0, 0) == 0 &&
      syscall(SYS_membarrier, EXPEDITED, 0, 0) == 0)
    return;
  // Taking an access away interrupts every processor that runs a thread of this process.
  if (!page) page = mmap(0, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) abort();
  mprotect(page, 1, PROT_READ | PROT_WRITE);
  *page = 1;
  mprotect(page, 1, PROT_READ);
}

bool r3_is_readable(const void *address) {
  char byte;
  struct iovec local = {&byte, 1}, remote = {(void *)address, 1};
  return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == 1;
}

int r3_memory_file(uint64_t size) {
  int file = memfd_create("ring3-ram", MFD_CLOEXEC);
  if (file < 0) return -1;
  if (ftruncate(file, (off_t)size) != 0) {
    int error = errno;
    close(file);
    errno = error;
    return -1;
  }
  return file;
}

int r3_host_thread_identifier(void) { return (int)syscall(SYS_gettid); }
