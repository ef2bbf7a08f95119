package coldstart;

import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.core.env.Environment;

/** Functions registered as beans by code. */
public class UsersBeans implements BeanRegistrar {

    @Override
    public void register(BeanRegistry registry, Environment environment) {
        registry.registerBean("check", Validate.class, bean -> bean.supplier(context -> new Validate()));
        registry.registerBean("complete", Enrich.class, bean -> bean.supplier(context -> new Enrich()));
        registry.registerBean("announce", Notify.class, bean -> bean.supplier(context -> new Notify()));
    }
}
