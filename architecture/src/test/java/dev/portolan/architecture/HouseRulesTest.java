package dev.portolan.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.portolan.deadletter.DeadLetters;
import dev.portolan.execution.Continuation;
import dev.portolan.intake.Notifier;
import dev.portolan.intake.ProfileDirectory;
import dev.portolan.secret.Secrets;
import dev.portolan.state.StateStore;
import dev.portolan.testing.InterceptedStateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The rules of `docs/design.md` that a machine can keep, over the classes of every module.
class HouseRulesTest {

    private static final JavaClasses SHIPPED =
            new ClassFileImporter(List.of(new ImportOption.DoNotIncludeTests())).importPackages("dev.portolan");

    private static final Pattern MODULE = Pattern.compile("<module>(.+)</module>");

    /// Where time and randomness come from: the method, of whatever parameters, called or referred to.
    private static final Pattern TAKEN =
            Pattern.compile("java\\.time\\.\\w+\\.now|java\\.time\\.(Clock|InstantSource)\\.(system|tick)\\w*"
                    + "|java\\.lang\\.System\\.(currentTimeMillis|nanoTime)|java\\.lang\\.Thread\\.sleep"
                    + "|java\\.lang\\.Math\\.random|java\\.util\\.UUID\\.randomUUID"
                    + "|java\\.util\\.(Date|Random|SplittableRandom)\\.<init>|java\\.security\\.SecureRandom\\.<init>"
                    + "|java\\.util\\.concurrent\\.ThreadLocalRandom\\.current"
                    + "|java\\.util\\.concurrent\\.locks\\.LockSupport\\.parkNanos"
                    + "|java\\.util\\.random\\.RandomGenerator\\.(of|getDefault)");

    /// The packages of the module `functions`.
    private static final String[] FUNCTIONS = {
        "dev.portolan.failure..",
        "dev.portolan.invocation..",
        "dev.portolan.function..",
        "dev.portolan.state..",
        "dev.portolan.secret..",
        "dev.portolan.intake..",
        "dev.portolan.health.."
    };

