package dev.portolan.local;

import picocli.CommandLine.Command;

@Command(
        name = "demo",
        description = "Shows what is hard to see otherwise, on this machine and without a network.",
        subcommands = {DemoCrashCommand.class, DemoWorkerCommand.class})
final class DemoCommand {}
