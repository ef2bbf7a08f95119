package coldstart;

import java.util.Map;
import java.util.function.Function;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;

public final class Handler extends LightHandler {

    public Handler() {
        super(composed());
    }

    private static Function<Map<String, Object>, Map<String, Object>> composed() {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        register(beans, "validate", new Validate());
        register(beans, "enrich", new Enrich());
        register(beans, "notify", new Notify());
        Function<Map<String, Object>, Map<String, Object>> composed = Function.identity();
        for (String name : "validate|enrich|notify".split("\\|")) {
            composed = composed.andThen(function(beans.getBean(name, Function.class)));
        }
        return composed;
    }

    private static void register(DefaultListableBeanFactory beans, String name, Function<?, ?> function) {
        RootBeanDefinition definition = new RootBeanDefinition();
        definition.setTargetType(Function.class);
        definition.setInstanceSupplier(() -> function);
        beans.registerBeanDefinition(name, definition);
    }

    @SuppressWarnings("unchecked")
    private static Function<Map<String, Object>, Map<String, Object>> function(Function<?, ?> bean) {
        return (Function<Map<String, Object>, Map<String, Object>>) bean;
    }
}
