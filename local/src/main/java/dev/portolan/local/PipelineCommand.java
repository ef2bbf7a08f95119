package dev.portolan.local;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Step;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "pipeline", description = "Shows and checks the pipelines that are defined.")
final class PipelineCommand {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Command(name = "list", description = "Lists every pipeline with its steps.")
    int list(@Mixin Sources sources, @Mixin Output output) {
        try (Laptop laptop = Laptop.dry(sources, InstantSource.system())) {
            List<List<Object>> rows = new ArrayList<>();
            for (String name : new TreeSet<>(laptop.composer().names())) {
                rows.add(row(name, laptop.composer()));
            }
            output.print(spec.commandLine().getOut(), List.of("name", "steps", "description", "source"), rows);
            int mistakes = laptop.composer().check().size();
            if (mistakes > 0) {
                spec.commandLine()
                        .getErr()
                        .println("mistakes in the definitions: " + mistakes + "; see 'portolan pipeline check'");
            }
        }
        return 0;
    }

    private static List<Object> row(String name, Composer composer) {
        try {
            Pipeline pipeline = composer.compose(name);
            List<String> steps = pipeline.steps().stream().map(Step::name).toList();
            String description = pipeline.description() == null ? "" : pipeline.description();
            return List.of(name, steps, description, pipeline.source());
        } catch (Failure failure) {
            return List.of(name, List.of(), "broken", "");
        }
    }

    @Command(name = "check", description = "Checks every pipeline and says what is wrong, by file and line.")
    int check(@Mixin Sources sources) {
        PrintWriter out = spec.commandLine().getOut();
        try (Laptop laptop = Laptop.dry(sources, InstantSource.system())) {
            List<Violation> violations = laptop.composer().check();
            violations.forEach(out::println);
            if (violations.isEmpty()) {
                out.println("pipelines checked: " + laptop.composer().names().size() + "; nothing wrong");
            }
            return violations.isEmpty() ? 0 : 1;
        }
    }
}
