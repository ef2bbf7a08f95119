package dev.portolan.composer.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Runner;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.env.Environment;

class BeanRegistrarTest {

    record Order(String id, int quantity) {}

    record Price(String id, int cents) {}

    static final class Tariff {}

    static final class Stoppable implements BeanRegistrar, DisposableBean {
        static final AtomicBoolean STOPPED = new AtomicBoolean();

        @Override
        public void register(BeanRegistry registry, Environment environment) {
            registry.registerBean("stoppable", Stoppable.class);
        }

        @Override
        public void destroy() {
            STOPPED.set(true);
        }
    }

    record Pricing(Tariff tariff) implements Function<Order, Price> {
        @Override
        public Price apply(Order order) {
            return new Price(order.id(), order.quantity() * (tariff == null ? 0 : 250));
        }
    }

    static final class Bulk implements Predicate<Order> {
        @Override
        public boolean test(Order order) {
            return order.quantity() > 3;
        }
    }

    static final class Shop implements BeanRegistrar {
        @Override
        public void register(BeanRegistry registry, Environment environment) {
            registry.registerBean("tariff", Tariff.class);
            registry.registerBean("price", Pricing.class);
            registry.registerBean("bulk", Bulk.class);
            registry.registerBean(
                    "label",
                    new ParameterizedTypeReference<Function<Price, Map<String, Object>>>() {},
                    spec -> spec.supplier(context -> price -> Map.of("label", price.id() + ": " + price.cents())));
        }
    }

    static final class Untyped implements BeanRegistrar {
        @Override
        @SuppressWarnings("rawtypes") // what the test is about
        public void register(BeanRegistry registry, Environment environment) {
            registry.registerBean("label", Function.class, spec -> spec.supplier(context -> Function.identity()));
        }
    }

    static final class Broken implements BeanRegistrar {
        @Override
        public void register(BeanRegistry registry, Environment environment) {
            throw new IllegalStateException("hunter2");
        }
    }

    static final class Demanding implements BeanRegistrar {
        Demanding(String what) {
            assertThat(what).isNotNull();
        }

        @Override
        public void register(BeanRegistry registry, Environment environment) {}
    }

    @Configuration
    static class Annotated {
        @Bean
        Function<Price, Map<String, Object>> cheap() {
            return price -> Map.of("cheap", price.cents() < 1000);
        }
    }

    private final FunctionRegistry functions = new FunctionRegistry();

    @Test
    void beansOfARegistrarRunWithTheirDependencies() throws Exception {
        try (AutoCloseable beans = register(Shop.class)) {
            assertThat(beans).isNotNull();
            assertThat(run("price|label")).isEqualTo(Map.of("label", "o-1: 750"));
        }
    }

    @Test
    void aPredicateOfARegistrarGivesTrueOrFalse() throws Exception {
        try (AutoCloseable beans = register(Shop.class)) {
            assertThat(beans).isNotNull();
            assertThat(run("bulk")).isEqualTo(false);
        }
    }

    @Test
    void beansAreStoppedInTheEnd() throws Exception {
        AutoCloseable beans = register(Stoppable.class);
        assertThat(Stoppable.STOPPED).isFalse();

        beans.close();

        assertThat(Stoppable.STOPPED).isTrue();
    }

    static final class Ambiguous implements BeanRegistrar {
        @Override
        public void register(BeanRegistry registry, Environment environment) {
            registry.registerBean(
                    "name",
                    new ParameterizedTypeReference<Function<Order, String>>() {},
                    spec -> spec.supplier(context -> Order::id));
            registry.registerBean(
                    "number",
                    new ParameterizedTypeReference<Function<Order, Integer>>() {},
                    spec -> spec.supplier(context -> Order::quantity));
            registry.registerBean("price", Counting.class);
        }
    }

    record Counting(Function<Order, Integer> number) implements Function<Order, Price> {
        @Override
        public Price apply(Order order) {
            return new Price(order.id(), number.apply(order));
        }
    }

    @Test
    void aDependencyIsChosenByItsTypeArguments() throws Exception {
        try (AutoCloseable beans = register(Ambiguous.class)) {
            assertThat(beans).isNotNull();
            assertThat(run("price")).isEqualTo(new Price("o-1", 3));
        }
    }

    @Test
    void aRegistrarAndAConfigurationShareAContext() throws Exception {
        try (AutoCloseable beans = register(Shop.class, Annotated.class)) {
            assertThat(beans).isNotNull();
            assertThat(run("price|cheap")).isEqualTo(Map.of("cheap", true));
        }
    }

    @Test
    void aFunctionWithoutTypesIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> register(Untyped.class))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("bean 'label'")
                .hasMessageContaining("ParameterizedTypeReference");
    }

    @Test
    void aRegistrarThatThrowsIsNamedAndNotQuoted() {
        assertThatThrownBy(() -> register(Broken.class))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("BeanRegistrarTest$Broken does not start: java.lang.IllegalStateException")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aRegistrarThatCannotBeMadeIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> register(Demanding.class))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("BeanRegistrarTest$Demanding needs a constructor without parameters");
    }

    private AutoCloseable register(Class<?>... classes) {
        List<String> names = List.of(classes).stream().map(Class::getName).toList();
        return ConfigurationFunctions.register(functions, getClass().getClassLoader(), names);
    }

    private Object run(String pipeline) {
        Outcome outcome = new Runner(InstantSource.system(), new Random(1), pause -> {})
                .run(
                        new Composer(functions).compose(pipeline),
                        new Event("e-1", Map.of("id", "o-1", "quantity", 3), Headers.NONE));
        return ((Outcome.Completed) outcome).value();
    }
}
