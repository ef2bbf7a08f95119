package dev.portolan.proofs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// A durable pipeline of the functions of a [Workshop], and what it comes to.
///
/// @param name its pipeline's, of which there is one execution
/// @param steps in JSON with single quotes
record Plan(String name, List<String> steps) {

    /// What there is to be killed: each a name and its steps.
    static final List<Plan> USUAL = List.of(
            new Plan("sequence", List.of("'one'", "'two'", "'three'")),
            new Plan("saga", List.of(undoable("one"), undoable("two"), undoable("three"), "'deny'")),
            new Plan("retry", List.of("'one'", "{'flaky': {'retry': {'attempts': 4, 'delay': '1ms'}}}", "'two'")),
            new Plan("once", List.of("'one'", "{'mail': {'once': true}}", "'two'")),
            new Plan("undone-mail", List.of(undoable("one"), "{'mail': {'once': true, 'undo': 'not-mail'}}", "'deny'")),
            new Plan("skip", List.of("{'one': {'if': 'no'}}", undoable("two"), "'deny'")),
            new Plan("end", List.of("'one'", "'enough'", "'three'")));

    private static final Set<String> EFFECTS = Set.of("one", "two", "three", "flaky", "mail");

    private static String undoable(String function) {
        return "{'%s': {'undo': 'not-%s'}}".formatted(function, function);
    }

    static Plan random(String name, Random random) {
        List<String> functions = new ArrayList<>(List.of("one", "two", "three", "flaky", "mail", "deny", "enough"));
        Collections.shuffle(functions, random);
        List<String> steps = new ArrayList<>();
        for (String function : functions.subList(0, random.nextInt(1, 7))) {
            List<String> options = new ArrayList<>();
            if (EFFECTS.contains(function) && random.nextBoolean()) {
                options.add("'undo': 'not-" + function + "'");
            }
            if (function.equals("mail")) {
                options.add("'once': true");
            }
            if (function.equals("flaky")) {
                options.add("'retry': {'attempts': 4, 'delay': '1ms'}");
            }
            if (random.nextInt(6) == 0) {
                options.add("'if': 'no'");
            }
            steps.add("{'%s': {%s}}".formatted(function, String.join(", ", options)));
        }
        return new Plan(name, steps);
    }

    /// The same for another execution.
    Plan called(String other) {
        return new Plan(other, steps);
    }

    String id() {
        return name + ":1";
    }

    String definition() {
        return "{'pipeline': '%s', 'durable': true, 'steps': [%s]}"
                .formatted(name, String.join(", ", steps))
                .replace('\'', '"');
    }

    /// The functions of its steps in order.
    List<String> functions() {
        List<String> names = new ArrayList<>();
        for (String step : steps) {
            names.add(step.split("'", 3)[1]);
        }
        return names;
    }

    boolean skips(int step) {
        return steps.get(step).contains("'if'");
    }

    boolean undoes(int step) {
        return steps.get(step).contains("'undo'");
    }

    static boolean hasEffect(String function) {
        return EFFECTS.contains(function);
    }

    /// How it ends: the step that is denied, or that ends it; the number of its steps if none does.
    int end() {
        for (int i = 0; i < steps.size(); i++) {
            String function = functions().get(i);
            if (!skips(i) && (function.equals("deny") || function.equals("enough"))) {
                return i;
            }
        }
        return steps.size();
    }

    boolean denied() {
        return end() < steps.size() && functions().get(end()).equals("deny");
    }

    /// The place of the step that is called once, or -1.
    int once() {
        int mail = functions().indexOf("mail");
        return mail >= 0 && mail < end() ? mail : -1;
    }
}
