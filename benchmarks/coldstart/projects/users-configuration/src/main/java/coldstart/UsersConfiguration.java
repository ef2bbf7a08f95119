package coldstart;

import java.util.Map;
import java.util.function.Function;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Functions as `@Bean` methods, the way most Spring code has them. */
@Configuration
public class UsersConfiguration {

    @Bean
    public Function<Map<String, Object>, Map<String, Object>> check() {
        return new Validate();
    }

    @Bean
    public Function<Map<String, Object>, Map<String, Object>> complete() {
        return new Enrich();
    }

    @Bean
    public Function<Map<String, Object>, Map<String, Object>> announce() {
        return new Notify();
    }
}
