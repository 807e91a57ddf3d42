// Shared by the bare programs: arguments, two pinned processes, the clock, payload words, the canary, the line of JSON.
// Each program spells out its measured loops. Every error ends the process with status 1.

#pragma once

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

enum bare_role { PRODUCER, CONSUMER };

// The cache line that the two processes exchange; padded against the neighbour that a prefetcher would fetch.
struct bare_canary_line {
  _Alignas(128) uint64_t turn;
};

// Written by the producer for the parent, which prints it. Times are ticks.
struct bare_results {
  struct bare_canary_line canary_lines[2];  // before and after
  double canary_ns[2];
  uint64_t block_begin, block_end;  // the unstamped block
  uint64_t stamped[];               // round trips of the stamped block, in time order
};

struct bare {
  const char* program;
  uint64_t messages;  // per block
  uint64_t warmup;
  size_t size;  // bytes of a message
  int cpu[2];   // by role
  uint64_t seed;
  double tsc_hz;  // 0: CLOCK_MONOTONIC_RAW
  size_t results_size;
  struct bare_results* results;
  pid_t children[2];
};

__attribute__((noreturn)) static inline void bare_fail(const char* what) {
  if (errno != 0)
    perror(what);
  else
    fprintf(stderr, "%s\n", what);
  fflush(NULL);
  _exit(1);
}

// The clock has the same fences as the harness's. The driver gives both arms the same frequency.

static inline uint64_t bare_raw_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_RAW, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static inline uint64_t bare_begin(const struct bare* b) {
#if defined(__x86_64__)
  if (b->tsc_hz > 0) {
    _mm_lfence();
    return __rdtsc();
  }
#endif
  (void)b;
  return bare_raw_ns();
}

static inline uint64_t bare_end(const struct bare* b) {
#if defined(__x86_64__)
  if (b->tsc_hz > 0) {
    unsigned cpu;
    const uint64_t ticks = __rdtscp(&cpu);
    _mm_lfence();
    return ticks;
  }
#endif
  (void)b;
  return bare_raw_ns();
}

static inline double bare_ns(const struct bare* b, uint64_t ticks) {
  return b->tsc_hz > 0 ? (double)ticks * 1e9 / b->tsc_hz : (double)ticks;
}

static inline double bare_calibrate(void) {
#if defined(__x86_64__)
  const uint64_t ns = bare_raw_ns(), ticks = __rdtsc();
  uint64_t now;
  do now = bare_raw_ns();
  while (now - ns < 100000000);
  return (double)(__rdtsc() - ticks) * 1e9 / (double)(now - ns);
#else
  return 0;
#endif
}

// The payload: one word per 64-byte line, from the seed, the writer, the message's number and the line's number.

static inline uint64_t bare_mix(uint64_t z) {
  z ^= z >> 33;
  z *= 0xff51afd7ed558ccdu;
  z ^= z >> 33;
  z *= 0xc4ceb9fe1a85ec53u;
  return z ^ (z >> 33);
}

static inline uint64_t bare_key(const struct bare* b, enum bare_role writer) {
  return bare_mix(b->seed * 2 + (uint64_t)writer);
}

static inline void bare_write_words(char* message, size_t size, uint64_t key, uint64_t number) {
  uint64_t word = bare_mix(key + number);
  size_t at = 0;
  for (; at + sizeof word <= size; at += 64, word += 0x9e3779b97f4a7c15u) memcpy(message + at, &word, sizeof word);
  if (at < size) memcpy(message + at, &word, size - at);
}

static inline void bare_check_words(const char* message, size_t size, uint64_t key, uint64_t number) {
  uint64_t word = bare_mix(key + number), wrong = 0;
  size_t at = 0;
  for (; at + sizeof word <= size; at += 64, word += 0x9e3779b97f4a7c15u) {
    uint64_t seen;
    memcpy(&seen, message + at, sizeof seen);
    wrong |= seen ^ word;
  }
  if (at < size && memcmp(message + at, &word, size - at) != 0) wrong = 1;
  if (wrong != 0) {
    errno = 0;
    bare_fail("a message is not the expected one");
  }
}

// Checks a call that receives a whole message.
static inline void bare_check_received(ssize_t received, size_t size, const char* call) {
  if (received == (ssize_t)size) return;
  if (received >= 0) errno = 0;
  bare_fail(received < 0 ? call : "a message has the wrong size");
}

// Returns a page-aligned, populated buffer.
static inline char* bare_buffer(size_t size) {
  void* const at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (at == MAP_FAILED) bare_fail("mmap of a buffer");
  return at;
}

