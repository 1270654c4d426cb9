/* Matches events with patterns from two files of one per line: crossing PATTERNS EVENTS SECONDS
 *
 * Prints the number of matches, a checksum of the ids, and the nanoseconds per event, one by one and in a batch. See
 * examples/run. */

#include <galop.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void must(galop_status status) {
  if (status != GALOP_STATUS_OK) {
    fprintf(stderr, "galop: %s\n", galop_status_text(status));
    exit(1);
  }
}

static void *allocated(void *memory) {
  if (memory == NULL) {
    fprintf(stderr, "out of memory\n");
    exit(1);
  }
  return memory;
}

/* A file, the offsets of its lines, and the end of the last line. The line feeds belong to the lines. */
struct lines {
  char *text;
  size_t *offsets, count;
};

static struct lines read_lines(const char *name) {
  FILE *file = fopen(name, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
    perror(name);
    exit(1);
  }
  size_t length = (size_t)ftell(file);
  rewind(file);
  struct lines lines = {allocated(malloc(length + 1)), allocated(malloc((length + 1) * sizeof(size_t))), 0};
  if (fread(lines.text, 1, length, file) != length) {
    perror(name);
    exit(1);
  }
  fclose(file);
  lines.offsets[0] = 0;
  for (size_t i = 0; i < length; i++) {
    if (lines.text[i] == '\n') {
      lines.offsets[++lines.count] = i + 1;
    }
  }
  return lines;
}

static galop_matcher *compile(const char *name) {
  struct lines patterns = read_lines(name);
  galop_rules *rules;
  galop_matcher *matcher;
  must(galop_rules_new(NULL, &rules));
  for (size_t i = 0; i < patterns.count; i++) {
    const char *pattern = patterns.text + patterns.offsets[i];
    size_t length = patterns.offsets[i + 1] - patterns.offsets[i];
    if (galop_rules_add(rules, pattern, length, i, NULL, NULL) != GALOP_STATUS_OK) {
      char report[1024];
      must(galop_rules_report(rules, pattern, length, report, sizeof report, &length));
      fprintf(stderr, "%s\n", report);
      exit(1);
    }
  }
  must(galop_matcher_new(rules, NULL, &matcher, NULL));
  must(galop_rules_free(rules));
  free(patterns.offsets);
  free(patterns.text);
  return matcher;
}

struct result {
  size_t matches;
  unsigned long long checksum;
};

static struct result one_by_one(const galop_matcher *matcher, galop_scratch *scratch, struct lines events) {
  struct result result = {0, 0};
  for (size_t i = 0; i < events.count; i++) {
    const uint32_t *ids;
    size_t count, start = events.offsets[i];
    must(galop_match(matcher, scratch, events.text + start, events.offsets[i + 1] - start, &ids, &count, NULL));
    result.matches += count;
    for (size_t j = 0; j < count; j++) {
      result.checksum += ids[j] + 1ULL;
    }
  }
  return result;
}

static struct result in_a_batch(const galop_matcher *matcher, galop_scratch *scratch, struct lines events) {
  galop_batch batch;
  must(galop_match_batch(matcher, scratch, events.text, events.offsets[events.count], events.offsets, events.count,
                         &batch));
  struct result result = {batch.id_count, 0};
  for (size_t j = 0; j < batch.id_count; j++) {
    result.checksum += batch.ids[j] + 1ULL;
  }
  return result;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: crossing PATTERNS EVENTS SECONDS\n");
    return 1;
  }
  galop_matcher *matcher = compile(argv[1]);
  struct lines events = read_lines(argv[2]);
  galop_scratch *scratch;
  must(galop_scratch_new(&scratch));

  double best = 1e300, best_batch = 1e300, end = now() + atof(argv[3]) * 1e9;
  struct result single, batch;
  do {
    double start = now();
    single = one_by_one(matcher, scratch, events);
    double middle = now();
    batch = in_a_batch(matcher, scratch, events);
    double stop = now();
    best = middle - start < best ? middle - start : best;
    best_batch = stop - middle < best_batch ? stop - middle : best_batch;
  } while (now() < end);
  if (single.matches != batch.matches || single.checksum != batch.checksum) {
    fprintf(stderr, "the batch has other matches\n");
    return 1;
  }
  double count = (double)events.count;
  printf("%zu %llu %.1f %.1f\n", single.matches, single.checksum, best / count, best_batch / count);
  galop_scratch_free(scratch);
  galop_matcher_free(matcher);
  free(events.offsets);
  free(events.text);
  return 0;
}
