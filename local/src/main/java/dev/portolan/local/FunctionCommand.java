package dev.portolan.local;

import dev.portolan.composer.RegisteredFunction;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "function", description = "Shows the functions that pipelines can be made of.")
final class FunctionCommand {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Command(name = "list", description = "Lists every function with what it takes and gives.")
    int list(@Mixin Sources sources, @Mixin Output output) {
        try (Laptop laptop = Laptop.dry(sources, InstantSource.system())) {
            List<List<Object>> rows =
                    laptop.functions().all().stream().map(FunctionCommand::row).toList();
            output.print(spec.commandLine().getOut(), List.of("name", "takes", "gives", "with", "from"), rows);
        }
        return 0;
    }

    private static List<Object> row(RegisteredFunction function) {
        return List.of(
                function.name(),
                type(function.types().input()),
                type(function.types().output()),
                function.configuration() == null
                        ? List.of()
                        : function.configuration().names(),
                function.origin());
    }

    private static String type(Type type) {
        return switch (type) {
            case ParameterizedType generic ->
                type(generic.getRawType())
                        + Arrays.stream(generic.getActualTypeArguments())
                                .map(FunctionCommand::type)
                                .collect(Collectors.joining(", ", "<", ">"));
            case Class<?> plain when plain == Void.class -> "nothing";
            case Class<?> plain -> plain.getSimpleName();
            default -> type.getTypeName();
        };
    }
}
