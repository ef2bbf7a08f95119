package coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Map;
import java.util.function.Function;

@Named("coldstart")
public class Handler implements RequestHandler<Map<String, Object>, Map<String, Object>> {

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
    public Map<String, Object> handleRequest(Map<String, Object> payload, Context context) {
        return validate.andThen(enrich).andThen(notify).apply(payload);
    }
}
