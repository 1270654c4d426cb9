import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.event.ruler.GenericMachine;

/** The engine event-ruler, with the protocol that run.py explains. */
final class RulerPeer {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    /** Events as strings, the type that the engine takes. The conversion from bytes is not measured. */
    private final String[] events;
    private final List<String> rules;
    private final String mode;
    private final GenericMachine<Integer> machine;
    private final TreeSet<Integer> refused = new TreeSet<>();

    private RulerPeer(String mode, Path rules, Path events) throws IOException {
        this.mode = mode;
        this.rules = Files.readAllLines(rules);
        this.events = Files.readAllLines(events).toArray(new String[0]);
        this.machine = machine();
    }

    private GenericMachine<Integer> machine() {
        var builder = GenericMachine.<Integer>builder();
        return switch (mode) {
            case "default" -> builder.build();
            case "state-reuse" -> builder.withAdditionalNameStateReuse(true).build();
            default -> throw new IllegalArgumentException("there is no mode " + mode);
        };
    }

    /** Adds a rule. Returns false if the engine refuses it. */
    private static boolean add(GenericMachine<Integer> machine, int id, String rule) {
        try {
            machine.addRule(id, rule);
            return true;
        } catch (Exception refused) {
            return false;
        }
    }

    private static List<Integer> match(GenericMachine<Integer> machine, String event) {
        try {
            return machine.rulesForJSONEvent(event);
        } catch (Exception invalid) {
            return List.of();
        }
    }

    public static void main(String[] arguments) throws Exception {
        var peer = new RulerPeer(arguments[0], Path.of(arguments[1]), Path.of(arguments[2]));
        OUT.println("ready");
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = input.readLine()) != null;) {
            String[] words = line.split("\t", -1);
            switch (words[0]) {
                case "add" -> peer.addAll();
                case "run" -> peer.run(Integer.parseInt(words[1]), Double.parseDouble(words[2]));
                case "answers" -> peer.answers(Path.of(words[1]), Integer.parseInt(words[2]));
                case "try" -> peer.attempt(words);
                default -> throw new IllegalArgumentException(line);
            }
        }
    }

    private void addAll() {
        long started = System.nanoTime();
        for (int id = 0; id < rules.size(); id++) {
            if (!add(machine, id, rules.get(id))) {
                refused.add(id);
            }
        }
        match(machine, events[0]);
        OUT.println((System.nanoTime() - started) / 1e9 + "\t" + refused.size());
    }

    private void run(int threads, double seconds) throws InterruptedException {
        long started = System.nanoTime();
        long until = started + (long) (seconds * 1e9);
        var runs = new ArrayList<Run>();
        for (int thread = 0; thread < threads; thread++) {
            runs.add(new Run(until, thread * events.length / threads));
        }
        for (Run run : runs.subList(1, threads)) {
            run.start();
        }
        runs.get(0).run();
        for (Run run : runs.subList(1, threads)) {
            run.join();
        }
        long done = runs.stream().mapToLong(run -> run.done).sum();
        long matches = runs.stream().mapToLong(run -> run.matches).sum();
        OUT.println(done + "\t" + matches + "\t" + (System.nanoTime() - started) / 1e9);
    }

    /** One thread matches all events, beginning with the given one, until the time is over. */
    private final class Run extends Thread {
        private final long until;
        private int at;
        private long done;
        private long matches;

        private Run(long until, int at) {
            this.until = until;
            this.at = at;
        }

        @Override
        public void run() {
            while (System.nanoTime() < until) {
                int end = Math.min(events.length, at + 64);
                for (int next = at; next < end; next++) {
                    matches += match(machine, events[next]).size();
                }
                done += end - at;
                at = end % events.length;
            }
        }
    }

    private void answers(Path path, int count) throws IOException {
        var lines = new ArrayList<String>();
        lines.add(list(refused));
        for (int at = 0; at < Math.min(count, events.length); at++) {
            lines.add(list(match(machine, events[at])));
        }
        Files.write(path, lines);
        OUT.println("written");
    }

    private void attempt(String[] words) {
        var fresh = machine();
        boolean added = false;
        for (int at = 2; at < words.length; at++) {
            added |= add(fresh, at - 2, words[at]);
        }
        OUT.println(added + "\t" + list(match(fresh, words[1])));
    }

    private static String list(Iterable<Integer> ids) {
        var sorted = new TreeSet<Integer>();
        ids.forEach(sorted::add);
        return sorted.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
