package coldstart;

import java.util.Map;
import java.util.function.Function;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class Application {

    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }

    @Bean
    public Function<Map<String, Object>, Map<String, Object>> validate() {
        return new Validate();
    }

    @Bean
    public Function<Map<String, Object>, Map<String, Object>> enrich() {
        return new Enrich();
    }

    @Bean("notify")
    public Function<Map<String, Object>, Map<String, Object>> notifier() {
        return new Notify();
    }
}
