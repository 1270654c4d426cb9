// Matches events with patterns from two files of one per line: crossing.js PATTERNS EVENTS SECONDS
//
// Prints the number of matches, a checksum of the ids, and the nanoseconds per event, one by one
// and in a batch. See examples/run.

'use strict';

const fs = require('node:fs');
const { Matcher, Scratch } = require('./galop.js');

/** A file, and where its lines begin and the last one ends. */
function lines(name) {
  const text = fs.readFileSync(name);
  const offsets = [0];
  for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10, end + 1)) offsets.push(end + 1);
  return { text, offsets, lines: offsets.slice(1).map((end, i) => text.subarray(offsets[i], end)) };
}

function sum(ids) {
  let sum = ids.length;
  for (const id of ids) sum += id;
  return sum;
}

function main(patternFile, eventFile, seconds) {
  const matcher = new Matcher(lines(patternFile).lines);
  const scratch = new Scratch();
  const { text, offsets, lines: events } = lines(eventFile);
  const places = BigUint64Array.from(offsets, BigInt);

  let best = Infinity, bestBatch = Infinity, matches, checksum;
  const end = performance.now() + 1000 * Number(seconds);
  do {
    matches = checksum = 0;
    const start = performance.now();
    for (const event of events) {
      const ids = matcher.match(scratch, event);
      matches += ids.length;
      if (ids.length > 0) checksum += sum(ids);
    }
    const middle = performance.now();
    const ids = matcher.matchBatch(scratch, text, places);
    const batchChecksum = sum(ids);
    const stop = performance.now();
    best = Math.min(best, middle - start);
    bestBatch = Math.min(bestBatch, stop - middle);
    if (ids.length !== matches || batchChecksum !== checksum) throw new Error('the batch has other matches');
  } while (performance.now() < end);
  const each = (pass) => ((pass * 1e6) / events.length).toFixed(1);
  console.log(`${matches} ${checksum} ${each(best)} ${each(bestBatch)}`);
  scratch.free();
  matcher.free();
}

if (process.argv.length !== 5) {
  console.error('usage: crossing.js PATTERNS EVENTS SECONDS');
  process.exit(1);
}
main(...process.argv.slice(2));
