#!/bin/sh
# What helpers without a program of their own do. The answer is held back until curl is through: half an object is worse than none.
answer=$(curl -sf -m 10 -H "Authorization: Bearer $AWS_CRED_TOKEN" "$AWS_CRED_URL") || exit 1
echo "$answer"
