package dev.portolan.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.driver.Address;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

class TemplateTest {

    private static final Template.Means LASTING = new Template.Means("dev.portolan.A", true, null);

    @Test
    void aPipelineIsAFunctionBehindAClosedApiWithARoleOfItsOwn() {
        Map<?, ?> template = template(function("greet-by-mail", "Greets: \"you\" {path} #1"));

        Map<?, ?> function = (Map<?, ?>) at(template, "Resources", "GreetByMail", "Properties");
        assertThat(function.get("Handler")).isEqualTo("a.Handler");
        assertThat(function.get("Description")).isEqualTo("Greets: \"you\" {path} #1");
        assertThat(function.get("Runtime")).isEqualTo("java25");
        assertThat(function.get("AutoPublishAlias")).isEqualTo("live");
        assertThat(at(function, "Environment", "Variables")).isEqualTo(Map.of("PORTOLAN_PIPELINE", "greet-by-mail"));
        assertThat(at(function, "Events", "Http", "Properties", "Path")).isEqualTo("/pipelines/greet-by-mail");
        assertThat(at(template, "Resources", "Api", "Properties", "Auth", "DefaultAuthorizer"))
                .isEqualTo("AWS_IAM");
        List<?> policies = (List<?>) at(template, "Resources", "GreetByMailRole", "Properties", "Policies");
        assertThat(policies)
                .singleElement()
                .asString()
                .contains("logs:PutLogEvents")
                .doesNotContain("*");
    }

    @Test
    void idsThatWouldMeetAreToldApart() {
        Map<?, ?> template = template(
                function("greet", ""),
                function("greet-role", ""),
                function("g-reet", ""),
                function("gReet", ""),
                function("api", ""));

        assertThat(((Map<?, ?>) template.get("Resources")).keySet())
                .asString()
                .contains("Api, Greet, GreetRole, GreetLogs, GreetRole2, GreetRole2Role")
                .contains("GReet, GReetRole, GReetLogs, GReet2")
                .contains("Api2");
    }

    @Test
    void aPipeExpressionIsQuotedAndItsPathHasNoPipe() {
        Map<?, ?> function =
                (Map<?, ?>) at(template(function("greet|notify", "")), "Resources", "GreetNotify", "Properties");

        assertThat(at(function, "Environment", "Variables", "PORTOLAN_PIPELINE"))
                .isEqualTo("greet|notify");
        assertThat(at(function, "Events", "Http", "Properties", "Path")).isEqualTo("/pipelines/greet-notify");
    }

    @Test
    void aLongDescriptionIsCutToWhatLambdaTakes() {
        Map<?, ?> template = template(function("greet", "a".repeat(300)));

        assertThat((String) at(template, "Resources", "Greet", "Properties", "Description"))
                .hasSize(256);
    }

    @Test
    void whatLastsIsKeptInATableOfItsOwnAndSwept() {
        Map<?, ?> template = template(LASTING, function("greet", ""), function("sweep", ""), function("state", ""));

        assertThat(((Map<?, ?>) at(template, "Globals", "Function", "Environment", "Variables")).keySet())
                .hasToString("[PORTOLAN_STORE, PORTOLAN_CONTINUATION, PORTOLAN_DEAD_LETTERS, PORTOLAN_NOTIFIER,"
                        + " PORTOLAN_METRICS]");
        assertThat(((Map<?, ?>) template.get("Resources")).keySet())
                .asString()
                .contains("Greet", "Sweep2", "State2", "WakeUps", "DeadLetters");
        assertThat(at(template, "Resources", "Sweep", "Properties", "Environment", "Variables"))
                .isEqualTo(Map.of("PORTOLAN_PIPELINE", "sweep"));
        assertThat(((Map<?, ?>) at(template, "Resources", "Sweep", "Properties", "Events")).keySet())
                .hasToString("[EveryMinute, Wakes]");
        assertThat(at(template, "Resources", "Executions", "Properties", "Events", "Http", "Properties", "Path"))
                .isEqualTo("/executions/{proxy+}");
        assertThat(at(template, "Resources", "GreetRole", "Properties", "Policies"))
                .asString()
                .contains("dynamodb:PutItem")
                .doesNotContain("dynamodb:Query", "sqs:ReceiveMessage", "*");
        assertThat(at(template, "Resources", "SweepRole", "Properties", "Policies"))
                .asString()
                .contains("dynamodb:PutItem", "dynamodb:Query", "sqs:ReceiveMessage");
    }

    @Test
    void everyFunctionMayReadTheSecretsUnderThePrefixAndNoOthers() {
        Template.Means means = new Template.Means("dev.portolan.A", true, Address.of("--secrets", "ssm:/shop/"));

        String text =
                Template.of(means, List.of(function("greet", "")), "there").text();

        assertThat(text.split("ssm:GetParameter", -1)).hasSize(3);
        assertThat(text).contains("arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/shop/*\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssm:", "secretsmanager", "vault:shop"})
    void secretsThatNoRoleCanGrantAreRefused(String address) {
        Address secrets = Address.of("--secrets", address);

        assertThatThrownBy(() -> new Template.Means("a.Handler", true, secrets))
                .hasMessageContaining("must be ssm:/PREFIX/ or secretsmanager:PREFIX");
    }

    private static Template.Function function(String name, String description) {
        return new Template.Function(name, description, Map.of("PORTOLAN_PIPELINE", name));
    }

    private static Object at(Map<?, ?> in, String... path) {
        Object found = in;
        for (String name : path) {
            found = ((Map<?, ?>) found).get(name);
        }
        return found;
    }

    /// The template as data; a tag of CloudFormation stands for its own text.
    private static Map<?, ?> template(Template.Function... functions) {
        return template(new Template.Means("a.Handler", false, null), functions);
    }

    private static Map<?, ?> template(Template.Means means, Template.Function... functions) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setTagConstructors(Map.of(
                        new Tag("!Ref"),
                        TemplateTest::tagged,
                        new Tag("!GetAtt"),
                        TemplateTest::tagged,
                        new Tag("!Sub"),
                        TemplateTest::tagged,
                        new Tag("!If"),
                        TemplateTest::tagged,
                        new Tag("!Not"),
                        TemplateTest::tagged,
                        new Tag("!Equals"),
                        TemplateTest::tagged))
                .build();
        return (Map<?, ?>) new Load(settings)
                .loadFromString(Template.of(means, List.of(functions), "there").text());
    }

    private static Object tagged(Node node) {
        return Optional.of(node).map(Node::getTag).map(Tag::getValue).orElseThrow();
    }
}
