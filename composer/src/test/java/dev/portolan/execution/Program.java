package dev.portolan.execution;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A durable pipeline and what its functions do at every call.
record Program(Object input, List<Act> acts) {

    /// So often a function fails that always does.
    static final int ALWAYS = 1_000;

    /// More than the store of a [World] takes.
    static final int HUGE = 40_000;

    private static final Json JSON = new Json();

    /// What a step does.
    ///
    /// @param condition `yes`, `no`, or how it fails; null for none
    /// @param undo how often its undo fails before it succeeds, and how; null for no undo
    /// @param effect whether it has an effect
    /// @param fails how often it fails before it succeeds, and how
    record Act(
            int attempts,
            String delay,
            boolean once,
            boolean merge,
            @Nullable String condition,
            @Nullable Trouble undo,
            Gives gives,
            Object constant,
            boolean effect,
            Trouble fails) {

        /// What it gives when it succeeds, as the engine has it afterwards: a failure where that is none.
        Object given(int index, @Nullable Object taken) {
            return switch (gives) {
                case FIELD, HEADER, END_FIELD -> laid(field(index, taken), taken);
                case CONSTANT, END -> laid(constant, taken);
                case NULL -> new Failure(Code.UNKNOWN, "null");
                case HUGE -> new Failure(Code.INVALID, "too large").withEffect(Effect.APPLIED);
            };
        }

        private Object laid(Object given, @Nullable Object taken) {
            if (!merge) {
                return given;
            }
            Map<Object, Object> both = new LinkedHashMap<>((Map<?, ?>) taken);
            both.putAll((Map<?, ?>) given);
            return both;
        }

        /// What the function itself answers.
        @Nullable
        Object answer(int index, @Nullable Object taken) {
            return switch (gives) {
                case FIELD -> field(index, taken);
                case HEADER -> new Chain.Next<>(field(index, taken), headers(index));
                case END_FIELD -> Chain.end(field(index, taken));
                case CONSTANT -> constant;
                case END -> Chain.end(constant);
                case NULL -> null;
                case HUGE -> Map.of("huge", "x".repeat(HUGE));
            };
        }

        private Object field(int index, @Nullable Object taken) {
            Map<Object, @Nullable Object> object = new LinkedHashMap<>();
            if (taken instanceof Map<?, ?> map) {
                object.putAll(map);
            } else {
                object.put("was", taken);
            }
            object.put("f" + index, constant);
            return object;
        }

        private Act with(
                int attempts,
                boolean once,
                boolean merge,
                @Nullable String condition,
                @Nullable Trouble undo,
                Gives gives,
                Trouble fails) {
            return new Act(attempts, delay, once, merge, condition, undo, gives, constant, effect, fails);
        }

        Act withoutMerge() {
            return with(attempts, once, false, condition, undo, gives, fails);
        }

        private List<Act> simpler() {
            return List.of(
                    with(1, once, merge, condition, undo, gives, fails),
                    with(attempts, false, merge, condition, undo, gives, fails),
                    withoutMerge(),
                    with(attempts, once, merge, null, undo, gives, fails),
                    with(attempts, once, merge, condition, null, gives, fails),
                    with(attempts, once, merge, condition, undo == null ? null : Trouble.NONE, gives, fails),
                    with(attempts, once, merge, condition, undo, Gives.FIELD, fails),
                    with(attempts, once, merge, condition, undo, gives, Trouble.NONE));
        }

        boolean ends() {
            return gives == Gives.END || gives == Gives.END_FIELD;
        }

        Headers headers(int index) {
            return gives == Gives.HEADER ? Headers.NONE.with("x-step", "v" + index) : Headers.NONE;
        }
    }

    /// What a function gives that succeeds.
    enum Gives {
        FIELD,
        CONSTANT,
        HEADER,
        END,
        END_FIELD,
        NULL,
        HUGE
    }

    /// How a function fails.
    ///
    /// @param spared how many calls of it succeed before
    /// @param times how many calls after them fail
    /// @param failure what comes of it: thrown as it is, unless something else is
    /// @param thrown null for the failure itself
    /// @param effectFirst whether it leaves its effect all the same
    record Trouble(
            int spared,
            int times,
            Failure failure,
            @Nullable Throwable thrown,
            boolean effectFirst) {

        static final Trouble NONE = new Trouble(0, 0, new Failure(Code.UNKNOWN, ""), null, false);

        boolean strikes(int call) {
            return call > spared && call - spared <= times;
        }

        RuntimeException thrown(String step) {
            return switch (thrown) {
                case null -> failure;
                case Error error -> throw error;
                case RuntimeException exception -> exception;
                default -> throw new IllegalStateException(step, thrown);
            };
        }

        @Override
        public String toString() {
            String what = thrown == null
                    ? failure.code() + " " + failure.effect()
                            + (failure.retryable() ? " retryable " : " ")
                            + (failure.retryAfter() == null ? "" : failure.retryAfter())
                    : thrown.getClass().getSimpleName();
            return times == 0
                    ? "never"
                    : (spared == 0 ? "" : "after " + spared + " ") + times + " times " + what
                            + (effectFirst ? ", with its effect" : "");
        }
    }