// The canary: 1 ms of round trips of one cache line; its value is the median of the means of 100 each. Like the
// harness's it spins without a pause instruction, which can take as long as the hand-over.

static inline int bare_compare_doubles(const void* a, const void* b) {
  const double x = *(const double*)a, y = *(const double*)b;
  return (x > y) - (x < y);
}

static inline void bare_relax(void) {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static inline void bare_canary(struct bare* b, int which, enum bare_role role) {
  enum { ROUND_TRIPS = 100, WINDOWS = 4096 };
  const uint64_t stop = UINT64_MAX;
  uint64_t* const turn = &b->results->canary_lines[which].turn;
  if (b->cpu[PRODUCER] == b->cpu[CONSUMER]) return;

  if (role == CONSUMER) {
    for (uint64_t mine = 1;; mine += 2) {
      uint64_t seen;
      while ((seen = __atomic_load_n(turn, __ATOMIC_ACQUIRE)) != mine) {
        if (seen == stop) return;
      }
      __atomic_store_n(turn, mine + 1, __ATOMIC_RELEASE);
    }
  }

  static double windows[WINDOWS];
  size_t n = 0;
  uint64_t sent = 1;
  // The first round trip is the rendezvous.
  __atomic_store_n(turn, sent, __ATOMIC_RELEASE);
  while (__atomic_load_n(turn, __ATOMIC_ACQUIRE) == sent) bare_relax();
  const uint64_t origin = bare_begin(b);
  uint64_t end = origin;
  do {
    const uint64_t begin = end;
    for (int i = 0; i < ROUND_TRIPS; ++i) {
      sent += 2;
      __atomic_store_n(turn, sent, __ATOMIC_RELEASE);
      while (__atomic_load_n(turn, __ATOMIC_ACQUIRE) == sent) {
      }
    }
    end = bare_end(b);
    windows[n++] = bare_ns(b, end - begin) / ROUND_TRIPS;
  } while (n < WINDOWS && bare_ns(b, end - origin) < 1e6);
  __atomic_store_n(turn, stop, __ATOMIC_RELEASE);
  qsort(windows, n, sizeof windows[0], bare_compare_doubles);
  b->results->canary_ns[which] = windows[n / 2];
}

// The processes.

static inline uint64_t bare_number(const char* text) {
  char* end;
  errno = 0;
  const unsigned long long value = strtoull(text, &end, 10);
  if (errno != 0 || end == text || *end != '\0' || *text == '-') {
    fprintf(stderr, "not a number: %s\n", text);
    exit(2);
  }
  return value;
}

static inline double bare_frequency(const char* text) {
  char* end;
  const double value = strtod(text, &end);
  if (end == text || *end != '\0' || !(value >= 0)) {
    fprintf(stderr, "not a frequency: %s\n", text);
    exit(2);
  }
  return value;
}

static inline struct bare bare_start_within(const char* program, size_t smallest, size_t largest, int argc,
                                            char** argv) {
  if (argc < 6 || argc % 2 != 0) goto usage;
  struct bare b = {.program = program,
                   .messages = bare_number(argv[1]),
                   .size = bare_number(argv[2]),
                   .cpu = {(int)bare_number(argv[3]), (int)bare_number(argv[4])},
                   .seed = bare_number(argv[5]),
                   .tsc_hz = -1};
  if (b.messages == 0 || b.messages > (uint64_t)1 << 32 || b.size < smallest || b.size > largest) goto usage;
  b.warmup = b.messages / 5 < 100 ? 100 : b.messages / 5;
  for (int i = 6; i < argc; i += 2) {
    if (strcmp(argv[i], "--warmup") == 0)
      b.warmup = bare_number(argv[i + 1]);
    else if (strcmp(argv[i], "--tsc-hz") == 0)
      b.tsc_hz = bare_frequency(argv[i + 1]);
    else
      goto usage;
  }
  if (b.tsc_hz < 0) b.tsc_hz = bare_calibrate();

  b.results_size = sizeof *b.results + b.messages * sizeof b.results->stamped[0];
  b.results = mmap(NULL, b.results_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (b.results == MAP_FAILED) bare_fail("mmap of the results");
  return b;

usage:
  fprintf(stderr,
          "usage: %s MESSAGES SIZE PRODUCER_CPU CONSUMER_CPU SEED [--warmup N] [--tsc-hz HZ]\n"
          "SIZE: %zu to %zu\n"
          "--tsc-hz 0: CLOCK_MONOTONIC_RAW; without it the frequency of the time stamp counter is measured\n",
          program, smallest, largest);
  exit(2);
}

static inline struct bare bare_start(const char* program, int argc, char** argv) {
  return bare_start_within(program, 1, (size_t)1 << 30, argc, argv);
}

// Starts a program whose mechanism carries no payload: SIZE must be 0.
static inline struct bare bare_start_without_payload(const char* program, int argc, char** argv) {
  return bare_start_within(program, 0, 0, argc, argv);
}

// Forks: returns 0 in the child, which is pinned and has touched what it will write.
static inline pid_t bare_fork(struct bare* b, enum bare_role role) {
  fflush(NULL);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) bare_fail("fork");
  if (child > 0) return b->children[role] = child;

  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) bare_fail("prctl PR_SET_PDEATHSIG");
  if (getppid() != parent) _exit(1);
  signal(SIGPIPE, SIG_IGN);
  cpu_set_t set;
  CPU_ZERO(&set);
  if (b->cpu[role] < CPU_SETSIZE) CPU_SET((size_t)b->cpu[role], &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) bare_fail("sched_setaffinity");
  // Both children map the same pages, of at least 4096 bytes, but each must fault them into its own table.
  for (size_t at = 0; at < b->results_size; at += 4096) {
    __atomic_fetch_or((char*)b->results + at, 0, __ATOMIC_RELAXED);
  }
  return 0;
}

