#!/bin/sh
# Makes the namespace with its retention and its search attributes; repeating changes nothing.
set -eu
until temporal operator cluster health; do sleep 1; done
temporal operator namespace describe -n "$NAMESPACE" ||
  temporal operator namespace create -n "$NAMESPACE" --retention "$RETENTION"
temporal operator namespace update -n "$NAMESPACE" --retention "$RETENTION"
for attribute in $SEARCH_ATTRIBUTES; do
  temporal operator search-attribute create -n "$NAMESPACE" --name "${attribute%%=*}" --type "${attribute#*=}" || true
done
