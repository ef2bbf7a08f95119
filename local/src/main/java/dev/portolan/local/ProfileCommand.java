package dev.portolan.local;

import dev.portolan.composer.intake.JmailAddresses;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import dev.portolan.intake.AddressCheck;
import dev.portolan.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "profile",
        description = "Fills and shows the directory that 'enrich' looks profiles up in.",
        subcommands = {ProfileCommand.Import.class, ProfileCommand.Get.class})
final class ProfileCommand {

    @Command(name = "get", description = "Prints the profile of an e-mail address as JSON.")
    static final class Get implements Callable<Integer> {

        @Parameters(paramLabel = "EMAIL", description = "The address, in any case.")
        private String email = "";

        @Mixin
        private final Sources sources = new Sources();

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        @Override
        public Integer call() {
            try (Laptop laptop = Laptop.open(
                    sources, InstantSource.system(), spec.commandLine().getErr())) {
                Map<String, Object> profile = laptop.profiles()
                        .find(email)
                        .orElseThrow(() -> new Failure(
                                Failure.Code.NOT_FOUND,
                                "no profile of that address; 'portolan profile import FILE' stores profiles"));
                spec.commandLine().getOut().println(new Json().pretty(profile));
            }
            return 0;
        }
    }

    @Command(
            name = "import",
            description = {
                "Stores the profiles of a file: one JSON object, an array of them, or one a line (NDJSON). Each needs an 'email'.",
                "The file is checked as a whole first: if anything in it is wrong, nothing is stored."
            })
    static final class Import implements Callable<Integer> {

        private static final int SHOWN_VIOLATIONS = 20;

        @Parameters(paramLabel = "FILE", description = "The file, or '-' for standard input.")
        private String file = "";

        @Mixin
        private final Sources sources = new Sources();

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        private final Json json = new Json();
        private final AddressCheck addresses = new JmailAddresses();

        @Override
        public Integer call() {
            List<Map<String, Object>> profiles = read(file);
            try (Laptop laptop = Laptop.open(
                            sources, InstantSource.system(), spec.commandLine().getErr());
                    ProgressBar progress = new ProgressBar(spec.commandLine().getErr(), "profiles", profiles.size())) {
                for (Map<String, Object> profile : profiles) {
                    laptop.profiles().put(String.valueOf(profile.get("email")), profile);
                    progress.step();
                }
            }
            spec.commandLine().getOut().println("profiles stored: " + profiles.size());
            return 0;
        }

        private List<Map<String, Object>> read(String file) {
            List<Violation> violations = new ArrayList<>();
            List<Map<String, Object>> profiles = new ArrayList<>();
            String text = text(file);
            if (text.stripLeading().startsWith("[")) {
                if (json.decode(text) instanceof List<?> elements) {
                    for (int i = 0; i < elements.size(); i++) {
                        add(elements.get(i), "/" + i, profiles, violations);
                    }
                }
            } else if (single(text) instanceof Map<?, ?> profile) {
                add(profile, file, profiles, violations);
            } else {
                List<String> lines = text.lines().toList();
                for (int i = 0; i < lines.size(); i++) {
                    String place = file + ":" + (i + 1);
                    if (!lines.get(i).isBlank()) {
                        try {
                            add(json.decode(lines.get(i)), place, profiles, violations);
                        } catch (Failure failure) {
                            violations.add(new Violation(place, failure.detail()));
                        }
                    }
                }
            }
            if (!violations.isEmpty()) {
                int rest = violations.size() - SHOWN_VIOLATIONS;
                List<Violation> shown =
                        new ArrayList<>(violations.subList(0, Math.min(violations.size(), SHOWN_VIOLATIONS)));
                if (rest > 0) {
                    shown.add(new Violation(file, "and " + rest + " more"));
                }
                throw Failure.invalid(shown);
            }
            return profiles;
        }

        /// The text's only object, over several lines perhaps; null if it is more, or none.
        private @Nullable Object single(String text) {
            try {
                return json.decode(text);
            } catch (Failure severalOrNone) {
                return null;
            }
        }

        @SuppressWarnings("unchecked")
        private void add(
                @Nullable Object element,
                String place,
                List<Map<String, Object>> profiles,
                List<Violation> violations) {
            if (!(element instanceof Map<?, ?> profile)) {
                violations.add(new Violation(place, "must be an object"));
            } else if (!(profile.get("email") instanceof String email)) {
                violations.add(new Violation(place, "needs an 'email'"));
            } else if (!addresses.accepts(email)) {
                violations.add(new Violation(place, "its 'email' is no e-mail address"));
            } else {
                profiles.add((Map<String, Object>) profile);
            }
        }

        private String text(String file) {
            try {
                return file.equals("-")
                        ? StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(System.in.readAllBytes()))
                                .toString()
                        : Files.readString(Path.of(file));
            } catch (IOException e) {
                throw new ParameterException(spec.commandLine(), file + " cannot be read as UTF-8 text");
            }
        }
    }
}