// Calls remove_object(id) at the end, for what outlives its users and whose removal ends all waits on it. A separate
// process waits until the program and both sides have closed the pipe, however they ended. Returns the pipe's write
// end.
static inline int bare_fork_remover(int (*remove_object)(int id), int id, pid_t* remover) {
  int alive[2];
  fflush(NULL);
  if (pipe(alive) != 0 || (*remover = fork()) < 0) {
    const int why = errno;
    remove_object(id);
    errno = why;
    bare_fail("pipe and fork");
  }
  if (*remover > 0) {
    close(alive[0]);
    return alive[1];
  }
  // A terminal sends its signals to all processes.
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_IGN);
  close(alive[1]);
  char none;
  while (read(alive[0], &none, 1) > 0) {
  }
  _exit(remove_object(id) == 0 ? 0 : 1);
}

// Lets the remover begin, and returns its wait status.
static inline int bare_await_remover(int alive, pid_t remover) {
  int status;
  close(alive);
  if (waitpid(remover, &status, 0) != remover) bare_fail("waitpid");
  return status;
}

static inline int bare_compare_ticks(const void* a, const void* b) {
  const uint64_t x = *(const uint64_t*)a, y = *(const uint64_t*)b;
  return (x > y) - (x < y);
}

static inline void bare_print(const struct bare* b) {
  struct bare_results* const r = b->results;
  const double count = (double)b->messages;
  double sum = 0;
  for (uint64_t i = 0; i < b->messages; ++i) sum += (double)r->stamped[i];
  qsort(r->stamped, b->messages, sizeof r->stamped[0], bare_compare_ticks);
  const uint64_t p50 = r->stamped[(b->messages + 1) / 2 - 1];  // rank ceil(n / 2)
  printf("{\"program\": \"%s\", \"messages\": %llu, \"warmup\": %llu, \"size\": %zu, \"cpus\": [%d, %d], ", b->program,
         (unsigned long long)b->messages, (unsigned long long)b->warmup, b->size, b->cpu[PRODUCER], b->cpu[CONSUMER]);
  printf("\"tsc_hz\": %.0f, \"p50_ns\": %.1f, \"mean_ns\": %.2f, \"mean_stamped_ns\": %.2f, \"max_ns\": %.0f, ",
         b->tsc_hz, bare_ns(b, p50), bare_ns(b, r->block_end - r->block_begin) / count,
         sum * bare_ns(b, 1000) / 1000 / count, bare_ns(b, r->stamped[b->messages - 1]));
  if (b->cpu[PRODUCER] == b->cpu[CONSUMER])
    printf("\"canary_ns\": null}\n");
  else
    printf("\"canary_ns\": [%.2f, %.2f]}\n", r->canary_ns[0], r->canary_ns[1]);
}

// Waits for both children, and prints the measurement if both succeeded. Returns the value of main().
static inline int bare_finish(struct bare* b) {
  for (int left = 2; left > 0; --left) {
    int status;
    const pid_t ended = wait(&status);
    if (ended < 0) bare_fail("wait");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) continue;
    // A spinning peer would wait forever for a dead one.
    for (int role = 0; left == 2 && role < 2; ++role) {
      if (b->children[role] != ended) kill(b->children[role], SIGKILL);
    }
    return 1;
  }
  bare_print(b);
  return fflush(stdout) == 0 ? 0 : 1;
}
