package dev.portolan.aws.lambda;

import java.util.function.Function;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// A user's beans, with one that is injected.
@Configuration
public class UserConfiguration {

    @Bean
    Long centsEach() {
        return 250L;
    }

    @Bean
    public Function<Integer, Long> total(Long centsEach) {
        return quantity -> centsEach * quantity;
    }
}
