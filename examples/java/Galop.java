import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** galop for Java on 64-bit systems, with JNA. The contract is that of galop.h. */
final class Galop {
    private Galop() {}

    static {
        Native.register("galop");
    }

    private static native Pointer galop_status_text(int status);
    private static native Pointer galop_detail_text(int detail);
    private static native int galop_rules_new(Pointer limits, PointerByReference rules);
    private static native int galop_rules_add(
            Pointer rules, byte[] pattern, long length, long value, IntByReference id, Pointer error);
    private static native int galop_rules_report(
            Pointer rules, byte[] pattern, long length, byte[] buffer, long capacity, LongByReference needed);
    private static native int galop_rules_free(Pointer rules);
    private static native int galop_matcher_new(Pointer rules, Pointer options, PointerByReference matcher, Pointer error);
    private static native int galop_matcher_free(Pointer matcher);
    private static native int galop_scratch_new(PointerByReference scratch);
    private static native int galop_scratch_free(Pointer scratch);
    private static native int galop_match(
            Pointer matcher, Pointer scratch, byte[] event, long length, Pointer ids, Pointer count, Pointer error);
    private static native int galop_match_batch(
            Pointer matcher, Pointer scratch, ByteBuffer events, long length, long[] offsets, long count, Pointer batch);

    /** A failed call. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failure(String message) {
            super(message);
        }
    }

    private static void check(int status, Pointer error) {
        if (status != 0) {
            String code = error == null ? "" : galop_detail_text(error.getInt(4)).getString(0);
            throw new Failure(galop_status_text(status).getString(0) + (code.isEmpty() ? "" : ": " + code));
        }
    }

    /** Compiled rules, for any number of threads. */
    static final class Matcher implements AutoCloseable {
        private final Pointer handle;

        /** The ids are the indices of the patterns. */
        Matcher(List<byte[]> patterns) {
            PointerByReference made = new PointerByReference();
            check(galop_rules_new(null, made), null);
            Pointer rules = made.getValue();
            try {
                for (byte[] pattern : patterns) {
                    if (galop_rules_add(rules, pattern, pattern.length, 0, null, null) != 0) {
                        throw new Failure(report(rules, pattern));
                    }
                }
                check(galop_matcher_new(rules, null, made, null), null);
            } finally {
                galop_rules_free(rules);
            }
            handle = made.getValue();
        }

        private static String report(Pointer rules, byte[] pattern) {
            byte[] text = new byte[4096];
            LongByReference length = new LongByReference();
            check(galop_rules_report(rules, pattern, pattern.length, text, text.length, length), null);
            return new String(text, 0, (int) Math.min(length.getValue(), text.length - 1), StandardCharsets.UTF_8);
        }

        /** Returns the ids of the rules that an event matches. */
        int[] match(Scratch scratch, byte[] event) {
            Pointer out = scratch.outputs;
            check(galop_match(handle, scratch.handle, event, event.length, out, scratch.count, scratch.error), scratch.error);
            int count = (int) out.getLong(8);
            return count == 0 ? NONE : out.getPointer(0).getIntArray(0, count);
        }

        /** Returns the ids of all events together. The events are in a direct buffer, between the offsets. */
        int[] matchBatch(Scratch scratch, ByteBuffer events, long[] offsets) {
            Pointer out = scratch.outputs;
            int status = galop_match_batch(
                    handle, scratch.handle, events, events.capacity(), offsets, offsets.length - 1, out);
            check(status, null);
            if (out.getLong(32) > 0) {
                check(out.getPointer(16).getInt(0), out.getPointer(16));
            }
            int count = (int) out.getLong(24);
            return count == 0 ? NONE : out.getPointer(0).getIntArray(0, count);
        }

        @Override
        public void close() {
            galop_matcher_free(handle);
        }
    }

    /** The memory of one thread at a time. */
    static final class Scratch implements AutoCloseable {
        private final Pointer handle;
        /** For galop_match, the ids and their number, then the error. For galop_match_batch, the batch. */
        private final com.sun.jna.Memory outputs = new com.sun.jna.Memory(64);
        private final Pointer count = outputs.share(8);
        private final Pointer error = outputs.share(16);

        Scratch() {
            PointerByReference made = new PointerByReference();
            check(galop_scratch_new(made), null);
            handle = made.getValue();
        }

        @Override
        public void close() {
            galop_scratch_free(handle);
        }
    }

    private static final int[] NONE = {};
}
