package coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

public final class Handler implements RequestStreamHandler {

    private final ObjectMapper json = JsonMapper.builder().build();
    private final Function<Map<String, Object>, Map<String, Object>> function =
            new Validate().andThen(new Enrich()).andThen(new Notify());

    @Override
    @SuppressWarnings("unchecked")
    public void handleRequest(InputStream in, OutputStream out, Context context) {
        json.writeValue(out, function.apply(json.readValue(in, Map.class)));
    }
}
