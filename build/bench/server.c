// The broker of the benchmark, on loopback: prints its port, then answers one connection after another with the same credentials.
#define _GNU_SOURCE
#include "credentials.h"
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const char unauthorized[] = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

static int listen_on_loopback(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 128) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0) {
        perror("server");
        exit(1);
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static int write_answer(char *answer, size_t size)
{
    char body[4096];
    int length = 0;
    for (int i = 0; i < FIELDS; i++)
        length += snprintf(body + length, sizeof body - length, "%c\"%s\":%s", i == 0 ? '{' : ',', credentials[i].name, credentials[i].value);
    return snprintf(answer, size, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s}", length + 1, body);
}

int main(void)
{
    char request[16384], answer[8192], authorization[512];
    int answer_length = write_answer(answer, sizeof answer);
    snprintf(authorization, sizeof authorization, "\r\nAuthorization: Bearer %s\r\n", getenv("AWS_CRED_TOKEN"));
    prctl(PR_SET_PDEATHSIG, SIGTERM); // a bench that is killed outright runs no trap
    signal(SIGPIPE, SIG_IGN);
    for (int listener = listen_on_loopback();;) {
        int client = accept(listener, NULL, NULL);
        size_t length = 0;
        ssize_t count;
        request[0] = 0;
        while (!strstr(request, "\r\n\r\n") && (count = read(client, request + length, sizeof request - 1 - length)) > 0)
            request[length += count] = 0;
        int is_good = strncmp(request, "GET /v1/credentials HTTP/1.1\r\n", 30) == 0 && strstr(request, authorization);
        if (write(client, is_good ? answer : unauthorized, is_good ? (size_t)answer_length : sizeof unauthorized - 1) < 0) perror("server");
        close(client);
    }
}
