// Measures turns at a lock that nobody else wants: taken, a guarded count increased, given back. BARE_LOCK says which
// lock. The consumer ends at once: only one process takes turns.

#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/syscall.h>

#include "bare.h"

enum { MUTEX = 1, MUTEX_PLAIN, POSIX_SEM, SYSV_SEM, FUTEX, FILE_LOCK, FLOCK };

struct lock {
  pthread_mutex_t mutex;
  sem_t semaphore;
  uint32_t word;   // of the futex; 0: free, 1: taken, 2: taken with a sleeper
  int descriptor;  // of the file, or the semaphore's id
};

// What the lock guards, and what the process says of itself, apart from it.
struct guarded {
  _Alignas(128) uint64_t turns;
};
struct own {
  _Alignas(128) uint64_t turns, progress;
};

static inline int semaphore_by(int id, short by) {
  struct sembuf operation = {.sem_num = 0, .sem_op = by, .sem_flg = 0};
  return semop(id, &operation, 1);
}

static inline int range(int file, short type) {
  struct flock whole = {.l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
  return fcntl(file, F_SETLKW, &whole);
}

static inline int take_futex(uint32_t* word) {
  uint32_t seen = 0;
  if (__atomic_compare_exchange_n(word, &seen, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) return 0;
  while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0) {
    if (syscall(SYS_futex, word, FUTEX_WAIT, 2, NULL, NULL, 0) != 0 && errno != EAGAIN && errno != EINTR) return -1;
  }
  return 0;
}

static inline int give_futex(uint32_t* word) {
  if (__atomic_exchange_n(word, 0, __ATOMIC_RELEASE) != 2) return 0;
  return syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0) < 0 ? -1 : 0;
}

static inline void take(struct lock* lock) {
  int error = 0;
  switch (BARE_LOCK) {
    case MUTEX:
    case MUTEX_PLAIN:
      error = errno = pthread_mutex_lock(&lock->mutex);
      break;
    case POSIX_SEM:
      error = sem_wait(&lock->semaphore);
      break;
    case SYSV_SEM:
      error = semaphore_by(lock->descriptor, -1);
      break;
    case FUTEX:
      error = take_futex(&lock->word);
      break;
    case FILE_LOCK:
      error = range(lock->descriptor, F_WRLCK);
      break;
    case FLOCK:
      error = flock(lock->descriptor, LOCK_EX);
      break;
  }
  if (error != 0) bare_fail("taking the lock");
}

static inline void give(struct lock* lock) {
  int error = 0;
  switch (BARE_LOCK) {
    case MUTEX:
    case MUTEX_PLAIN:
      error = errno = pthread_mutex_unlock(&lock->mutex);
      break;
    case POSIX_SEM:
      error = sem_post(&lock->semaphore);
      break;
    case SYSV_SEM:
      error = semaphore_by(lock->descriptor, 1);
      break;
    case FUTEX:
      error = give_futex(&lock->word);
      break;
    case FILE_LOCK:
      error = range(lock->descriptor, F_UNLCK);
      break;
    case FLOCK:
      error = flock(lock->descriptor, LOCK_UN);
      break;
  }
  if (error != 0) bare_fail("giving the lock back");
}

// One turn; returns how many there have been.
static inline uint64_t turn(struct lock* lock, struct guarded* guarded, struct own* own) {
  take(lock);
  const uint64_t turns = __atomic_load_n(&guarded->turns, __ATOMIC_RELAXED);
  if (__atomic_load_n(&guarded->turns, __ATOMIC_RELAXED) != turns) {
    errno = 0;
    bare_fail("another process has the lock");
  }
  __atomic_store_n(&guarded->turns, turns + 1, __ATOMIC_RELAXED);
  __atomic_store_n(&own->turns, own->turns + 1, __ATOMIC_RELAXED);
  __atomic_store_n(&own->progress, own->progress + 1, __ATOMIC_RELAXED);
  give(lock);
  return turns + 1;
}

static void measure(struct bare* b, struct lock* lock, struct guarded* guarded, struct own* own) {
  while (turn(lock, guarded, own) < b->warmup) {
  }

  guarded->turns = 0;
  for (uint64_t i = 0; i < b->messages; ++i) {
    const uint64_t begin = bare_begin(b);
    turn(lock, guarded, own);
    b->results->stamped[i] = bare_end(b) - begin;
  }

  guarded->turns = 0;
  b->results->block_begin = bare_begin(b);
  while (turn(lock, guarded, own) < b->messages) {
  }
  b->results->block_end = bare_end(b);
}

static int remove_semaphore(int id) { return semctl(id, 0, IPC_RMID); }

static int semaphore_of_one(void) {
  const int id = semget(IPC_PRIVATE, 1, 0600);
  if (id < 0) bare_fail("semget");
  if (semaphore_by(id, 1) != 0) {
    const int why = errno;
    remove_semaphore(id);
    errno = why;
    bare_fail("semop");
  }
  return id;
}

static void make(struct lock* lock) {
  switch (BARE_LOCK) {
    case MUTEX:
    case MUTEX_PLAIN: {
      pthread_mutexattr_t kind;
      pthread_mutexattr_init(&kind);
      pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
      if (BARE_LOCK == MUTEX) pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
      if ((errno = pthread_mutex_init(&lock->mutex, &kind)) != 0) bare_fail("pthread_mutex_init");
      break;
    }
    case POSIX_SEM:
      if (sem_init(&lock->semaphore, 1, 1) != 0) bare_fail("sem_init");
      break;
    case SYSV_SEM:
      lock->descriptor = semaphore_of_one();
      break;
    case FILE_LOCK:
    case FLOCK:
      lock->descriptor = memfd_create("bare-lock", MFD_CLOEXEC);
      if (lock->descriptor < 0 || ftruncate(lock->descriptor, 4096) != 0) bare_fail("memfd_create");
      break;
    default:
      break;
  }
}

int main(int argc, char** argv) {
  struct bare b = bare_start_without_payload(BARE_NAME, argc, argv);
  if (b.cpu[PRODUCER] != b.cpu[CONSUMER]) {
    fprintf(stderr, "one process takes turns: PRODUCER_CPU and CONSUMER_CPU are the same\n");
    return 2;
  }
  struct shared {
    struct lock lock;
    struct guarded guarded;
    struct own own;
  }* const shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) bare_fail("mmap of the lock");
  make(&shared->lock);
  int alive = -1;
  pid_t remover = 0;
  if (BARE_LOCK == SYSV_SEM) alive = bare_fork_remover(remove_semaphore, shared->lock.descriptor, &remover);
  if (bare_fork(&b, PRODUCER) == 0) {
    measure(&b, &shared->lock, &shared->guarded, &shared->own);
    _exit(0);
  }
  if (bare_fork(&b, CONSUMER) == 0) _exit(0);
  const int status = bare_finish(&b);
  return alive < 0 || bare_await_remover(alive, remover) == 0 ? status : 1;
}
