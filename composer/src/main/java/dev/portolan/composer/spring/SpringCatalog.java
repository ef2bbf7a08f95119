package dev.portolan.composer.spring;

import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.RegisteredFunction;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Chain;
import dev.portolan.json.Json;
import dev.portolan.json.Shape;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.cloud.function.context.FunctionCatalog;
import org.springframework.cloud.function.context.FunctionProperties;
import org.springframework.cloud.function.context.catalog.BeanFactoryAwareFunctionRegistry;
import org.springframework.cloud.function.context.config.JsonMessageConverter;
import org.springframework.cloud.function.context.config.SmartCompositeMessageConverter;
import org.springframework.cloud.function.json.JsonMapper;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;

/// The same functions as beans of Spring Cloud Function: `lookup("validate|enrich|notify")` composes and runs them.
///
/// Under the stock catalog a function has no step key, deadline or headers ([dev.portolan.invocation.Invocation]
/// answers a fresh one) and is configured as under the pipe syntax, with nothing. The catalog knows no early end: a
/// function that answers [Chain.End] there fails with `UNSUPPORTED` instead of going on against its word.
public final class SpringCatalog {

    private SpringCatalog() {}

    /// A catalog of every function of a registry, in a context of its own without Spring Boot.
    public static FunctionCatalog of(FunctionRegistry functions) {
        GenericApplicationContext context = new GenericApplicationContext();
        registerBeans(context, functions);
        JsonMapper json = new StrictJsonMapper();
        SmartCompositeMessageConverter converters = new SmartCompositeMessageConverter(
                List.of(new JsonMessageConverter(json), new ByteArrayMessageConverter(), new StringMessageConverter()));
        context.registerBean(JsonMapper.class, () -> json);
        context.registerBean(FunctionProperties.class, FunctionProperties::new);
        context.registerBean(
                "functionCatalog",
                BeanFactoryAwareFunctionRegistry.class,
                () -> new BeanFactoryAwareFunctionRegistry(
                        new DefaultConversionService(),
                        converters,
                        json,
                        context.getBean(FunctionProperties.class),
                        null));
        context.refresh();
        return context.getBean(BeanFactoryAwareFunctionRegistry.class);
    }

    /// Registers every function as a bean under its name and types, for a context of the user's own, with Boot perhaps.
    public static void registerBeans(BeanDefinitionRegistry beans, FunctionRegistry functions) {
        for (RegisteredFunction function : functions.all()) {
            RootBeanDefinition bean = new RootBeanDefinition();
            bean.setTargetType(ResolvableType.forClassWithGenerics(
                    Function.class,
                    ResolvableType.forType(function.types().input()),
                    ResolvableType.forType(function.types().output())));
            bean.setInstanceSupplier(() -> unchained(function));
            beans.registerBeanDefinition(function.name(), bean);
        }
    }

    private static Function<@Nullable Object, @Nullable Object> unchained(RegisteredFunction function) {
        Function<@Nullable Object, @Nullable Object> made = function.make(Map.of());
        return input -> switch (made.apply(input)) {
            case Chain.End<?> end ->
                throw new Failure(
                        Failure.Code.UNSUPPORTED,
                        "'" + function.name() + "' ends the chain early, which Spring Cloud Function's catalog cannot;"
                                + " run it in a Portolan pipeline");
            case Chain.Next<?> next -> next.value();
            case null -> null;
            case Object value -> value;
        };
    }

    /// The catalog's JSON, read and written by the codec and the shapes that every other host uses.
    private static final class StrictJsonMapper extends JsonMapper {

        private final Json json = new Json();

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        protected <T> T doFromJson(Object text, Type type) {
            Object tree = switch (text) {
                case byte[] bytes -> json.decode(bytes);
                case String string -> json.decode(string);
                default -> text;
            };
            return (T) Objects.requireNonNull(Shape.ofInput(type).from(tree));
        }

        @Override
        public byte[] toJson(Object value) {
            byte[] already = super.toJson(value);
            return already != null ? already : json.encode(value);
        }

        @Override
        public String toString(Object value) {
            return new String(json.encode(value), StandardCharsets.UTF_8);
        }
    }
}
