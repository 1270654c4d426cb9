// Matches events with patterns from two files of one per line: crossing PATTERNS EVENTS SECONDS
//
// Prints the number of matches, a checksum of the ids, and the nanoseconds per event, one by one
// and in a batch. See examples/run.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <limits>
#include <sstream>

#include "galop.hpp"

struct Result {
  size_t matches;
  unsigned long long checksum;

  void count(const galop::ids &ids) {
    matches += ids.size();
    for (uint32_t id : ids) {
      checksum += id + 1ULL;
    }
  }
};

// A file, the offsets of its lines, and the end of the last line.
struct Lines {
  std::string text;
  std::vector<size_t> offsets;

  explicit Lines(const char *name) : offsets(1, 0) {
    std::ifstream file(name, std::ios::binary);
    if (!file) {
      throw std::runtime_error(std::string("cannot read ") + name);
    }
    std::ostringstream read;
    read << file.rdbuf();
    text = read.str();
    for (size_t i = 0; i < text.size(); i++) {
      if (text[i] == '\n') {
        offsets.push_back(i + 1);
      }
    }
  }

  size_t size() const { return offsets.size() - 1; }
};

template <typename Run>
static double nanoseconds(Run run) {
  const auto start = std::chrono::steady_clock::now();
  run();
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
}

static void measure(const char *pattern_file, const char *event_file, double seconds) {
  galop::rules rules;
  const Lines patterns(pattern_file), events(event_file);
  for (size_t i = 0; i < patterns.size(); i++) {
    rules.add(patterns.text.substr(patterns.offsets[i], patterns.offsets[i + 1] - patterns.offsets[i]), i);
  }
  const galop::matcher matcher(rules);
  galop::scratch scratch;

  double best = std::numeric_limits<double>::max(), best_batch = best, spent = 0;
  Result single, batch;
  do {
    single = batch = Result{0, 0};
    const double one_by_one = nanoseconds([&] {
      for (size_t i = 0; i < events.size(); i++) {
        const size_t start = events.offsets[i];
        single.count(matcher.match(scratch, events.text.data() + start, events.offsets[i + 1] - start));
      }
    });
    const double in_a_batch =
        nanoseconds([&] { batch.count(matcher.batch(scratch, events.text, events.offsets).all()); });
    best = std::min(best, one_by_one);
    best_batch = std::min(best_batch, in_a_batch);
    spent += one_by_one + in_a_batch;
  } while (spent < seconds * 1e9);
  if (single.matches != batch.matches || single.checksum != batch.checksum) {
    throw std::runtime_error("the batch has other matches");
  }
  const double count = static_cast<double>(events.size());
  std::printf("%zu %llu %.1f %.1f\n", single.matches, single.checksum, best / count, best_batch / count);
}

int main(int argc, char **argv) {
  if (argc != 4) {
    std::cerr << "usage: crossing PATTERNS EVENTS SECONDS\n";
    return 1;
  }
  try {
    measure(argv[1], argv[2], std::atof(argv[3]));
  } catch (const std::exception &failure) {
    std::cerr << failure.what() << '\n';
    return 1;
  }
}