    @Test
    void functionsSeeTheJdkAndJspecifyOnly() {
        String[] seen = {"java..", "javax.net.ssl..", "org.jspecify.annotations.."};
        check(noClasses()
                .that()
                .resideInAnyPackage(FUNCTIONS)
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(seen)).and(not(resideInAnyPackage(FUNCTIONS)))));
    }

    @Test
    void springIsSeenInItsOwnPackagesOnly() {
        check(noClasses()
                .that(are(not(resideInAnyPackage("dev.portolan.composer.spring..", "dev.portolan.aws.spring.."))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.."));
    }

    @Test
    void librariesOfTelemetryAreSeenInTheirOwnPackageOnly() {
        check(noClasses()
                .that(are(not(resideInAPackage("dev.portolan.telemetry"))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.opentelemetry..", "io.micrometer.."));
    }

    @Test
    void cloudTypesAreSeenInTheirAdaptersOnly() {
        check(noClasses()
                .that(are(not(resideInAnyPackage("dev.portolan.aws..", "dev.portolan.gcp.."))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon..", "com.amazonaws..", "com.google.cloud..", "io.cloudevents.."));
    }

    /// What Lambda's own library declares is an entry point's business; a service is a driver's.
    @Test
    void awsSdksAreSeenInTheirDriversOnly() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.portolan.aws.client",
                        "dev.portolan.aws.dynamodb",
                        "dev.portolan.aws.ses",
                        "dev.portolan.aws.secrets",
                        "dev.portolan.aws.sqs")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon.."));
    }

    @Test
    void googleCloudsClientsAreSeenInItsDriversOnly() {
        check(noClasses()
                .that(are(not(resideInAPackage("dev.portolan.gcp.."))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "com.google.api..",
                        "com.google.cloud..",
                        "com.google.firestore..",
                        "com.google.protobuf..",
                        "io.grpc.."));
    }

    @Test
    void theComposerKnowsNoHost() {
        check(noClasses()
                .that()
                .resideInAnyPackage("dev.portolan.composer..", "dev.portolan.json..", "dev.portolan.http..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.portolan.local.."));
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("dev.portolan.(**)").should().beFreeOfCycles());
    }

    /// The composition root takes the clock and the random numbers that everything else is given, and so does
    /// a driver what lets time pass; an invocation outside of any pipeline has nobody to give it a key;
    /// contract suites wait for real.
    @Test
    void timeAndRandomnessAreGivenNotTaken() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.portolan.invocation.Invocation")
                .and(are(not(resideInAnyPackage("dev.portolan.testing", "dev.portolan.proofs"))))
                .and(are(not(nameMatching("dev\\.portolan\\.(local\\.(\\w+Command|Laptop)|aws\\.lambda\\.Deployment"
                        + "|aws\\.spring\\.SpringDeployment|aws\\.ses\\.SesDriver)(\\$\\w+)?"))))
                .should()
                .accessTargetWhere(describe(
                        "time or randomness is taken",
                        access -> TAKEN.matcher(access.getTargetOwner().getName() + "."
                                        + access.getTarget().getName())
                                .matches())));
    }

    @Test
    void namesSayWhatAThingIs() {
        check(noClasses().should().haveNameMatching(".*[.$]([A-Z]\\w*)?(Util|Utils|Helper|Manager|Impl|Constants)"));
        check(noClasses().should().haveNameMatching(".*[.$](Base|Abstract)[A-Z]\\w*"));
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> unmarked = new TreeSet<>();
        SHIPPED.stream()
                .map(JavaClass::getPackage)
                .filter(inside -> inside.getClasses().stream()
                        .anyMatch(type -> !type.getSimpleName().equals("package-info")))
                .filter(inside -> inside.tryGetPackageInfo()
                        .filter(info -> info.isAnnotatedWith(NullMarked.class))
                        .isEmpty())
                .forEach(inside -> unmarked.add(inside.getName()));
        assertThat(unmarked).isEmpty();
    }

    @Test
    void aPackageHasAtMostADozenPublicTypesOrTheDesignPageSaysWhy() {
        Map<String, Long> publicTypes = SHIPPED.stream()
                .filter(type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
        publicTypes.keySet().removeAll(Set.of("dev.portolan.intake"));
        assertThat(publicTypes).allSatisfy((inside, count) -> assertThat(count).isLessThanOrEqualTo(12));
    }

    @Test
    void everyDriverOfAPortPassesThePortsContract() throws IOException {
        JavaClasses tests = new ClassFileImporter().importPaths(testClasses());
        for (Class<?> port : List.of(
                StateStore.class,
                Notifier.class,
                ProfileDirectory.class,
                Continuation.class,
                DeadLetters.class,
                Secrets.class)) {
            List<JavaClass> drivers = SHIPPED.stream()
                    .filter(type -> type.isAssignableTo(port) && !type.isInterface() && !type.isAnonymousClass())
                    .filter(type -> !type.isAssignableTo(InterceptedStateStore.class)) // in front of drivers
                    .toList();
            assertThat(drivers).isNotEmpty();
            assertThat(drivers)
                    .allSatisfy(driver -> assertThat(tests)
                            .as("a test of %s extends %sContract", driver.getName(), port.getSimpleName())
                            .anySatisfy(test -> {
                                assertThat(test.getSimpleName()).isEqualTo(driver.getSimpleName() + "Test");
                                assertThat(test.getAllRawSuperclasses())
                                        .extracting(JavaClass::getSimpleName)
                                        .contains(port.getSimpleName() + "Contract");
                            }));
        }
    }

    @Test
    void filesAreShortAndShippedFunctionsShorter() throws IOException {
        for (Path module : modules()) {
            try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    String text = Files.readString(file);
                    int limit = text.contains(" implements Function<") ? 120 : 300;
                    assertThat(text.lines().count()).as("lines of %s", file).isLessThanOrEqualTo(limit);
                }
            }
        }
    }

    private static List<Path> modules() throws IOException {
        return MODULE.matcher(Files.readString(Path.of("..", "pom.xml")))
                .results()
                .map(module -> Path.of("..", module.group(1)))
                .filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
                .distinct()
                .toList();
    }

    private static List<Path> testClasses() throws IOException {
        return modules().stream()
                .map(module -> module.resolve("target/test-classes"))
                .filter(Files::isDirectory)
                .toList();
    }

    private static void check(ArchRule rule) {
        rule.check(SHIPPED);
    }
}
