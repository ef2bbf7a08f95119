package dev.portolan.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.aws.client.LightClients;
import dev.portolan.aws.client.OnMoto;
import dev.portolan.aws.client.Recorded;
import dev.portolan.aws.dynamodb.DynamoDbStateStore;
import dev.portolan.aws.dynamodb.DynamoDbTable;
import dev.portolan.aws.secrets.ManagedSecrets;
import dev.portolan.aws.secrets.ParameterStore;
import dev.portolan.aws.ses.SesNotifier;
import dev.portolan.aws.sqs.SqsContinuation;
import dev.portolan.aws.sqs.SqsDeadLetters;
import dev.portolan.composer.Event;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.intake.Notification;
import dev.portolan.invocation.Headers;
import dev.portolan.state.Entry;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import dev.portolan.state.StateStore;
import dev.portolan.testing.Moto;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/// The table of what a role must allow, `adapters-aws/iam-actions.tsv`, is what the drivers call: no less, no
/// more.
@Timeout(60)
class IamActionsTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2030-01-01T00:00:00Z"));
    private static final Pattern CLIENT = Pattern.compile("software/amazon/awssdk/services/(\\w+)/\\w+Client");

    private static List<List<String>> table() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("..", "iam-actions.tsv"))) {
            return lines.skip(1).map(line -> List.of(line.split("\t", -1))).toList();
        }
    }

    private static Set<String> operations() throws IOException {
        return table().stream().map(List::getFirst).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theTableHasWhatTheDriversCalled() throws Exception {
        Recorded recorded = new Recorded();

        state(recorded);
        queues(recorded);
        mail(recorded);
        secrets(recorded);

        assertThat(recorded.operations()).isEqualTo(operations());
    }

    @Test
    void theTableHasWhatTheDriversCodeCalls() throws IOException {
        assertThat(calledByMainCode()).isEqualTo(operations());
    }

    @Test
    void anActionIsNamedAsItsFailureNamesIt() throws IOException {
        for (List<String> row : table()) {
            String operation = row.getFirst().substring(row.getFirst().indexOf('.') + 1);
            assertThat(row).hasSize(3);
            assertThat(row.get(1)).matches("[a-z]+:" + operation);
        }
    }

    private static void state(Recorded recorded) {
        String table = Moto.name("table");
        try (DynamoDbClient owner =
                OnMoto.at(LightClients.light(DynamoDbClient.builder())).build()) {
            owner.createTable(DynamoDbTable.create(table));
        }
        try (StateStore store = new DynamoDbStateStore(
                table,
                () -> recorded.by(OnMoto.at(LightClients.light(DynamoDbClient.builder()))),
                CLOCK,
                new SecureRandom())) {
            Indexes both = new Indexes(CLOCK.instant(), "g", CLOCK.instant());
            Entry entry = store.create("k", new byte[] {1}, both, null);
            entry = store.replace(entry, new byte[] {2}, both, null);
            assertThat(store.find("k")).isPresent();
            assertThat(store.list("k", Page.Request.first(9)).entries()).hasSize(1);
            assertThat(store.due(CLOCK.instant(), Page.Request.first(9)).entries())
                    .hasSize(1);
            assertThat(store.group("g", CLOCK.instant(), Page.Request.first(9)).entries())
                    .hasSize(1);
            store.delete(entry);
        }
    }

    private static void queues(Recorded recorded) {
        String url;
        try (SqsClient owner =
                OnMoto.at(LightClients.light(SqsClient.builder())).build()) {
            url = owner.createQueue(create -> create.queueName(Moto.name("queue")))
                    .queueUrl();
        }
        new SqsContinuation(url, () -> recorded.by(OnMoto.at(LightClients.light(SqsClient.builder()))))
                .wake("order:o-1", Duration.ZERO);
        new SqsDeadLetters(url, () -> recorded.by(OnMoto.at(LightClients.light(SqsClient.builder()))))
                .put("order", new Event("order:o-1", 7, Headers.NONE), new Failure(Code.DENIED, "not for you"));
    }

    private static void mail(Recorded recorded) {
        String sender = Moto.name("sender") + "@example.com";
        try (SesV2Client owner =
                OnMoto.at(LightClients.light(SesV2Client.builder())).build()) {
            owner.createEmailIdentity(create -> create.emailIdentity(sender));
        }
        new SesNotifier(
                        sender,
                        new InMemoryStateStore(CLOCK),
                        () -> recorded.by(OnMoto.at(LightClients.once(SesV2Client.builder()))),
                        CLOCK,
                        pause -> {})
                .send(new Notification("run/notify", "user@example.com", "Welcome", "Hello.\n"));
    }

    private static void secrets(Recorded recorded) {
        String name = Moto.name("secret");
        try (SecretsManagerClient owner =
                OnMoto.at(LightClients.light(SecretsManagerClient.builder())).build()) {
            owner.createSecret(create -> create.name(name).secretString("t0ken"));
        }
        try (SsmClient owner =
                OnMoto.at(LightClients.light(SsmClient.builder())).build()) {
            owner.putParameter(put -> put.name(name).value("t0ken").type("SecureString"));
        }
        assertThat(new ManagedSecrets(
                                "",
                                () -> recorded.by(OnMoto.at(LightClients.light(SecretsManagerClient.builder()))),
                                CLOCK)
                        .find(name))
                .isEqualTo("t0ken");
        assertThat(new ParameterStore("", () -> recorded.by(OnMoto.at(LightClients.light(SsmClient.builder()))), CLOCK)
                        .find(name))
                .isEqualTo("t0ken");
    }

    private static Set<String> calledByMainCode() throws IOException {
        Set<String> operations = new TreeSet<>();
        List<Path> classes = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("target", "classes", "dev", "portolan", "aws"))) {
            files.filter(file -> file.toString().endsWith(".class")).forEach(classes::add);
        }
        for (Path file : classes) {
            ClassFile.of().parse(file).methods().stream()
                    .flatMap(method -> method.code().stream())
                    .forEach(code -> code.forEach(element -> called(element, operations)));
        }
        return operations;
    }

    private static void called(CodeElement element, Set<String> operations) {
        if (element instanceof InvokeInstruction call) {
            Matcher client = CLIENT.matcher(call.owner().asInternalName());
            String name = call.name().stringValue();
            if (client.matches() && !Set.of("builder", "create", "close").contains(name)) {
                operations.add(client.group(1) + "." + Character.toUpperCase(name.charAt(0)) + name.substring(1));
            }
        }
    }
}
