package coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.function.Function;

/** Runs a function over JSON objects, without a JSON library. */
class LightHandler implements RequestStreamHandler {

    private final Function<Map<String, Object>, Map<String, Object>> function;

    LightHandler(Function<Map<String, Object>, Map<String, Object>> function) {
        this.function = function;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        out.write(LightJson.write(function.apply(LightJson.read(in.readAllBytes()))));
    }
}
