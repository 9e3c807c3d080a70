// The least that C does: one GET with the bearer token, the body to standard output. Checks nothing of the answer.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
    char host[16], path[256], buffer[16384];
    unsigned short port;
    const char *url = getenv("AWS_CRED_URL"), *token = getenv("AWS_CRED_TOKEN");
    if (!url || !token || sscanf(url, "http://%15[0-9.]:%hu%255s", host, &port, path) != 3) return 2;

    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
    inet_pton(AF_INET, host, &address.sin_addr);
    int broker = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(broker, (struct sockaddr *)&address, sizeof address) != 0) return 1;

    int length = snprintf(buffer, sizeof buffer, "GET %s HTTP/1.1\r\nHost: %s:%hu\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n", path, host, port, token);
    if (write(broker, buffer, length) != length) return 1;

    size_t received = 0;
    for (ssize_t count; (count = read(broker, buffer + received, sizeof buffer - 1 - received)) > 0;) received += count;
    buffer[received] = 0;
    char *body = strstr(buffer, "\r\n\r\n");
    if (!body) return 1;
    body += 4;
    size_t size = buffer + received - body;
    return write(STDOUT_FILENO, body, size) == (ssize_t)size ? 0 : 1;
}
