/*
 * The floor of `petrel bench rtt --peers udp`, measured by something that shares nothing with it:
 * no JVM, no rig, no checksum; two processes, pinned, that send and receive 64 bytes on connected
 * sockets and spin.
 *
 *   cc -O2 -o /tmp/udp_floor bench/src/main/c/udp_floor.c
 *   /tmp/udp_floor && ./petrel bench rtt --size 64 --peers udp && /tmp/udp_floor
 *
 * The medians agree within 5 % on a machine that has nothing else to do; where they do not, the
 * rig adds something of its own, or the machine is not quiet.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 64, ROUND_TRIPS = 100000, WARM_UP = 10000, ROUNDS = 7, LAST = 1 };

static int64_t samples[ROUND_TRIPS];
static int64_t medians[ROUNDS];

static int64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int ascending(const void *left, const void *right) {
  int64_t a = *(const int64_t *)left;
  int64_t b = *(const int64_t *)right;
  return (a > b) - (a < b);
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void pin(int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  if (sched_setaffinity(0, sizeof cores, &cores) != 0) {
    fail("sched_setaffinity");
  }
}

static int bound_socket(struct sockaddr_in *address) {
  socklen_t length = sizeof *address;
  int one = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  *address = (struct sockaddr_in){.sin_family = AF_INET};
  address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (one < 0 || bind(one, (struct sockaddr *)address, length) != 0 ||
      getsockname(one, (struct sockaddr *)address, &length) != 0) {
    fail("a socket on loopback");
  }
  return one;
}

static void echo_until_last(int one) {
  char message[SIZE] = {0};
  while (message[0] != LAST) {
    if (recv(one, message, SIZE, 0) == SIZE) {
      send(one, message, SIZE, 0);
    }
  }
}

static void round_trip(int one, char *message) {
  send(one, message, SIZE, 0);
  while (recv(one, message, SIZE, 0) < 0) {
  }
}

static int64_t median_of_a_round(void) {
  struct sockaddr_in near_address;
  struct sockaddr_in far_address;
  char message[SIZE] = {0};
  int near_end = bound_socket(&near_address);
  int far_end = bound_socket(&far_address);
  pid_t child;
  if (connect(near_end, (struct sockaddr *)&far_address, sizeof far_address) != 0 ||
      connect(far_end, (struct sockaddr *)&near_address, sizeof near_address) != 0) {
    fail("connect");
  }
  child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* or an interrupted run would leave it spinning */
    pin(1);
    echo_until_last(far_end);
    exit(0);
  }
  pin(0);
  for (int i = -WARM_UP; i < ROUND_TRIPS; i++) {
    int64_t start_ns = now_ns();
    round_trip(near_end, message);
    if (i >= 0) {
      samples[i] = now_ns() - start_ns;
    }
  }
  message[0] = LAST;
  round_trip(near_end, message);
  waitpid(child, NULL, 0);
  close(near_end);
  close(far_end);
  qsort(samples, ROUND_TRIPS, sizeof samples[0], ascending);
  return samples[ROUND_TRIPS / 2];
}

int main(void) {
  for (int i = 0; i < ROUNDS; i++) {
    medians[i] = median_of_a_round();
  }
  qsort(medians, ROUNDS, sizeof medians[0], ascending);
  printf("p50 %ld ns, median of %d rounds (%ld..%ld)\n", (long)medians[ROUNDS / 2], ROUNDS,
         (long)medians[0], (long)medians[ROUNDS - 1]);
  return 0;
}
