package coldstart;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.function.Function;

public class Functions {

    @Produces
    @Singleton
    @Named("validate")
    public Function<Map<String, Object>, Map<String, Object>> validate() {
        return new Validate();
    }

    @Produces
    @Singleton
    @Named("enrich")
    public Function<Map<String, Object>, Map<String, Object>> enrich() {
        return new Enrich();
    }

    @Produces
    @Singleton
    @Named("notify")
    public Function<Map<String, Object>, Map<String, Object>> notifier() {
        return new Notify();
    }
}
