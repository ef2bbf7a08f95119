package coldstart;

import io.micronaut.context.annotation.Factory;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.function.Function;

@Factory
public class Functions {

    @Singleton
    @Named("validate")
    public Function<Map<String, Object>, Map<String, Object>> validate() {
        return new Validate();
    }

    @Singleton
    @Named("enrich")
    public Function<Map<String, Object>, Map<String, Object>> enrich() {
        return new Enrich();
    }

    @Singleton
    @Named("notify")
    public Function<Map<String, Object>, Map<String, Object>> notifier() {
        return new Notify();
    }
}
