// driver RUNS NAME FILE...   runs the files in turn; prints of each: name, median, p10 and p90 in ns, peak resident KiB
// driver check NAME          whether standard input holds the credentials
// An answer that is not the credentials, or a failure, ends it: no number for a program that did not work.
#define _GNU_SOURCE
#include "credentials.h"
#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WARM_UP = 20, MOST_CONTESTANTS = 8 };

struct contestant {
    const char *name, *file;
    long *nanoseconds, peak;
};

static _Noreturn void fail(const char *name, const char *why)
{
    fprintf(stderr, "bench: error: %s %s\n", name, why);
    exit(1);
}

static const char *skip(const char *text, const char *token)
{
    while (isspace((unsigned char)*text)) text++;
    size_t length = strlen(token);
    return strncmp(text, token, length) == 0 ? text + length : NULL;
}

// One flat object with these members, each once, in any order, and nothing else. The values hold no escapes, so their text is their value.
static int are_credentials(const char *text)
{
    int seen[FIELDS] = { 0 };
    const char *at = skip(text, "{");
    for (int count = 0; at && count < FIELDS; count++) {
        const char *after = NULL;
        if (count > 0 && !(at = skip(at, ","))) return 0;
        for (int i = 0; i < FIELDS && !after; i++) {
            char name[64];
            snprintf(name, sizeof name, "\"%s\"", credentials[i].name);
            if (!seen[i] && (after = skip(at, name)) && (after = skip(after, ":")) && (after = skip(after, credentials[i].value))) seen[i] = 1;
        }
        at = after;
    }
    return at && (at = skip(at, "}")) && *skip(at, "") == 0;
}

static void check_answer(const char *name, int file)
{
    char answer[16384];
    size_t length = 0;
    ssize_t count;
    while (length < sizeof answer - 1 && (count = read(file, answer + length, sizeof answer - 1 - length)) > 0) length += count;
    answer[length] = 0;
    if (strlen(answer) != length || !are_credentials(answer)) fail(name, "did not print the credentials that the server gave");
}

static long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000L + time.tv_nsec;
}

// fork, not posix_spawn: a child that shares this process's memory until exec would have its resident size counted as its own.
// The answer fits into the pipe, so it is read and compared outside of the time.
static long run(struct contestant *contestant)
{
    int answer[2], status;
    struct rusage usage;
    if (pipe2(answer, O_CLOEXEC) != 0) fail("pipe", "failed");
    long start = now();
    pid_t child = fork();
    if (child == 0) {
        dup2(answer[1], STDOUT_FILENO);
        execl(contestant->file, contestant->file, (char *)NULL);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child) fail(contestant->name, "could not be run");
    long time = now() - start;
    close(answer[1]);
    if (status != 0) fail(contestant->name, "failed");
    check_answer(contestant->name, answer[0]);
    close(answer[0]);
    if (usage.ru_maxrss > contestant->peak) contestant->peak = usage.ru_maxrss;
    return time;
}

static int compare(const void *left, const void *right)
{
    long a = *(const long *)left, b = *(const long *)right;
    return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "check") == 0) {
        check_answer(argv[2], STDIN_FILENO);
        return 0;
    }

    // A bench that is gone, or stuck, leaves nothing behind.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(300);
    int runs = argc > 1 ? atoi(argv[1]) : 0, count = (argc - 2) / 2, order[MOST_CONTESTANTS];
    struct contestant contestants[MOST_CONTESTANTS];
    if (runs < 1 || count < 1 || count > MOST_CONTESTANTS) fail("usage:", "driver RUNS NAME FILE... | driver check NAME");
    for (int i = 0; i < count; i++) {
        contestants[i] = (struct contestant){ argv[2 + 2 * i], argv[3 + 2 * i], malloc(runs * sizeof(long)), 0 };
        order[i] = i;
    }

    // Every round has each contestant once, in another order, so that drift hits all and none always follows the same one.
    srand(1);
    for (int round = -WARM_UP; round < runs; round++) {
        for (int i = count - 1; i > 0; i--) {
            int j = rand() % (i + 1), swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        for (int i = 0; i < count; i++) {
            struct contestant *contestant = &contestants[order[i]];
            long time = run(contestant);
            if (round >= 0) contestant->nanoseconds[round] = time;
        }
    }

    for (int i = 0; i < count; i++) {
        long *sorted = contestants[i].nanoseconds;
        qsort(sorted, runs, sizeof(long), compare);
        printf("%s\t%ld\t%ld\t%ld\t%ld\n", contestants[i].name, sorted[runs / 2], sorted[runs / 10], sorted[runs * 9 / 10], contestants[i].peak);
    }
}
