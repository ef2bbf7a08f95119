package dev.portolan.proofs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.Outcome;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kills processes at every point of their work on durable executions, and lets others finish it.
///
/// `-Pfull` also kills a process for every sixth point alone (not over a distant store), and more often at
/// random; `-Psoak` for every point, and a thousand times at random. `-Dportolan.seed=7` repeats one random round.
@Timeout(value = 2, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class KilledWorkerContract {

    private static final boolean FULL = Boolean.getBoolean("portolan.full");
    private static final boolean SOAK = Boolean.getBoolean("portolan.soak");
    private static final int ROUNDS = SOAK ? 1_000 : FULL ? 20 : 2;

    /// Of so many points one is met in a part of them: an odd number, as befores and afters take turns.
    private static final int PART = 9;

    /// How many executions a process works at that is killed at random.
    private static final int AT_ONCE = 12;

    /// By how much each process is ahead of the one before: longer than any lease.
    private static final Duration APART = Duration.ofMinutes(2);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final List<Process> children = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // made before each test
    private Premises premises;

    /// How the store is opened.
    protected abstract Class<? extends StoreOpener> opener();

    /// Where there is a store that nothing else uses.
    ///
    /// @param folder for what it keeps in files; it is deleted in the end
    protected abstract String address(Path folder);

    /// Whether a call takes milliseconds: then a build proves a part, and `-Pfull` all.
    protected boolean distant() {
        return false;
    }

    /// One execution to be killed.
    ///
    /// @param point at which
    private record Target(Plan plan, int point) {}

    @BeforeEach
    void findPremises() throws IOException {
        Path apart = Files.createTempDirectory(folder, "premises");
        premises = new Premises(opener().getName(), address(apart), apart.resolve("ledger"));
    }

    @AfterEach
    void endChildren() throws InterruptedException {
        for (Process child : children) {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void aWorkerMayBeKilledAtEveryPointOfItsWork() throws Exception {
        List<Target> targets = everyPoint();

        Map<String, String> stopped = killed(targets, Duration.ZERO);

        assertThat(stopped).hasSize(targets.size());
        assertThat(stopped.values()).allMatch(how -> how.startsWith("stops"));
        finish(targets, APART, new Random(1));
        boolean alone = SOAK || (FULL && !distant());
        for (int i = 0; alone && i < targets.size(); i += SOAK ? 1 : 6) {
            Target target = targets.get(i);
            List<Target> one = List.of(
                    new Target(target.plan().called("alone-" + target.plan().name()), target.point()));
            assertThat(killed(one, Duration.ZERO).values()).allMatch(how -> how.startsWith("stops"));
            finish(one, APART, new Random(i));
        }
    }

    /// The points of all programs, each to be met in an execution of its own.
    private List<Target> everyPoint() throws IOException {
        List<Target> targets = new ArrayList<>();
        Map<String, Integer> kinds = new TreeMap<>();
        for (Plan plan : Plan.USUAL) {
            List<String> points = undisturbed(plan);
            points.forEach(point -> kinds.merge(point, 1, Integer::sum));
            for (int point = 0; point < points.size(); point++) {
                targets.add(new Target(plan.called(plan.name() + "-" + point), point));
            }
        }
        System.out.printf("%d points of %d programs: %s%n", targets.size(), Plan.USUAL.size(), kinds);
        if (distant() && !FULL && !SOAK) {
            return IntStream.iterate(0, i -> i < targets.size(), i -> i + PART)
                    .mapToObj(targets::get)
                    .toList();
        }
        return targets;
    }

    /// The points that a worker passes whom nobody disturbs.
    private List<String> undisturbed(Plan plan) throws IOException {
        Points points = Points.none();
        try (Workshop workshop = new Workshop(premises, Duration.ZERO)) {
            workshop.hand(points).run(plan);
        }
        return points.passed();
    }

    @Test
    void aProgramOfThreeStepsMakesFourWritesBesideItsDefinition() throws Exception {
        Points points = Points.none();
        try (Workshop workshop = new Workshop(premises, Duration.ZERO)) {
            Workshop.Hand hand = workshop.hand(points);
            hand.run(Plan.USUAL.getFirst());
        }

        assertThat(points.passed().stream().filter(point -> point.matches("before (create|replace) execution")))
                .hasSize(4);
        assertThat(points.passed().stream().filter("before create definition"::equals))
                .hasSize(1);
    }

    @Test
    void workersMayBeKilledOneAfterTheOther() throws Exception {
        Long only = Long.getLong("portolan.seed");
        int several = distant() && !SOAK ? Math.min(ROUNDS, 5) : ROUNDS;
        int rounds = only == null ? several : 1;
        for (int round = 0; round < rounds; round++) {
            long seed = only == null ? new Random().nextLong() >>> 16 : only;
            try {
                killAtRandom(new Random(seed));
            } catch (AssertionError e) {
                throw new AssertionError("-Dportolan.seed=" + seed + ", round " + round, e);
            }
        }
        System.out.printf("%d processes killed in %d rounds of %d random programs%n", children.size(), rounds, AT_ONCE);
    }

    private void killAtRandom(Random random) throws Exception {
        findPremises();
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            targets.add(new Target(Plan.random("random-" + i, random), random.nextInt(60)));
        }
        Duration ahead = Duration.ZERO;
        for (int kill = random.nextInt(1, 4); kill > 0; kill--) {
            killed(targets, ahead);
            ahead = ahead.plus(APART);
            targets.replaceAll(target -> new Target(target.plan(), random.nextInt(40)));
        }
        finish(targets, ahead, random);
    }

    /// Lets a process work at some executions until each is at its point, or rests before; then kills it.
    ///
    /// @return how it stood with each
    private Map<String, String> killed(List<Target> targets, Duration ahead) throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + folder, // a killed process leaves behind what it has unpacked
                "-cp",
                System.getProperty("java.class.path"),
                Condemned.class.getName(),
                premises.opener(),
                premises.address(),
                premises.ledger().toString(),
                Long.toString(ahead.toSeconds()));
        Path errors = Files.createTempFile(folder, "errors", "");
        Process child =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        children.add(child);
        BufferedWriter work = child.outputWriter(UTF_8);
        for (Target target : targets) {
            work.append(target.point() + "\t" + target.plan().name() + "\t"
                    + String.join("\t", target.plan().steps()) + "\n");
        }
        work.append('\n').flush();
        Map<String, String> stopped = new LinkedHashMap<>();
        BufferedReader said = child.inputReader(UTF_8);
        while (stopped.size() < targets.size()) {
            String line = said.readLine();
            assertThat(line)
                    .as("what a process says that is to be killed; its errors: %s", Files.readString(errors))
                    .matches("(stops|rests)\t.*");
            String[] parts = line.split("\t", -1);
            stopped.put(parts[1], parts[0] + " " + parts[2]);
        }
        child.toHandle().destroyForcibly();
        assertThat(child.waitFor()).as("exit of a process that was killed").isNotZero();
        try (Workshop workshop = new Workshop(premises, ahead)) {
            Workshop.Hand hand = workshop.hand(Points.none());
            for (Target target : targets) {
                int cursor = hand.executions
                        .find(target.plan().id())
                        .map(there -> there.at().cursor())
                        .orElse(0);
                workshop.note(target.plan().id(), "killed " + cursor);
            }
        }
        return stopped;
    }

    /// Finishes what was killed, and looks at what came of it.
    private void finish(List<Target> targets, Duration ahead, Random random) throws IOException {
        try (Workshop workshop = new Workshop(premises, ahead)) {
            Workshop.Hand hand = workshop.hand(Points.none());
            if (random.nextBoolean()) {
                hand.executions.operations().sweep(null);
            }
            for (Target target : targets) {
                Plan plan = target.plan();
                boolean there = hand.executions.find(plan.id()).isPresent();
                Outcome outcome = there && random.nextBoolean()
                        ? hand.executions.resume(plan.id(), null, StepListener.NONE)
                        : hand.run(plan);
                assertThat(outcome).as(plan.toString()).isNotInstanceOf(Outcome.Waiting.class);
                judge(plan, hand);
            }
        }
    }

    private void judge(Plan plan, Workshop.Hand hand) throws IOException {
        Execution end = hand.executions.find(plan.id()).orElseThrow();
        new Verdict(plan, end, premises.noted(plan.id()), hand.effects).pass();
    }
}
