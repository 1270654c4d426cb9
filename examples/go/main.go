// Command crossing matches events with patterns from two files of one per line: crossing PATTERNS
// EVENTS SECONDS
//
// It prints the number of matches, a checksum of the ids, and the nanoseconds per event, one by one
// and in a batch. See examples/run.
package main

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"strconv"
	"time"
)

type result struct {
	matches  int
	checksum uint64
}

func (r *result) count(ids []uint32) {
	r.matches += len(ids)
	for _, id := range ids {
		r.checksum += uint64(id) + 1
	}
}

func lines(name string) (text []byte, lines [][]byte) {
	text, err := os.ReadFile(name)
	if err != nil {
		log.Fatal(err)
	}
	lines = bytes.SplitAfter(text, []byte("\n"))
	return text, lines[:len(lines)-1]
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: crossing PATTERNS EVENTS SECONDS")
	}
	seconds, err := strconv.ParseFloat(os.Args[3], 64)
	if err != nil {
		log.Fatal(err)
	}
	_, patterns := lines(os.Args[1])
	matcher, err := Compile(patterns)
	if err != nil {
		log.Fatal(err)
	}
	defer matcher.Close()
	scratch, err := NewScratch()
	if err != nil {
		log.Fatal(err)
	}
	defer scratch.Close()

	text, events := lines(os.Args[2])
	offsets := make([]uintptr, 1, len(events)+1)
	for _, event := range events {
		offsets = append(offsets, offsets[len(offsets)-1]+uintptr(len(event)))
	}

	var single, batch result
	best, bestBatch := time.Duration(1<<62), time.Duration(1<<62)
	end := time.Now().Add(time.Duration(seconds * 1e9))
	for first := true; first || time.Now().Before(end); first = false {
		single, batch = result{}, result{}
		start := time.Now()
		for _, event := range events {
			ids, err := matcher.Match(scratch, event)
			if err != nil {
				log.Fatal(err)
			}
			single.count(ids)
		}
		middle := time.Now()
		ids, _, err := matcher.MatchBatch(scratch, text, offsets)
		if err != nil {
			log.Fatal(err)
		}
		batch.count(ids)
		stop := time.Now()
		if pass := middle.Sub(start); pass < best {
			best = pass
		}
		if pass := stop.Sub(middle); pass < bestBatch {
			bestBatch = pass
		}
	}
	if single != batch {
		log.Fatal("the batch has other matches")
	}
	each := func(pass time.Duration) float64 { return float64(pass.Nanoseconds()) / float64(len(events)) }
	fmt.Printf("%d %d %.1f %.1f\n", single.matches, single.checksum, each(best), each(bestBatch))
}
