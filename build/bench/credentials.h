// What the server answers and every contestant must print: values as they stand in JSON, the sizes as STS gives them. All invented.
#pragma once

#define TOKEN_100 "FwoGZXIvYXdzEB/BENCHONLY+notASecret/0123456789abcdefghijklmnopqrstuvwxyz/ABCDEFGHIJKLMNOPQRSTUVWXYZ+"

static const struct { const char *name, *value; } credentials[] = {
    { "Version", "1" },
    { "AccessKeyId", "\"ASIABENCHBENCHBENCH0\"" },
    { "SecretAccessKey", "\"notASecret/notASecret+notASecret/notASec\"" },
    { "SessionToken", "\"" TOKEN_100 TOKEN_100 TOKEN_100 TOKEN_100 TOKEN_100 TOKEN_100 TOKEN_100 TOKEN_100 TOKEN_100 TOKEN_100 "\"" },
    { "Expiration", "\"2099-01-01T00:00:00Z\"" },
    { "AccountId", "\"123456789012\"" },
};

enum { FIELDS = sizeof credentials / sizeof credentials[0] };
