package coldstart;

import io.micronaut.function.aws.MicronautRequestHandler;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Map;
import java.util.function.Function;

public class Handler extends MicronautRequestHandler<Map<String, Object>, Map<String, Object>> {

    @Inject
    @Named("validate")
    Function<Map<String, Object>, Map<String, Object>> validate;

    @Inject
    @Named("enrich")
    Function<Map<String, Object>, Map<String, Object>> enrich;

    @Inject
    @Named("notify")
    Function<Map<String, Object>, Map<String, Object>> notify;

    @Override
    public Map<String, Object> execute(Map<String, Object> payload) {
        return validate.andThen(enrich).andThen(notify).apply(payload);
    }
}
