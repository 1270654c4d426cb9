// Command of the engine Quamina, with the protocol that run.py explains.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"quamina.net/go/quamina/v2"
)

func main() {
	rules := lines(os.Args[2])
	events := [][]byte{}
	for _, event := range lines(os.Args[3]) {
		events = append(events, []byte(event))
	}
	fmt.Println("ready")

	q := fresh()
	refused := []int{}
	input := bufio.NewReader(os.Stdin)
	for {
		line, err := input.ReadString('\n')
		if err != nil {
			return
		}
		words := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch words[0] {
		case "add":
			started := time.Now()
			for id, rule := range rules {
				if q.AddPattern(id, rule) != nil {
					refused = append(refused, id)
				}
			}
			match(q, events[0])
			fmt.Printf("%v\t%d\n", time.Since(started).Seconds(), len(refused))
		case "run":
			threads, seconds := int(number(words[1])), number(words[2])
			started := time.Now()
			done, matches := run(q, events, threads, started.Add(time.Duration(seconds*1e9)))
			fmt.Printf("%d\t%d\t%v\n", done, matches, time.Since(started).Seconds())
		case "answers":
			out := []string{list(refused)}
			for _, event := range events[:min(len(events), int(number(words[2])))] {
				out = append(out, list(ids(match(q, event))))
			}
			check(os.WriteFile(words[1], []byte(strings.Join(out, "\n")+"\n"), 0o644))
			fmt.Println("written")
		case "try":
			q, added := fresh(), false
			for id, rule := range words[2:] {
				added = q.AddPattern(id, rule) == nil || added
			}
			fmt.Printf("%v\t%s\n", added, list(ids(match(q, []byte(words[1])))))
		default:
			panic(line)
		}
	}
}

func fresh() *quamina.Quamina {
	q, err := quamina.New()
	check(err)
	return q
}

func match(q *quamina.Quamina, event []byte) []quamina.X {
	matches, err := q.MatchesForEvent(event)
	if err != nil {
		return nil
	}
	return matches
}

// run matches all events with all threads until the time is over. Each thread begins with another event.
func run(q *quamina.Quamina, events [][]byte, threads int, until time.Time) (done, matches int) {
	var group sync.WaitGroup
	var lock sync.Mutex
	for thread := range threads {
		group.Add(1)
		go func(q *quamina.Quamina, at int) {
			defer group.Done()
			own, matched := 0, 0
			for time.Now().Before(until) {
				chunk := events[at:min(len(events), at+64)]
				for _, event := range chunk {
					matched += len(match(q, event))
				}
				own += len(chunk)
				at = (at + len(chunk)) % len(events)
			}
			lock.Lock()
			defer lock.Unlock()
			done += own
			matches += matched
		}(q.Copy(), thread*len(events)/threads)
	}
	group.Wait()
	return done, matches
}

func ids(matches []quamina.X) []int {
	ids := []int{}
	for _, match := range matches {
		ids = append(ids, match.(int))
	}
	return ids
}

func list(ids []int) string {
	sort.Ints(ids)
	out := []string{}
	for at, id := range ids {
		if at == 0 || id != ids[at-1] {
			out = append(out, strconv.Itoa(id))
		}
	}
	return strings.Join(out, ",")
}

func lines(path string) []string {
	text, err := os.ReadFile(path)
	check(err)
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

func number(word string) float64 {
	number, err := strconv.ParseFloat(word, 64)
	check(err)
	return number
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
