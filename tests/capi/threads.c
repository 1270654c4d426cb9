/* One matcher for many threads. Many threads with one scratch are misuse, which is refused. */

#include "check.h"

#include <pthread.h>

enum { THREADS = 4, ROUNDS = 500 };

static const char *const PATTERNS[] = {
    "{\"absent\":[\"has this\"]}", "{\"a\":[1,2]}", "{\"a\":[{\"numeric\":[\">\",1]}]}", "{\"b\":[{\"prefix\":\"x\"}]}",
};

static void start(pthread_t *threads, size_t count, void *(*run)(void *), void *context) {
  for (size_t i = 0; i < count; i++) {
    CHECK(pthread_create(&threads[i], NULL, run, context) == 0);
  }
}

static void join(pthread_t *threads, size_t count) {
  for (size_t i = 0; i < count; i++) {
    CHECK(pthread_join(threads[i], NULL) == 0);
  }
}

static void *match_with_own_scratch(void *context) {
  const galop_matcher *matcher = context;
  galop_scratch *scratch = new_scratch();
  for (int i = 0; i < ROUNDS; i++) {
    CHECK(ids_for(matcher, scratch, "{\"a\":1,\"b\":\"xyz\"}") == 13);
    CHECK(ids_for(matcher, scratch, "{\"a\":2,\"b\":\"y\"}") == 12);
    CHECK(ids_for(matcher, scratch, "{\"c\":[]}") == 0);
  }
  OK(galop_scratch_free(scratch));
  return NULL;
}

struct shared {
  const galop_matcher *matcher;
  galop_scratch *scratch;
  galop_rules *rules;
};

static void *fight_for_a_scratch(void *context) {
  struct shared *shared = context;
  for (int i = 0; i < ROUNDS; i++) {
    bool found = false;
    galop_status status = galop_is_match(shared->matcher, shared->scratch, "{\"a\":1}", 7, &found, NULL);
    CHECK(status == GALOP_STATUS_OK ? found : status == GALOP_STATUS_IN_USE);
  }
  return NULL;
}

static void *fight_for_rules(void *context) {
  struct shared *shared = context;
  for (int i = 0; i < 100;) {
    galop_status status = add(shared->rules, PATTERNS[1], 0, NULL);
    CHECK(status == GALOP_STATUS_OK || status == GALOP_STATUS_IN_USE);
    i += status == GALOP_STATUS_OK;
  }
  return NULL;
}

static void *find_it_in_use(void *context) {
  struct shared *shared = context;
  bool found = false;
  CHECK_STATUS(galop_is_match(shared->matcher, shared->scratch, "{\"a\":1}", 7, &found, NULL), GALOP_STATUS_IN_USE);
  CHECK_STATUS(galop_scratch_free(shared->scratch), GALOP_STATUS_IN_USE);
  CHECK(!found);
  return NULL;
}

/* The scratch is certainly in use while this callback runs. */
static int32_t let_another_thread_try(void *context, uint32_t id, uint64_t value) {
  pthread_t thread;
  (void)id;
  (void)value;
  start(&thread, 1, find_it_in_use, context);
  join(&thread, 1);
  return 0;
}

int main(void) {
  pthread_t threads[THREADS];
  galop_matcher *matcher = matcher_of(PATTERNS, 4);
  struct shared shared = {matcher, new_scratch(), rules_of(NULL, 0)};

  start(threads, THREADS, match_with_own_scratch, matcher);
  join(threads, THREADS);

  start(threads, THREADS, fight_for_a_scratch, &shared);
  join(threads, THREADS);
  OK(galop_match_each(matcher, shared.scratch, "{\"a\":1}", 7, let_another_thread_try, &shared, NULL));
  CHECK(ids_for(matcher, shared.scratch, "{\"a\":2}") == 12);

  start(threads, THREADS, fight_for_rules, &shared);
  join(threads, THREADS);
  size_t count = 0;
  OK(galop_rules_count(shared.rules, &count));
  CHECK(count == 100 * THREADS);

  OK(galop_rules_free(shared.rules));
  OK(galop_scratch_free(shared.scratch));
  OK(galop_matcher_free(matcher));
  return 0;
}
