package dev.portolan.local;

import dev.portolan.composer.Problem;
import dev.portolan.failure.Failure;
import dev.portolan.json.Json;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The `portolan` command.
@Command(
        name = "portolan",
        description = "Runs pipelines of small functions: here on this machine, the same on AWS and on Google Cloud.",
        mixinStandardHelpOptions = true,
        version = "portolan 0.1.0-SNAPSHOT",
        subcommands = {
            RunCommand.class,
            ServeCommand.class,
            ExecutionCommand.class,
            PipelineCommand.class,
            FunctionCommand.class,
            ProfileCommand.class,
            NewCommand.class,
            PackageCommand.class,
            DemoCommand.class,
            Portolan.Completion.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Begin with:  portolan run welcome"})
public final class Portolan {

    private Portolan() {}

    @Command(
            name = "completion",
            description = {"Prints a completion script for bash and zsh.", "Use it with:  source <(portolan completion)"
            })
    static final class Completion implements Callable<Integer> {

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        @Override
        public Integer call() {
            spec.commandLine()
                    .getOut()
                    .println(AutoComplete.bash("portolan", spec.root().commandLine()));
            return 0;
        }
    }

    /// Runs the command and ends the process with its exit code: 0 done, 1 failed, 2 wrong usage.
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // what a function prints is not the result
        System.exit(run(out, err, arguments));
    }

    /// Runs the command.
    ///
    /// @return the exit code
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine commandLine = new CommandLine(new Portolan())
                .setOut(out)
                .setErr(err)
                .setUsageHelpAutoWidth(true)
                .setExpandAtFiles(false) // '@FILE' is the input's own notation
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Portolan::misused)
                .setExecutionExceptionHandler(Portolan::failed);
        commandLine.getSubcommands().values().forEach(Portolan::addHelp);
        int code = commandLine.execute(arguments);
        out.flush();
        err.flush();
        return code;
    }

    /// `--help` works after every command.
    private static void addHelp(CommandLine command) {
        command.getCommandSpec().mixinStandardHelpOptions(true);
        command.getSubcommands().values().forEach(Portolan::addHelp);
    }

    private static int misused(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        command.getErr().println(wrong.getMessage());
        UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
        if (arguments.length == 0) {
            command.usage(command.getErr());
            return command.getCommandSpec().exitCodeOnInvalidInput();
        }
        command.getErr().println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int failed(Exception thrown, CommandLine commandLine, ParseResult parsed) {
        if (!(thrown instanceof Failure failure)) {
            commandLine.getErr().println("portolan has a defect; please report this:");
            thrown.printStackTrace(commandLine.getErr());
            return 1;
        }
        commandLine.getErr().println(failure.detail());
        if (failure.detail().contains("unknown function")
                && !parsed.originalArgs().contains("--functions")
                && Files.exists(Path.of("pom.xml"))) {
            commandLine.getErr().println("functions of the project in this folder are found with --functions .");
        }
        if (parsed.originalArgs().contains("--stack-trace")) {
            failure.printStackTrace(commandLine.getErr());
        }
        commandLine.getOut().println(new Json().pretty(Problem.of(failure).body()));
        return 1;
    }
}
