import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Matches events with patterns from two files of one per line: Crossing PATTERNS EVENTS SECONDS
 *
 * <p>Prints the number of matches, a checksum of the ids, and the nanoseconds per event, one by one and in a batch.
 * See examples/run.
 */
final class Crossing {
    private int matches;
    private long checksum;

    private void count(int[] ids) {
        matches += ids.length;
        for (int id : ids) {
            checksum += Integer.toUnsignedLong(id) + 1;
        }
    }

    private static List<byte[]> lines(String name) throws IOException {
        List<byte[]> lines = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(name), StandardCharsets.UTF_8)) {
            lines.add((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return lines;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("usage: Crossing PATTERNS EVENTS SECONDS");
            System.exit(1);
        }
        List<byte[]> events = lines(arguments[1]);
        long[] offsets = new long[events.size() + 1];
        for (int i = 0; i < events.size(); i++) {
            offsets[i + 1] = offsets[i] + events.get(i).length;
        }
        ByteBuffer joined = ByteBuffer.allocateDirect((int) offsets[events.size()]);
        events.forEach(joined::put);
        joined.rewind();

        Crossing single;
        Crossing batch;
        long best = Long.MAX_VALUE;
        long bestBatch = Long.MAX_VALUE;
        try (Galop.Matcher matcher = new Galop.Matcher(lines(arguments[0]));
                Galop.Scratch scratch = new Galop.Scratch()) {
            long end = System.nanoTime() + (long) (Double.parseDouble(arguments[2]) * 1e9);
            do {
                single = new Crossing();
                batch = new Crossing();
                long start = System.nanoTime();
                for (byte[] event : events) {
                    single.count(matcher.match(scratch, event));
                }
                long middle = System.nanoTime();
                batch.count(matcher.matchBatch(scratch, joined, offsets));
                best = Math.min(best, middle - start);
                bestBatch = Math.min(bestBatch, System.nanoTime() - middle);
            } while (System.nanoTime() < end);
        }
        if (single.matches != batch.matches || single.checksum != batch.checksum) {
            throw new IllegalStateException("the batch has other matches");
        }
        double[] each = Arrays.stream(new double[] {best, bestBatch}).map(pass -> pass / events.size()).toArray();
        System.out.printf(Locale.ROOT, "%d %d %.1f %.1f%n", single.matches, single.checksum, each[0], each[1]);
    }
}
