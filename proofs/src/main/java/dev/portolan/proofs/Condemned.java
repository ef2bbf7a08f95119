package dev.portolan.proofs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portolan.composer.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A process that is to be killed: it works at many executions at once, stops at its point in each, and says
/// so.
///
/// One kill then meets every execution at its own point; that they share a process changes nothing for any of
/// them.
final class Condemned {

    private Condemned() {}

    /// Works until it is killed.
    ///
    /// Standard input has a line for each execution, the last one empty: its point, the plan's name, the plan's
    /// steps.
    ///
    /// @param arguments the [Premises], and by how many seconds this process's clock is ahead
    public static void main(String[] arguments) throws IOException {
        Workshop workshop = new Workshop(
                new Premises(arguments[0], arguments[1], Path.of(arguments[2])),
                Duration.ofSeconds(Long.parseLong(arguments[3])));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
            String[] parts = line.split("\t", 3);
            Plan plan = new Plan(parts[1], List.of(parts[2].split("\t", -1)));
            Points points = new Points(Integer.parseInt(parts[0]), point -> stop(plan, point));
            new Thread(() -> work(workshop.hand(points), plan)).start();
        }
        park();
    }

    private static void work(Workshop.Hand hand, Plan plan) {
        Outcome outcome = hand.run(plan);
        say("rests", plan, outcome.getClass().getSimpleName());
    }

    private static void stop(Plan plan, String point) {
        say("stops", plan, point);
        park();
    }

    private static synchronized void say(String what, Plan plan, String more) {
        System.out.println(what + "\t" + plan.id() + "\t" + more);
        System.out.flush();
    }

    private static void park() {
        while (true) {
            LockSupport.park();
        }
    }
}
