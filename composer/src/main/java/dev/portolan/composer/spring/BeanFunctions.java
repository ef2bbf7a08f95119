package dev.portolan.composer.spring;

import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.FunctionTypes;
import dev.portolan.failure.Failure;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/// The functions among the beans of a factory.
final class BeanFunctions {

    private static final String MESSAGE = "org.springframework.messaging.Message";

    private BeanFunctions() {}

    /// Registers every bean that is a function under its name.
    ///
    /// @throws Failure `INVALID` naming the bean, and the remedy, if one cannot be a step
    static void add(FunctionRegistry functions, ConfigurableListableBeanFactory beans) {
        for (String name : beans.getBeanDefinitionNames()) {
            addIfFunction(functions, beans, name);
        }
    }

    @SuppressWarnings("IfChainToSwitch") // a switch over types costs a cold start milliseconds
    private static void addIfFunction(FunctionRegistry functions, ConfigurableListableBeanFactory beans, String name) {
        ResolvableType type = beans.getMergedBeanDefinition(name).getResolvableType();
        Class<?> kind = kind(beans, name);
        if (kind == null) {
            return;
        }
        ResolvableType generic = type.as(kind);
        if (generic.hasUnresolvableGenerics() || !generic.hasGenerics()) {
            throw refused(
                    name,
                    "its types are not declared; register it under a ParameterizedTypeReference<Function<A, B>>,"
                            + " or give the @Bean method such a return type");
        }
        ResolvableType first = generic.getGeneric(0);
        Object bean = beans.getBean(name);
        try {
            if (bean instanceof Function<?, ?> function) {
                ResolvableType second = generic.getGeneric(1);
                boolean plain = !isMessage(first) && !isMessage(second) && second.resolve() != Object.class;
                functions.add(
                        name,
                        FunctionTypes.of(type(payload(first)), type(payload(second))),
                        plain ? function : MessageFunctions.function(function, isMessage(first)),
                        "bean " + name);
            } else if (bean instanceof Consumer<?> consumer) {
                functions.add(
                        name,
                        FunctionTypes.of(type(payload(first)), Void.class),
                        MessageFunctions.consumer(consumer, isMessage(first)),
                        "bean " + name);
            } else if (bean instanceof Supplier<?> supplier) {
                functions.add(
                        name,
                        FunctionTypes.of(Void.class, type(payload(first))),
                        MessageFunctions.supplier(supplier),
                        "bean " + name);
            } else if (bean instanceof Predicate<?> condition) {
                functions.add(
                        name,
                        FunctionTypes.of(type(payload(first)), Boolean.class),
                        MessageFunctions.predicate(condition, isMessage(first)),
                        "bean " + name);
            } else {
                throw refused(name, "it is " + bean.getClass().getName());
            }
        } catch (IllegalArgumentException e) {
            throw refused(name, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Class<?> kind(ConfigurableListableBeanFactory beans, String name) {
        for (Class<?> kind : new Class<?>[] {Function.class, Consumer.class, Supplier.class, Predicate.class}) {
            if (beans.isTypeMatch(name, kind)) {
                return kind;
            }
        }
        return null;
    }

    /// A type with every variable in it resolved, as far as the bean's declaration and its superclasses say.
    private static Type type(ResolvableType type) {
        Class<?> raw = type.resolve();
        if (raw == null) {
            return type.getType();
        }
        if (!type.hasGenerics()) {
            return raw;
        }
        List<Type> arguments = new ArrayList<>();
        for (ResolvableType argument : type.getGenerics()) {
            arguments.add(type(argument));
        }
        return FunctionTypes.parameterized(raw, arguments);
    }

    /// By its name: beans over payloads alone need no messages on the class path.
    private static boolean isMessage(ResolvableType type) {
        Class<?> raw = type.resolve();
        return raw != null && raw.getName().equals(MESSAGE);
    }

    private static ResolvableType payload(ResolvableType type) {
        return isMessage(type) ? type.getGeneric(0) : type;
    }

    private static Failure refused(String bean, String reason) {
        return new Failure(Failure.Code.INVALID, "bean '" + bean + "' cannot be a step: " + reason);
    }
}
