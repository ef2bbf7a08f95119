package dev.portolan.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A folder with durable pipelines over the functions of [ShopConfiguration], and a store of its own.
final class Shop {

    private final Path folder;

    Shop(Path folder) throws IOException {
        this.folder = folder;
        Path pipelines = Files.createDirectories(folder.resolve("config/pipelines"));
        Files.writeString(pipelines.resolve("order.yaml"), """
                pipeline: order
                durable: true
                steps:
                  - reserve: {undo: release}
                  - charge: {retry: {attempts: 2, delay: 1ms}}
                  - ship
                """);
        Files.writeString(pipelines.resolve("parcel.yaml"), """
                pipeline: parcel
                durable: true
                steps:
                  - charge
                  - ship
                """);
    }

    /// Runs a command on the shop's folders and functions.
    CommandLineRun run(String... words) {
        return CommandLineRun.of(arguments(words).toArray(String[]::new));
    }

    /// Runs a pipeline on the usual input.
    CommandLineRun perform(String pipeline, String key) {
        return run("run", pipeline, "--key", key, "--input", input());
    }

    /// The words with the options that lead to the shop.
    List<String> arguments(String... words) {
        List<String> all = new ArrayList<>(Arrays.asList(words));
        all.addAll(List.of("--config", folder.resolve("config").toString()));
        all.addAll(List.of("--data", folder.resolve("data").toString()));
        if (!words[0].equals("execution") || !List.of("list", "show").contains(words[1])) {
            all.addAll(List.of("--configuration", ShopConfiguration.class.getName()));
        }
        return all;
    }

    String input() {
        return "{\"folder\": \"" + folder + "\"}";
    }

    /// What a step does from now on: `THROTTLED`, `UNAVAILABLE PT65S`, `WAIT`.
    void let(String step, String does) throws IOException {
        Path made = Files.writeString(folder.resolve(step + ".new"), does);
        Files.move(made, folder.resolve(step));
    }

    /// Lets a step work from now on.
    void letWork(String step) throws IOException {
        Files.delete(folder.resolve(step));
    }

    /// The keys of the calls that were made, in order.
    List<String> calls() {
        try {
            Path log = folder.resolve("log");
            return Files.exists(log) ? Files.readAllLines(log) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
