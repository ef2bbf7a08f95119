package coldstart;

import java.util.Map;
import java.util.function.Function;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.env.Environment;

/** Functions registered as beans by code. */
public class UsersBeans implements BeanRegistrar {

    private static final ParameterizedTypeReference<Function<Map<String, Object>, Map<String, Object>>> FUNCTION =
            new ParameterizedTypeReference<>() {};

    @Override
    public void register(BeanRegistry registry, Environment environment) {
        registry.registerBean("check", FUNCTION, bean -> bean.supplier(context -> new Validate()));
        registry.registerBean("complete", FUNCTION, bean -> bean.supplier(context -> new Enrich()));
        registry.registerBean("announce", FUNCTION, bean -> bean.supplier(context -> new Notify()));
    }
}
