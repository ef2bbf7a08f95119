package coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.cloud.function.context.FunctionProperties;
import org.springframework.cloud.function.context.catalog.BeanFactoryAwareFunctionRegistry;
import org.springframework.cloud.function.context.config.JsonMessageConverter;
import org.springframework.cloud.function.context.config.SmartCompositeMessageConverter;
import org.springframework.cloud.function.json.JacksonMapper;
import org.springframework.cloud.function.json.JsonMapper;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.support.MessageBuilder;

public final class Handler implements RequestStreamHandler {

    private final Function<Object, Object> function;

    public Handler() {
        JsonMapper json = new JacksonMapper(
                tools.jackson.databind.json.JsonMapper.builder().build());
        SmartCompositeMessageConverter converters = new SmartCompositeMessageConverter(
                List.of(new JsonMessageConverter(json), new ByteArrayMessageConverter(), new StringMessageConverter()));
        GenericApplicationContext context = new GenericApplicationContext();
        register(context, "validate", new Validate());
        register(context, "enrich", new Enrich());
        register(context, "notify", new Notify());
        context.registerBean(JsonMapper.class, () -> json);
        context.registerBean(
                "functionCatalog",
                BeanFactoryAwareFunctionRegistry.class,
                () -> new BeanFactoryAwareFunctionRegistry(
                        new DefaultConversionService(), converters, json, new FunctionProperties(), null));
        context.refresh();
        function = context.getBean(BeanFactoryAwareFunctionRegistry.class)
                .lookup("validate|enrich|notify", "application/json");
    }

    private static void register(GenericApplicationContext context, String name, Function<?, ?> function) {
        RootBeanDefinition definition = new RootBeanDefinition();
        definition.setTargetType(ResolvableType.forType(
                new ParameterizedTypeReference<Function<Map<String, Object>, Map<String, Object>>>() {}));
        definition.setInstanceSupplier(() -> function);
        context.registerBeanDefinition(name, definition);
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Message<byte[]> request = MessageBuilder.withPayload(in.readAllBytes()).build();
        out.write((byte[]) ((Message<?>) function.apply(request)).getPayload());
    }
}
