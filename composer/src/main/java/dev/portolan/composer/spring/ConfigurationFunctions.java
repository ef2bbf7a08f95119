package dev.portolan.composer.spring;

import dev.portolan.composer.FunctionRegistry;
import dev.portolan.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Annotation;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.support.BeanRegistryAdapter;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.GenericTypeAwareAutowireCandidateResolver;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;

/// A user's Spring beans, as they are: `Function`, `Consumer`, `Supplier` and `Predicate`, over payloads or
/// over `Message`s of them, with whatever is injected into them.
///
/// The `@Bean` functions of `@Configuration` classes run in a real application context, without Spring Boot: a
/// class that counts on auto-configuration or scanning by Boot is refused, not run with half of its beans. The
/// beans that [BeanRegistrar]s register by code run in a bare bean factory, which starts several times faster
/// and looks at no annotation; beside a `@Configuration` class they share its context.
public final class ConfigurationFunctions {

    private static final String BOOT = "Lorg/springframework/boot/autoconfigure/";

    private ConfigurationFunctions() {}

    /// Starts the beans of some classes and registers every function among them under the bean's name.
    ///
    /// @param loader finds the classes
    /// @param configurations names of `@Configuration` and [BeanRegistrar] classes
    /// @return closing it stops the beans
    /// @throws Failure `INVALID` naming the class or bean, and the remedy, if one cannot run here
    public static AutoCloseable register(FunctionRegistry functions, ClassLoader loader, List<String> configurations) {
        List<BeanRegistrar> registrars = new ArrayList<>();
        List<Class<?>> annotated = new ArrayList<>();
        for (String name : configurations) {
            Class<?> type = load(name, loader);
            if (BeanRegistrar.class.isAssignableFrom(type)) {
                registrars.add(registrar(type));
            } else {
                annotated.add(configuration(type));
            }
        }
        return annotated.isEmpty()
                ? factory(functions, loader, registrars, configurations)
                : context(functions, loader, registrars, annotated, configurations);
    }

    private static AutoCloseable factory(
            FunctionRegistry functions, ClassLoader loader, List<BeanRegistrar> registrars, List<String> names) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.setBeanClassLoader(loader);
        beans.setAutowireCandidateResolver(new GenericTypeAwareAutowireCandidateResolver());
        try {
            StandardEnvironment environment = new StandardEnvironment();
            for (BeanRegistrar registrar : registrars) {
                registrar.register(new BeanRegistryAdapter(beans, environment, registrar.getClass()), environment);
            }
            beans.preInstantiateSingletons();
            BeanFunctions.add(functions, beans);
            return beans::destroySingletons;
        } catch (LinkageError | RuntimeException e) {
            beans.destroySingletons();
            throw failure("the bean factory", names, e);
        }
    }

    private static AutoCloseable context(
            FunctionRegistry functions,
            ClassLoader loader,
            List<BeanRegistrar> registrars,
            List<Class<?>> annotated,
            List<String> names) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.setClassLoader(loader);
        try {
            context.register(annotated.toArray(new Class<?>[0]));
            context.register(registrars.toArray(new BeanRegistrar[0]));
            context.getBeanFactory().addEmbeddedValueResolver(context.getEnvironment()::resolveRequiredPlaceholders);
            context.refresh();
            BeanFunctions.add(functions, context.getBeanFactory());
            return context;
        } catch (LinkageError | RuntimeException e) {
            context.close();
            throw failure("the context", names, e);
        }
    }

    private static Failure failure(String what, List<String> names, Throwable thrown) {
        return thrown instanceof Failure failure
                ? failure
                : new Failure(
                        Failure.Code.INVALID,
                        what + " of " + String.join(", ", names) + " does not start: " + reason(thrown),
                        thrown);
    }

    private static BeanRegistrar registrar(Class<?> type) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return (BeanRegistrar) constructor.newInstance();
        } catch (InvocationTargetException e) {
            throw failure("the registrar", List.of(type.getName()), e.getTargetException());
        } catch (ReflectiveOperationException e) {
            throw new Failure(
                    Failure.Code.INVALID,
                    type.getName() + " needs a constructor without parameters to be made here",
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

    private static Class<?> load(String name, ClassLoader loader) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new Failure(
                    Failure.Code.INVALID,
                    "no class " + name
                            + " can be loaded; write its full name, as in com.example.Beans, and name its jar or"
                            + " project with --functions",
                    e);
        }
    }

    private static Class<?> configuration(Class<?> type) {
        String name = type.getName();
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
}
