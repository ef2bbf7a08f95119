package dev.portolan.aws.spring;

import dev.portolan.composer.Composer;
import dev.portolan.composer.DefinitionFolder;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.composer.intake.FolderTemplates;
import dev.portolan.composer.intake.JmailAddresses;
import dev.portolan.composer.intake.JsonSchemas;
import dev.portolan.composer.spring.SpringCatalog;
import dev.portolan.failure.Failure;
import dev.portolan.function.Ports;
import dev.portolan.intake.AddressCheck;
import dev.portolan.intake.InMemoryNotifier;
import dev.portolan.intake.IntakeFunctions;
import dev.portolan.intake.StoredProfiles;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import dev.portolan.secret.EnvironmentSecrets;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.StateStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Function;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.StringUtils;

/// The composition root under Spring Boot: the `MAIN_CLASS` of Spring Cloud Function's own adapter.
///
/// `SPRING_CLOUD_FUNCTION_DEFINITION` names a pipeline of `config/`, or beans joined by `|`. Every function is
/// a bean under its own name, made when it is asked for. The pipeline is one too, over the text that the
/// adapter hands it: the body of an HTTP request, and of every other event all of it. `PORTOLAN_CONFIGURATION`
/// names the user's own configuration classes, separated by commas; they have all of Spring Boot.
/// `PORTOLAN_STORE` must be `memory`.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({SpringDeployment.Functions.class, SpringDeployment.Configurations.class})
public class SpringDeployment {

    /// The functions of Portolan and of the user's modules, and the pipeline.
    static final class Functions implements ImportBeanDefinitionRegistrar, EnvironmentAware {

        @SuppressWarnings("NullAway.Init") // Spring sets it
        private Environment environment;

        @Override
        public void setEnvironment(Environment environment) {
            this.environment = environment;
        }

        @Override
        public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry beans) {
            if (!"memory".equals(environment.getProperty("PORTOLAN_STORE"))) {
                throw new Failure(
                        Failure.Code.FAILED_PRECONDITION,
                        "PORTOLAN_STORE must name where state is kept; 'memory' keeps it nowhere, and is the only one"
                                + " yet");
            }
            Path config =
                    Path.of(environment.getProperty("LAMBDA_TASK_ROOT", ".")).resolve("config");
            FunctionRegistry functions = functions(config);
            SpringCatalog.registerBeans(beans, functions);
            // What is not used need not be configured.
            functions
                    .all()
                    .forEach(
                            function -> beans.getBeanDefinition(function.name()).setLazyInit(true));
            Path pipelines = config.resolve("pipelines");
            String definition = environment.getProperty("spring.cloud.function.definition", "");
            Composer composer = new Composer(
                    functions,
                    Files.isDirectory(pipelines) ? DefinitionFolder.read(pipelines) : DefinitionFolder.EMPTY);
            if (composer.names().contains(definition)) {
                register(beans, composer.compose(definition));
            }
        }

        private static FunctionRegistry functions(Path config) {
            Json json = new Json();
            AddressCheck addresses = new JmailAddresses();
            InstantSource clock = InstantSource.system();
            StateStore store = new InMemoryStateStore(clock);
            FunctionRegistry functions =
                    new FunctionRegistry(new Ports(store, new EnvironmentSecrets(System.getenv()), clock));
            InMemoryNotifier notifier = new InMemoryNotifier();
            new IntakeFunctions(
                            addresses,
                            new JsonSchemas(config.resolve("schemas"), json, addresses),
                            new StoredProfiles(store, json),
                            new FolderTemplates(config.resolve("templates")),
                            () -> notifier)
                    .register(functions);
            functions.addModules(SpringDeployment.class.getClassLoader());
            return functions;
        }

        private static void register(BeanDefinitionRegistry beans, Pipeline pipeline) {
            RootBeanDefinition bean = new RootBeanDefinition();
            bean.setTargetType(ResolvableType.forClassWithGenerics(Function.class, String.class, String.class));
            bean.setInstanceSupplier(() -> text(pipeline));
            beans.registerBeanDefinition(pipeline.name(), bean);
        }

        /// A pipeline over JSON texts: the adapter would hand a function over a map the whole HTTP event.
        private static Function<String, String> text(Pipeline pipeline) {
            Json json = new Json();
            SecureRandom random = new SecureRandom();
            Runner runner = new Runner(InstantSource.system(), random, Thread::sleep);
            return text -> {
                Event event = Event.of(pipeline, Event.freshKey(random), json.decode(text), Headers.NONE);
                return switch (runner.run(pipeline, event, null, StepListener.NONE)) {
                    case Outcome.Completed completed -> new String(completed.encoded(json), StandardCharsets.UTF_8);
                    case Outcome.Failed failed -> throw failed.failure();
                    case Outcome.Waiting waiting -> throw new IllegalStateException("nothing waits in memory");
                };
            };
        }
    }

    /// The user's own configuration classes.
    static final class Configurations implements ImportSelector, EnvironmentAware {

        @SuppressWarnings("NullAway.Init") // Spring sets it
        private Environment environment;

        @Override
        public void setEnvironment(Environment environment) {
            this.environment = environment;
        }

        @Override
        public String[] selectImports(AnnotationMetadata importing) {
            return StringUtils.tokenizeToStringArray(environment.getProperty("PORTOLAN_CONFIGURATION", ""), ",");
        }
    }
}