    static Program random(Random random) {
        Object input = random.nextInt(4) == 0 ? RandomJson.value(random, 0) : RandomJson.object(random, 0);
        List<Act> acts = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            acts.add(act(random));
        }
        return new Program(input, mergeable(input, acts));
    }

    private static Act act(Random random) {
        boolean bad = random.nextInt(12) == 0;
        Gives gives = bad
                ? one(random, Gives.NULL, Gives.HUGE)
                : random.nextInt(8) == 0
                        ? one(random, Gives.END, Gives.END_FIELD)
                        : one(random, Gives.FIELD, Gives.FIELD, Gives.CONSTANT, Gives.HEADER);
        boolean effect = random.nextInt(4) != 0;
        return new Act(
                random.nextBoolean() ? 1 : random.nextInt(2, 4),
                one(random, "0s", "1ms", "2s", "5m"),
                random.nextInt(5) == 0,
                random.nextInt(4) == 0,
                random.nextInt(3) != 0 ? null : one(random, "yes", "no", "no", "broken", "refusing"),
                random.nextInt(5) < 3 ? trouble(random, false, 0) : null,
                gives,
                random.nextBoolean() ? RandomJson.object(random, 1) : RandomJson.something(random),
                effect,
                bad ? Trouble.NONE : trouble(random, effect, random.nextInt(3) == 0 ? 1 : 0));
    }

    /// The same, with `merge` only where there are objects to merge.
    private static List<Act> mergeable(Object input, List<Act> acts) {
        List<Act> all = new ArrayList<>();
        boolean object = input instanceof Map;
        for (Act act : acts) {
            boolean gives = switch (act.gives()) {
                case FIELD, HEADER, END_FIELD, NULL, HUGE -> true;
                case CONSTANT, END -> act.constant() instanceof Map;
            };
            all.add(object && gives ? act : act.withoutMerge());
            object = gives && (object || act.condition() == null);
        }
        return all;
    }

    private static Trouble trouble(Random random, boolean effect, int spared) {
        if (random.nextInt(5) < 3) {
            return Trouble.NONE;
        }
        int times = spared > 0 || random.nextInt(4) == 0 ? ALWAYS : random.nextInt(1, 4);
        if (random.nextInt(4) == 0) {
            Throwable thrown = one(
                    random,
                    new IllegalStateException("secret"),
                    new AssertionError("secret"),
                    new StackOverflowError(),
                    new NoClassDefFoundError("Gone"));
            return new Trouble(
                    spared, times, new Failure(Code.UNKNOWN, "unforeseen"), thrown, effect && random.nextBoolean());
        }
        Failure failure = new Failure(one(random, Code.values()), "as told").withEffect(one(random, Effect.values()));
        if (random.nextInt(3) == 0) {
            failure = failure.withRetryAfter(
                    one(random, Duration.ZERO, Duration.ofSeconds(3), Duration.ofMinutes(2), Duration.ofDays(3)));
        }
        if (random.nextInt(8) == 0) {
            failure = failure.withoutRetry();
        }
        boolean left =
                failure.effect() == Effect.APPLIED || (failure.effect() == Effect.UNKNOWN && random.nextBoolean());
        return new Trouble(spared, times, failure, null, effect && left);
    }

    /// Its definition, in the form in which it is stored.
    String definition() {
        List<Object> steps = new ArrayList<>();
        for (Act act : acts) {
            Map<String, Object> options = new LinkedHashMap<>();
            if (act.attempts() > 1) {
                Map<String, Object> retry =
                        Map.of("attempts", act.attempts(), "delay", act.delay(), "factor", 2, "cap", "10m");
                options.put("retry", retry);
            }
            if (act.once()) {
                options.put("once", true);
            }
            if (act.merge()) {
                options.put("merge", true);
            }
            if (act.condition() != null) {
                options.put("if", act.condition());
            }
            if (act.undo() != null) {
                options.put("undo", "take-back");
            }
            steps.add(options.isEmpty() ? "act" : Map.of("act", options));
        }
        return new String(JSON.encode(Map.of("pipeline", "test", "durable", true, "steps", steps)), UTF_8);
    }

    /// The name of a step, by its place.
    static String name(int index) {
        return index == 0 ? "act" : "act#" + (index + 1);
    }

    static int index(String step) {
        return step.startsWith("act#") ? Integer.parseInt(step.substring(4).replace("/undo", "")) - 1 : 0;
    }

    /// Simpler programs, each by one thing.
    List<Program> simpler() {
        List<Program> all = new ArrayList<>();
        for (int i = 0; i < acts.size(); i++) {
            Act act = acts.get(i);
            List<Act> rest = new ArrayList<>(acts);
            rest.remove(i);
            if (!rest.isEmpty()) {
                all.add(new Program(input, mergeable(input, rest)));
            }
            for (Act other : act.simpler()) {
                if (!other.equals(act)) {
                    List<Act> changed = new ArrayList<>(acts);
                    changed.set(i, other);
                    all.add(new Program(input, mergeable(input, changed)));
                }
            }
        }
        return all;
    }

    @SafeVarargs
    static <T> T one(Random random, T... of) {
        return of[random.nextInt(of.length)];
    }
}
