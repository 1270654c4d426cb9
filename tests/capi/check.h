/* Shared by the programs of this directory: checks that report their line, and texts without a NUL. */

#ifndef CHECK_H
#define CHECK_H

#include <galop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                               \
  do {                                                                                 \
    if (!(condition)) {                                                                \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);          \
      exit(1);                                                                         \
    }                                                                                  \
  } while (0)

#define CHECK_STATUS(call, expected)                                                   \
  do {                                                                                 \
    galop_status given = (call);                                                       \
    if (given != (expected)) {                                                         \
      fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, galop_status_text(given)); \
      exit(1);                                                                         \
    }                                                                                  \
  } while (0)

#define OK(call) CHECK_STATUS(call, GALOP_STATUS_OK)

/* Returns a copy without room after its end, so that a read past the end is detected. The caller frees it. */
static inline char *exactly(const char *text, size_t length) {
  char *copy = malloc(length > 0 ? length : 1);
  CHECK(copy != NULL);
  memcpy(copy, text, length);
  return copy;
}

static inline galop_status add(galop_rules *rules, const char *pattern, uint64_t value, galop_error *error) {
  size_t length = strlen(pattern);
  char *copy = exactly(pattern, length);
  galop_status status = galop_rules_add(rules, copy, length, value, NULL, error);
  free(copy);
  return status;
}

static inline galop_rules *rules_of(const char *const *patterns, size_t count) {
  galop_rules *rules = NULL;
  OK(galop_rules_new(NULL, &rules));
  for (size_t i = 0; i < count; i++) {
    OK(add(rules, patterns[i], 100 + i, NULL));
  }
  return rules;
}

static inline galop_matcher *matcher_of(const char *const *patterns, size_t count) {
  galop_rules *rules = rules_of(patterns, count);
  galop_matcher *matcher = NULL;
  OK(galop_matcher_new(rules, NULL, &matcher, NULL));
  OK(galop_rules_free(rules));
  return matcher;
}

static inline galop_scratch *new_scratch(void) {
  galop_scratch *scratch = NULL;
  OK(galop_scratch_new(&scratch));
  return scratch;
}

/* Returns the ids for an event as digits: 12 for the ids 1 and 2, 0 for none. Id 0 must not come first. */
static inline unsigned ids_for(const galop_matcher *matcher, galop_scratch *scratch, const char *event) {
  size_t length = strlen(event), count = 0;
  char *copy = exactly(event, length);
  const uint32_t *ids = NULL;
  OK(galop_match(matcher, scratch, copy, length, &ids, &count, NULL));
  free(copy);
  unsigned digits = 0;
  for (size_t i = 0; i < count; i++) {
    digits = 10 * digits + ids[i];
  }
  return digits;
}

#endif
