package dev.portolan.local.lambda;

import dev.portolan.failure.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/// The folder of a package: `lib/` and `config/` as Lambda unpacks them, `function.zip` with both, and `template.yaml`.
///
/// The zip's bytes follow from what is in it alone, so that deploying the same again changes nothing.
public final class PackageFolder {

    private static final String TEMPLATE = "template.yaml";

    /// What is replaced, the template last: it marks the folder as ours.
    private static final List<String> OURS = List.of("lib", "config", "function.zip", TEMPLATE);

    /// What the SAM command may leave beside its template.
    private static final Set<String> SAM = Set.of("samconfig.toml", ".aws-sam");

    /// Profiles are what a store in memory begins with.
    private static final List<String> CONFIG =
            List.of("pipelines", "templates", "schemas", "profiles", "endpoints.yaml");

    /// The earliest time that a zip knows.
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final Path folder;

    private PackageFolder(Path folder) {
        this.folder = folder;
    }

    /// A folder that may be written: it is not there, it is empty, or it holds a package made before and nothing else.
    ///
    /// @throws Failure `FAILED_PRECONDITION` naming what is in the way
    public static PackageFolder at(Path folder) {
        if (Files.exists(folder)) {
            if (!Files.isDirectory(folder)) {
                throw inTheWay(folder, folder);
            }
            boolean made = isMade(folder.resolve(TEMPLATE));
            try (Stream<Path> inside = Files.list(folder)) {
                inside.filter(file -> {
                            String name = file.getFileName().toString();
                            return !(made && OURS.contains(name)) && !SAM.contains(name);
                        })
                        .sorted()
                        .findFirst()
                        .ifPresent(foreign -> {
                            throw inTheWay(folder, foreign);
                        });
            } catch (IOException e) {
                throw unwritable(folder, e);
            }
        }
        return new PackageFolder(folder);
    }

    private static boolean isMade(Path template) {
        try {
            return Files.exists(template) && Files.readString(template).startsWith(Template.MARK);
        } catch (IOException e) {
            return false;
        }
    }

    /// Writes the package, in place of the one that was there.
    ///
    /// @param library jars by the name that they are to have
    /// @param config the folder whose pipelines, templates, schemas, profiles and endpoints go along, without
    ///     hidden files
    /// @return the bytes in the zip
    /// @throws Failure `FAILED_PRECONDITION` if the folder cannot be written
    public long write(SortedMap<String, Path> library, Path config, String template) {
        try {
            Path parent = folder.toAbsolutePath().normalize().getParent();
            Files.createDirectories(parent == null ? folder : parent);
            Path fresh = Files.createTempDirectory(parent, ".portolan-package");
            try {
                Files.createDirectories(fresh.resolve("lib"));
                for (Map.Entry<String, Path> jar : library.entrySet()) {
                    Files.copy(jar.getValue(), fresh.resolve("lib").resolve(jar.getKey()));
                }
                for (String part : CONFIG) {
                    copy(config.resolve(part), fresh.resolve("config").resolve(part));
                }
                zip(fresh);
                Files.writeString(fresh.resolve(TEMPLATE), template);
                Files.createDirectories(folder);
                for (String name : OURS) {
                    if (!name.equals(TEMPLATE)) {
                        delete(folder.resolve(name));
                    }
                    if (Files.exists(fresh.resolve(name))) {
                        Files.move(fresh.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            } finally {
                delete(fresh);
            }
            return Files.size(folder.resolve("function.zip"));
        } catch (IOException | UncheckedIOException e) {
            throw unwritable(folder, e);
        }
    }

    private static void zip(Path folder) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(folder.resolve("function.zip")));
                Stream<Path> parts =
                        Stream.of("config", "lib").map(folder::resolve).filter(Files::exists)) {
            // Jars are compressed already, and how well another JDK would do it must not show.
            zip.setMethod(ZipOutputStream.STORED);
            for (Path part : parts.toList()) {
                try (Stream<Path> files = Files.walk(part)) {
                    for (Path file : files.filter(Files::isRegularFile)
                            .sorted((one, other) -> name(folder, one).compareTo(name(folder, other)))
                            .toList()) {
                        byte[] bytes = Files.readAllBytes(file);
                        CRC32 sum = new CRC32();
                        sum.update(bytes);
                        ZipEntry entry = new ZipEntry(name(folder, file));
                        entry.setTimeLocal(EPOCH);
                        entry.setSize(bytes.length);
                        entry.setCrc(sum.getValue());
                        zip.putNextEntry(entry);
                        zip.write(bytes);
                        zip.closeEntry();
                    }
                }
            }
        }
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        try (Stream<Path> files = Files.walk(from.toRealPath(), FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList()) {
                Path copy = to.resolve(from.toRealPath().relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException thrown) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static Failure inTheWay(Path folder, Path foreign) {
        return new Failure(
                Failure.Code.FAILED_PRECONDITION,
                foreign + " was not made by 'portolan package'; remove it, or choose another folder with --to than "
                        + folder);
    }

    private static Failure unwritable(Path folder, Exception thrown) {
        return new Failure(
                Failure.Code.FAILED_PRECONDITION,
                "the folder " + folder + " cannot be written; choose another with --to",
                thrown);
    }
}
