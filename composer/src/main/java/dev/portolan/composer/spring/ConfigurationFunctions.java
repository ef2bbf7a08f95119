package dev.portolan.composer.spring;

import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.FunctionTypes;
import dev.portolan.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Annotation;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;

/// The `@Bean` functions of a user's Spring `@Configuration` classes, as they are: `Function`, `Consumer` and
/// `Supplier`, over payloads or over `Message`s of them, with whatever is injected into them.
///
/// They run in a real application context, without Spring Boot: a class that counts on auto-configuration or scanning
/// by Boot is refused, not run with half of its beans.
public final class ConfigurationFunctions {

    private static final String BOOT = "Lorg/springframework/boot/autoconfigure/";

    private ConfigurationFunctions() {}

    /// Starts a context of configuration classes and registers every function among its beans under the bean's name.
    ///
    /// @param loader finds the classes
    /// @return the running context; closing it stops the beans
    /// @throws Failure `INVALID` naming the class or bean, and the remedy, if one cannot run here
    public static ConfigurableApplicationContext register(
            FunctionRegistry functions, ClassLoader loader, List<String> configurations) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.setClassLoader(loader);
        try {
            configurations.forEach(name -> context.register(configuration(name, loader)));
            context.getBeanFactory().addEmbeddedValueResolver(context.getEnvironment()::resolveRequiredPlaceholders);
            context.refresh();
            for (String name : context.getBeanDefinitionNames()) {
                addIfFunction(functions, context.getBeanFactory(), name);
            }
            return context;
        } catch (LinkageError | RuntimeException e) {
            context.close();
            throw e instanceof Failure failure
                    ? failure
                    : new Failure(
                            Failure.Code.INVALID,
                            "the context of " + String.join(", ", configurations) + " does not start: " + reason(e),
                            e);
        }
    }

    /// Spring's own messages name beans, types and placeholders; those of a user's code may hold anything.
    private static String reason(Throwable thrown) {
        Throwable cause = thrown instanceof BeansException beans ? beans.getMostSpecificCause() : thrown;
        return cause.getClass().getName().startsWith("org.springframework.")
                ? String.valueOf(cause.getMessage())
                : Failure.describe(cause);
    }

    private static Class<?> configuration(String name, ClassLoader loader) {
        Class<?> type;
        try {
            type = Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new Failure(
                    Failure.Code.INVALID,
                    "no class " + name + " can be loaded; name the class in full, package first",
                    e);
        }
        // An annotation whose class is missing is invisible to reflection: Boot's are looked for in the class file.
        if (annotations(type).anyMatch(annotation -> annotation.startsWith(BOOT))) {
            throw new Failure(
                    Failure.Code.INVALID,
                    name + " counts on Spring Boot, which Portolan does not start;"
                            + " name the @Configuration class that declares the beans, or use the stock adapters");
        }
        if (!type.isAnnotationPresent(Configuration.class)) {
            throw new Failure(Failure.Code.INVALID, name + " is no @Configuration class; annotate it");
        }
        return type;
    }

    private static Stream<String> annotations(Class<?> type) {
        String file = "/" + type.getName().replace('.', '/') + ".class";
        try (InputStream bytes = type.getResourceAsStream(file)) {
            if (bytes == null) {
                return Stream.empty();
            }
            return ClassFile.of()
                    .parse(bytes.readAllBytes())
                    .findAttribute(Attributes.runtimeVisibleAnnotations())
                    .stream()
                    .flatMap(attribute -> attribute.annotations().stream())
                    .map(Annotation::className)
                    .map(Object::toString);
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private static void addIfFunction(FunctionRegistry functions, ConfigurableListableBeanFactory beans, String name) {
        ResolvableType type = beans.getMergedBeanDefinition(name).getResolvableType();
        Class<?> kind = List.of(Function.class, Consumer.class, Supplier.class).stream()
                .filter(candidate -> beans.isTypeMatch(name, candidate))
                .findFirst()
                .orElse(null);
        if (kind == null) {
            return;
        }
        ResolvableType generic = type.as(kind);
        if (generic.hasUnresolvableGenerics() || !generic.hasGenerics()) {
            throw refused(
                    name, "its types are not declared; give the @Bean method a return type such as Function<A, B>");
        }
        Object bean = beans.getBean(name);
        try {
            switch (bean) {
                case Function<?, ?> function ->
                    functions.add(
                            name,
                            FunctionTypes.of(
                                    type(payload(generic.getGeneric(0))), type(payload(generic.getGeneric(1)))),
                            MessageFunctions.function(function, isMessage(generic.getGeneric(0))),
                            "bean " + name);
                case Consumer<?> consumer ->
                    functions.add(
                            name,
                            FunctionTypes.of(type(payload(generic.getGeneric(0))), Void.class),
                            MessageFunctions.consumer(consumer, isMessage(generic.getGeneric(0))),
                            "bean " + name);
                case Supplier<?> supplier ->
                    functions.add(
                            name,
                            FunctionTypes.of(Void.class, type(payload(generic.getGeneric(0)))),
                            MessageFunctions.supplier(supplier),
                            "bean " + name);
                default -> throw refused(name, "it is " + bean.getClass().getName());
            }
        } catch (IllegalArgumentException e) {
            throw refused(name, String.valueOf(e.getMessage()));
        }
    }

    /// A type with every variable in it resolved, as far as the bean's declaration and its superclasses say.
    private static Type type(ResolvableType type) {
        Class<?> raw = type.resolve();
        if (raw == null) {
            return type.getType();
        }
        return type.hasGenerics()
                ? FunctionTypes.parameterized(
                        raw,
                        Arrays.stream(type.getGenerics())
                                .map(ConfigurationFunctions::type)
                                .toList())
                : raw;
    }

    private static boolean isMessage(ResolvableType type) {
        return type.resolve() == Message.class;
    }

    private static ResolvableType payload(ResolvableType type) {
        return isMessage(type) ? type.getGeneric(0) : type;
    }

    private static Failure refused(String bean, String reason) {
        return new Failure(Failure.Code.INVALID, "bean '" + bean + "' cannot be a step: " + reason);
    }
}
